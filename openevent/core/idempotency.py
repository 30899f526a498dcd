"""`Idempotency-Key`: a request that is sent again is answered as it was the first time, and done once."""

import hashlib
from contextvars import ContextVar
from datetime import timedelta
from functools import partial, wraps

from django.http import HttpResponse
from django.utils import timezone

from openevent.core.atomic import atomic
from openevent.core.errors import answer_exception
from openevent.core.models import StoredAnswer
from openevent.core.negotiation import JSON, dump
from openevent.core.refusals import Refused
from openevent.core.tokens import hash_token

KEPT = timedelta(hours=24)
STALE = timedelta(seconds=10)  # after which whoever is at it has lost the key to who asks again, or has died
LONGEST = 255
KEPT_HEADERS = ("Content-Type", "Location", "Cache-Control")


IN_HAND = ContextVar("idempotency_key_in_hand", default=None)  # the row of the key that is being answered


def once_per_key(again=None):
    """Of a view's method: for a day, one principal's key stands for one request and its one answer.

    The same key with another body, or at another address, is refused with 422; while the first is being answered, with
    409. What is worth trying again (faults, busy rows, a provider that is away) is not kept.

    Whoever was at it may have died between the deed and its answer. If `note_made` has noted what was made, then
    `again(view, request, its number, …)` answers; else it is done now, with `request.asked_before` to know by.
    """
    return partial(_answer_once, again)


def note_made(row) -> None:
    """Note in the transaction that makes a row that the key in hand has led to it.

    Refused with 409 if somebody else is at it by now: then theirs counts, and this row is not made.
    """
    kept = IN_HAND.get()
    if kept is None:
        return
    ours = StoredAnswer.objects.filter(pk=kept.pk, began_at=kept.began_at, status=None)
    if not ours.update(made=str(row.pk)):
        raise in_flight()


def _answer_once(again, method):
    @wraps(method)
    def answered(view, request, *args, **options):
        key, request.asked_before = request.headers.get("Idempotency-Key"), False
        if key is None or not request.user.is_authenticated:
            return method(view, request, *args, **options)
        if not 1 <= len(key) <= LONGEST:
            raise Refused("idempotency-key-bad", f"An Idempotency-Key has 1 to {LONGEST} characters.", status=400)
        kept, request.asked_before = _claim(request, key)
        if kept.status is not None:
            return HttpResponse(kept.body, status=kept.status, headers=kept.headers)
        token = IN_HAND.set(kept)
        try:
            if kept.made:
                answer = again(view, request, kept.made, *args, **options)
            else:
                answer = method(view, request, *args, **options)
        except Exception as problem:
            answer = answer_exception(problem, {})
            if answer is None or answer.status_code >= 500 or answer.has_header("Retry-After"):
                StoredAnswer.objects.filter(pk=kept.pk, began_at=kept.began_at, made="").delete()
                raise
        finally:
            IN_HAND.reset(token)
        answer = _written(answer)
        kept.status, kept.body = answer.status_code, answer.content.decode()
        kept.headers = {name: answer[name] for name in KEPT_HEADERS if answer.has_header(name)}
        kept.save(update_fields=["status", "body", "headers"])
        return answer

    return answered


def forget_old_answers() -> int:
    return StoredAnswer.objects.filter(began_at__lt=timezone.now() - KEPT).delete()[0]


def _claim(request, key):
    """The row of this key: with its answer, or ours to answer; and whether somebody was at it before."""
    names = {"principal": str(request.user.pk), "key_hash": hash_token(key)}
    asked, now = _fingerprint(request), timezone.now()
    with atomic():
        row, is_new = StoredAnswer.objects.get_or_create(**names, defaults={"asked": asked, "began_at": now})
        if is_new:
            return row, False
        mine = StoredAnswer.objects.filter(pk=row.pk, began_at=row.began_at, status=row.status, made=row.made)
        if row.began_at < now - KEPT:
            afresh = {"asked": asked, "began_at": now, "status": None, "made": "", "body": "", "headers": {}}
            if mine.update(**afresh):
                return StoredAnswer.objects.get(pk=row.pk), False
        elif row.asked != asked:
            raise Refused("idempotency-key-reused", "This Idempotency-Key was sent with another request.")
        elif row.status is not None:
            return row, True
        elif (row.made or row.began_at < now - STALE) and mine.update(began_at=now):
            return StoredAnswer.objects.get(pk=row.pk), True
    raise in_flight()


def in_flight():
    detail = "The same request is being answered just now. Ask again for its answer."
    return Refused("request-in-flight", detail, status=409, retry_after=1)


def _fingerprint(request):
    body = request._request.body  # before anybody reads it as a stream
    return hashlib.sha256(b"\n".join([request.method.encode(), request.get_full_path().encode(), body])).hexdigest()


def _written(answer):
    """The bytes of an answer that the framework would write only later."""
    if hasattr(answer, "data"):
        headers = {name: value for name, value in answer.items() if name.lower() != "content-type"}
        return HttpResponse(dump(answer.data), status=answer.status_code, headers=headers, content_type=JSON)
    return answer
