"""One verb on many orders: first what would happen, in words and money; then each order by itself, as a job.

What is seen before is what happens after: the preview notes each order with its state, signed, and the job leaves
alone whatever is in another state by then.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db import OperationalError
from django.db.models import Count

from events.models import Event
from events.rules import coorganizes
from notifications.models import BLOCKED, Job, Mail
from notifications.services.jobs import progress, start_job
from notifications.services.mail import words_about
from openevent.core.atomic import atomic
from openevent.core.money import ZERO
from openevent.core.refusals import Refused, busy
from openevent.core.tokens import read_claim, sign_claim
from orders.models import Attendee, LedgerLine, Order, Refund
from orders.models.order import CANCELLED, COMPLETED, EXPIRED
from orders.models.payment import OWED
from orders.services.refunding import refund_order
from orders.services.resending import TO_THE_BUYER, send_again
from orders.services.states import cancel_order, lock_order, mark_paid, may_move, refuse_if_changed

KIND, PURPOSE = "orders.bulk", "orders.bulk"
MOST = 20_000
AT_ONCE = 900  # ids in one question
SECONDS_TO_DECIDE = 3600
MOST_TOLD = 50  # refusals that the job's message lists


def pay(order: Order, *, by, note) -> None:
    mark_paid(order, by=by)


def cancel(order: Order, *, by, note) -> None:
    cancel_order(order, by=by, note=note or None)


def send_mail_again(order: Order, *, by, note) -> Refused | None:
    mail = send_again(order, by=by)
    return Refused("mail-held-back", words_about(mail)) if mail.status == BLOCKED else None


def give_back(order: Order, *, by, note) -> None:
    refund_order(order, by=by, reason=note)


def told_buyers(orders) -> set[int]:
    """The ids of those orders whose buyer got a mail that can be sent again."""
    addresses = {str(order.pk): order.email for order in orders}
    found = set()
    for ids in in_parts(list(addresses)):
        mails = Mail.objects.filter(subject_type="order", subject_id__in=ids, kind__in=TO_THE_BUYER)
        for order_id, recipient in mails.values_list("subject_id", "recipient"):
            if recipient == addresses[order_id]:
                found.add(int(order_id))
    return found


def with_money(orders) -> set[int]:
    """The ids of those orders of which something can be given back."""
    return {order_id for (order_id, _), amount in left_by_order(orders).items() if amount > 0}


class Verb(NamedTuple):
    ask: str  # “Cancel 3 orders?”
    done: str  # “3 orders cancelled.”
    to: str | None  # the state it moves to
    stays: dict[str | None, str]  # why not, by the state that an order is in
    act: Callable  # what it answers with a refusal stays written, such as a mail that is held back
    fits: Callable | None = None  # where it moves to no state: the ids of the orders that it is for


VERBS = {
    "paid": Verb(
        "Mark {} paid",
        "{} marked paid.",
        COMPLETED,
        {COMPLETED: "It is paid already.", CANCELLED: "It is cancelled."},
        pay,
    ),
    "cancel": Verb(
        "Cancel {}",
        "{} cancelled.",
        CANCELLED,
        {CANCELLED: "It is cancelled already.", EXPIRED: "It expired and holds no seats."},
        cancel,
    ),
    "resend": Verb(
        "Send the mails of {} again",
        "Mails of {} sent again.",
        None,
        {None: "No mail has been sent for it yet."},
        send_mail_again,
        told_buyers,
    ),
    "refund": Verb(
        "Give back what was paid for {}",
        "What was paid for {} is on its way back, or to be given by hand.",
        None,
        {None: "Nothing is left to give back."},
        give_back,
        with_money,
    ),
}


class Preview(NamedTuple):
    verb: str
    going: list[Order]
    staying: list[tuple[Order, str]]  # each with why
    tickets: int  # of those that go
    money: dict[str, Decimal]  # the same, by currency
    paid: dict[str, Decimal]  # of that, what was paid and is not promised back


def preview_of(verb: str, orders: Iterable[Order], *, event: Event, by) -> Preview:
    """What the verb would do to these orders of the event. 422 if they are too many, or no such verb."""
    if verb not in VERBS:
        raise Refused("verb-unknown", "There is no such thing to do.", status=404)
    orders = list(orders[: MOST + 1])
    if len(orders) > MOST:
        raise Refused("too-many-orders", f"At most {MOST:,} orders at once: narrow the list first.")
    fits = VERBS[verb].fits
    fitting = fits(orders) if fits else set()
    going, staying = [], []
    for order in orders:
        order.event = event
        why = why_not(verb, order, by=by, fitting=fitting)
        if why:
            staying.append((order, why))
        else:
            going.append(order)
    return Preview(verb, going, staying, count_tickets(going), sum_of(going), left_of_all(going))


def why_not(verb: str, order: Order, *, by, fitting) -> str:
    """Why this order stays as it is; empty if it goes."""
    way = VERBS[verb]
    if way.to is None:
        return "" if order.pk in fitting else way.stays[None]
    if order.current_status != way.to and may_move(order, way.to, by=by):
        return ""
    return way.stays.get(order.current_status, "It is in a state from which this is not possible.")


def start(preview_claim: str, *, by, event: Event, note: str = "") -> Job:
    """Do what a preview has shown to this very person, as a job. 403 or 410 for a claim that is not theirs, or old."""
    claim = read_claim(preview_claim, purpose=PURPOSE, seconds=SECONDS_TO_DECIDE)
    if (claim["by"], claim["event"]) != (by.pk, event.pk):
        raise Refused("link-invalid", "This was shown to somebody else.", status=403)
    count = sum(len(ids) for ids in claim["seen"].values())
    title = f"{VERBS[claim['verb']].ask.format(so_many(count))}, {event.name}"
    return start_job(
        KIND,
        by=by,
        title=title,
        event_id=event.pk,
        verb=claim["verb"],
        note=note.replace("\x00", "")[:2000],
        seen=claim["seen"],
    )


def claim_of(preview: Preview, *, by, event: Event) -> str:
    """The preview as a form carries it: who saw it, and each order with the state it was in."""
    seen = {}
    for order in preview.going:
        seen.setdefault(order.current_status, []).append(order.pk)
    claim = {"verb": preview.verb, "by": by.pk, "event": event.pk, "seen": seen}
    return sign_claim(claim, purpose=PURPOSE, compress=True)


def run(job: Job, *, verb: str, note: str, seen: dict[str, list[int]]) -> str:
    """The job: each order in its own transaction, by the right that the person still has. What came of it, in words."""
    event = Event.objects.get(pk=job.event_id)
    if not coorganizes(job.user, event):
        raise Refused("not-your-orders", "You are no longer on this event's team.", status=403)
    orders = [(order_id, status) for status, ids in seen.items() for order_id in ids]
    done, refused = 0, []
    for number, (order_id, status) in enumerate(sorted(orders), 1):
        if refusal := refusal_of(verb, order_id, status, event=event, by=job.user, note=note):
            refused.append(f"{order_code(order_id)}: {refusal}")
        else:
            done += 1
        progress(job, number, len(orders))
    return "\n".join([VERBS[verb].done.format(so_many(done)), *told_of(refused)])


def refusal_of(verb, order_id, status, *, event, by, note) -> Refused | None:
    """Do it to one order; or why it was not done."""
    try:
        with atomic():
            order = Order.objects.filter(pk=order_id, event=event).first()
            if order is None:
                return Refused("order-unknown", "There is no such order any more.", status=404)
            order.event = event
            order = lock_order(order)
            refuse_if_changed(order, status)
            return VERBS[verb].act(order, by=by, note=note)
    except Refused as refusal:
        return refusal
    except OperationalError as problem:
        if refusal := busy(problem):
            return refusal
        raise


def told_of(refused):
    if not refused:
        return []
    left = f"{so_many(len(refused))} left as {'it is' if len(refused) == 1 else 'they are'}:"
    more = [f"… and {len(refused) - MOST_TOLD} more."] if len(refused) > MOST_TOLD else []
    return [left, *refused[:MOST_TOLD], *more]


def so_many(count: int) -> str:
    return f"{count:,} order{'' if count == 1 else 's'}"


def order_code(order_id) -> str:
    return Order.objects.filter(pk=order_id).values_list("identifier", flat=True).first() or "?"


def count_tickets(orders) -> int:
    ids = [order.pk for order in orders]
    live = Attendee.objects.filter(deleted_at=None)
    return sum(live.filter(order__in=part).aggregate(count=Count("pk"))["count"] for part in in_parts(ids))


def left_by_order(orders) -> dict[tuple[int, str], Decimal]:
    """{(order's id, currency): what was paid for it and could still be given back}."""
    sums = {}
    for ids in in_parts([order.pk for order in orders]):
        for rows, sign in ((LedgerLine.objects, 1), (Refund.objects.filter(state__in=OWED), -1)):
            for order_id, currency, amount in rows.filter(order__in=ids).values_list("order", "currency", "amount"):
                sums[order_id, currency] = sums.get((order_id, currency), ZERO) + sign * amount
    return sums


def left_of_all(orders) -> dict[str, Decimal]:
    """The same of all of them, by currency."""
    sums = {}
    for (_, currency), amount in left_by_order(orders).items():
        sums[currency] = sums.get(currency, ZERO) + amount
    return {currency: amount for currency, amount in sums.items() if amount}


def sum_of(orders) -> dict[str, Decimal]:
    sums = {}
    for order in orders:
        if order.amount:
            sums[order.currency] = sums.get(order.currency, ZERO) + order.amount
    return sums


def in_parts(ids):
    return [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]
