"""Invoices of orders: numbered without a gap, frozen when issued, put right by credit notes to the last cent."""

from decimal import Decimal

import pytest

from accounts.tests.people import make_person
from events.tests.factories import make_event
from notifications.models import Mail
from notifications.services.attachments import build_attachments
from openevent.core.money import ZERO
from orders.models import InvoiceSeries, OrderInvoice
from orders.models.order_invoice import CREDIT_NOTE, INVOICE
from orders.payments.base import Pages
from orders.services.change_ticket import change_ticket
from orders.services.edit_order import edit_order
from orders.services.invoicing import issue_missing
from orders.services.paying import pay_by_page, pay_by_token, verify_payment
from orders.services.refunding import refund_order
from orders.services.states import cancel_order, change_status, mark_paid
from orders.tests.factories import make_discount, make_finished_order, make_order, make_tax, make_ticket

pytestmark = pytest.mark.django_db


def papers_of(order):
    return [(one.kind, one.identifier[-5:], one.total) for one in order.invoices.all()]


def sums_of(order):
    """(total, tax) of all papers of an order; each paper's parts must sum to what it says."""
    for one in order.invoices.all():
        said = one.said
        parts = [Decimal(amount) for _, _, amount in said["lines"]] + [Decimal(amount) for _, amount in said["sums"]]
        rates = said["rates"]
        assert sum(parts) == one.total == sum(Decimal(rate["gross"]) for rate in rates)
        assert sum(Decimal(rate["tax"]) for rate in rates) == one.tax
        assert all(Decimal(rate["net"]) + Decimal(rate["tax"]) == Decimal(rate["gross"]) for rate in rates)
    return sum((one.total for one in order.invoices.all()), ZERO), sum((one.tax for one in order.invoices.all()), ZERO)


def test_an_order_gets_its_invoice_when_it_is_placed_and_no_other_when_it_is_paid(ada, bob, paid_ticket):
    order = make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    assert papers_of(order) == [(INVOICE, "00001", 40)]
    assert order.invoices.get().said["state"] == "To be paid"
    mark_paid(order, by=ada)
    assert papers_of(order) == [(INVOICE, "00001", 40)]


