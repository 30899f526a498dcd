"""The door: tickets scanned, typed or found by name; what each scan says; who is in and who is to come."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from events.pages.manage.access import manages
from orders.models.order import CANCELLED
from orders.models.scan import AGAIN, IN, OUT, REFUSED, UNDONE
from orders.services.admission import clock, is_valid
from orders.services.check_in import check_in, check_in_order, check_out, scan, undo_check_in
from orders.services.door import MOST_PEOPLE, added_up, counts_by_ticket, find_people, recent_counts

# Where the browser reads no codes by itself, a WebAssembly module does. On no other page it may run.
READS_CODES = csp_update({"script-src": ["'wasm-unsafe-eval'"]})
LOOKS = {  # colour, icon
    IN: ("v-ok", "circle-check"),
    AGAIN: ("v-warn", "alert-triangle"),
    REFUSED: ("v-bad", "ban"),
    OUT: ("v-out", "door-exit"),
    UNDONE: ("v-out", "arrow-back-up"),
}
OFFERS = {IN: ("undo", "order"), AGAIN: ("again", "order")}  # what may be done next with the same person
NUMBER = re.compile(r"[0-9]{1,18}")
LONGEST = 500  # characters of a code; none of ours has so many


@dataclass(frozen=True)
class Door:
    """Which door this is, as its address and its forms say: its name, the ticket types it lets in, in or out."""

    gate: str
    tickets: frozenset[int] | None  # None for all
    is_exit: bool

    @classmethod
    def of(cls, given):
        chosen = given.getlist("ticket")
        numbers = frozenset(int(number) for number in chosen if NUMBER.fullmatch(number))
        return cls(
            gate=" ".join(given.get("gate", "").replace("\x00", " ").split())[:100],
            tickets=numbers if chosen else None,
            is_exit=given.get("way") == "out",
        )

    @property
    def query(self):
        chosen = [("ticket", number) for number in sorted(self.tickets or ())]
        return urlencode([("gate", self.gate)] * bool(self.gate) + [("way", "out")] * self.is_exit + chosen)


@manages("door")
@READS_CODES
def door(request, event):
    """The page; a code sent to it is scanned, also without script."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    if request.method == "GET":
        return _page(request, event, Door.of(request.GET))
    here, code = Door.of(request.POST), request.POST.get("code", "").strip()[:LONGEST]
    if not code:
        return _page(request, event, here, missing=True, status=422)
    found = scan(event, code, by=request.user, gate=here.gate, tickets=here.tickets, out=here.is_exit)
    return _answer(request, event, here, [found])


@manages("door")
@READS_CODES
@require_POST
def verb(request, event, number, verb):
    """What is done with somebody who was found by name, or with the verdict that is on the screen."""
    here = Door.of(request.POST)
    attendee = get_object_or_404(event.attendees.select_related("order"), pk=number)
    attendee.event = event
    at = {"by": request.user, "gate": here.gate}
    verdicts = {
        "in": lambda: [check_in(attendee, tickets=here.tickets, **at)],
        "again": lambda: [check_in(attendee, tickets=here.tickets, again=True, **at)],
        "out": lambda: [check_out(attendee, **at)],
        "undo": lambda: [undo_check_in(attendee, **at)],
        "order": lambda: _whole_order(attendee, here, at),
    }
    if verb not in verdicts:
        raise Http404
    return _answer(request, event, here, verdicts[verb]())


@manages("door")
@require_safe
def counts(request, event):
    return JsonResponse(_numbers(added_up(recent_counts(event), Door.of(request.GET).tickets)))


@manages("door")
@require_safe
def people(request, event):
    found = find_people(event, request.GET.get("q", "")[:LONGEST])
    return JsonResponse({"people": [_person(event, attendee) for attendee in found]})


# ── What is shown ────────────────────────────────────────────────────────────────────────────────


def _whole_order(attendee, here, at):
    if attendee.order is None:
        raise Http404
    attendee.order.event = attendee.event
    return check_in_order(attendee.order, tickets=here.tickets, **at)


def _answer(request, event, here, verdicts):
    shown = _shown(request, event, here, verdicts)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(shown)
    return _page(request, event, here, verdict=shown)


def _shown(request, event, here, verdicts):
    """No more of a person than the door needs: no address, no money."""
    verdict = verdicts[0] if len(verdicts) == 1 else _worst(verdicts)
    person = verdict.attendee
    shown = {
        "kind": verdict.kind,
        "title": verdict.title,
        "name": verdict.name,
        "ticket": person.ticket.name if person else "",
        "detail": verdict.detail,
        "number": person.pk if person else None,
        "waiting": person.waiting if person else 0,
        "offers": [name for name in OFFERS.get(verdict.kind, ()) if name != "order" or person.waiting],
        "order": "",
        "several": [],
    }
    if person and person.order and verdict.kind == REFUSED and "team" in request.rights:
        shown["order"] = reverse("manage-order", args=[event.identifier, person.order.identifier])
    if len(verdicts) > 1:
        let_in = sum(one.kind == IN for one in verdicts)
        shown |= {"title": f"{let_in} of {len(verdicts)} let in", "name": "", "ticket": "", "detail": "", "offers": []}
        shown["several"] = [
            {"name": one.name, "ticket": one.attendee.ticket.name, "title": one.title, "detail": one.detail}
            for one in verdicts
        ]
    return shown


def _worst(verdicts):
    """Whose colour a whole order has: red if anybody is refused, green if anybody came in."""
    return min(verdicts, key=lambda verdict: (REFUSED, IN, AGAIN).index(verdict.kind))


def _person(event, attendee):
    entered = clock(attendee.entered_at, event) if attendee.entered_at else ""
    state, kind, may_enter = "", "", True
    if not is_valid(attendee):
        state = "Cancelled" if attendee.order.status == CANCELLED else "Not paid"
        kind, may_enter = "bad", False
    elif attendee.is_checked_in:
        state, kind, may_enter = f"In {entered}".strip(), "ok", False
    elif attendee.is_checked_out:
        state = "Gone out"
    return {
        "number": attendee.pk,
        "name": attendee.name or attendee.order.buyer_name or attendee.order.identifier,
        "ticket": attendee.ticket.name,
        "order": attendee.order.identifier,
        "state": state,
        "kind": kind,
        "is_in": attendee.is_checked_in,
        "may_enter": may_enter,
    }


def _numbers(counts):
    return {
        "in": counts.inside,
        "to_come": counts.to_come,
        "gone": counts.gone,
        "last_hour": counts.last_hour,
        "total": counts.total,
    }


def _page(request, event, here, *, verdict=None, missing=False, status=200):
    words = request.GET.get("q", "")[:LONGEST].replace("\x00", " ")
    every = counts_by_ticket(event)
    tickets = list(event.tickets.filter(deleted_at=None))
    for ticket in tickets:
        ticket.counts = every.get(ticket.pk)
        ticket.is_chosen = here.tickets is not None and ticket.pk in here.tickets
    context = {
        "event": event,
        "door": here,
        "tickets": tickets,
        "chosen": [ticket for ticket in tickets if ticket.is_chosen],
        "counts": added_up(every, here.tickets),
        "verdict": verdict,
        "look": LOOKS[verdict["kind"]][0] if verdict else "v-idle",
        "picture": LOOKS[verdict["kind"]][1] if verdict else "qrcode",
        "looks": [(kind, *look) for kind, look in LOOKS.items()],
        "missing": missing,
        "words": words,
        "most": MOST_PEOPLE,
        "people": [_person(event, attendee) for attendee in find_people(event, words)] if words.strip() else None,
    }
    return render(request, "manage/door.html", context, status=status)
