"""`Idempotency-Key`: a request that is sent again is answered as it was the first time, and done once."""

import hashlib
from datetime import timedelta
from functools import wraps

from django.http import HttpResponse
from django.utils import timezone

from openevent.core.atomic import atomic
from openevent.core.errors import answer_exception
from openevent.core.models import StoredAnswer
from openevent.core.negotiation import JSON, dump
from openevent.core.refusals import Refused
from openevent.core.tokens import hash_token

KEPT = timedelta(hours=24)
STALE = timedelta(minutes=5)  # after which whoever was at it must have died
LONGEST = 255
KEPT_HEADERS = ("Content-Type", "Location", "Cache-Control")


def once_per_key(method):
    """Of a view's method: for a day, one principal's key stands for one request and its one answer.

    The same key with another body, or at another address, is refused with 422; while the first is being answered, with
    409. What is worth trying again (faults, busy rows, a provider that is away) is not kept.
    """

    @wraps(method)
    def answered(view, request, *args, **options):
        key = request.headers.get("Idempotency-Key")
        if key is None or not request.user.is_authenticated:
            return method(view, request, *args, **options)
        if not 1 <= len(key) <= LONGEST:
            raise Refused("idempotency-key-bad", f"An Idempotency-Key has 1 to {LONGEST} characters.", status=400)
        kept = _claim(request, key)
        if kept.status is not None:
            return HttpResponse(kept.body, status=kept.status, headers=kept.headers)
        try:
            answer = method(view, request, *args, **options)
        except Exception as problem:
            answer = answer_exception(problem, {})
            if answer is None or answer.status_code >= 500 or answer.has_header("Retry-After"):
                kept.delete()
                raise
        answer = _written(answer)
        kept.status, kept.body = answer.status_code, answer.content.decode()
        kept.headers = {name: answer[name] for name in KEPT_HEADERS if answer.has_header(name)}
        kept.save()
        return answer

    return answered


def forget_old_answers() -> int:
    return StoredAnswer.objects.filter(began_at__lt=timezone.now() - KEPT).delete()[0]


def _claim(request, key):
    """The row of this key: with its answer, or ours to answer."""
    names = {"principal": str(request.user.pk), "key_hash": hash_token(key)}
    asked, now = _fingerprint(request), timezone.now()
    with atomic():
        row, is_new = StoredAnswer.objects.get_or_create(**names, defaults={"asked": asked, "began_at": now})
        if is_new:
            return row
        is_over = row.began_at < now - KEPT or (row.status is None and row.began_at < now - STALE)
        if row.asked != asked and row.began_at >= now - KEPT:
            raise Refused("idempotency-key-reused", "This Idempotency-Key was sent with another request.")
        if not is_over and row.status is not None:
            return row
        afresh = {"asked": asked, "began_at": now, "status": None, "body": "", "headers": {}}
        if is_over and StoredAnswer.objects.filter(pk=row.pk, began_at=row.began_at).update(**afresh):
            return StoredAnswer.objects.get(pk=row.pk)
    detail = "The same request is being answered just now. Ask again for its answer."
    raise Refused("request-in-flight", detail, status=409, retry_after=1)


def _fingerprint(request):
    body = request._request.body  # before anybody reads it as a stream
    return hashlib.sha256(b"\n".join([request.method.encode(), request.get_full_path().encode(), body])).hexdigest()


def _written(answer):
    """The bytes of an answer that the framework would write only later."""
    if hasattr(answer, "data"):
        headers = {name: value for name, value in answer.items() if name.lower() != "content-type"}
        return HttpResponse(dump(answer.data), status=answer.status_code, headers=headers, content_type=JSON)
    return answer
