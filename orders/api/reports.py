"""What the whole site sells, for those to whom its sales panel is open. Reading it writes nothing."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TypedDict

from django.db.models import Count, DateTimeField, IntegerField, Max, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from rest_framework import serializers

from events.models import Event, UsersEventsRoles
from events.rules import OWNER
from openevent.core.money import MoneyField
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.api.sales import SALES, side_by_side
from orders.models import (
    Order,
    SalesByDiscount,
    SalesByEvent,
    SalesByLocation,
    SalesByMarketer,
    SalesByOrganizer,
    SalesFee,
    SalesInvoice,
)
from orders.models.reports import SOLD_BY
from orders.services.fees import Fees, fees_earned
from orders.services.sales import STATES, sales_by

# ── By event ─────────────────────────────────────────────────────────────────────────────────────


def sold(state, what, kind):
    """The same number as the database has it, for filters and sorting."""
    orders = Order.objects.filter(event=OuterRef("pk"), status=state, deleted_at=None).order_by().values("event")
    return Coalesce(Subquery(orders.annotate(number=what).values("number")), Value(0), output_field=kind())


SEATS = Count("attendees", filter=Q(attendees__deleted_at=None))
COLUMNS = {
    **{f"{state}_order_sales": partial(sold, state, Sum("amount"), MoneyField) for state in STATES},
    **{f"{state}_order_tickets": partial(sold, state, SEATS, IntegerField) for state in STATES},
}


def owners_of(events):
    """{event's id: its owner}"""
    held = UsersEventsRoles.objects.filter(event__in=[event.pk for event in events], role__name=OWNER)
    return {role.event_id: role.user for role in held.select_related("user")}


def kind_of(event):
    """Where an event takes place, in one word."""
    if event.location_name:
        return "Hybrid" if event.online else "Venue"
    return "Online" if event.online else "To be announced"


EVENT_SALES = {**SALES, "sales": dict, "type": str, "owner": str | None, "owner_id": str | None}


def sales_of_events(events) -> dict[int, TypedDict("EventSales", EVENT_SALES)]:
    owners, sales = owners_of(events), sales_by("event", event__in=[event.pk for event in events])
    return {
        event.pk: {
            **side_by_side(sales[event.pk]),
            "sales": sales[event.pk],
            "type": kind_of(event),
            "owner": owners[event.pk].email if event.pk in owners else None,
            "owner_id": str(owners[event.pk].pk) if event.pk in owners else None,
        }
        for event in events
    }


class ByEventSerializer(ResourceSerializer):
    class Meta:
        model = SalesByEvent
        fields = (
            *("identifier", "name", "created_at", "starts_at", "ends_at", "state", "payment_currency"),
            "payment_country",
        )
        computed = COLUMNS
        depends = ("accounts",)


ByEventSerializer.extend(batches=dict.fromkeys(EVENT_SALES, sales_of_events), depends=("orders",))


# ── By whoever organizes, where, by whoever sold it, by code ─────────────────────────────────────


def sales_by_key(column, key="pk", orders=Order.objects):
    """A batch of rows whose `key` is what orders have in this column."""

    def sales_of(rows) -> dict[int, dict[str, dict]]:
        keys = {row.pk: getattr(row, key) for row in rows}
        sales = sales_by(column, orders, **{f"{column}__in": set(keys.values())})
        return {pk: {"sales": sales[keys[pk]]} for pk in keys}

    return sales_of


NO_DATES = {"starts_at": None, "ends_at": None}  # of who owns no event any more, whom staff see with the trash
ORGANIZER_SALES = {"sales": dict, "starts_at": datetime | None, "ends_at": datetime | None}


def sales_of_organizers(people) -> dict[int, TypedDict("OrganizerSales", ORGANIZER_SALES)]:
    ids = [person.pk for person in people]
    sales = sales_by("event__roles__user", event__roles__user__in=ids, event__roles__role__name=OWNER)
    events = Event.objects.filter(roles__user__in=ids, roles__role__name=OWNER, deleted_at=None).order_by()
    dates = events.values_list("roles__user").annotate(Min("starts_at"), Max("ends_at"))
    dates = {pk: {"starts_at": first, "ends_at": last} for pk, first, last in dates}
    return {pk: {"sales": sales[pk], **dates.get(pk, NO_DATES)} for pk in ids}


def date_of(what):
    """When the first of somebody's events begins, or the last ends, as the database has it."""
    owned = UsersEventsRoles.objects.filter(user=OuterRef("pk"), role__name=OWNER, event__deleted_at=None).order_by()
    return Subquery(owned.values("user").annotate(date=what).values("date"), output_field=DateTimeField())


class ByOrganizerSerializer(ResourceSerializer):
    class Meta:
        model = SalesByOrganizer
        fields = ("first_name", "last_name", "email")
        computed = {
            "starts_at": partial(date_of, Min("event__starts_at")),
            "ends_at": partial(date_of, Max("event__ends_at")),
        }
        depends = ("accounts",)


class ByLocationSerializer(ResourceSerializer):
    class Meta:
        model = SalesByLocation
        fields = ("location_name",)


class ByMarketerSerializer(ResourceSerializer):
    fullname = serializers.CharField(source="full_name", read_only=True)

    class Meta:
        model = SalesByMarketer
        fields = ("fullname", "email")
        depends = ("accounts",)


class ByDiscountSerializer(ResourceSerializer):
    event_name = serializers.CharField(source="event.name", read_only=True)
    payment_currency = serializers.CharField(source="event.currency", read_only=True)
    email = serializers.SerializerMethodField()

    class Meta:
        model = SalesByDiscount
        fields = ("code", "email", "event_name", "payment_currency")
        needs = ("event", "marketer")
        depends = ("accounts",)

    def get_email(self, code) -> str | None:
        """Of whoever brings it to people."""
        return code.marketer and code.marketer.email


ByOrganizerSerializer.extend(batches=dict.fromkeys(ORGANIZER_SALES, sales_of_organizers), depends=("orders",))
ByLocationSerializer.extend(
    batches={"sales": sales_by_key("event__location_name", "location_name")}, depends=("orders",)
)
ByMarketerSerializer.extend(
    batches={"sales": sales_by_key("sold_by", orders=Order.objects.annotate(sold_by=SOLD_BY))}, depends=("orders",)
)
ByDiscountSerializer.extend(batches={"sales": sales_by_key("discount_code")}, depends=("orders",))


# ── Invoices and fees ────────────────────────────────────────────────────────────────────────────


class InvoiceSerializer(ResourceSerializer):
    event_name = serializers.CharField(source="event.name", read_only=True)
    sent_to = serializers.SerializerMethodField()

    class Meta:
        model = SalesInvoice
        fields = ("identifier", "status", "amount", "created_at", "completed_at", "event_name", "sent_to")
        needs = ("event", "user")
        depends = ("accounts",)

    def get_sent_to(self, invoice) -> str | None:
        return invoice.user and invoice.user.email


FEES = {
    "fee_percentage": Decimal,
    "maximum_fee": Decimal | None,
    "revenue": Decimal,
    "ticket_count": int,
    "event_date": datetime,
}


def fees_of_events(events) -> dict[int, TypedDict("EventFees", FEES)]:
    """In the event's own currency: what is set, and what it has brought so far."""
    earned = fees_earned(order__event__in=[event.pk for event in events])
    fees, numbers = Fees.for_currencies(event.currency for event in events), {}
    for event in events:
        fee, sum_of_it = fees.at(event.payment_country, event.currency), earned[event.pk, event.currency]
        numbers[event.pk] = {
            "fee_percentage": fee.percent,
            "maximum_fee": fee.maximum,
            "revenue": sum_of_it.fee,
            "ticket_count": sum_of_it.tickets,
            "event_date": event.starts_at,
        }
    return numbers


class FeeSerializer(ResourceSerializer):
    class Meta:
        model = SalesFee
        fields = ("name", "payment_currency")


FeeSerializer.extend(
    batches=dict.fromkeys(FEES, fees_of_events),
    depends=("orders",),
)


def lists_of(serializer):
    class ViewSet(ResourceViewSet):
        serializer_class = serializer
        verbs = ("list", "retrieve")

    return ViewSet


REPORTS = {
    "by-events": lists_of(ByEventSerializer),
    "by-organizers": lists_of(ByOrganizerSerializer),
    "by-location": lists_of(ByLocationSerializer),
    "by-marketer": lists_of(ByMarketerSerializer),
    "discounted": lists_of(ByDiscountSerializer),
    "invoices": lists_of(InvoiceSerializer),
    "fees": lists_of(FeeSerializer),
}
