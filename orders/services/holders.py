"""Who comes on a ticket: named, changed, taken off an order."""

from collections.abc import Mapping

from django.utils import timezone

from accounts.models import normalise_email
from accounts.services.log import record
from events.rules import coorganizes, registers
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models import Attendee, Order
from orders.models.order import COMPLETED, PLACED, SEATED
from orders.rules import bought_the_order
from orders.services.check_in import DOOR, note_at_the_door
from orders.services.kept_papers import void_tickets
from orders.services.mails import send_ticket
from orders.services.notices import tell_room
from orders.services.states import GUEST, counted_uses, lock_order
from orders.services.stock import give_back, take

NAMES = ("firstname", "lastname", "email")  # a change of these makes it another person's ticket
OURS = {"is_discount_applied", "is_access_code_applied", "pdf_url", "identifier"}  # said by the server alone


def change_holder(attendee: Attendee, *, by, changes: Mapping) -> Attendee:
    """Change who comes and what they answered; check-in fields go through the check-in service.

    The buyer may until the event's deadline, the team at any time (403). What belongs to the door is ignored from
    whoever does not work there. A changed name or e-mail voids the ticket that is out, and mails the new one.
    """
    with atomic():
        attendee = lock_holder(attendee)
        at_the_door = by != GUEST and registers(by, attendee)
        answers = {name: value for name, value in changes.items() if name not in DOOR and name not in OURS}
        answers = {name: value for name, value in answers.items() if _differs(attendee, name, value)}
        if answers:
            _refuse_unless_theirs(attendee, by=by)
            set_names(attendee, answers, by=by)
            record("attendee.changed", by=by, about=attendee, event_id=attendee.event_id, fields=sorted(answers))
            tell_room("attendee.changed", attendee)
        if at_the_door:
            note_at_the_door(attendee, by=by, changes={name: changes[name] for name in DOOR & changes.keys()})
        return attendee


def set_names(attendee: Attendee, answers: Mapping, *, by=None) -> None:
    """Write names and answers. The caller has checked the right, and holds the lock of the attendee or its order."""
    answers = {name: _clean(name, value) for name, value in answers.items()}
    is_another = any(_differs(attendee, name, answers[name]) for name in NAMES if name in answers)
    for name, value in answers.items():
        setattr(attendee, name, value)
    is_out = attendee.order is not None and attendee.order.status in (PLACED, COMPLETED)
    if is_another and is_out:
        issue_anew(attendee, by="server")
    attendee.save()
    if is_another and is_out and attendee.order.status == COMPLETED and attendee.email:
        send_ticket(attendee, attendee.order, by=by)


def reissue_ticket(attendee: Attendee, *, by) -> Attendee:
    """The same ticket with a new code, mailed to its holder, else to the buyer: whoever has the old one is sent away.

    Theirs who may change who comes (403); 409 where there is no ticket yet, or its code is made of numbers that stay.
    """
    with atomic():
        attendee = lock_holder(attendee)
        _refuse_unless_theirs(attendee, by=by)
        order = attendee.order
        if order is None or not has_code_to_void(order):
            raise Refused("code-stays", "There is no ticket out whose code could be changed.", status=409)
        issue_anew(attendee, by=by)
        attendee.save()
        if order.status == COMPLETED and (attendee.email or order.email):
            send_ticket(attendee, order, by=by)
        tell_room("attendee.changed", attendee)
        return attendee


def has_code_to_void(order: Order) -> bool:
    """Whether tickets are out; numbers that the old Organizer app reads are made of what stays."""
    return order.current_status in (PLACED, COMPLETED) and not order.event.has_plain_ticket_codes


def words_of_reissue(attendee: Attendee) -> str:
    return f"The ticket of {attendee.name or attendee.identifier} has a new code: the old one lets nobody in any more."


