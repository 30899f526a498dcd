"""What is sold, as those who keep the site see it. Money rows are never edited and never removed: verbs move them."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.html import format_html_join
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from accounts.admin import state
from openevent.core.admin import HouseAdmin, ShownInline, Which, column, link_to_page, link_to_row, verb
from openevent.core.admin_site import ATTENTION, FIGURES, OVER_TIME, Attention, Days, Figure
from openevent.core.money import format_money
from orders.badges import badge_of
from orders.models import (
    AccessCode,
    Attendee,
    DiscountCode,
    EventInvoice,
    InvoiceSeries,
    LedgerLine,
    Order,
    OrderInvoice,
    OrderLine,
    Paper,
    Payment,
    ProviderEvent,
    Refund,
    Scan,
    StripeAuthorization,
    Tax,
    Ticket,
    TicketFee,
)
from orders.models import payment as payments
from orders.models.invoice import DUE, PAID
from orders.models.order import COMPLETED, ON_THE_CLOCK, PLACED, SEATED, STATUSES
from orders.models.order_invoice import CREDIT_NOTE
from orders.services.check_in import check_in, undo_check_in
from orders.services.edit_order import BUYER_FIELDS, edit_order
from orders.services.find_orders import has_status_now
from orders.services.invoices import settle_invoice
from orders.services.ledger import left_of
from orders.services.moves import STAFF
from orders.services.outbox import try_refund_again
from orders.services.refunding import confirm_refund, refund_order
from orders.services.resending import send_again
from orders.services.seats import SOLD
from orders.services.states import cancel_order, delete_order, explain, mark_paid, what_next
from orders.services.timeline import timeline_of

TIDY = timedelta(minutes=10)  # the sweeper comes every minute
PATIENCE = timedelta(days=14)
SHOWN_DAYS = 30
MONEY_STATES = {payments.STARTED: "", payments.WAITING: "warn", payments.PAID: "ok", payments.DONE: "ok"}
MONEY_STATES |= {payments.FAILED: "bad", payments.UNDONE: ""}
AT_EVENTS = ("event", AutocompleteSelectFilter)


def holds_nobody_ended():
    ended = Q(expires_at=None) | Q(expires_at__lt=timezone.now() - TIDY)
    return Q(status__in=ON_THE_CLOCK, deleted_at=None) & ended


def paid_without_tickets():
    tickets = Attendee.objects.filter(order=OuterRef("pk"), deleted_at=None)
    return Q(status=COMPLETED, deleted_at=None) & ~Exists(tickets)


def unpaid_for_long():
    return Q(status=PLACED, deleted_at=None, created_at__lt=timezone.now() - PATIENCE)


def payments_open_for_long():
    return Q(state=payments.STARTED, created_at__lt=timezone.now() - timedelta(hours=2))


class StatusFilter(admin.SimpleListFilter):
    """By the status as the clock has it."""

    title, parameter_name = "status", "status"

    def lookups(self, request, model_admin):
        return [(status, status.capitalize()) for status in STATUSES]

    def queryset(self, request, queryset):
        return queryset.filter(has_status_now([self.value()])) if self.value() in STATUSES else queryset


def amount_of(name):
    @column(name.capitalize())
    def amount(line):
        return format_money(getattr(line, name), line.order.currency)

    return amount


class LineInline(ShownInline):
    model = OrderLine
    verbose_name_plural = "What was agreed"
    fields = ("ticket", "quantity", *map(amount_of, ("price", "discount", "fee", "tax", "total")))
    readonly_fields = fields
    show_change_link = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("ticket")


class AttendeeInline(ShownInline):
    model = Attendee
    fields = readonly_fields = ("identifier", "firstname", "lastname", "email", "ticket", "is_checked_in", "deleted_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("ticket")


@admin.register(Order)
class OrderAdmin(HouseAdmin):
    """Status and amount move by verbs alone; billing and notes go through the service that every door uses."""

    section, icon, order = "Selling", "receipt_long", 1
    can_change = True
    sought = True
    list_display = ("identifier", "buyer", "email", "event", "standing", "money", "created_at")
    list_select_related = ("event",)
    list_filter = (StatusFilter, "created_at", "payment_mode", "currency", AT_EVENTS)
    list_filter_submit = True
    search_fields = ("sought",)
    search_help_text = "Code, name, or part of an e-mail address"
    ordering = ("-pk",)
    which = {
        "stuck": Which("In checkout for too long", holds_nobody_ended),
        "without-tickets": Which("Paid, without tickets", paid_without_tickets),
        "unpaid": Which("Unpaid for two weeks", unpaid_for_long),
        "paid": Which("Paid", lambda: Q(status=COMPLETED, deleted_at=None)),
        "deleted": Which("Deleted", lambda: ~Q(deleted_at=None)),
    }
    shown = (
        *("identifier", "why", "next", "event", "organizers_page", "buyer", "email", "account", "money"),
        *("payment_mode", "standing", "created_at", "expires_at", "completed_at", "deleted_at"),
        *("discount_code", "access_code", "cancel_note", "transaction_id", "paid_via"),
    )
    billing = tuple(sorted(BUYER_FIELDS - {"payment_mode"}))
    readonly_fields = (*shown, "timeline")
    fieldsets = (
        (None, {"fields": shown}),
        ("Billing and notes", {"fields": billing}),
        ("What happened", {"fields": ("timeline",)}),
    )
    inlines = (LineInline, AttendeeInline)
    actions = ("mark_paid", "send_again", "give_back", "cancel", "delete_order")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event")

    @column("Buyer", order="last_name")
    def buyer(self, order):
        return order.buyer_name or "–"

    @column("Account")
    def account(self, order):
        return link_to_row(order.user) or "a guest"

    @column("State", order="status")
    def standing(self, order):
        badge = badge_of(order)
        return state("Deleted", "bad") if order.deleted_at else state(badge.word, badge.kind)

    @column("Amount", order="amount")
    def money(self, order):
        return format_money(order.amount, order.currency)

    @column("Why it is so")
    def why(self, order):
        return explain(order)

    @column("What may come next")
    def next(self, order):
        return what_next(order, by=STAFF)

    @column("Timeline")
    def timeline(self, order):
        lines = ((f"{line.at:%Y-%m-%d %H:%M}", line.title, line.who or line.detail) for line in timeline_of(order))
        return format_html_join("", "<p>{} · {} · {}</p>", lines)

    @column("Organizers' page")
    def organizers_page(self, order):
        return link_to_page("Open", "manage-order", order.event.identifier, order.identifier)

    def save_model(self, request, obj, form, change):
        edit_order(obj, by=request.user, changes=self.changes(form))

    def save_related(self, request, form, formsets, change):
        """Lines and attendees are read here."""

    def log_change(self, request, obj, message):
        """The service has written it down."""

    @verb("Mark paid", icon="payments", fits=lambda order: _is_live(order) and order.current_status != COMPLETED)
    def mark_paid(self, request, order):
        mark_paid(order, by=request.user)

    @verb("Send the mail again", icon="mail", asks=False, fits=lambda order: order.status in SOLD and _is_live(order))
    def send_again(self, request, order):
        send_again(order, by=request.user)

    @verb(
        "Give money back",
        icon="currency_exchange",
        note="What the buyer reads about it (may be empty). All that is left goes back, and the order stays as it is; "
        "for a part of it or single tickets open the organizers’ page",
        is_harm=True,
        fits=lambda order: bool(order.amount) and _is_live(order) and left_of(order) > 0,
    )
    def give_back(self, request, order, note):
        refund_order(order, by=request.user, reason=note)

    @verb(
        "Cancel",
        icon="cancel",
        note="What the buyer reads about it (may be empty)",
        is_harm=True,
        fits=lambda order: order.status in SEATED and _is_live(order),
    )
    def cancel(self, request, order, note):
        cancel_order(order, by=request.user, note=note or None)

    @verb(
        "Delete",
        icon="delete",
        note="What the buyer reads about it (may be empty). A paid order is refunded; the row stays for ledger and log",
        is_harm=True,
        fits=lambda order: _is_live(order),
    )
    def delete_order(self, request, order, note):
        delete_order(order, by=request.user, note=note or None)


def _is_live(order):
    return order.deleted_at is None


@admin.register(Attendee)
class AttendeeAdmin(HouseAdmin):
    section, icon, order = "Selling", "confirmation_number", 2
    sought = True
    list_display = ("person", "email", "ticket", "event", "code_of_order", "standing", "created_at")
    list_select_related = ("event", "ticket", "order")
    list_filter = ("is_checked_in", AT_EVENTS)
    list_filter_submit = True
    search_fields = ("sought",)
    search_help_text = "Name, or part of an e-mail address"
    ordering = ("-pk",)
    which = {
        "sold": Which("Sold", lambda: Q(order__status__in=SOLD, order__deleted_at=None, deleted_at=None)),
        "loose": Which("Without an order", lambda: Q(order=None)),
        "deleted": Which("Deleted", lambda: ~Q(deleted_at=None)),
    }
    fields = (
        *("firstname", "lastname", "email", "identifier", "event", "ticket", "order", "user", "standing"),
        *("checkin_times", "checkout_times", "company", "job_title", "phone", "country", "attendee_notes"),
        *("complex_field_values", "created_at", "deleted_at"),
    )
    readonly_fields = fields
    actions = ("let_in", "undo")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event", "ticket", "order")

    @column("Name", order="lastname")
    def person(self, attendee):
        return attendee.name or "–"

    @column("Order", order="order")
    def code_of_order(self, attendee):
        return link_to_row(attendee.order) or "none yet"

    @column("State")
    def standing(self, attendee):
        if attendee.deleted_at:
            return state("Deleted", "bad")
        if attendee.is_checked_in:
            return state("In", "ok")
        sold = attendee.order is not None and attendee.order.status in SOLD
        return state("Sold", "info") if sold else state("Not sold", "")

    @verb("Check in", icon="login", fits=lambda attendee: not attendee.is_checked_in and attendee.order_id)
    def let_in(self, request, attendee):
        check_in(attendee, by=request.user, gate="admin")

    @verb("Undo the check-in", icon="undo", fits=lambda attendee: attendee.is_checked_in)
    def undo(self, request, attendee):
        undo_check_in(attendee, by=request.user, gate="admin")


class MoneyAdmin(HouseAdmin):
    """What moved, or is to move, for which order or invoice. It is read here; verbs alone move money."""

    section = "Money"
    list_select_related = ("order", "invoice")
    ordering = ("-pk",)
    sortable_by = ()

    @column("Amount")
    def money(self, row):
        return format_money(row.amount, row.currency)

    @column("For")
    def paid_for(self, row):
        return link_to_row(row.debt)


@admin.register(Payment)
class PaymentAdmin(MoneyAdmin):
    icon, order = "credit_card", 1
    list_display = ("created_at", "paid_for", "provider", "money", "standing", "reference", "error")
    list_filter = ("state", "provider", "currency")
    search_fields = ("=order__identifier", "=invoice__identifier", "=reference", "=money_reference")
    search_help_text = "An order's code, an invoice's number, or the provider's reference"
    which = {
        "open": Which("Open for long", payments_open_for_long),
        "failed": Which("Failed", lambda: Q(state=payments.FAILED)),
    }
    fields = (
        *("paid_for", "provider", "kind", "account", "money", "standing", "error", "reference", "money_reference"),
        *("created_at", "paid_at", "looks", "next_look_at"),
    )
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).defer("pay_url")

    @column("State", order="state")
    def standing(self, payment):
        return state(payment.get_state_display(), MONEY_STATES[payment.state])


@admin.register(Refund)
class RefundAdmin(MoneyAdmin):
    icon, order = "currency_exchange", 2
    list_display = (
        "created_at",
        "paid_for",
        "provider",
        "money",
        "standing",
        "source",
        "reason",
        "tries",
        "error",
    )
    list_filter = ("state", "source", "provider", "currency")
    search_fields = ("=order__identifier", "=invoice__identifier", "=reference")
    search_help_text = "An order's code, an invoice's number, or the provider's reference"
    which = {
        "disputed": Which("Disputed, undecided", lambda: Q(source=payments.DISPUTE, done_at=None)),
        "failed": Which("Given up", lambda: Q(state=payments.FAILED)),
        "by-hand": Which("To be given by hand", lambda: Q(state=payments.WAITING, payment=None)),
        "waiting": Which("On their way", lambda: Q(state=payments.WAITING) & ~Q(payment=None)),
    }
    fields = (
        *("paid_for", "attendee", "provider", "money", "standing", "source", "reason", "error", "by", "reference"),
        *("created_at", "done_at", "tries", "next_try_at"),
    )
    readonly_fields = fields
    actions = ("try_again", "given_by_hand")

    @column("State", order="state")
    def standing(self, refund):
        return state(refund.get_state_display(), MONEY_STATES[refund.state])

    @verb("Try again", icon="refresh", asks=False, fits=lambda refund: refund.state == payments.FAILED)
    def try_again(self, request, refund):
        try_refund_again(refund, by=request.user)

    @verb(
        "Was given by hand",
        icon="handshake",
        fits=lambda refund: refund.state in payments.OWED and (refund.is_by_hand or refund.state == payments.FAILED),
    )
    def given_by_hand(self, request, refund):
        confirm_refund(refund, by=request.user)


@admin.register(LedgerLine)
class LedgerAdmin(MoneyAdmin):
    """Every amount that moved. Nothing here is ever changed: what was wrong is put right by another line."""

    icon, order = "menu_book", 3
    list_display = ("time", "money", "provider", "paid_for", "reference", "by_name")
    list_filter = ("provider", "currency", "time", AT_EVENTS)
    list_filter_submit = True
    search_fields = ("=order__identifier", "=invoice__identifier", "=reference")
    search_help_text = "An order's code, an invoice's number, or the provider's reference"
    fields = readonly_fields = (
        *("time", "money", "provider", "paid_for", "event", "payment", "refund", "reference", "by_name"),
    )


@admin.register(ProviderEvent)
class ProviderEventAdmin(HouseAdmin):
    """What providers told us by themselves. Never the message itself: it names buyers."""

    section, icon, order = "Money", "webhook", 4
    list_display = ("received_at", "provider", "type", "event_id", "handled_at", "tries", "error")
    list_filter = ("provider", "type")
    search_fields = ("=event_id",)
    search_help_text = "The provider's id of an event"
    ordering = ("-pk",)
    which = {"open": Which("Of no payment that we know", lambda: Q(handled_at=None))}
    fields = readonly_fields = (
        *("received_at", "provider", "type", "event_id", "references", "payment", "handled_at", "tries", "error"),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body").select_related("payment__order")


class EventPartAdmin(HouseAdmin):
    """Read here; edited on the pages of the event's organizers, which the site's staff may open."""

    section = "Selling"
    list_select_related = ("event",)
    ordering = ("-pk",)
    which = {"deleted": Which("Deleted", lambda: ~Q(deleted_at=None))}
    page = ""

    def get_fields(self, request, obj=None):
        hidden = ("id",)
        own = [one.name for one in self.opts.concrete_fields if one.name not in hidden]
        return (*own, *(one.name for one in self.opts.many_to_many), "organizers_page")

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event")

    @column("Organizers' page")
    def organizers_page(self, row):
        return link_to_page("Open", self.page, row.event.identifier)


@admin.register(Ticket)
class TicketAdmin(EventPartAdmin):
    icon, order, page = "local_activity", 3, "manage-tickets"
    list_display = ("name", "event", "type", "price", "quantity", "reserved", "sales_starts_at", "sales_ends_at")
    list_filter = ("type", "is_hidden")
    search_fields = ("name", "event__name")


@admin.register(DiscountCode)
class DiscountCodeAdmin(EventPartAdmin):
    icon, order, page = "percent", 4, "manage-codes"
    list_display = ("code", "event", "type", "value", "used", "tickets_number", "valid_till", "is_active")
    list_filter = ("type", "is_active")
    search_fields = ("code", "event__name")


@admin.register(AccessCode)
class AccessCodeAdmin(EventPartAdmin):
    icon, order, page = "key", 5, "manage-codes"
    list_display = ("code", "event", "used", "tickets_number", "valid_till", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "event__name")


@admin.register(Tax)
class TaxAdmin(EventPartAdmin):
    icon, order, page = "account_balance", 6, "manage-settings"
    list_display = ("name", "rate", "event", "is_tax_included_in_price")
    search_fields = ("name", "event__name")


@admin.register(TicketFee)
class TicketFeeAdmin(HouseAdmin):
    """What the site charges, by country and currency; `global` is every country without a fee of its own."""

    section, icon, order = "Selling", "price_change", 7
    can_add = can_change = can_delete = True
    list_display = ("country", "currency", "service_fee", "maximum_fee")
    list_filter = ("currency",)
    search_fields = ("country", "currency")
    fields = ("country", "currency", "service_fee", "maximum_fee")


def overdue():
    return Q(status=DUE, due_at__lt=timezone.now(), deleted_at=None)


@admin.register(EventInvoice)
class EventInvoiceAdmin(HouseAdmin):
    """Made by the clock. What it says stays; that it was paid is a verb."""

    section, icon, order = "Selling", "request_quote", 8
    list_display = ("identifier", "event", "user", "month", "money", "status", "due_at", "completed_at")
    list_select_related = ("event", "user")
    list_filter = ("status", "currency", AT_EVENTS)
    list_filter_submit = True
    search_fields = ("identifier", "event__name", "user__email")
    ordering = ("-pk",)
    which = {"overdue": Which("Overdue", overdue), "deleted": Which("Deleted", lambda: ~Q(deleted_at=None))}
    fields = readonly_fields = (
        *("identifier", "event", "user", "month", "money", "discount", "discount_code", "status"),
        *("issued_at", "due_at", "completed_at"),
        *("paid_via", "payment_mode", "transaction_id", "deleted_at"),
    )
    actions = ("mark_paid",)

    @column("Amount", order="amount")
    def money(self, invoice):
        return format_money(invoice.amount, invoice.currency)

    @verb("Mark paid", icon="payments", fits=lambda invoice: invoice.status != PAID)
    def mark_paid(self, request, invoice):
        settle_invoice(invoice, by=request.user, changes={"status": PAID})


@admin.register(InvoiceSeries)
class InvoiceSeriesAdmin(HouseAdmin):
    """Whose numbers follow one another, and how far they have come."""

    section, icon, order = "Money", "tag", 5
    list_display = fields = readonly_fields = ("number", "owner", "event", "last")
    list_select_related = ("owner", "event")
    search_fields = ("owner__email", "event__name")
    ordering = ("-pk",)

    @column("Series")
    def number(self, series):
        return str(series)


@admin.register(OrderInvoice)
class OrderInvoiceAdmin(MoneyAdmin):
    """Invoices and credit notes as they were issued. A wrong one is put right by another."""

    icon, order = "receipt", 6
    list_display = ("identifier", "kind", "issued_at", "code_of_order", "event", "money", "tax_in_it")
    list_select_related = ("order", "event", "series")
    list_filter = ("kind", "currency", "issued_at", AT_EVENTS)
    list_filter_submit = True
    search_fields = ("=order__identifier", "=number")
    search_help_text = "An order's code, or the number without its series"
    which = {"credit-notes": Which("Credit notes", lambda: Q(kind=CREDIT_NOTE))}
    fields = readonly_fields = (*list_display, "said")

    @column("Number")
    def identifier(self, invoice):
        return invoice.identifier

    @column("Amount")
    def money(self, invoice):
        return format_money(invoice.total, invoice.currency)

    @column("Order")
    def code_of_order(self, invoice):
        return link_to_row(invoice.order)

    @column("Tax in it")
    def tax_in_it(self, invoice):
        return format_money(invoice.tax, invoice.currency)


@admin.register(Paper)
class PaperAdmin(HouseAdmin):
    """Which PDFs are kept. Never where: a file is fetched at the pages of its order, by those who may."""

    section, icon, order = "Log", "picture_as_pdf", 3
    list_display = fields = readonly_fields = (
        *("made_at", "kind", "order", "attendee", "invoice", "event_invoice", "superseded_at"),
    )
    list_select_related = ("order", "attendee", "invoice", "event_invoice")
    list_filter = ("kind", "made_at")
    search_fields = ("=order__identifier",)
    ordering = ("-pk",)
    sortable_by = ()
    which = {"replaced": Which("Replaced, to be removed", lambda: ~Q(superseded_at=None))}

    def get_queryset(self, request):
        return super().get_queryset(request).defer("file")


@admin.register(StripeAuthorization)
class StripeAuthorizationAdmin(HouseAdmin):
    """Which events take money by Stripe. Of their keys only the publishable one is shown."""

    section, icon, order = "Selling", "link", 9
    list_display = fields = readonly_fields = ("event", "stripe_publishable_key", "stripe_user_id")
    list_select_related = ("event",)
    search_fields = ("event__name",)
    ordering = ("-pk",)


@admin.register(Scan)
class ScanAdmin(HouseAdmin):
    """What happened at the door. It can be read, and that is all."""

    section, icon, order = "Log", "qr_code_scanner", 2
    list_display = ("time", "verdict", "attendee", "event", "gate", "by_name", "reason")
    list_select_related = ("attendee", "event")
    list_filter = ("verdict", AT_EVENTS)
    list_filter_submit = True
    search_fields = ("by_name", "gate", "=attendee__identifier")
    search_help_text = "Who, at which gate, or the identifier of an attendee"
    ordering = ("-pk",)
    sortable_by = ()
    fields = readonly_fields = ("time", "verdict", "reason", "attendee", "event", "gate", "by_name")
    actions = None


def figures():
    paid = Order.objects.filter(OrderAdmin.which["paid"].rows()).order_by()
    yield Figure("Paid orders", paid.count(), Order, "?which=paid")
    yield Figure(
        "Tickets sold", Attendee.objects.filter(AttendeeAdmin.which["sold"].rows()).count(), Attendee, "?which=sold"
    )
    for row in paid.filter(amount__gt=0).values("currency").annotate(sum=Sum("amount")).order_by("currency"):
        money = format_money(row["sum"], row["currency"])
        yield Figure(f"Taken in {row['currency']}", money, Order, f"?which=paid&currency={row['currency']}")


def orders_a_day():
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=SHOWN_DAYS - 1)
    made = Order.objects.filter(created_at__gte=first, status__in=SOLD, deleted_at=None).order_by()
    counts = dict(made.annotate(day=TruncDate("created_at")).values_list("day").annotate(Count("pk")))
    days = [first.date() + timedelta(days=number) for number in range(SHOWN_DAYS)]
    return Days(f"Orders in {SHOWN_DAYS} days", [(day, counts.get(day, 0)) for day in days])


ATTENTION += [
    Attention("orders in checkout for too long", Order, "stuck", icon="hourglass_bottom"),
    Attention("orders paid, without tickets", Order, "without-tickets", icon="receipt_long_off"),
    Attention("refunds given up", Refund, "failed", icon="currency_exchange"),
    Attention("payments disputed by buyers", Refund, "disputed", icon="gavel"),
    Attention("refunds to be given by hand", Refund, "by-hand", icon="handshake"),
    Attention("invoices overdue", EventInvoice, "overdue", icon="request_quote"),
    Attention("orders unpaid for two weeks", Order, "unpaid", icon="money_off"),
]
FIGURES.append(figures)
OVER_TIME.append(orders_a_day)
