"""Changing the type of one ticket: what it costs is seen before, and nothing else is done."""

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import Order
from orders.services.states import mark_paid
from orders.tests.factories import make_finished_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


@pytest.fixture
def vip(event):
    return make_ticket(event, name="VIP", price="30.00", quantity=1)


@pytest.fixture
def order(ada, bob, paid_ticket):
    return mark_paid(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)


def page_of(order, name="manage-change-ticket"):
    more = [order.attendees.get().identifier] if name == "manage-change-ticket" else []
    return reverse(name, args=[order.event.identifier, order.identifier, *more])


def test_the_difference_is_seen_before_and_the_deed_is_that(desk, order, vip, bob):
    page = desk.open(page_of(order)).page
    assert "VIP · €30.00 (+€10.00) · 1 left" in page
    desk.answer = desk.client.get(page_of(order), {"ticket": vip.pk})
    assert "Standard €20.00 VIP €30.00 Difference +€10.00" in desk.page
    assert "€10.00 is still to be paid: online on the order’s page, or to you" in desk.page
    seen = desk.answer.context["plan"]["change"].seen
    desk.answer = desk.client.post(page_of(order), {"ticket": vip.pk, "seen": seen}, follow=True)
    assert "The ticket is a “VIP” now, and was issued anew." in desk.page
    assert ("Partly paid" in desk.page, "€10.00 was paid to us" in desk.page) == (True, True)
    assert "Ticket type changed, €10.00" in desk.page
    his = Client()
    his.force_login(bob)
    assert "is still to be paid" in his.get(reverse("order", args=[order.identifier])).content.decode()
    desk.answer = desk.client.post(page_of(order, "manage-order"), {"verb": "due", "seen": "completed"}, follow=True)
    assert "€10.00 is booked as paid." in desk.page
    assert Order.objects.get().due == 0


def test_whoever_has_seen_something_else_looks_again(desk, order, vip):
    desk.answer = desk.client.post(page_of(order), {"ticket": vip.pk, "seen": "20.000 25.000 5.000 0"})
    assert (desk.answer.status_code, "This is how it stands now." in desk.page) == (409, True)
    assert Order.objects.get().amount == 20


def test_a_cheaper_type_says_what_goes_back_and_the_price_can_stay(desk, order, free_ticket):
    desk.answer = desk.client.get(page_of(order), {"ticket": free_ticket.pk})
    assert "€20.00 by hand goes back. You give €20.00 back yourself" in desk.page
    desk.answer = desk.client.get(page_of(order), {"ticket": free_ticket.pk, "keep_price": "on"})
    assert "Difference the same price" in desk.page


@pytest.mark.parametrize("typed", [{"ticket": ""}, {"ticket": "0"}, {"ticket": "x"}, {"ticket": "\x00"}])
def test_nonsense_is_told_and_changes_nothing(desk, order, typed):
    for send in (desk.client.get, desk.client.post):
        desk.answer = send(page_of(order), typed)
        assert (desk.answer.status_code, "Nothing is changed yet." in desk.page) == (200, True)


def test_a_type_that_is_sold_out_cannot_be_chosen(desk, order, vip, bob):
    make_finished_order(vip, by=bob, mode="bank")
    assert "sold out" in desk.open(page_of(order)).page
    desk.answer = desk.client.post(page_of(order), {"ticket": vip.pk, "seen": ""})
    assert desk.answer.status_code == 409
