"""What orders serve under /v1, and what they add to events and people."""

from django.db.models import Q
from django.urls import path, re_path

from accounts.api.users import UserSerializer
from events.api.events import EventSerializer
from events.api.microlocations import MicrolocationSerializer
from events.api.sessions import SessionSerializer
from events.api.video import VideoStreamSerializer
from openevent.core.registry import register
from openevent.core.relations import Relation
from orders.api import statistics
from orders.api.attendees import AttendeeViewSet
from orders.api.badges import BadgeOfTicketView
from orders.api.checkout import CalculateAmountView, CreateOrderView
from orders.api.codes import AccessCodeViewSet, DiscountCodeViewSet
from orders.api.event_desk import AttendeeSearchView, UnusedCodesView
from orders.api.fees import TicketFeeViewSet
from orders.api.invoices import ChargeInvoiceView, CreatePayPalPaymentForInvoiceView, EventInvoiceViewSet
from orders.api.lookups import AccessCodeView, AvailabilityView, DiscountCodeView
from orders.api.order_mails import ResendEmailView, SendReceiptView
from orders.api.orders import OrdersOfPerson, OrderViewSet
from orders.api.papers import (
    AttendeePdfView,
    EventInvoiceView,
    OrderInvoiceView,
    PapersView,
    PaperView,
    TicketsPdfView,
    VerifyView,
)
from orders.api.payments import CreatePayPalPaymentView, VerifyAppPaymentView
from orders.api.refunds import RefundView
from orders.api.reports import REPORTS
from orders.api.sales import SALES, sales_of
from orders.api.station_verbs import CheckInCsvView, CheckInStatsView, StatesView, VirtualCheckInView
from orders.api.stations import StationStorePaxViewSet, StationViewSet, UserCheckInViewSet
from orders.api.stripe_authorizations import StripeAuthorizationViewSet
from orders.api.tickets import TaxViewSet, TicketTagViewSet, TicketViewSet
from orders.api.timeline import TimelineView
from orders.models import (
    AccessCode,
    Attendee,
    DiscountCode,
    EventInvoice,
    Order,
    OrderStatisticsEvent,
    Station,
    StationStorePax,
    StripeAuthorization,
    Tax,
    Ticket,
    TicketTag,
    UserCheckIn,
)

EventSerializer.extend(
    batches=dict.fromkeys(SALES, sales_of),
    depends=("orders",),
    tickets=Relation(Ticket, "event"),
    ticket_tags=Relation(TicketTag, "event"),
    tax=Relation(Tax, "event", many=False),
    orders=Relation(Order, "event"),
    attendees=Relation(Attendee, "event"),
    discount_codes=Relation(DiscountCode, "event"),
    discount_code=Relation(DiscountCode, "event", where=Q(used_for="event"), many=False),
    access_codes=Relation(AccessCode, "event"),
    station=Relation(Station, "event", path="stations"),
    user_check_in=Relation(UserCheckIn, "station__event"),
    event_invoices=Relation(EventInvoice, "event"),
    stripe_authorization=Relation(StripeAuthorization, "event", many=False),
    order_statistics=Relation(OrderStatisticsEvent, "pk", many=False),
)
MicrolocationSerializer.extend(
    stations=Relation(Station, "microlocation"),
    user_check_in=Relation(UserCheckIn, "station__microlocation"),
)
SessionSerializer.extend(station_store_paxs=Relation(StationStorePax, "session"))
VideoStreamSerializer.extend(depends=("orders",))  # who has a ticket may join
UserSerializer.extend(
    depends=("orders",),
    orders=OrdersOfPerson(Order, "user"),
    attendees=Relation(Attendee, "user"),
    discount_codes=Relation(DiscountCode, "marketer"),
    access_codes=Relation(AccessCode, "marketer"),
    event_invoices=Relation(EventInvoice, "user"),
)

register("tickets", TicketViewSet)
register("ticket-tags", TicketTagViewSet)
register("taxes", TaxViewSet, also=("tax",))
register("discount-codes", DiscountCodeViewSet)
register("access-codes", AccessCodeViewSet)
register("orders", OrderViewSet)
register("attendees", AttendeeViewSet)
register("stations", StationViewSet, also=("station",))
register("station-store-paxs", StationStorePaxViewSet)
register("user-check-in", UserCheckInViewSet)
register("ticket-fees", TicketFeeViewSet)
register("event-invoices", EventInvoiceViewSet)
register("stripe-authorizations", StripeAuthorizationViewSet)
register("order-statistics-event", statistics.EventViewSet)
register("order-statistics-ticket", statistics.TicketViewSet)
for name, view in statistics.OF_THE_SITE.items():
    register(f"admin/statistics/{name}", view)
for name, view in REPORTS.items():
    register(f"admin/sales/{name}", view)

ORDER, EVENT = "(?P<key>[^/]+)", "(?P<event>[^/]+)"
CODE = "(?P<code>[^/]+)(?:/(?P<name>[a-z]+))?"

urlpatterns = [
    path("orders/calculate-amount", CalculateAmountView.as_view()),
    path("orders/create-order", CreateOrderView.as_view()),
    path("orders/attendees/<int:key>.pdf", AttendeePdfView.as_view()),
    path("orders/resend-email", ResendEmailView.as_view()),
    path("orders/invoices/<str:key>", OrderInvoiceView.as_view()),
    path("orders/papers/<str:link>", PaperView.as_view()),
    re_path(rf"^orders/{ORDER}/papers$", PapersView.as_view()),
    path("events/invoices/<str:key>", EventInvoiceView.as_view()),
    path("event-invoices/<str:key>/create-paypal-payment", CreatePayPalPaymentForInvoiceView.as_view()),
    path("event-invoices/<str:key>/charge", ChargeInvoiceView.as_view()),
    path("attendees/send-receipt", SendReceiptView.as_view()),
    re_path(rf"^orders/{ORDER}/tickets-pdf$", TicketsPdfView.as_view()),
    re_path(rf"^orders/{ORDER}/timeline$", TimelineView.as_view()),
    re_path(rf"^orders/{ORDER}/verify$", VerifyView.as_view()),
    re_path(rf"^orders/{ORDER}/refund$", RefundView.as_view()),
    re_path(rf"^orders/{ORDER}/create-paypal-payment$", CreatePayPalPaymentView.as_view()),
    re_path(rf"^orders/{ORDER}/verify-mobile-paypal-payment$", VerifyAppPaymentView.as_view()),
    re_path(r"^tickets/(?P<key>[A-Za-z][A-Za-z0-9-]*)$", TicketsPdfView.as_view()),
    path("tickets/<str:key>/badge-forms", BadgeOfTicketView.as_view()),
    path("states", StatesView.as_view()),
    path("export/user-check-in/csv", CheckInCsvView.as_view()),
    path("user-check-in/stats/event/<str:key>", CheckInStatsView.as_view()),
    path("events/<str:key>/virtual/check-in", VirtualCheckInView.as_view()),
    re_path(rf"^events/{EVENT}/tickets/availability$", AvailabilityView.as_view()),
    re_path(rf"^events/{EVENT}/attendees/search$", AttendeeSearchView.as_view()),
    re_path(rf"^events/{EVENT}/discount-codes/delete-unused$", UnusedCodesView.as_view()),
    re_path(rf"^events/{EVENT}/discount-codes/{CODE}$", DiscountCodeView.as_view()),
    re_path(rf"^events/{EVENT}/access-codes/{CODE}$", AccessCodeView.as_view()),
]
