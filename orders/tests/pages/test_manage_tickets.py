"""Ticket types as their team keeps them."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Activity
from events.models import Event
from events.tests.factories import in_days, make_event
from openevent.core.refusals import Refused
from orders.models import Ticket
from orders.services.ticket_types import copy_ticket, move_ticket, remove_ticket
from orders.tests.factories import make_access, make_finished_order, make_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, cora):
    return sign_in(cora)


def at(name, event, *more):
    return reverse(f"manage-{name}", args=[event.identifier, *more])


def typed_in(page):
    """What a browser would send of the form as it stands."""
    typed = {}
    for field in page.context["form"]:
        value = field.value()
        if value not in (None, False, ""):
            typed[field.html_name] = f"{value:%Y-%m-%dT%H:%M}" if hasattr(value, "hour") else value
    return typed


def save(desk, address, **changes):
    """The form of this address with changes; None takes a field away."""
    typed = {**typed_in(desk.client.get(address)), **changes}
    desk.answer = desk.client.post(
        address, {name: value for name, value in typed.items() if value is not None}, follow=True
    )
    return desk


def errors_of(desk):
    form = desk.answer.context.get("form")
    return list(form.errors) if form else []


def test_the_list_says_of_each_whether_it_sells_or_why_not(desk, event, bob):
    facts = {
        "Open": {"quantity": 2},
        "Later": {"sales_starts_at": in_days(3)},
        "Over": {"sales_starts_at": in_days(-3), "sales_ends_at": in_days(-1)},
        "Gone": {"quantity": 1, "max_order": 1},
        "Crew": {"is_hidden": True},
    }
    tickets = {name: make_ticket(event, name=name, position=n, **more) for n, (name, more) in enumerate(facts.items())}
    make_finished_order(tickets["Gone"], by=bob)
    make_order(tickets["Open"], by=bob)
    shown = desk.open(at("tickets", event)).answer.context["tickets"]
    found = {ticket.name: (ticket.sale.word.split(" ")[0], ticket.seats.sold, ticket.seats.held) for ticket in shown}
    assert found == {
        "Open": ("On", 0, 1),
        "Later": ("From", 0, 0),
        "Over": ("Sale", 0, 0),
        "Gone": ("Sold", 1, 0),
        "Crew": ("On", 0, 0),
    }
    assert "Hidden" in desk.page


def test_a_paid_ticket_without_a_way_to_pay_says_so(desk, event, paid_ticket):
    Event.objects.update(can_pay_by_bank=False, can_pay_onsite=False)
    settings = f"{reverse('manage-settings-payment', args=[event.identifier])}#id_can_pay_by_bank"
    for name, more in (("tickets", ()), ("ticket", (paid_ticket.pk,))):
        assert settings in desk.open(at(name, event, *more)).answer.content.decode()
    assert "No way to pay" in desk.open(at("tickets", event)).page


def test_every_number_leads_to_the_orders_that_it_counts(desk, event, bob, free_ticket):
    make_finished_order((free_ticket, 2), by=bob)
    make_order(free_ticket, by=bob)
    [ticket] = desk.open(at("tickets", event)).answer.context["tickets"]
    assert "2 tickets" in desk.open(ticket.sold_address).page
    assert "1 ticket " in desk.open(ticket.held_address).page


def test_without_tickets_there_is_one_thing_to_do(desk, event):
    assert desk.open(at("tickets", event)).answer.content.decode().count(at("ticket-new", event)) == 1


def test_a_new_ticket_is_on_sale_until_the_event_ends_and_comes_last(desk, event, free_ticket):
    save(desk, at("ticket-new", event), name="Student", quantity="30")
    made = Ticket.objects.get(name="Student")
    assert desk.address == at("tickets", event)
    assert (made.kind, made.quantity, made.is_on_sale()) == ("free", 30, True)
    assert made.position > free_ticket.position
    assert abs((made.sales_ends_at - event.ends_at).total_seconds()) < 60
    assert list(Activity.objects.filter(subject_type="ticket").values_list("action", flat=True)) == ["ticket.created"]


def test_the_times_are_those_of_the_events_clocks(desk, event, free_ticket):
    Event.objects.update(timezone="Asia/Tokyo")
    year = in_days(10).year
    save(desk, at("ticket", event, free_ticket.pk), sales_starts_at=f"{year}-01-02T09:00")
    free_ticket.refresh_from_db()
    assert f"{free_ticket.sales_starts_at:%d %H:%M %Z}" == "02 00:00 UTC"


def test_an_edit_that_changes_nothing_changes_nothing(desk, event, bob, paid_ticket):
    make_finished_order(paid_ticket, by=bob, mode="bank")
    Ticket.objects.update(type="paidRegistration", description="<p>One</p><p>Two</p>")
    names = [field.attname for field in Ticket._meta.concrete_fields if not field.attname.startswith("sales_")]
    before = Ticket.objects.values(*names).get()
    save(desk, at("ticket", event, paid_ticket.pk))
    assert errors_of(desk) == []
    after = Ticket.objects.values(*names).get()
    assert {**after, "description": re.sub(r"\s", "", after["description"])} == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Community"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"price": "0"}, "price"),
        ({"price": "-5"}, "price"),
        ({"price": "1e400"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": "dear"}, "price"),
        ({"price": "9" * 40}, "price"),
        ({"type": "donation", "min_price": "9", "max_price": "5"}, "max_price"),
        ({"type": "gold"}, "type"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "9" * 20}, "quantity"),
        ({"quantity": "5"}, "quantity"),
        ({"min_order": "4", "max_order": "3"}, "max_order"),
        ({"sales_ends_at": "2020-01-01T10:00"}, "sales_ends_at"),
        ({"sales_ends_at": "2099-01-01T10:00"}, "sales_ends_at"),
        ({"sales_starts_at": "never"}, "sales_starts_at"),
    ],
)
def test_what_the_api_refuses_the_form_refuses_beside_its_field_and_keeps_what_was_typed(
    desk, event, free_ticket, paid_ticket, typed, field
):
    save(desk, at("ticket", event, paid_ticket.pk), **{"description": "Kept words", **typed})
    assert errors_of(desk) == [field]
    page = desk.answer.content.decode()
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}_error"' in page
    assert "Kept words" in page
    assert Ticket.objects.get(pk=paid_ticket.pk).description is None


def test_less_than_is_sold_is_refused(desk, event, bob, free_ticket):
    make_finished_order((free_ticket, 3), by=bob)
    save(desk, at("ticket", event, free_ticket.pk), quantity="2", max_order="2")
    assert "3 are sold or held already." in desk.page


def test_a_free_ticket_becomes_paid_only_where_it_can_be_paid(desk, event, free_ticket):
    ways = [name.name for name in Event._meta.concrete_fields if name.name.startswith("can_pay_")]
    Event.objects.update(**dict.fromkeys(ways, False))
    save(desk, at("ticket", event, free_ticket.pk), type="paid", price="5")
    assert errors_of(desk) == ["type"]


def test_money_is_typed_with_a_comma_or_a_point_in_the_currency_of_the_event(desk, event, paid_ticket):
    address = at("ticket", event, paid_ticket.pk)
    assert 'value="20.00"' in desk.open(address).answer.content.decode()
    save(desk, address, price="12,5")
    assert Ticket.objects.get().price == Decimal("12.5")
    Event.objects.update(payment_currency="JPY")
    save(desk, address, price="12.5")
    assert "JPY has 0 digits behind the point." in desk.page


def test_the_second_of_two_organizers_is_told_and_loses_nothing_typed(desk, event, free_ticket):
    address = at("ticket", event, free_ticket.pk)
    late = typed_in(desk.client.get(address))
    save(desk, address, name="Citizens")
    desk.answer = desk.client.post(address, {**late, "name": "Neighbours"})
    assert "Name is now “Citizens”. Save again to put yours in its place." in desk.page
    assert 'value="Neighbours"' in desk.answer.content.decode()
    again = typed_in(desk.answer)
    desk.client.post(address, again)
    assert Ticket.objects.get().name == "Neighbours"


def test_seats_that_are_sold_while_somebody_types_stay_sold(desk, event, bob, free_ticket):
    address = at("ticket", event, free_ticket.pk)
    late = typed_in(desk.client.get(address))
    make_finished_order((free_ticket, 2), by=bob)
    desk.client.post(address, {**late, "quantity": "50"})
    ticket = Ticket.objects.get()
    assert (ticket.quantity, ticket.reserved) == (50, 2)


# In order, copied, removed


def names(event):
    return list(event.tickets.filter(deleted_at=None).values_list("name", flat=True))


def test_a_ticket_moves_up_and_down_and_not_beyond_the_ends(desk, event):
    tickets = [make_ticket(event, name=name, position=1) for name in "ABC"]
    for ticket, way in ((tickets[2], "up"), (tickets[0], "up"), (tickets[1], "down"), (tickets[0], "down")):
        desk.client.post(at("ticket-move", event, ticket.pk, way))
    assert names(event) == ["C", "A", "B"]
    assert [desk.client.post(at("ticket-move", event, tickets[0].pk, "away")).status_code] == [404]


def test_a_copy_is_hidden_unsold_and_called_something_else(event, cora, bob, paid_ticket):
    make_finished_order(paid_ticket, by=bob, mode="bank")
    paid_ticket.refresh_from_db()
    first, second = copy_ticket(paid_ticket, by=cora), copy_ticket(paid_ticket, by=cora)
    assert [first.name, second.name] == ["Standard (copy)", "Standard (copy 2)"]
    assert (first.price, first.is_hidden, first.reserved) == (Decimal("20"), True, 0)
    paid_ticket.refresh_from_db()
    assert (paid_ticket.name, paid_ticket.reserved) == ("Standard", 1)


def test_a_name_as_long_as_the_column_can_be_copied(event, cora):
    copied = copy_ticket(make_ticket(event, name="x" * 400), by=cora)
    assert len(copied.name) <= 400


def test_duplicating_leads_to_the_copy(desk, event, free_ticket):
    desk.answer = desk.client.post(at("ticket-copy", event, free_ticket.pk), follow=True)
    assert "Community (copy)" in desk.page


def test_an_unsold_ticket_is_removed_after_a_question(desk, event, free_ticket):
    address = at("ticket-remove", event, free_ticket.pk)
    assert "Remove Community?" in desk.open(address).page
    desk.client.post(address)
    assert names(event) == []
    assert Ticket.objects.get().deleted_at
    assert Activity.objects.filter(action="ticket.removed").count() == 1
    save(desk, at("ticket-new", event), name="Community")  # the name is free again
    assert names(event) == ["Community"]


def test_a_sold_ticket_stays_and_hiding_is_offered(desk, event, bob, free_ticket):
    make_finished_order(free_ticket, by=bob)
    address = at("ticket-remove", event, free_ticket.pk)
    assert "1 sold, 0 held: it cannot be removed." in desk.open(address).page
    desk.answer = desk.client.post(address)
    assert (desk.answer.status_code, names(event)) == (403, ["Community"])
    assert "Hide it instead" in desk.page


def test_the_service_refuses_for_every_door(event, cora, bob, free_ticket):
    make_finished_order(free_ticket, by=bob)
    with pytest.raises(Refused, match="Hide it instead"):
        remove_ticket(free_ticket, by=cora)


def test_a_removed_ticket_opens_no_page(desk, event, free_ticket):
    free_ticket.hide()
    assert desk.client.get(at("ticket", event, free_ticket.pk)).status_code == 404


def test_a_ticket_of_another_event_is_not_there_though_both_are_ones_own(desk, event, cora):
    other = make_ticket(make_event(owner=cora))
    for name in ("ticket", "ticket-copy", "ticket-remove"):
        assert desk.client.post(at(name, event, other.pk)).status_code == 404
    assert desk.client.post(at("ticket-move", event, other.pk, "up")).status_code == 404


def test_moving_leaves_codes_and_other_events_alone(event, free_ticket, ada):
    make_access(event, free_ticket)
    other = make_ticket(make_event(owner=ada), position=7)
    move_ticket(free_ticket, 1)
    other.refresh_from_db()
    assert other.position == 7
