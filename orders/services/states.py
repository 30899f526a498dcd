"""Moving an order from state to state, as the table of moves has it; and why it is where it is, in a sentence."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import Activity
from accounts.services.log import record
from events.rules import coorganizes
from openevent.core.atomic import atomic
from openevent.core.money import ZERO, format_money
from openevent.core.policies import is_site_staff
from openevent.core.refusals import Refused
from orders.models import Order
from orders.models.order import (
    CANCELLED,
    COMPLETED,
    EXPIRED,
    ON_THE_CLOCK,
    PENDING,
    PLACED,
    SEATED,
)
from orders.rules import bought_it
from orders.services.invoicing import keep_invoiced
from orders.services.ledger import book_the_rest, left_of, take_back_by_hand
from orders.services.mails import tell_people
from orders.services.moves import BUYER, CLOCK, GUEST, MOVES, SERVER, STAFF, TEAM
from orders.services.notices import tell_room
from orders.services.outbox import owe_back
from orders.services.stock import give_back, hold_minutes, seats_of, take, uses_of

PAYING_MINUTES = 30  # more than a checkout, for those who are at a payment provider
STATUS = "/data/attributes/status"


def parts_of(by, order) -> set[str]:
    """As what somebody stands before an order: buyer, team, staff; the server or its clock; a guest with the link,
    which the caller has checked. The admin asks for staff as such.
    """
    if by in (SERVER, CLOCK, STAFF):
        return {by}
    if by == GUEST:
        return {BUYER}
    rules = ((STAFF, is_site_staff), (TEAM, coorganizes), (BUYER, bought_it))
    return {part for part, rule in rules if rule(by, order)}


def lock_order(order) -> Order:
    """The same order as it is now, its row locked until the transaction ends; 404 if it was deleted."""
    event = order.event
    # Not its key: a paper or a mail that names the order, and a ticket of it, must not wait for whoever changes both.
    order.refresh_from_db(from_queryset=Order.objects.select_for_update(no_key=True))
    order.event = event
    if order.deleted_at is not None:
        raise Refused("order-unknown", "There is no such order.", status=404)
    return order


def is_staff(by) -> bool:
    return by not in (GUEST, SERVER, CLOCK) and is_site_staff(by)


def may_move(order, to, *, by) -> bool:
    """Whether this move is theirs to make, from where the clock has the order now."""
    now = order.current_status
    costs = order.amount and (to == COMPLETED or (now == COMPLETED and (to != CANCELLED or why_paid_stays(order))))
    too_late = to == CANCELLED and now in (PLACED, COMPLETED) and why_buyers_keep(order.event)
    return any(
        to in MOVES[part].get(now, ()) and not (part == BUYER and (costs or too_late)) for part in parts_of(by, order)
    )


def why_buyers_keep(event) -> str:
    """Why buyers cannot cancel by themselves, in one sentence; empty while they can. A checkout is always theirs."""
    if not event.buyers_may_cancel:
        return "At this event buyers do not cancel by themselves: ask the organizer."
    until = event.buyers_cancel_until or event.starts_at
    if timezone.now() < until:
        return ""
    if event.buyers_cancel_until is None:
        return "The event has begun: ask the organizer to cancel."
    return f"Buyers could cancel until {until.astimezone(event.zone):%-d %B %Y, %H:%M}: ask the organizer."


def why_paid_stays(order) -> str:
    """Why a buyer cannot cancel what is paid, in one sentence; empty if they can, and get their money back."""
    if not order.event.buyers_get_money_back:
        return "It is paid: ask the organizer to cancel it."
    came = order.attendees.filter(Q(is_checked_in=True) | Q(is_checked_out=True), deleted_at=None)
    return "Somebody has come in with it: ask the organizer." if came.exists() else ""


def why_it_stays(order) -> str:
    """Why its buyer cannot cancel an order that is placed or completed; empty if they can."""
    is_paid = order.amount and order.current_status == COMPLETED
    return why_buyers_keep(order.event) or (why_paid_stays(order) if is_paid else "")


def refusal_of(order, to, *, by) -> Refused | None:
    """What `change_status` would say to this move of an order as it is now; None if it would begin it."""
    if to != order.current_status and not may_move(order, to, by=by):
        why = why_it_stays(order) if to == CANCELLED and parts_of(by, order) == {BUYER} else ""
        detail = f"{explain(order)} {why or f'It cannot be made {to} by you.'}"
        return Refused("order-cannot-move", detail, status=403, pointer=STATUS)
    if order.event.deleted_at is not None and to in SEATED and not is_staff(by):
        return Refused("event-deleted", "This event does not take place any more.", status=409, pointer=STATUS)
    return None


def refuse_if_changed(order, seen: str) -> None:
    """409 if the order is not in the state in which somebody saw it when they decided."""
    if seen != order.current_status:
        raise Refused("order-changed", f"It has changed since you looked. {explain(order)}", status=409)


def change_status(order, to, *, by, mode=None, note=None) -> Order:
    """Move an order, with all that follows from it. Being there already is fine; a move not allowed is 403.

    `mode` is the payment mode chosen with the move. Seats and uses of codes that the order no longer holds are taken
    again, or refused when they are gone: 409, and 422 for a code.
    """
    with atomic():
        order = lock_order(order)
        now = order.current_status
        if to == now and mode in (None, order.payment_mode):
            return order
        if refusal := refusal_of(order, to, by=by):
            raise refusal
        return move(order, to, by=by, mode=mode, note=note)


def move(order, to, *, by, mode=None, note=None) -> Order:
    """The move itself, asked of nobody. The caller holds the row's lock and has checked the right."""
    before, held_seats = order.status, order.status in SEATED
    is_live = order.current_status in ON_THE_CLOCK
    uses = order.access_uses, order.discount_uses
    if mode is not None:
        order.payment_mode = mode
    if note is not None:
        order.cancel_note = note
    order.status = to
    if (
        to in ON_THE_CLOCK and is_live and order.expires_at
    ):  # the same hold goes on, and never ends sooner than was said
        order.expires_at = max(order.expires_at, end_of(to, event=order.event, began=order.created_at))
    else:
        order.expires_at = end_of(to, event=order.event, began=timezone.now())
    if to == COMPLETED and before != COMPLETED:
        order.completed_at = timezone.now()
        if not order.amount:
            order.payment_mode = "free"
    if to != COMPLETED:
        order.due = ZERO  # awaited with the rest, or not at all
    if to not in SEATED:
        order.access_uses = order.discount_uses = 0
    elif not held_seats:
        order.access_uses, order.discount_uses = counted_uses(order)
    order.save()
    if order.amount:
        _move_money(order, before, by=by)
    detail = {"before": before, "amount": str(order.amount), "mode": order.payment_mode}
    record(f"order.{to}", by=by, about=order, event_id=order.event_id, **detail)
    tell_room(f"order.{to}", order)
    if to != before:
        tell_people(order, by=by, before=before)
    if to in SEATED and not held_seats:
        take(
            seats_of(order),
            access=(order.access_code_id, order.access_uses),
            discount=(order.discount_code_id, order.discount_uses),
        )
    elif held_seats and to not in SEATED:
        give_back(
            seats_of(order), access=[(order.access_code_id, uses[0])], discount=[(order.discount_code_id, uses[1])]
        )
    if order.amount:
        keep_invoiced(order, by=by)
    return order


