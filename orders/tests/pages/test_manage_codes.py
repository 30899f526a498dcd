"""Discount and access codes as their team keeps them."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity
from events.tests.factories import in_days, make_event
from orders.models import AccessCode, DiscountCode, Order
from orders.services.codes import find_access, find_discount
from orders.services.states import cancel_order, mark_paid
from orders.tests.factories import make_access, make_discount, make_finished_order, make_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, cora):
    return sign_in(cora)


@pytest.fixture
def crew(event):
    return make_ticket(event, name="Crew", is_hidden=True)


def at(name, event, *more):
    return reverse(f"manage-{name}", args=[event.identifier, *more])


def typed_in(page):
    typed = {}
    for field in page.context["form"]:
        value = field.value()
        if value not in (None, False, ""):
            typed[field.html_name] = f"{value:%Y-%m-%dT%H:%M}" if hasattr(value, "hour") else value
    return typed


def save(desk, address, **changes):
    typed = {**typed_in(desk.client.get(address)), **changes}
    desk.answer = desk.client.post(
        address, {name: value for name, value in typed.items() if value is not None}, follow=True
    )
    return desk


def errors_of(desk):
    form = desk.answer.context.get("form")
    return list(form.errors) if form else []


def listed(desk, event, kind):
    return dict(desk.open(at("codes", event)).answer.context["lists"])[kind]


def test_a_discount_is_made_and_works(desk, event, paid_ticket, guest):
    save(desk, at("code-new", event, "discount"), code="QUAY10", value="10", tickets=[paid_ticket.pk])
    assert desk.address == at("codes", event)
    made = DiscountCode.objects.get()
    assert (made.event, made.type, made.value, made.used_for) == (event, "percent", Decimal(10), "ticket")
    assert find_discount("QUAY10", event) == made
    desk.client.logout()
    assert "QUAY10 −€2.00" in guest.choose(paid_ticket, verb="apply", code="QUAY10").page


def test_an_access_code_opens_a_hidden_ticket(desk, event, crew, paid_ticket, guest):
    save(desk, at("code-new", event, "access"), code="BACK", tickets=[crew.pk])
    assert find_access("BACK", event) == AccessCode.objects.get()
    desk.client.logout()
    assert "Crew Free" in guest.choose(paid_ticket, verb="apply", code="BACK").page


def test_a_made_up_code_comes_with_everything_else_as_it_was_typed(desk, event, paid_ticket):
    address = at("code-new", event, "discount")
    save(desk, address, verb="generate", value="12", tickets=[paid_ticket.pk], tickets_number="x")
    shown = desk.answer.context["form"]
    other = desk.client.post(address, {"verb": "generate"}).context["form"]
    assert re.fullmatch("[A-Z2-9]{8}", shown["code"].value())
    assert shown["code"].value() != other["code"].value()
    assert (shown["value"].value(), shown["tickets"].value()) == ("12", [str(paid_ticket.pk)])
    assert "need a change" not in desk.page
    assert not DiscountCode.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "HARBOUR"}, "code"),
        ({"code": "a\x00b"}, "code"),
        ({"value": "101"}, "value"),
        ({"value": ""}, "value"),
        ({"value": "NaN"}, "value"),
        ({"type": "amount", "value": "20.01"}, "value"),
        ({"type": "gift"}, "type"),
        ({"tickets": []}, "tickets"),
        ({"tickets": ["0"]}, "tickets"),
        ({"tickets": ["x"]}, "tickets"),
        ({"valid_from": "2031-01-01T10:00"}, "valid_till"),
        ({"min_quantity": "3", "max_quantity": "2"}, "max_quantity"),
        ({"tickets_number": "1", "max_quantity": "2"}, "tickets_number"),
        ({"tickets_number": "9" * 12}, "tickets_number"),
    ],
)
def test_what_the_api_refuses_the_form_refuses_beside_its_field(desk, event, paid_ticket, typed, field):
    make_discount(event, paid_ticket)
    whole = {"code": "QUAY10", "value": "10", "tickets": [paid_ticket.pk], **typed}
    save(desk, at("code-new", event, "discount"), **whole)
    assert errors_of(desk) == [field]
    assert f'href="#id_{field}"' in desk.answer.content.decode()
    assert DiscountCode.objects.count() == 1


def test_a_free_ticket_needs_no_discount_and_a_shown_one_no_access(desk, event, free_ticket):
    save(desk, at("code-new", event, "discount"), code="A", value="5", tickets=[free_ticket.pk])
    assert "Community is free already." in desk.page
    save(desk, at("code-new", event, "access"), code="B", tickets=[free_ticket.pk])
    assert "Community is not hidden, so it needs no code." in desk.page


def test_fewer_than_are_used_is_refused(desk, event, bob, paid_ticket):
    code = make_discount(event, paid_ticket, max_quantity=None)
    make_finished_order((paid_ticket, 3), by=bob, mode="bank", discount=code)
    save(desk, at("code", event, "discount", code.pk), tickets_number="2")
    assert "3 are used already." in desk.page


def test_the_list_says_how_often_each_is_used_and_leads_to_those_orders(desk, event, bob, paid_ticket):
    code = make_discount(event, paid_ticket, tickets_number=20)
    make_finished_order((paid_ticket, 3), by=bob, mode="bank", discount=code)
    make_order((paid_ticket, 2), by=bob, discount=code)
    ended = make_order((paid_ticket, 4), by=bob, discount=code)
    Order.objects.filter(pk=ended.pk).update(expires_at=timezone.now())
    [shown] = listed(desk, event, "discount")
    assert (shown.uses, shown.order_count) == (5, 2)
    assert "2 orders with HARBOUR · 5 of 20 tickets" in desk.page
    assert desk.client.get(shown.orders_address).context["totals"]["orders"] == 2


def test_each_code_says_its_state(desk, event, crew):
    facts = {
        "OFF": {"is_active": False},
        "OVER": {"valid_till": in_days(-0.1)},
        "SOON": {"valid_from": in_days(1)},
        "EMPTY": {"tickets_number": 0, "max_quantity": None},
        "GOOD": {},
    }
    for code, more in facts.items():
        make_access(event, crew, code=code, **more)
    found = {code.code: code.state.word for code in listed(desk, event, "access")}
    assert found == {"OFF": "Off", "OVER": "Ended", "SOON": "Not yet", "EMPTY": "Used up", "GOOD": "Active"}


def test_the_link_brings_its_code_along(desk, event, paid_ticket, client):
    make_discount(event, paid_ticket, code="A & B, 20 %")
    [shown] = listed(desk, event, "discount")
    desk.client.logout()
    parts = urlsplit(shown.link)
    assert "A &amp; B, 20 % takes something off." in client.get(f"{parts.path}?{parts.query}").content.decode()


def test_a_code_is_switched_off_and_on_again(desk, event, paid_ticket):
    code = make_discount(event, paid_ticket)
    for to in ("off", "off", "on"):
        desk.client.post(at("code-switch", event, "discount", code.pk), {"to": to})
    code.refresh_from_db()
    assert code.is_active
    lines = Activity.objects.filter(action__startswith="code.").order_by("pk").values_list("action", flat=True)
    assert list(lines) == ["code.deactivated", "code.activated"]


def test_the_second_of_two_organizers_is_told(desk, event, paid_ticket):
    code = make_discount(event, paid_ticket, percent=10)
    address = at("code", event, "discount", code.pk)
    late = typed_in(desk.client.get(address))
    save(desk, address, value="20")
    desk.answer = desk.client.post(address, {**late, "value": "30"})
    assert "How much is now “20.00”. Save again to put yours in its place." in desk.page
    assert DiscountCode.objects.get().value == 20


def test_uses_counted_while_somebody_types_stay(desk, event, bob, paid_ticket):
    code = make_discount(event, paid_ticket)
    address = at("code", event, "discount", code.pk)
    late = typed_in(desk.client.get(address))
    make_finished_order((paid_ticket, 2), by=bob, mode="bank", discount=code)
    desk.client.post(address, {**late, "is_active": ""})
    code.refresh_from_db()
    assert (code.used, code.is_active) == (2, False)


def test_a_limit_that_old_clients_take_for_none_is_none(desk, event, paid_ticket):
    code = make_discount(event, paid_ticket, max_quantity=-1)
    save(desk, at("code", event, "discount", code.pk), value="7", max_quantity="")
    code.refresh_from_db()
    assert (errors_of(desk), code.max_quantity, code.value) == ([], None, 7)


def test_codes_of_other_events_kinds_and_purposes_are_not_there(desk, event, cora, paid_ticket):
    other = make_event(owner=cora)
    foreign = make_discount(other, make_ticket(other, price="5"))
    invoice = make_discount(event, paid_ticket, code="FEES")
    DiscountCode.objects.filter(pk=invoice.pk).update(used_for="event")
    for kind, code in (("discount", foreign), ("access", foreign), ("discount", invoice), ("gift", foreign)):
        for name in ("code", "code-switch"):
            assert desk.client.post(at(name, event, kind, code.pk)).status_code == 404
    assert desk.client.get(at("code-new", event, "gift")).status_code == 404
    assert listed(desk, event, "discount") == []


def test_tickets_of_another_event_cannot_be_chosen(desk, event, cora, paid_ticket):
    foreign = make_ticket(make_event(owner=cora), price="5")
    save(desk, at("code-new", event, "discount"), code="QUAY", value="10", tickets=[foreign.pk])
    assert errors_of(desk) == ["tickets"]


def test_three_codes_cost_as_many_queries_as_one(desk, event, paid_ticket, django_assert_max_num_queries):
    counts = []
    for wanted in (1, 3):
        while DiscountCode.objects.count() < wanted:
            make_discount(event, paid_ticket, code=f"QUAY{DiscountCode.objects.count()}")
        with django_assert_max_num_queries(40) as asked:
            desk.open(at("codes", event))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_code_says_who_used_it_what_was_sold_with_it_and_what_it_took_off(desk, ada, bob, event, paid_ticket, crew):
    code = make_discount(event, paid_ticket, percent=25, tickets_number=9)
    paid = mark_paid(make_finished_order((paid_ticket, 2), by=bob, mode="bank", discount=code), by=ada)
    placed = make_finished_order(paid_ticket, by=bob, mode="bank", discount=code)
    make_order(paid_ticket, by=bob, discount=code)
    cancel_order(make_finished_order(paid_ticket, by=bob, mode="bank", discount=code), by=ada)
    [one] = listed(desk, event, "discount")
    assert (one.use.orders, one.use.sales, one.use.awaited, one.use.off) == (2, 45, 15, 15)
    assert "3 orders with HARBOUR · 4 of 9 tickets €45.00 sold · €15.00 taken off" in desk.page
    page = desk.open(at("code", event, "discount", code.pk)).page
    assert "Tickets 4 of 9 Orders, with checkouts 3 Sold with it €45.00 of which still awaited €15.00" in page
    assert "Taken off €15.00" in page
    assert {paid.identifier, placed.identifier} < {order.identifier for order in desk.answer.context["use"]["orders"]}


def test_an_access_code_says_what_was_sold_with_it(desk, bob, event, crew):
    crew.type, crew.price = "paid", 5
    crew.save()
    code = make_access(event, crew)
    make_finished_order(crew, by=bob, mode="bank", access=code)
    assert "Sold with it €5.00" in desk.open(at("code", event, "access", code.pk)).page
    assert (
        "Nobody has used it yet." in desk.open(at("code", event, "access", make_access(event, crew, code="B").pk)).page
    )