def issue_anew(attendee: Attendee, *, by) -> None:
    """Another code: the old one is void, and files with it are done with. The caller saves."""
    attendee.reissue()
    void_tickets(attendee)
    record("ticket.reissued", by=by, about=attendee, event_id=attendee.event_id)


def remove_attendee(attendee: Attendee, *, by) -> None:
    """Take one holder off: the ticket is void and its seat is on sale again. Money stays as it was agreed."""
    with atomic():
        if attendee.order_id is None:
            attendee.delete()
            return
        order = lock_order(attendee.order)
        attendee = lock_holder(attendee)
        if not (by == GUEST or coorganizes(by, order)):
            _refuse_unless_theirs(attendee, by=by)
            if order.amount and order.status == COMPLETED:
                raise Refused("ticket-is-paid", "It is paid: ask the organizer to take it back.", status=403)
        attendee.hide()
        void_tickets(attendee)
        record("attendee.removed", by=by, about=attendee, event_id=order.event_id)
        tell_room("attendee.removed", attendee)
        if order.status in SEATED:
            access, discount = _count_uses(order)
            give_back(
                {attendee.ticket_id: 1},
                access=[(order.access_code_id, access)],
                discount=[(order.discount_code_id, discount)],
            )


def restore_attendee(attendee: Attendee, *, by) -> None:
    """Staff put a holder back, with seat and uses of codes if the order has any; 409 or 422 when there is none left."""
    with atomic():
        order = attendee.order and lock_order(attendee.order)
        removed = Attendee.objects.filter(pk=attendee.pk).exclude(deleted_at=None)
        if not removed.update_at(attendee.event_id, deleted_at=None):
            return
        record("attendee.restored", by=by, about=attendee, event_id=attendee.event_id)
        tell_room("attendee.restored", attendee)
        if order is not None and order.status in SEATED:
            access, discount = _count_uses(order)
            take(
                {attendee.ticket_id: 1},
                access=(order.access_code_id, -access),
                discount=(order.discount_code_id, -discount),
            )


def _count_uses(order):
    """How many uses of its access code and its discount code an order holds no longer."""
    before = order.access_uses, order.discount_uses
    order.access_uses, order.discount_uses = counted_uses(order)
    order.save(update_fields=["access_uses", "discount_uses"])
    return before[0] - order.access_uses, before[1] - order.discount_uses


def lock_holder(attendee: Attendee) -> Attendee:
    """The same attendee as it is now, its row locked; 404 if it was taken off. Who locks its order does so first."""
    rows = Attendee.objects.select_for_update(of=("self",)).select_related("order", "ticket", "event")
    found = rows.filter(pk=attendee.pk, deleted_at=None).first()
    if found is None:
        raise Refused("attendee-unknown", "There is no such attendee.", status=404)
    if found.order is not None:
        found.order.event = found.event
    return found


def _refuse_unless_theirs(attendee, *, by):
    if by != GUEST and coorganizes(by, attendee):
        return
    if by != GUEST and not bought_the_order(by, attendee):
        raise Refused("not-your-attendee", "Only the buyer and the team change who comes.", status=403)
    if why := why_names_stay(attendee.event):
        raise Refused("names-are-settled", why, status=403)
    if attendee.order is not None and attendee.order.current_status not in SEATED:
        raise Refused("order-is-over", "This order is not valid any more.", status=409)


def why_names_stay(event) -> str:
    """Why buyers no longer change who comes, in one sentence; empty while they can."""
    until = event.holders_change_until or event.starts_at
    if timezone.now() < until:
        return ""
    if event.holders_change_until is None:
        return "The event has begun: ask the organizer to change this."
    return f"Names could be changed until {until.astimezone(event.zone):%-d %B %Y, %H:%M}: ask the organizer."


def _clean(name, value):
    return normalise_email(value) if name == "email" and value else value


def _differs(attendee, name, value):
    """Old clients send null and an empty text for the same nothing."""
    return (getattr(attendee, name) or None) != (_clean(name, value) or None)
