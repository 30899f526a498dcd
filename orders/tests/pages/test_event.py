"""The page of an event, and choosing tickets on it."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from events.tests.factories import in_days
from orders.models import Order
from orders.models.ticket import Ticket
from orders.tests.factories import make_access, make_discount, make_donation, make_order, make_tax, make_ticket

pytestmark = pytest.mark.django_db


def address(event):
    return reverse("event", args=[event.identifier])


def test_the_page_tells_what_when_with_its_zone_and_where(guest, event):
    page = guest.open(address(event)).page
    assert all(words in page for words in ("Harbour Days", "Berlin time (CE", "Speicher 7", "Add to calendar"))


def test_tickets_show_their_price_their_tax_and_what_is_left(guest, event):
    make_ticket(event, name="Regular", price="89.00", quantity=9)
    make_tax(event, included=True)
    page = guest.open(address(event)).page
    assert all(words in page for words in ("Regular €89.00 · 9 left", "Prices include VAT"))


def test_plenty_is_counted_only_where_the_organizer_wants_it(guest, event):
    make_ticket(event, quantity=50)
    before = guest.open(address(event)).page
    Event.objects.filter(pk=event.pk).update(show_remaining_tickets=True)
    assert ("50 left" in before, "50 left" in guest.open(address(event)).page) == (False, True)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"quantity": 0}, "Sold out"),
        ({"sales_ends_at": in_days(-0.5)}, "Sale ended"),
        ({"sales_starts_at": in_days(2)}, "From "),
    ],
)
def test_a_type_that_is_not_on_sale_says_why_and_has_no_field(guest, event, facts, words):
    ticket = make_ticket(event, name="Early bird", **facts)
    shown = guest.open(address(event))
    assert f"Early bird Free {words}" in shown.page
    assert f"quantity-{ticket.pk}".encode() not in shown.answer.content


def test_a_hold_that_has_ended_is_no_longer_counted(guest, event, bob):
    seat = make_ticket(event, quantity=1)
    order = make_order(seat, by=bob)
    assert "Sold out" in guest.open(address(event)).page
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
    assert "1 left" in guest.open(address(event)).page


def test_the_sum_is_the_servers_and_asks_no_order(guest, paid_ticket, free_ticket):
    page = guest.choose((paid_ticket, 2), free_ticket, verb="apply").page
    assert "2 × Standard €40.00 1 × Community €0.00 Total €40.00" in page
    assert Order.objects.count() == 0


def test_the_script_gets_the_same_sum(client, event, paid_ticket):
    answer = client.post(
        reverse("event-sum", args=[event.identifier]), {f"quantity-{paid_ticket.pk}": 3, "price": 0, "total": -5}
    )
    assert "€60.00" in answer.content.decode()
    assert client.get(reverse("event-sum", args=[event.identifier])).status_code == 405


def test_a_discount_shows_in_the_sum(guest, event, paid_ticket):
    make_discount(event, paid_ticket, percent=25)
    page = guest.choose((paid_ticket, 2), verb="apply", code=" HARBOUR ").page
    assert "HARBOUR −€10.00 Total €30.00" in page


def test_a_tax_on_top_is_added_and_one_within_is_named(guest, event, paid_ticket):
    tax = make_tax(event)
    assert "VAT 19% €3.80 Total €23.80" in guest.choose(paid_ticket, verb="apply").page
    tax.is_tax_included_in_price = True
    tax.save()
    assert "Total €20.00 includes VAT 19% €3.19" in guest.choose(paid_ticket, verb="apply").page


def test_an_access_code_opens_the_hidden_type(guest, event, paid_ticket):
    crew = make_ticket(event, name="Crew", is_hidden=True)
    make_access(event, crew)
    assert "Crew" not in guest.open(address(event)).page
    assert "Crew Free" in guest.choose(paid_ticket, verb="apply", code="BACKDOOR").page


def test_both_kinds_of_code_fit_with_a_comma(guest, event, paid_ticket):
    crew = make_ticket(event, name="Crew", is_hidden=True)
    make_access(event, crew)
    make_discount(event, paid_ticket, amount=5)
    order = guest.choose(paid_ticket, crew, code="BACKDOOR, HARBOUR").order
    assert (order.amount, order.access_code.code, order.discount_code.code) == (15, "BACKDOOR", "HARBOUR")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_active": False}, "not active"),
        ({"valid_till": in_days(-0.1)}, "not valid at this time"),
        ({"tickets_number": 1}, "used as often as it may be"),
    ],
)
def test_a_code_that_does_not_hold_is_refused_in_its_words_and_the_rest_is_kept(
    guest, event, paid_ticket, facts, words
):
    make_discount(event, paid_ticket, **facts)
    shown = guest.choose((paid_ticket, 2), code="HARBOUR")
    assert words in shown.page
    assert "2 × Standard €40.00 Total €40.00" in shown.page
    assert b'value="HARBOUR"' in shown.answer.content
    assert Order.objects.count() == 0


def test_an_unknown_code_is_told_and_trying_many_is_stopped(guest, event, paid_ticket):
    assert "No code of this event reads like that." in guest.choose(paid_ticket, verb="apply", code="GUESS").page
    for number in range(60):
        guest.choose(paid_ticket, verb="apply", code=f"GUESS{number}")
    assert guest.answer.status_code == 429


@pytest.mark.parametrize("typed", ["-1", "1.5", "NaN", "1e309", "two", "９", "999999999"])
def test_a_quantity_that_is_none_is_told_beside_its_field_and_kept(guest, event, paid_ticket, typed):
    shown = guest.choose((paid_ticket, typed))
    assert "Nothing is booked yet." in shown.page
    assert f'href="#quantity-{paid_ticket.pk}"'.encode() in shown.answer.content
    assert f'value="{typed}"' in shown.answer.content.decode()
    assert Order.objects.count() == 0


def test_nothing_chosen_is_told(guest, paid_ticket):
    assert "Choose at least one ticket." in guest.choose((paid_ticket, 0)).page


def test_too_many_and_too_few_are_told(guest, event):
    pair = make_ticket(event, name="Pair", min_order=2, max_order=4)
    assert "sold from 2 up" in guest.choose(pair).page
    assert "At most 4 of “Pair”" in guest.choose((pair, 5)).page


def test_more_than_are_left_is_told_and_nothing_is_held(guest, event):
    seat = make_ticket(event, name="Balcony", quantity=2)
    assert "Only 2 left of “Balcony”" in guest.choose((seat, 3)).page
    seat.refresh_from_db()
    assert seat.reserved == 0


def test_a_giver_names_the_price_within_its_bounds(guest, event):
    gift = make_donation(event, name="Supporter", least=5)
    assert "At least 5" in guest.choose(gift, **{f"price-{gift.pk}": "4,99"}).page
    assert "not an amount" in guest.choose(gift, **{f"price-{gift.pk}": "NaN"}).page
    assert guest.choose(gift, **{f"price-{gift.pk}": "12,50"}).order.amount == Decimal("12.50")


def test_a_hidden_type_cannot_be_bought_by_its_number(guest, event, paid_ticket):
    crew = make_ticket(event, name="Crew", is_hidden=True)
    guest.choose(paid_ticket, crew)
    assert [line.ticket for line in guest.order.lines.all()] == [paid_ticket]


def test_a_ticket_of_another_event_is_not_bought_here(guest, event, paid_ticket):
    other = make_ticket(Event.objects.create(name="Other", state="published", starts_at=in_days(3), ends_at=in_days(4)))
    guest.choose(paid_ticket, other)
    assert [line.ticket for line in guest.order.lines.all()] == [paid_ticket]


def test_drafts_and_deleted_events_are_not_there(client, event):
    Event.objects.filter(pk=event.pk).update(state="draft")
    draft = client.get(address(event)).status_code
    Event.objects.filter(pk=event.pk).update(state="published", deleted_at=timezone.now())
    assert (draft, client.get(address(event)).status_code) == (404, 404)


def test_the_team_sees_its_draft_and_is_told_that_nobody_else_does(sign_in, event, cora):
    Event.objects.filter(pk=event.pk).update(state="draft")
    assert "Only the team sees this page." in sign_in(cora).open(address(event)).page


def test_words_of_the_organizer_are_shown_cleaned(guest, event):
    Event.objects.filter(pk=event.pk).update(
        description='<p>Hello</p><script>steal()</script><a href="javascript:x">x</a>'
    )
    text = guest.open(address(event)).answer.content.decode()
    assert "<p>Hello</p>" in text
    assert "steal" not in text
    assert "javascript:" not in text


def test_two_ticket_types_cost_as_many_queries_as_five(client, event, django_assert_num_queries):
    counts = []
    client.get(address(event))  # keeps what stands below the tickets
    for wanted in (2, 5):
        while Ticket.objects.count() < wanted:
            make_ticket(event)
        with django_assert_num_queries(40, exact=False) as asked:
            client.get(address(event))
        counts.append(len(asked))
    assert counts[0] == counts[1]
