"""Keeping papers: each is drawn once for what it says, and once more when that changes.

Files lie in the private storage, under names that nobody is told: views hand them out to those who may have them.
"""

import io
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from media_pipeline.storing import open_stored, remove_stored, store_private
from openevent.core.atomic import refuse_inside_work
from orders.models import Attendee, Paper
from orders.models.order import COMPLETED, PLACED
from orders.models.paper import ANEW, SUMMARY, TICKETS

log = logging.getLogger(__name__)

FILES = "papers"  # a private purpose: nothing below it is served by its name
STILL_READ = timedelta(hours=1)  # by somebody who began before a newer one was there
AFTER_EVENT = timedelta(days=30)  # nobody needs a ticket any more; asked for, it is drawn anew


def kept(kind: str, says, draw: Callable[[], bytes], *, looks: bool = True, **about) -> bytes:
    """The PDF of what it `says`: the file that is kept of it, or drawn now and kept. `about` names its row's columns.

    Without `looks` it stays as it was drawn first, however our papers look by then.
    """
    refuse_inside_work()
    version = sha256(repr((says, _look() if looks else "")).encode(errors="replace")).hexdigest()
    for paper in Paper.objects.filter(kind=kind, version=version, superseded_at=None, **about)[:1]:
        if content := _read(paper):
            return content
    content = draw()
    _keep(content, kind=kind, version=version, **about)
    return content


def void_tickets(attendee: Attendee) -> None:
    """Files with this ticket in them are of no more use, whether or not somebody asks for a newer one."""
    papers = Paper.objects.filter(Q(attendee=attendee) | Q(order=attendee.order_id, attendee=None))
    papers.filter(kind__in=(TICKETS, SUMMARY), superseded_at=None).update(superseded_at=timezone.now())


def remove_old_papers(limit: int = 1000) -> int:
    """By the clock: files of papers that a newer one replaced, or that are of no more use. How many."""
    now = timezone.now()
    useless = Q(kind=TICKETS) & ~Q(order__status__in=(PLACED, COMPLETED))
    useless |= Q(kind__in=ANEW, order__event__ends_at__lt=now - AFTER_EVENT)
    stale = Paper.objects.filter(useless, superseded_at=None).order_by().values_list("pk", flat=True)
    Paper.objects.filter(pk__in=list(stale[:limit])).update(superseded_at=now)
    old = list(Paper.objects.filter(superseded_at__lt=now - STILL_READ).order_by("superseded_at")[:limit])
    for paper in old:
        remove_stored(paper.file)
        paper.delete()
    return len(old)


def _read(paper) -> bytes | None:
    try:
        with open_stored(paper.file) as opened:
            return opened.read()
    except Exception:
        log.exception("the file of paper %s cannot be read: it is drawn anew", paper.pk)
        return None


def _keep(content, **facts):
    """Whoever waits for the paper gets it also while the storage is away."""
    try:
        file = store_private(io.BytesIO(content), purpose=FILES)
    except Exception:
        log.exception("a paper could not be kept")
        return
    paper = Paper.objects.create(file=file, **facts)
    about = {name: value for name, value in facts.items() if name != "version"}
    Paper.objects.filter(**about, superseded_at=None, pk__lt=paper.pk).update(superseded_at=paper.made_at)


@cache
def _look() -> str:
    """Changes with what papers look like, so that those which are drawn anew by right look alike."""
    folder = Path(settings.BASE_DIR) / "templates/pdf"
    return sha256(b"".join(file.read_bytes() for file in sorted(folder.iterdir()))).hexdigest()