def test_an_order_paid_by_card_gets_it_with_its_tickets(local_stripe, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    assert papers_of(order) == []
    pay_by_token(order, by=bob, token="tok_visa")
    assert (papers_of(order), order.invoices.get().said["state"]) == ([(INVOICE, "00001", 20)], "Paid")


def test_what_is_free_has_none(bob, free_ticket):
    make_finished_order(free_ticket, by=bob)
    assert not InvoiceSeries.objects.exists()


def test_one_whom_the_team_made_complete_has_one_and_its_money_is_booked(ada, bob, paid_ticket):
    order = make_finished_order(paid_ticket, by=bob, mode="onsite")
    change_status(order, "completed", by=ada)
    assert papers_of(order) == [(INVOICE, "00001", 20)]


def test_numbers_follow_one_another_over_the_events_of_one_owner_and_begin_anew_for_another(
    ada, bob, event, paid_ticket
):
    eve = make_person("eva")
    other, theirs = make_event(owner=ada, identifier="second"), make_event(owner=eve, identifier="third")
    tickets = [paid_ticket, *(make_ticket(one, price="20") for one in (other, theirs, event))]
    orders = [make_finished_order(ticket, by=bob, mode="bank") for ticket in tickets]
    numbers = [order.invoices.get().identifier for order in orders]
    ours, eves = (f"{InvoiceSeries.objects.get(owner=owner).pk:03}" for owner in (ada, eve))
    assert numbers == [f"{ours}-00001", f"{ours}-00002", f"{eves}-00001", f"{ours}-00003"]


def test_an_event_that_nobody_owns_has_numbers_of_its_own(bob, event, paid_ticket):
    event.roles.filter(role__name="owner").delete()
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    assert (papers_of(order), order.invoices.get().series.event) == ([(INVOICE, "00001", 20)], event)


def test_what_fails_after_a_number_was_taken_gives_it_back(bob, paid_ticket, monkeypatch):
    order = make_order(paid_ticket, by=bob)
    monkeypatch.setattr(OrderInvoice, "save", lambda self, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        change_status(order, "placed", by=bob, mode="bank")
    monkeypatch.undo()
    order.refresh_from_db()
    change_status(order, "placed", by=bob, mode="bank")
    assert papers_of(order) == [(INVOICE, "00001", 20)]


def test_an_invoice_is_never_changed_nor_removed(bob, paid_ticket):
    invoice = make_finished_order(paid_ticket, by=bob, mode="bank").invoices.get()
    rows = OrderInvoice.objects.all()
    for deed in (invoice.save, invoice.delete, rows.delete, lambda: rows.update(total=1)):
        with pytest.raises(TypeError, match="append-only"):
            deed()


def test_what_is_said_is_frozen(bob, event, paid_ticket):
    tax = make_tax(event, registered_company="Harbour e.V.", tax_id="DE1", city="Lisboa", invoice_footer="Thank you.")
    order = make_order(paid_ticket, by=bob)
    order.is_billing_enabled, order.company, order.city = True, "Byrne Ltd", "Dublin"
    order.save()
    change_status(order, "placed", by=bob, mode="bank")
    tax.registered_company, order.company = "Others", "Others"
    tax.save()
    order.save()
    said = order.invoices.get().said
    assert said["seller"][:1] + said["seller"][-1:] == ["Harbour e.V.", "Tax ID DE1"]
    assert said["buyer"] == ["Bob", "Byrne Ltd", "Dublin", bob.email]
    assert (said["order"], said["footer"]) == (order.identifier, "Thank you.")


@pytest.mark.parametrize("included", [False, True])
@pytest.mark.parametrize(("currency", "price"), [("EUR", "19.99"), ("JPY", "1999"), ("KWD", "19.999")])
def test_lines_and_taxes_sum_to_the_total_in_every_currency(ada, bob, event, currency, price, included):
    event.payment_currency = currency
    event.save()
    make_tax(event, Decimal("7.7"), included=included)
    one, other = (make_ticket(event, price=price) for _ in range(2))
    code = make_discount(event, one, percent=33)
    order = make_finished_order((one, 3), other, by=bob, mode="bank", discount=code)
    invoice = order.invoices.get()
    assert sums_of(order) == (order.amount, sum(line.tax for line in order.lines.all()))
    assert [rate["words"] for rate in invoice.said["rates"]] == ["VAT 7.7%"]
    mark_paid(order, by=ada)
    left = order.amount
    for amount in (order.amount / 7, order.amount / 3):
        [refund] = refund_order(order, by=ada, amount=amount)
        left -= refund.amount
        assert sums_of(order)[0] == left
    cancel_order(order, by=ada)
    assert sums_of(order) == (0, 0)


def test_a_rate_that_changes_later_does_not_change_what_was_sold(bob, event, paid_ticket):
    tax = make_tax(event, 19)
    order = make_order(paid_ticket, by=bob)
    tax.rate = Decimal(7)
    tax.save()
    change_status(order, "placed", by=bob, mode="bank")
    assert order.invoices.get().said["rates"] == [{"words": "VAT 19%", "net": "20.00", "tax": "3.80", "gross": "23.80"}]


def test_cancelling_takes_all_of_it_back_in_the_same_series(ada, bob, paid_ticket):
    order = make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    cancel_order(order, by=ada)
    assert papers_of(order) == [(INVOICE, "00001", 40), (CREDIT_NOTE, "00002", -40)]
    note = order.invoices.last()
    assert note.said["lines"] == [["Standard", 2, "-40.00"]]
    assert note.said["corrects"].startswith(f"Invoice {order.invoices.first().identifier} of ")


def test_tickets_that_are_given_back_are_named(ada, bob, paid_ticket):
    order = mark_paid(make_finished_order((paid_ticket, 3), by=bob, mode="bank"), by=ada)
    refund_order(order, by=ada, attendees=order.attendees.all()[:2], reason="Ill")
    assert papers_of(order) == [(INVOICE, "00001", 60), (CREDIT_NOTE, "00002", -40)]
    assert order.invoices.last().said["lines"] == [["Given back 2 × Standard: Ill", 1, "-40.00"]]
    refund_order(order, by=ada, attendees=order.attendees.filter(deleted_at=None))
    assert papers_of(order)[2:] == [(CREDIT_NOTE, "00003", -20)]


def test_a_refund_is_credited_once_whoever_gives_it_and_however_often_it_is_tried(ada, bob, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    [refund] = refund_order(order, by=ada, amount=Decimal(5))
    assert papers_of(order)[1:] == [(CREDIT_NOTE, "00002", -5)]
    cancel_order(order, by=ada)
    assert papers_of(order)[2:] == [(CREDIT_NOTE, "00003", -15)]
    assert refund.amount == 5


def test_money_that_came_twice_and_goes_back_changes_no_invoice(local_stripe, ada, bob, paid_ticket):
    order = make_order(paid_ticket, by=bob)
    pay_by_page(order, by=bob, mode="stripe", pages=Pages(success="http://shop.test/back", cancel="http://shop.test"))
    mark_paid(order, by=ada)
    local_stripe.pay(order.payments.get().reference)
    verify_payment(order)
    assert (order.refunds.get().amount, papers_of(order)) == (20, [(INVOICE, "00001", 20)])


def test_staff_who_change_the_amount_leave_papers_that_sum_to_it(root, bob, paid_ticket):
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    for amount in ("12.50", "30"):
        edit_order(order, by=root, changes={"amount": Decimal(amount)})
    assert papers_of(order) == [
        (INVOICE, "00001", 20),
        (CREDIT_NOTE, "00002", Decimal("-7.5")),
        (INVOICE, "00003", Decimal("17.5")),
    ]
    edit_order(order, by=root, changes={"status": "cancelled"})
    assert (sums_of(order), papers_of(order)[3]) == ((0, 0), (CREDIT_NOTE, "00004", -30))


def test_a_billing_address_that_is_given_later_leads_to_an_invoice_with_it(bob, event, paid_ticket):
    make_tax(event, 19, included=True)
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    address = {"company": "Byrne Ltd", "address": "Quay 1", "city": "Dublin", "zipcode": "D1", "country": "Ireland"}
    for _ in range(2):
        order = edit_order(order, by=bob, changes={"is_billing_enabled": True, **address})
        order.refresh_from_db()
    assert [total for _, _, total in papers_of(order)] == [20, -20, 20]
    assert order.invoices.last().said["buyer"][1] == "Byrne Ltd"
    assert sums_of(order) == (20, Decimal("3.19"))


def test_a_dearer_ticket_is_invoiced_and_a_cheaper_one_credited(ada, bob, event, paid_ticket):
    dinner, cheap = make_ticket(event, price="35"), make_ticket(event, price="5")
    order = mark_paid(make_finished_order((paid_ticket, 2), by=bob, mode="bank"), by=ada)
    first, second = order.attendees.all()
    change_ticket(first, ticket=dinner, by=ada)
    change_ticket(second, ticket=cheap, by=ada)
    order.refresh_from_db()
    assert [(kind, total) for kind, _, total in papers_of(order)] == [(INVOICE, 40), (INVOICE, 15), (CREDIT_NOTE, -15)]
    assert [one.said["state"] for one in order.invoices.all()] == ["To be paid", "To be paid", ""]
    refund_order(order, by=ada, attendees=[first])
    assert sums_of(order) == (5, 0)


def test_what_was_sold_before_there_were_invoices_gets_one_from_the_clock(ada, bob, free_ticket, paid_ticket):
    order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    make_finished_order(free_ticket, by=bob)
    OrderInvoice.objects.all()._raw_delete("default")
    assert (issue_missing(), issue_missing(), [total for _, _, total in papers_of(order)]) == (1, 0, [20])


def test_an_order_that_comes_back_is_invoiced_once_more(ada, root, bob, paid_ticket):
    order = make_finished_order(paid_ticket, by=bob, mode="bank")
    cancel_order(order, by=ada)
    change_status(order, "completed", by=root)
    assert [total for _, _, total in papers_of(order)] == [20, -20, 20]


def test_the_invoice_goes_along_where_the_mail_asks_for_money(bob, event, paid_ticket):
    event.can_pay_by_invoice = True
    event.save()
    order = make_finished_order(paid_ticket, by=bob, mode="invoice")
    [mail] = Mail.objects.about(order)
    files = [file.name for file in build_attachments(mail.attachments)]
    assert files == [f"order-{order.identifier}.pdf", f"invoice-{order.invoices.get().identifier}.pdf"]


def test_the_tax_settings_say_whether_it_goes_along_otherwise(ada, bob, event, paid_ticket):
    tax = make_tax(event)
    for sends, count in ((False, 2), (True, 3)):
        tax.should_send_invoice = sends
        tax.save()
        order = mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
        mail = Mail.objects.about(order).filter(kind="order-completed").get()
        assert len(mail.attachments) == count