def counted_uses(order) -> tuple[int, int]:
    """How far an order's tickets move the counters of its access code and of its discount code.

    A coupon that the team sends is not consumed.
    """
    access, discount = uses_of(order)
    return access, 0 if order.user is not None and coorganizes(order.user, order.event) else discount


def _move_money(order, before, *, by):
    """Completed: the money is there. No longer: it goes back, or it never was there."""
    if order.status == COMPLETED:
        book_the_rest(order, by=by)
    elif order.status not in SEATED:
        owe_back(order, left_of(order), by=by, reason=order.cancel_note or f"The order is {order.status}.")
    elif before == COMPLETED:
        take_back_by_hand(order, by=by)


def end_of(status, *, event, began):
    """When the clock ends what began then: a hold after order-expiry-time, half an hour later for those who are paying;
    a placed order after the event's payment term. None for the other states.
    """
    if status == PLACED:
        return began + timedelta(days=event.payment_term)
    if status in ON_THE_CLOCK:
        return began + timedelta(minutes=hold_minutes() + (PAYING_MINUTES if status == PENDING else 0))
    return None


def cancel_order(order, *, by, note=None) -> Order:
    """Cancel: seats and uses of codes go back on sale, the buyer gets a mail. 403 if it is not theirs to cancel."""
    return change_status(order, CANCELLED, by=by, note=note)


