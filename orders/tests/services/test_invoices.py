"""Invoices of the site: made by the clock, numbered without a gap, reminded of, settled."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import Activity, Setting
from events.tests.factories import make_event
from notifications.models import Mail, Notification
from notifications.services.attachments import build_attachments
from orders.models import DiscountCode, EventInvoice, Order, TicketFee
from orders.services.invoice_mails import send_reminders
from orders.services.invoices import issue_invoices, settle_invoice
from orders.services.states import mark_paid
from orders.tests.documents.papers import words_of
from orders.tests.factories import make_finished_order, make_ticket

FIRST = datetime(2026, 11, 1, 0, 30, tzinfo=UTC)
IN_OCTOBER = datetime(2026, 10, 14, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fee(db):
    TicketFee.objects.create(country="global", currency="EUR", service_fee=Decimal(10))


def sell(event, *, by, price="20", seats=2, at=IN_OCTOBER):
    """An order that was paid at this moment."""
    order = make_finished_order((make_ticket(event, price=price), seats), by=by, mode="bank")
    order = mark_paid(order, by=event.roles.get(role__name="owner").user)
    Order.objects.filter(pk=order.pk).update(completed_at=at)
    return order


def test_the_owner_gets_one_invoice_for_the_month_that_is_over(ada, bob, event):
    orders = [sell(event, by=bob), sell(event, by=bob)]
    november = sell(event, by=bob, at=FIRST)
    [invoice] = issue_invoices(FIRST)
    assert (invoice.user, invoice.event, invoice.month, invoice.status) == (ada, event, "2026-10", "due")
    assert (invoice.identifier, invoice.amount, invoice.currency) == ("202611U-000001", 8, "EUR")
    assert invoice.due_at - invoice.issued_at == timedelta(days=30)
    assert set(invoice.orders.all()) == set(orders)
    november.refresh_from_db()
    assert november.event_invoice is None
    assert Activity.objects.get(action="invoice.issued").detail == {"amount": "8.00", "currency": "EUR"}


def test_it_is_made_once_however_often_the_clock_strikes(bob, event):
    sell(event, by=bob)
    assert len(issue_invoices(FIRST)) == 1
    assert issue_invoices(FIRST) == issue_invoices(FIRST + timedelta(days=9)) == []
    sell(event, by=bob)  # a late change to a month that has its invoice
    assert issue_invoices(FIRST + timedelta(days=10)) == []
    assert EventInvoice.objects.count() == 1


def test_numbers_have_no_gap_over_events_months_and_years(ada, bob, eve, event):
    sell(event, by=bob)
    sell(make_event(owner=eve), by=bob)
    sell(event, by=bob, at=datetime(2026, 12, 30, tzinfo=UTC))
    issue_invoices(FIRST)
    issue_invoices(datetime(2027, 1, 1, 1, tzinfo=UTC))
    numbers = list(EventInvoice.objects.order_by("pk").values_list("identifier", flat=True))
    assert numbers == ["202611U-000001", "202611U-000002", "202701U-000003"]


def test_less_than_two_is_not_worth_an_invoice(bob, event):
    sell(event, by=bob, price="9.90")
    assert issue_invoices(FIRST) == []
    sell(event, by=bob, price="0.10")
    [invoice] = issue_invoices(FIRST)
    assert invoice.amount == 2


def give_code(event, **facts):
    """What the site gives to organizers."""
    values = {"type": "percent", "value": Decimal(25), "valid_from": IN_OCTOBER, "code": "WELCOME", **facts}
    return DiscountCode.objects.create(event=event, used_for="event", **values)


def test_a_code_of_the_site_lowers_the_fees_of_as_many_invoices_as_it_is_for(bob, event):
    code = give_code(event, tickets_number=1)
    sell(event, by=bob, seats=4)
    [invoice] = issue_invoices(FIRST)
    code.refresh_from_db()
    assert (invoice.amount, invoice.discount, invoice.discount_code, code.used) == (6, 2, code, 1)
    words = words_of(build_attachments(Mail.objects.about(invoice).get().attachments)[0].content)
    for said in ("€8.00", "Discount WELCOME", "€6.00"):
        assert said in words
    sell(event, by=bob, at=FIRST)
    [next_one] = issue_invoices(datetime(2026, 12, 1, 1, tzinfo=UTC))
    assert (next_one.amount, next_one.discount) == (4, 0)


@pytest.mark.parametrize(
    "facts", [{"is_active": False}, {"valid_till": IN_OCTOBER}, {"tickets_number": 0}, {"deleted_at": IN_OCTOBER}]
)
def test_a_code_that_does_not_hold_lowers_nothing(bob, event, facts):
    give_code(event, **facts)
    sell(event, by=bob)
    [invoice] = issue_invoices(FIRST)
    assert (invoice.amount, invoice.discount_code) == (4, None)


def test_a_code_that_leaves_nothing_to_pay_leaves_no_invoice_and_is_not_used(bob, event):
    code = give_code(event, type="amount", value=Decimal(100))
    sell(event, by=bob)
    assert issue_invoices(FIRST) == []
    code.refresh_from_db()
    assert code.used == 0


def test_unpaid_cancelled_and_deleted_orders_are_not_charged(bob, event):
    for state in ({"status": "placed"}, {"status": "cancelled"}, {"deleted_at": FIRST}):
        Order.objects.filter(pk=sell(event, by=bob).pk).update(**state)
    assert issue_invoices(FIRST) == []


def test_the_site_says_on_which_day_and_by_which_clock(bob, event):
    sell(event, by=bob)
    Setting.objects.update_or_create(
        pk=1, defaults={"invoice_sending_day": 5, "invoice_sending_timezone": "Asia/Tokyo"}
    )
    assert issue_invoices(datetime(2026, 11, 4, 14, 59, tzinfo=UTC)) == []
    assert len(issue_invoices(datetime(2026, 11, 4, 15, 1, tzinfo=UTC))) == 1


def test_a_day_that_some_months_do_not_have_and_a_zone_that_is_none_keep_no_invoice_back(bob, event):
    sell(event, by=bob)
    Setting.objects.update_or_create(pk=1, defaults={"invoice_sending_day": 31, "invoice_sending_timezone": "Mars"})
    assert issue_invoices(datetime(2026, 11, 27, 12, tzinfo=UTC)) == []
    assert len(issue_invoices(datetime(2026, 11, 28, 12, tzinfo=UTC))) == 1


def test_the_owner_is_told_by_mail_with_the_invoice_and_behind_the_bell(ada, bob, event):
    sell(event, by=bob)
    [invoice] = issue_invoices(FIRST)
    mail = Mail.objects.about(invoice).get()
    assert (mail.kind, mail.recipient) == ("monthly-payment", ada.email)
    assert mail.subject == "Invoice 202611U-000001: €4.00 for Harbour Days"
    [paper] = build_attachments(mail.attachments)
    words = words_of(paper.content)
    for said in ("Invoice 202611U-000001", "tickets sold in October 2026", "€4.00", "1 December 2026", ada.email):
        assert said in words
    assert Notification.objects.get(user=ada, kind="monthly_payment").title.startswith("Invoice 202611U-000001")


def kinds(invoice):
    return list(Mail.objects.about(invoice).order_by("pk").values_list("kind", flat=True))


def test_reminders_go_out_once_each_until_it_is_paid(bob, event, root):
    sell(event, by=bob)
    [invoice] = issue_invoices(FIRST)
    said = ["monthly-payment"]
    for day, kind in ((14, "follow-up"), (27, "pre-due"), (33, "post-due")):
        before = FIRST + timedelta(days=day - 2)
        assert (send_reminders(before), kinds(invoice)) == (0, said)
        said.append(f"monthly-payment-{kind}")
        at = FIRST + timedelta(days=day - 1)
        assert [send_reminders(at), send_reminders(at)] == [1, 0]
        assert kinds(invoice) == said
    settle_invoice(invoice, by=root, changes={"status": "paid"})
    assert send_reminders(FIRST + timedelta(days=90)) == 0


def test_a_paid_invoice_says_when(bob, event, root):
    sell(event, by=bob)
    [invoice] = issue_invoices(FIRST)
    settle_invoice(invoice, by=root, changes={"status": "paid", "paid_via": "transfer"})
    invoice.refresh_from_db()
    assert (invoice.status, invoice.paid_via, invoice.completed_at is not None) == ("paid", "transfer", True)
    first = invoice.completed_at
    settle_invoice(invoice, by=root, changes={"transaction_id": "T-1"})
    assert invoice.completed_at == first
    assert Activity.objects.filter(action="invoice.settled").count() == 2
