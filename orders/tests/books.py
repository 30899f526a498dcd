"""What is true of seats, codes and money at every moment, whoever is in the middle of what."""

from collections import Counter
from contextlib import contextmanager

from django.db import connection, transaction

from orders.models import AccessCode, Attendee, DiscountCode, LedgerLine, Order, Payment, Refund, Ticket
from orders.models.order import ON_THE_CLOCK, SEATED
from orders.models.payment import DONE, PAID


def check_books():
    """All of it, as it was committed at one moment."""
    with one_moment():
        check_seats()
        check_codes()
        check_money()


@contextmanager
def one_moment():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def check_seats():
    """Sold, held and free are all that there are."""
    rows = Attendee.objects.filter(order__status__in=SEATED, deleted_at=None).values_list("ticket", "order__status")
    held, sold = Counter(), Counter()
    for ticket, status in rows:
        (held if status in ON_THE_CLOCK else sold)[ticket] += 1
    for ticket in Ticket.objects.all():
        free = ticket.quantity - ticket.reserved
        assert free >= 0
        assert sold[ticket.pk] + held[ticket.pk] + free == ticket.quantity


def check_codes():
    """A code is used as often as its orders say, for as many tickets as have it applied, and never too often."""
    for model, name, applied in (
        (DiscountCode, "discount", "is_discount_applied"),
        (AccessCode, "access", "is_access_code_applied"),
    ):
        for code in model.objects.all():
            orders = Order.objects.filter(**{f"{name}_code": code})
            tickets = Attendee.objects.filter(order__in=orders, deleted_at=None, **{applied: True})
            assert sum(orders.values_list(f"{name}_uses", flat=True)) == code.used <= code.tickets_number
            assert tickets.filter(order__status__in=SEATED).count() == code.used


def check_money():
    """Of every order: what providers took, less what they gave back, is in the ledger; no more is owed than that."""
    taken = sums_of(Payment.objects.filter(state=PAID))
    given = sums_of(Refund.objects.filter(state=DONE).exclude(payment=None))
    by_providers = sums_of(LedgerLine.objects.exclude(payment=None))
    booked = sums_of(LedgerLine.objects.all())
    owed = sums_of(Refund.objects.exclude(state=DONE))
    for order in Order.objects.all():
        assert taken[order.pk] - given[order.pk] == by_providers[order.pk]
        assert 0 <= owed[order.pk] <= booked[order.pk]
        if order.status == "completed":
            assert booked[order.pk] - owed[order.pk] + order.due <= order.amount


def sums_of(rows):
    sums = Counter()
    for order, amount in rows.values_list("order", "amount"):
        sums[order] += amount
    return sums