def mark_paid(order, *, by) -> Order:
    """The money is there: the order is completed and its tickets are valid."""
    return change_status(order, COMPLETED, by=by)


def delete_order(order, *, by, note=None) -> None:
    """Staff take an order out of the API: what it held goes back, a paid one is refunded, the buyer is told why."""
    if not is_site_staff(by):
        raise Refused("order-not-deletable", "Orders are deleted by the site's staff alone.", status=403)
    with atomic():
        order = lock_order(order)
        order.deleted_at = timezone.now()
        if order.status in SEATED:
            move(order, CANCELLED, by=by, note=note)
        else:
            order.cancel_note = note
            order.save()
            tell_people(order, by=by, before=order.status)
        record("order.deleted", by=by, about=order, event_id=order.event_id, note=note or "")


def explain(order) -> str:
    """Why an order is in its state, in one sentence."""
    amount = format_money(order.amount, order.currency)
    status = order.current_status
    if status in ON_THE_CLOCK:
        until = f"{order.expires_at.astimezone(order.event.zone):%H:%M}" if order.expires_at else "the checkout ends"
        doing = (
            f"{amount} is being paid {way_of(order.payment_mode)}" if status == PENDING else "its buyer is checking out"
        )
        return f"Its seats are held until {until} while {doing}."
    if status == PLACED:
        until = order.awaited_until
        until = f" until {until.astimezone(order.event.zone):%-d %B %Y}" if until else ""
        return f"{amount} {way_of(order.payment_mode)} is awaited{until}; the organizer marks it paid."
    line = _line_of(order)
    if status == EXPIRED:
        was_placed = line is not None and line.detail.get("before") == PLACED
        what = (
            "No payment had arrived when its time to pay was over"
            if was_placed
            else "Its hold ended before it was paid"
        )
        return f"{what}, and its seats went back on sale."
    who = _who_moved(order, line)
    if status == CANCELLED:
        why = f": {order.cancel_note}" if order.cancel_note else "."
        return f"It was cancelled by {who}{why}"
    if order.due:
        return f"{format_money(order.due, order.currency)} of {amount} is still to be paid, since a ticket was changed."
    if not order.amount:
        return "There was nothing to pay, so it was completed at once."
    return f"{amount} was paid {way_of(order.payment_mode)}, as confirmed by {who}."


def way_of(payment_mode) -> str:
    """How something is paid, as one says it: “by bank”, “at the door”."""
    return {"onsite": "at the door", "stripe": "by card", "paypal": "by PayPal"}.get(payment_mode, f"by {payment_mode}")


def what_next(order, *, by) -> str:
    """What may become of an order by this caller and by the clock, in one sentence; empty if nothing."""
    now = order.current_status
    words = {COMPLETED: "marked paid" if order.amount else "completed", CANCELLED: "cancelled"}
    if order.amount:
        words = {PLACED: "set to await its payment", **words}
    moves = [words[to] for to in words if to != now and may_move(order, to, by=by)]
    if now in ON_THE_CLOCK or order.awaited_until:
        moves.append("left to expire")
    return f"It can be {', '.join(moves[:-1])}{' or ' if moves[1:] else ''}{moves[-1]}." if moves else ""


def _line_of(order):
    """The line of the log that tells how it came into its state."""
    about = Activity.objects.filter(subject_type="order", subject_id=str(order.pk))
    return about.filter(action=f"order.{order.status}").first()


def _who_moved(order, line):
    if line is None:
        return "the organizer"
    if (line.actor_id is not None and line.actor_id == order.user_id) or line.actor_name == GUEST:
        return "the buyer"
    return "the organizer" if line.actor_id else "the server"
