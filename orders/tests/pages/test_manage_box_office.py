"""Tickets sold on site: one step from the till to the tickets."""

import pytest
from django.urls import reverse

from events.tests.factories import in_days
from notifications.models import Mail
from openevent.core.refusals import Refused
from orders.models import Order
from orders.models.ledger import LedgerLine
from orders.models.scan import Scan
from orders.services.box_office import CASH, sell_on_site
from orders.services.timeline import timeline_of
from orders.tests.factories import cart_of, make_donation, make_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


def page_of(event, name="manage-box-office"):
    return reverse(name, args=[event.identifier])


def sell(desk, event, *wanted, **typed):
    """Choose so many of these, and press the button."""
    once = desk.open(page_of(event)).answer.context["once"]
    quantities = {f"quantity-{ticket.pk}": count for ticket, count in wanted}
    fields = {"verb": "sell", "means": "cash", "once": once, **quantities, **typed}
    desk.answer = desk.client.post(page_of(event), fields, follow=True)
    return desk


def reserved(ticket):
    ticket.refresh_from_db()
    return ticket.reserved


def test_one_step_makes_a_completed_order_with_seats_money_and_tickets(desk, ada, event, paid_ticket):
    page = sell(desk, event, (paid_ticket, 2), first_name="Mira", email="Mira@Example.org", means="card terminal").page
    assert "Sold: 2 tickets · €40.00 by card" in page
    assert "on their way to mira@example.org" in page
    order = Order.objects.get()
    assert (order.status, order.payment_mode, order.amount, order.user) == ("completed", "onsite", 40, None)
    [line] = LedgerLine.objects.all()
    assert (line.amount, line.provider, line.reference, line.by_name) == (40, "onsite", "card terminal", "Ada")
    assert reserved(paid_ticket) == 2
    assert [attendee.firstname for attendee in order.attendees.order_by("pk")] == ["Mira", None]
    assert list(Mail.objects.values_list("kind", "recipient")) == [("order-completed", "mira@example.org")]
    told = [(line.title, line.who) for line in reversed(timeline_of(order))][:2]
    assert told == [("Places held", "Ada"), ("€40.00 paid at the door", "Ada")]
    answer = desk.client.get(desk.answer.context["sold"]["print"])
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_who_names_nobody_is_mailed_nothing_and_may_go_in_at_once(desk, event, free_ticket, paid_ticket):
    page = sell(desk, event, (free_ticket, 1), (paid_ticket, 1), let_in="on").page
    assert "Sold: 2 tickets · €20.00 in cash · 2 let in" in page
    assert (Mail.objects.count(), Scan.objects.filter(verdict="in", gate="Box office").count()) == (0, 2)


def test_dates_and_sizes_of_sale_do_not_bind_the_team_and_hidden_types_are_there(desk, event):
    over = make_ticket(event, name="Early", price="10", sales_ends_at=in_days(-1), min_order=5)
    hidden = make_ticket(event, name="Crew", is_hidden=True)
    assert "Sold: 2 tickets" in sell(desk, event, (over, 1), (hidden, 1)).page


def test_pressed_twice_it_is_sold_once(desk, event, paid_ticket):
    once = desk.open(page_of(event)).answer.context["once"]
    typed = {"verb": "sell", "means": "cash", "once": once, f"quantity-{paid_ticket.pk}": 1}
    pages = [desk.client.post(page_of(event), typed)["Location"] for _ in range(2)]
    assert (pages[0] == pages[1], Order.objects.count()) == (True, 1)


def test_a_gift_is_what_is_given(desk, event):
    gift = make_donation(event, least=5, most=50)
    page = sell(desk, event, (gift, 1), **{f"price-{gift.pk}": "12,50"}).page
    assert "€12.50 in cash" in page


def test_what_is_sold_out_or_wrong_is_told_and_sells_nothing_and_can_be_tried_again(desk, event, paid_ticket):
    paid_ticket.quantity = 1
    paid_ticket.save()
    once = desk.open(page_of(event)).answer.context["once"]
    typed = {"verb": "sell", "means": "cash", "once": once, f"quantity-{paid_ticket.pk}": 2, "first_name": "Mira"}
    desk.answer = desk.client.post(page_of(event), typed)
    assert ("Only 1 left of “Standard”." in desk.page, 'value="Mira"' in desk.answer.content.decode()) == (True, True)
    for fields in (
        {},
        {"email": "x"},
        {"means": "shells"},
        {"first_name": "\x00"},
        {f"quantity-{paid_ticket.pk}": "x"},
    ):
        desk.answer = desk.client.post(page_of(event), {"verb": "sell", "means": "cash", **fields})
        assert "Nothing is sold yet." in desk.page
    assert not Order.objects.exists()
    desk.answer = desk.client.post(page_of(event), {**typed, f"quantity-{paid_ticket.pk}": 1}, follow=True)
    assert "Sold: 1 ticket" in desk.page


def test_the_enter_key_shows_the_sum_and_sells_nothing(desk, event, paid_ticket):
    desk.answer = desk.client.post(page_of(event), {"verb": "apply", f"quantity-{paid_ticket.pk}": 3})
    assert ("Total €60.00" in desk.page, Order.objects.exists()) == (True, False)
    desk.answer = desk.client.post(page_of(event, "manage-box-office-sum"), {f"quantity-{paid_ticket.pk}": 2})
    assert "Total €40.00" in desk.page


def test_the_seat_of_an_ended_hold_is_sold(desk, event, bob):
    seat = make_ticket(event, price="5", quantity=1)
    make_order(seat, by=bob)
    assert "sold out" in sell(desk, event, (seat, 1)).page.lower()
    Order.objects.update(expires_at=in_days(-1))
    assert "Sold: 1 ticket" in sell(desk, event, (seat, 1)).page


def test_nobody_but_the_team_sells(bob, paid_ticket):
    with pytest.raises(Refused) as refusal:
        sell_on_site(cart_of(paid_ticket, by=bob), by=bob, means=CASH, buyer={})
    assert refusal.value.status == 403


def test_what_the_api_sells_on_site_is_in_the_ledger_too(ada, event, paid_ticket, client):
    client.force_login(ada)
    body = {
        "data": {
            "type": "order",
            "attributes": {
                "status": "completed",
                "payment-mode": "onsite",
                "on-site-tickets": [{"id": str(paid_ticket.pk), "quantity": 2}],
            },
            "relationships": {"event": {"data": {"type": "event", "id": str(event.pk)}}},
        }
    }
    answer = client.post("/v1/orders", body, content_type="application/vnd.api+json")
    assert answer.status_code == 201
    assert [(line.amount, line.provider) for line in LedgerLine.objects.all()] == [(40, "onsite")]
