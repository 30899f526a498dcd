"""Which counters move when a row changes, and the tag read from them."""

import hashlib

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Mod
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from openevent.core.atomic import touch
from openevent.core.models import Version

SHARDS = 64
NO_EVENT = 0  # the shard of rows outside any event, and of bulk changes: part of every tag


def shard_of(event_id):
    return NO_EVENT if event_id is None else event_id % SHARDS + 1


def touch_rows(model, event_id):
    """Rows of a model at an event have changed; None stands for rows outside of any, and for those of many."""
    touch(model._meta.app_label, shard_of(event_id))
    if model.has_own_counter:
        touch(model._meta.label_lower, NO_EVENT if event_id is None else event_id)


def touch_row(row):
    touch_rows(type(row), row.event_key())


def own_counters(models, event_id):
    """{model: how often its rows at this event have changed}; changes in bulk count for every event."""
    labels = {model._meta.label_lower: model for model in models}
    found = dict.fromkeys(models, 0)
    rows = Version.objects.filter(floor__in=labels, shard__in=(NO_EVENT, event_id))
    for label, number in rows.values_list("floor", "number"):
        found[labels[label]] += number
    return found


def read_versions(floors, event_id=None):
    """How often these apps' rows changed: at one event's shard, or everywhere. One query, a constant table."""
    query = f"SELECT SUM(number) FROM core_version WHERE floor IN ({', '.join(['%s'] * len(floors))})"  # noqa: S608
    shards = () if event_id is None else (NO_EVENT, shard_of(event_id))
    with connection.cursor() as cursor:
        cursor.execute(query + (" AND shard IN (%s, %s)" if shards else ""), [*floors, *shards])
        return cursor.fetchone()[0] or 0


def versions_column(floors, event_path):
    """The same number as a column of rows that belong to an event: read in the same glance as the row itself."""
    shard = Mod(OuterRef(f"{event_path}id"), Value(SHARDS)) + 1
    counters = Version.objects.filter(Q(shard=NO_EVENT) | Q(shard=shard), floor__in=floors).order_by()
    total = counters.values(all=Value(1)).annotate(total=Sum("number")).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=BigIntegerField())


def make_tag(*parts):
    """A strong tag: equal parts, equal bytes. The release is part of it, for a new release renders anew."""
    text = "\x00".join(str(part) for part in (settings.VERSION, *parts))
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


@receiver(post_save)
@receiver(post_delete)
def note_change(sender, instance, update_fields=None, **kwargs):
    if hasattr(sender, "event_key") and not (update_fields and set(update_fields) <= sender.unversioned):
        touch_row(instance)


@receiver(m2m_changed)
def note_link(sender, instance, action, **kwargs):
    if action.startswith("post_") and hasattr(instance, "event_key"):
        touch_row(instance)
