"""Orders: read by their buyer and the team, made and moved by the services."""

from collections import defaultdict
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action

from openevent.core.describing import says
from openevent.core.idempotency import once_per_key
from openevent.core.limits import limit
from openevent.core.negotiation import JSONAPI, document_response
from openevent.core.refusals import Refused
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer, find_by_key
from openevent.core.viewsets import ResourceViewSet
from orders.api.charges import CHARGE, CHARGED, charge_document, read_charge
from orders.api.checkout import TRIES, refuse_unverified
from orders.models import Attendee, DiscountCode, EventInvoice, Order, Ticket
from orders.models.order import STATUSES, ended_holds, status_now
from orders.rules import orders_bought
from orders.services.cart import Wish, may_sell, open_cart, read_amount, read_wishes
from orders.services.charging import charge_order
from orders.services.checkout import order_attendees
from orders.services.edit_order import edit_order
from orders.services.papers import WITH_TICKETS
from orders.services.paying import name_the_page
from orders.services.states import delete_order

BILLING = ("address", "city", "state", "country", "zipcode", "company", "tax_business_info", "is_billing_enabled")
ATTENDEES, DISCOUNT = "/data/relationships/attendees", "/data/relationships/discount-code"
ON_SITE = "/data/attributes/on-site-tickets"


class OrdersOfPerson(Relation):
    """Those in the account, and what was bought as a guest with its proven address."""

    def narrow(self, queryset, person):
        return queryset.filter(orders_bought(person))

    def fetch(self, people, queryset):
        by_address = {person.email: person.pk for person in people if person.is_verified}
        as_guest = Q(user=None, email__in=by_address)
        orders = queryset.filter(Q(user__in=[person.pk for person in people]) | as_guest)
        found = defaultdict(list)
        for order in orders:
            found[order.user_id or by_address[order.email]].append(order)
        return found


class StatusNow(serializers.ChoiceField):
    """The status as the clock has it, not as the row last heard."""

    def get_attribute(self, order):
        return order.current_status

    def to_representation(self, status):
        return status


@extend_schema_field({"type": "string"})
class IdOfRelation(serializers.IntegerField):
    """An id that is an attribute: a text, like every id."""

    def to_representation(self, key):
        return str(key)


class PapersUrl(serializers.ReadOnlyField):
    """Where its PDF is, once there is one."""

    def __init__(self, *, path):
        super().__init__()
        self.path = path

    def get_attribute(self, row):
        order = row if isinstance(row, Order) else row.order
        has_papers = order is not None and order.current_status in WITH_TICKETS
        return settings.BASE_URL + self.path.format(row=row) if has_papers else None

    def to_representation(self, url):
        return url


class OrderSerializer(ResourceSerializer):
    status = StatusNow(choices=STATUSES, required=False)
    amount = serializers.DecimalField(13, 3, min_value=Decimal(0), required=False)
    discount_code_id = IdOfRelation(required=False, allow_null=True)
    on_site_tickets = serializers.ListField(write_only=True, required=False, allow_null=True)
    tickets_pdf_url = PapersUrl(path="/v1/orders/{row.identifier}/tickets-pdf")

    class Meta:
        model = Order
        fields = (
            *("identifier", "amount", *BILLING, "completed_at", "created_at", "transaction_id", "payment_mode"),
            *("paid_via", "brand", "exp_month", "exp_year", "last4", "status", "discount_code_id", "payment_url"),
            *(
                "on_site_tickets",
                "cancel_note",
                "order_notes",
                "tickets_pdf_url",
                "event",
                "user",
                "marketer",
                "discount_code",
            ),
            *("access_code", "attendees"),
        )
        relations = {
            "tickets": Relation(Ticket, "attendees__order"),
            "event_invoice": Relation(EventInvoice, many=False, column="event_invoice_id"),
        }
        private_fields = (
            *("amount", *BILLING, "transaction_id", "paid_via", "brand", "exp_month", "exp_year", "last4"),
            *("discount_code_id", "payment_url", "cancel_note", "order_notes", "tickets_pdf_url"),
        )
        always = ("identifier",)
        computed = {"status": status_now, "discount_code_id": lambda: F("discount_code_id")}


