"""What the team of an event reads with it: how much is sold, by state as it is stored."""

from django.db.models import Count, Sum

from orders.models import Attendee, Order


def orders_worth(status):
    """A batch: {event's id: the sum of its orders in this state}."""

    def answer(events):
        orders = Order.objects.filter(event__in=[event.pk for event in events], status=status, deleted_at=None)
        return dict(orders.order_by().values_list("event").annotate(Sum("amount")))

    return answer


def tickets_sold(status):
    """A batch: {event's id: how many tickets its orders in this state hold}."""

    def answer(events):
        seated = Attendee.objects.filter(order__status=status, order__deleted_at=None, deleted_at=None)
        attendees = seated.filter(event__in=[event.pk for event in events])
        return dict(attendees.order_by().values_list("event").annotate(Count("pk")))

    return answer
