"""At the door: who is let in, who came already, who is sent away. Every scan is a row that nobody changes."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from events.rules import registers
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain
from openevent.core.money import format_money
from openevent.core.prepared import TEXT, Prepared
from openevent.core.refusals import Refused
from openevent.core.tokens import hash_token
from orders.models import Attendee, Scan, VoidedCode
from orders.models.order import COMPLETED
from orders.models.scan import AGAIN, IN, OUT, REFUSED, UNDONE
from orders.services.admission import OTHER_EVENT, UNKNOWN, Refusal, clock, refusal_of, reissued
from orders.services.notices import tell_room
from orders.services.states import SERVER

TITLES = {IN: "Let in", AGAIN: "Already in", REFUSED: "Do not let in", OUT: "Gone out", UNDONE: "Taken back"}

TIMES = ("checkin_times", "checkout_times", "register_times")
DOOR = {  # what only those who work at the door say of an attendee
    *TIMES,
    *("is_checked_in", "is_checked_out", "is_registered", "device_name_checkin"),
    *("is_badge_printed", "badge_printed_at", "attendee_notes", "tag_id"),
}
PLAIN = ("device_name_checkin", "is_badge_printed", "badge_printed_at", "attendee_notes", "tag_id")
MOST_TIMES = 1000

# All that a scan reads: an attendee and an order have a hundred columns that the door needs not.
SEEN = (
    *("identifier", "event", "firstname", "lastname", "deleted_at"),
    *("is_checked_in", "is_checked_out", "checkin_times", "checkout_times"),
    *("ticket", "ticket__name", "ticket__event"),
    *("order", "order__event", "order__identifier", "order__status", "order__payment_mode", "order__deleted_at"),
    *("order__first_name", "order__last_name", "order__due", "order__currency"),
)
WRITTEN = ("is_checked_in", "is_checked_out", "checkin_times", "checkout_times")
PLAIN_CODE = re.compile(r"([A-Z0-9-]{1,40})-(\d{1,18})")
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Verdict:
    """What the door is told: `kind` is in, again, refused, out or undone; `attendee` is None if nobody was found."""

    kind: str
    attendee: Attendee | None
    title: str
    detail: str
    scan: Scan

    @property
    def name(self) -> str:
        """The holder, or whoever bought a ticket on which no name stands yet."""
        attendee = self.attendee
        if attendee is None:
            return ""
        return attendee.name or (attendee.order.buyer_name if attendee.order else "")

    @property
    def reason(self) -> str:
        """The code of a refusal, else empty."""
        return self.scan.reason


class TurnedAway(Refused):
    """A refusal at the door of an old app: its unit of work is undone, so the caller writes the row afterwards."""

    def __init__(self, attendee, refusal: Refusal, *, gate):
        super().__init__("ticket-not-valid", "This ticket is not paid, or not valid any more.", status=409)
        self.attendee, self.refusal, self.gate = attendee, refusal, gate

    def write_down(self, *, by) -> Verdict:
        with atomic():
            return _turn_away(self.attendee, self.refusal, by=by, gate=self.gate)


# ── Verbs ────────────────────────────────────────────────────────────────────────────────────────


def scan(event, text, *, by, gate="", tickets: Collection[int] | None = None, out=False) -> Verdict:
    """Read a ticket's code and let its holder in; with `out`, let them out. Two at once: one is told “already in”.

    `tickets` are the types that this door lets in, None for all. A code that is on no ticket here is a row too.
    """
    _refuse_strangers(by, event)
    with atomic():
        attendee, refusal = _find(event, text)
        if refusal:
            return _turn_away(attendee, refusal, by=by, gate=gate, event=event)
        verb = _let_out if out else _let_in
        return verb(attendee, by=by, gate=gate, tickets=tickets)


def check_in(attendee, *, by, gate="", tickets: Collection[int] | None = None, again=False) -> Verdict:
    """Let somebody in who was found by name. `again` lets in who is in already, and is written down as that."""
    with atomic():
        return _let_in(_lock(attendee, by=by), by=by, gate=gate, tickets=tickets, again=again)


def check_out(attendee, *, by, gate="") -> Verdict:
    """Somebody leaves, and may come back with the same ticket."""
    with atomic():
        return _let_out(_lock(attendee, by=by), by=by, gate=gate)


def undo_check_in(attendee, *, by, gate="") -> Verdict:
    """They are not in: takes back the entry, whoever wrote it. The row of the scan stays, and one more says this."""
    with atomic():
        attendee = _lock(attendee, by=by)
        if not attendee.is_checked_in:
            return _turn_away(attendee, Refusal("not-in", "Not in: nothing to take back."), by=by, gate=gate)
        last_out = _latest(attendee.checkout_times)
        kept = [time for time in _times(attendee.checkin_times) if last_out and not _is_after(time, last_out)]
        attendee.checkin_times = ",".join(kept) or None
        _settle(attendee)
        attendee.save(update_fields=WRITTEN)
        tell_room("attendee.check-in-undone", attendee)
        return _verdict(UNDONE, attendee, "Not in. The same ticket lets in again.", by=by, gate=gate)


def check_in_order(order, *, by, gate="", tickets: Collection[int] | None = None) -> list[Verdict]:
    """Everybody of an order at once: a verdict for each holder, in the order of the tickets."""
    _refuse_strangers(by, order)
    with atomic():
        holders = _rows().filter(order=order.pk, deleted_at=None).order_by("pk")
        return [_let_in(_at(order.event, holder), by=by, gate=gate, tickets=tickets) for holder in holders]


# ── What old apps send ───────────────────────────────────────────────────────────────────────────


def note_at_the_door(attendee, *, by, changes) -> None:
    """Check in, check out or note something, as scanners send it. The caller holds the attendee's row lock.

    Times are texts of ISO 8601 moments with commas between. Clients send the old value with one more at its end,
    so what is new is added to what is there: two devices never lose each other's entry, and nothing is removed.
    Whether somebody is in is read from the times, whatever the flags say. Each new time is a row of its own, with
    the verdict of that moment: a device that comes late with an earlier time changes nothing about a later one.
    """
    added = {name: _added(attendee, name, changes[name]) for name in TIMES if name in changes}
    if changes.get("is_checked_in") and not attendee.is_checked_in and not added.get("checkin_times"):
        raise Refused("checkin-time-missing", "Say when: checkin-times.", pointer="/data/attributes/checkin-times")
    gate = _last_part(changes.get("device_name_checkin") or attendee.device_name_checkin)
    if added.get("checkin_times") and (refusal := refusal_of(attendee)):
        raise TurnedAway(attendee, refusal, gate=gate)
    for name, times in added.items():
        setattr(attendee, name, ",".join([*_times(getattr(attendee, name)), *times]) or None)
    for name in PLAIN:
        if name in changes:
            setattr(attendee, name, changes[name])
    if added.get("checkin_times") or added.get("checkout_times"):
        _settle(attendee)
    attendee.is_registered = bool(attendee.register_times)
    attendee.save()
    for name, kind, verb in (("checkin_times", IN, "checked-in"), ("checkout_times", OUT, "checked-out")):
        for time in added.get(name, ()):
            was_in = kind == IN and _was_in(attendee, _moment(time))
            _write(AGAIN if was_in else kind, attendee, by=by, gate=gate, time=_moment(time))
        if added.get(name):
            tell_room(f"attendee.{verb}", attendee)


def registered_since(attendee, moment: datetime) -> bool:
    """Whether somebody has registered them at a desk at this moment or later."""
    last = _latest(attendee.register_times)
    return last is not None and last >= moment


# ── The decision, which all of these share ───────────────────────────────────────────────────────


def _let_in(attendee, *, by, gate, tickets=None, again=False):
    if refusal := refusal_of(attendee, tickets=tickets):
        return _turn_away(attendee, refusal, by=by, gate=gate)
    if attendee.is_checked_in and not again:
        return _verdict(AGAIN, attendee, _since(attendee), by=by, gate=gate)
    reason = "again" if attendee.is_checked_in else ""
    _stamp(attendee, "checkin_times", "checked-in")
    return _verdict(IN, attendee, _to_pay(attendee.order), by=by, gate=gate, reason=reason)


def _to_pay(order):
    if order.status != COMPLETED:
        return "Not paid yet: they pay at the door."
    return f"{format_money(order.due, order.currency)} of this order is still to be paid." if order.due else ""


def _let_out(attendee, *, by, gate, tickets=None):
    if not attendee.is_checked_in:
        return _turn_away(attendee, Refusal("not-in", "Not in, so there is nobody to let out."), by=by, gate=gate)
    _stamp(attendee, "checkout_times", "checked-out")
    return _verdict(OUT, attendee, "The same ticket lets in again.", by=by, gate=gate)


def _turn_away(attendee, refusal, *, by, gate, event=None):
    shown = None if refusal is OTHER_EVENT else attendee
    return _verdict(REFUSED, shown, refusal.words, by=by, gate=gate, reason=refusal.code, event=event)


def _verdict(kind, attendee, detail, *, by, gate, reason="", event=None):
    row = _write(kind, attendee, by=by, gate=gate, reason=reason, event=event)
    return Verdict(kind=kind, attendee=attendee, title=TITLES[kind], detail=detail, scan=row)


def _write(kind, attendee, *, by, gate, reason="", event=None, time=None):
    known = bool(getattr(by, "pk", None))
    return Scan.objects.create(
        event_id=event.pk if event else attendee.event_id,
        attendee=attendee,
        verdict=kind,
        reason=reason,
        gate=plain(gate or "")[:100],
        by=by if known else None,
        by_name=by.name if known else str(by),
        time=time or timezone.now(),
    )


def _since(attendee):
    """When somebody who is in came, by which door, and who let them in."""
    entry = attendee.scans.filter(verdict=IN).order_by("-time", "-pk").first()
    entered = entry.time if entry else _latest(attendee.checkin_times)
    if entered is None:
        return "Came in before."
    minutes = int((timezone.now() - entered).total_seconds() // 60)
    ago = ", just now" if minutes == 0 else f", {minutes} minute{'' if minutes == 1 else 's'} ago"
    gate = f" at {entry.gate}" if entry and entry.gate else ""
    who = f", scanned by {entry.by_name}" if entry else ""
    return f"Entered {clock(entered, attendee.event)}{gate}{ago if 0 <= minutes < 120 else ''}{who}."


# ── Finding the ticket ───────────────────────────────────────────────────────────────────────────


def _find(event, text):
    """The locked attendee whose ticket says this, and why it is refused already, if it is."""
    code = "".join(str(text).split()).upper()
    if attendee := _row_with(code, event):
        if attendee.event_id != event.pk:
            return None, OTHER_EVENT
        return _at(event, attendee), None
    older = VoidedCode.objects.filter(code_hash=hash_token(code)).first()
    if older is None:
        return None, UNKNOWN
    [attendee] = _by_number(older.attendee_id)
    if attendee.event_id != event.pk:
        return None, OTHER_EVENT
    why = refusal_of(_at(event, attendee))  # no newer one lets them in either
    return attendee, why if why and why.code != "not-paid" else reissued(attendee, older.voided_at)


def _row_with(code, event):
    found = next(iter(_by_code(hash_token(code))), None)
    if found is None and event.has_plain_ticket_codes and (match := PLAIN_CODE.fullmatch(code)):
        identifier, number = match.groups()
        found = next((row for row in _by_number(int(number)) if row.order and row.order.identifier == identifier), None)
    return found


def _lock(attendee, *, by):
    """The same attendee as it is now, its row locked until the transaction ends."""
    _refuse_strangers(by, attendee)
    [found] = _by_number(attendee.pk)
    return _at(attendee.event, found)


def _rows():
    """With `waiting`: how many others of the same order are not in."""
    others = Attendee.objects.filter(order=OuterRef("order"), deleted_at=None, is_checked_in=False)
    others = others.exclude(pk=OuterRef("pk")).order_by().values("order").annotate(count=Count("pk")).values("count")
    rows = Attendee.objects.select_for_update(of=("self",)).select_related("order", "ticket").order_by()
    return rows.annotate(waiting=Coalesce(Subquery(others), 0)).only(*SEEN)


_by_code = Prepared(lambda slot: _rows().filter(code_hash=slot), slot=TEXT)
_by_number = Prepared(lambda slot: _rows().filter(pk=slot))


def _at(event, attendee):
    attendee.event = event
    return attendee


def _refuse_strangers(by, row):
    if by != SERVER and not registers(by, row):
        raise Refused("not-your-door", "Only the event's team and its registrars let people in.", status=403)


# ── Times, as old apps read them ─────────────────────────────────────────────────────────────────


def _stamp(attendee, name, verb):
    """One more time at the end, later than all that are there: a device whose clock is fast decides nothing."""
    known = (_latest(getattr(attendee, times)) for times in ("checkin_times", "checkout_times"))
    now = max([timezone.now(), *(moment + TICK for moment in known if moment)])
    time = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    setattr(attendee, name, ",".join([*_times(getattr(attendee, name)), time]))
    _settle(attendee)
    attendee.save(update_fields=WRITTEN)
    tell_room(f"attendee.{verb}", attendee)


def _settle(attendee):
    """Whether they are in, from the times."""
    last_in, last_out = (_latest(getattr(attendee, name)) for name in ("checkin_times", "checkout_times"))
    attendee.is_checked_in = last_in is not None and (last_out is None or last_in > last_out)
    attendee.is_checked_out = last_out is not None and not attendee.is_checked_in


def _was_in(attendee, moment: datetime):
    """Whether they were in just before a moment."""
    times = (
        (_moment(time), kind)
        for kind in ("checkin_times", "checkout_times")
        for time in _times(getattr(attendee, kind))
    )
    before = max(((at, kind) for at, kind in times if at and at < moment), default=None)
    return before is not None and before[1] == "checkin_times"


def _added(attendee, name, given) -> list[str]:
    """The entries that are not there yet, each a moment, in the order sent."""
    pointer = f"/data/attributes/{name.replace('_', '-')}"
    there = _times(getattr(attendee, name))
    new = [time for time in dict.fromkeys(_times(given)) if time not in there]
    if len(there) + len(new) > MOST_TIMES:
        raise Refused("too-many-times", f"At most {MOST_TIMES} entries.", pointer=pointer)
    for time in new:
        if _moment(time) is None:
            raise Refused("not-a-time", f"“{time[:40]}” is not a moment of ISO 8601.", pointer=pointer)
    return new


def _last_part(text):
    parts = _times(text)
    return parts[-1] if parts else ""


def _times(text) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _moment(text):
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment is not None and is_naive(moment) else moment


def _latest(text):
    return max(filter(None, map(_moment, _times(text))), default=None)


def _is_after(time, moment):
    at = _moment(time)
    return at is not None and at > moment