class OrderViewSet(ResourceViewSet):
    serializer_class = OrderSerializer
    key_field = "identifier"
    sign_in_to_list = True

    @classmethod
    def clock_mark(cls, orders):
        """A hold that ends is shown as expired without any row being written."""
        return orders.filter(ended_holds()).count()

    # ── The classic flow: POST with attendees that are there already ─────────────────────────────────

    def made(self, request, number):
        """The answer once more, of an order that was made before."""
        return self.created(self.find(number))

    def created(self, order):
        name_the_page(order, by=self.request.user)
        response = document_response(self.row_document(order, self.read_tree()), 201)
        response["Location"] = self.resource.address(order)
        return response

    @once_per_key(again=made)
    def create(self, request):
        limit("order", request.user.pk, TRIES)
        document = self.read_document()
        on_site = document.pop("on_site_tickets", None)
        values = self.checked(document)
        event = self.event_of(request.data["data"])
        attendees = self.attendees_of(request.data["data"], event) if on_site is None else None
        cart = open_cart(
            merged(attendees) if on_site is None else self.wishes_on_site(on_site, event),
            by=request.user,
            event=event,
            discount=values.get("discount_code") or self.discount_by_id(values),
            discount_pointer=DISCOUNT,
            access=values.get("access_code"),
            access_pointer="/data/relationships/access-code",
        )
        refuse_unverified(cart, by=request.user)
        order = order_attendees(
            cart,
            attendees,
            by=request.user,
            payment_mode=values.get("payment_mode") or "free",
            status=values.get("status"),
            amount=values.get("amount"),
            details={name: values[name] for name in (*BILLING, "order_notes") if name in values},
        )
        return self.created(order)

    def checked(self, document):
        """The values of a document with their types checked; codes are named by their number."""
        document.pop("event", None)
        document.pop("attendees", None)
        document.pop("user", None)
        document.pop("on_site_tickets", None)  # said once, when the order is made
        codes = {name: document.pop(name) for name in ("discount_code", "access_code") if name in document}
        if document.get("amount") is not None:
            document["amount"] = read_amount(document["amount"], pointer="/data/attributes/amount")
        serializer = self.serializer_class(data=document, partial=True, context=self.get_serializer_context())
        self.validate(serializer)
        relations = self.serializer_class.relations()
        for name, key in codes.items():
            if key is not None:
                codes[name] = find_by_key(relations[name].model.objects.filter(deleted_at=None), key)
                if codes[name] is None:
                    pointer = f"/data/relationships/{name.replace('_', '-')}"
                    raise Refused("code-unknown", "There is no such code.", pointer=pointer)
        return {**serializer.validated_data, **codes}

    def discount_by_id(self, values):
        key = values.get("discount_code_id")
        return None if key is None else DiscountCode.objects.filter(pk=key, deleted_at=None).first()

    def keys_of_link(self, data, name):
        """What stands at the other end of a relationship that a new order needs."""
        link = self.read_object(data, "relationships").get(name)
        sent = link.get("data") if isinstance(link, dict) else None
        if not sent:
            raise Refused("relation-missing", f"An order needs its {name}.", pointer=f"/data/relationships/{name}")
        return self.read_linkage(self.serializer_class.relations()[name], sent, f"/data/relationships/{name}/data")

    def event_of(self, data):
        events = self.serializer_class.relations()["event"].model.objects.visible_to(self.request.user)
        event = find_by_key(events, self.keys_of_link(data, "event"))
        if event is None:
            raise unseen("event")
        return event

    def wishes_on_site(self, given, event):
        """Tickets that the team sells at the door, to people who are named later."""
        if not may_sell(self.request.user, event):
            detail = "Tickets are sold on site by the event's team."
            raise Refused("not-on-site", detail, status=403, pointer=ON_SITE)
        return read_wishes(given, pointer=ON_SITE)

    def attendees_of(self, data, event):
        """The attendees that a new order takes, as far as the asker may see them."""
        attendees = Attendee.objects.visible_to(self.request.user).select_related("ticket")
        keys = self.keys_of_link(data, "attendees")
        rows = [find_by_key(attendees, key) for key in dict.fromkeys(map(str, keys))]
        if None in rows:
            raise unseen("attendees")
        if any(row.event_id != event.pk for row in rows):
            raise Refused("other-event", "An attendee is of another event.", pointer=ATTENDEES)
        if any(row.order_id is not None for row in rows):
            raise Refused("attendee-has-an-order", "An attendee has an order already.", status=409, pointer=ATTENDEES)
        return rows

    # ── Paying ───────────────────────────────────────────────────────────────────────────────────────

    @says(takes=CHARGE, answers=CHARGED, status=201, media_type=JSONAPI)
    @action(detail=True, methods=["post"])
    @once_per_key()
    def charge(self, request, key):
        order, sent = self.find(key), read_charge(request.data)
        self.ask("change", order)
        limit("pay", request.user.pk, TRIES)
        charge = charge_order(order, sent, by=request.user, asked_before=request.asked_before)
        return charge_document(self.find(key), charge, request.path, to=request.user)

    # ── Afterwards ───────────────────────────────────────────────────────────────────────────────

    def update(self, order, values):
        edit_order(order, by=self.request.user, changes=self.checked(values))

    def perform_destroy(self, order):
        body = self.request.data if isinstance(self.request.data, dict) else {}
        meta = body.get("meta") if isinstance(body.get("meta"), dict) else {}
        note = meta.get("cancel-note")
        delete_order(order, by=self.request.user, note=note[:10_000] if isinstance(note, str) else None)


def merged(attendees):
    """One wish for each ticket type of these attendees."""
    counts = {}
    for attendee in attendees:
        counts[attendee.ticket_id] = counts.get(attendee.ticket_id, 0) + 1
    return [Wish(ticket_id=ticket, quantity=count, pointer=ATTENDEES) for ticket, count in counts.items()]


def unseen(name):
    detail = "There is no such row, or none that you may see."
    return Refused("not-found", detail, status=404, pointer=f"/data/relationships/{name}")
