"""The overview: every number opens what it counts, whoever sees less is led elsewhere, and parts are read anew."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from events.tests.factories import give_role, in_days, make_event
from orders.models import Order
from orders.pages.manage.dashboard import Chart, nice_top
from orders.services.figures import Bar
from orders.services.states import cancel_order, mark_paid
from orders.tests.factories import make_finished_order, make_order, make_ticket


@pytest.fixture
def team(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def busy(event, free_ticket, paid_ticket, ada, bob):
    """An order in each state, one hold that ended by the clock, and orders of other days."""
    for days, ticket in enumerate((free_ticket, free_ticket, paid_ticket)):
        order = make_finished_order((ticket, 2), by=bob, mode="bank" if ticket is paid_ticket else None)
        Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - timedelta(days=20 * days))
    mark_paid(make_finished_order((paid_ticket, 3), by=bob, mode="bank"), by=ada)
    make_order((paid_ticket, 3), by=bob)
    cancel_order(make_finished_order(free_ticket, by=bob), by=bob)
    ended = make_order((paid_ticket, 4), by=bob)
    Order.objects.filter(pk=ended.pk).update(expires_at=timezone.now())
    pending = make_finished_order(paid_ticket, by=bob, mode="bank")
    Order.objects.filter(pk=pending.pk).update(status="pending", expires_at=timezone.now() + timedelta(minutes=9))
    hidden = make_ticket(event, name="Gone", price="7.50")
    make_finished_order(hidden, by=bob, mode="bank")
    hidden.hide()
    return event


def address(event, query=""):
    return f"{reverse('manage', args=[event.identifier])}{query}"


def page(client, event, query=""):
    answer = client.get(address(event, query))
    assert answer.status_code == 200
    return answer.content.decode()


class Numbers(HTMLParser):
    """The page's links that say what they count: (people, orders or money, address, text)."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a" and "data-counts" in given:
            self.open = [given["data-counts"], given["href"], ""]

    def handle_data(self, text):
        if self.open:
            self.open[2] += text

    def handle_endtag(self, tag):
        if tag == "a" and self.open:
            self.found.append(tuple(self.open))
            self.open = None


def total_behind(client, kind, there):
    answer = client.get(there)
    assert answer.status_code == 200
    if kind == "people":
        return re.match(r"[\d,]+", answer.context["totals"])[0]
    words = answer.context["totals"]["words"].split(" · ")
    return re.match(r"[\d,]+", words[0])[0] if kind == "orders" else (words[2:] or ["€0.00"])[0]


@pytest.mark.parametrize("period", ["7", "30", "all"])
def test_every_number_opens_the_rows_that_it_counts(team, busy, period):
    numbers = Numbers(page(team, busy, f"?period={period}")).found
    assert len(numbers) > 20
    said = {(kind, there, text.split(" ")[0]) for kind, there, text in numbers}
    assert said == {(kind, there, total_behind(team, kind, there)) for kind, there, _ in numbers}


def test_the_page_says_what_is_sold_held_and_awaited(team, busy):
    text = re.sub(r"<[^>]+>|\s+", " ", page(team, busy))
    text = re.sub(r"\s+", " ", text)
    assert "Revenue €60.00 3 orders paid or free" in text
    assert "Tickets sold 10 of 201 places" in text
    assert "Held now 4 2 checkouts" in text
    assert "Awaiting money €47.50 2 orders" in text


def test_a_page_without_sales_says_what_will_be_there(team, event):
    text = page(team, event)
    assert "Orders show here the moment they come in." in text
    assert "There are no tickets yet." in text


def test_it_costs_the_same_however_much_is_sold(team, busy, bob, free_ticket, django_assert_max_num_queries):
    with django_assert_max_num_queries(45) as few:
        page(team, busy)
    for _ in range(3):
        make_finished_order(free_ticket, by=bob)
    with django_assert_max_num_queries(len(few)):
        page(team, busy)


@pytest.mark.parametrize("part", ["stats", "sales", "states", "latest"])
def test_each_part_is_read_anew_by_itself(team, busy, part):
    whole, alone = page(team, busy), page(team, busy, f"?part={part}")
    assert "<html" not in alone
    assert alone.strip() in whole
    assert f'data-live="?part={part}' in whole


@pytest.mark.parametrize("junk", ["?part=x", "?period=%00", "?period=99999999999", "?part=%00&period="])
def test_junk_in_the_address_is_no_problem(team, event, junk):
    page(team, event, junk)


def test_who_sees_less_is_led_to_what_they_may_do(client, event, eve, bob):
    give_role(eve, event, "registrar")
    client.force_login(eve)
    for query in ("", "?part=stats"):
        assert client.get(address(event, query))["Location"] == reverse("door", args=[event.identifier])
    give_role(bob, event, "track_organizer")
    client.force_login(bob)
    assert "/programme" in client.get(address(event))["Location"]


def test_strangers_do_not_learn_that_it_exists(client, event, bob, eve, team):
    there = make_event(owner=eve)
    assert team.get(address(there)).status_code == 404
    client.force_login(bob)
    assert client.get(address(event)).status_code == 404


def test_what_comes_next_is_in_order_and_to_come(team, event, free_ticket, paid_ticket):
    free_ticket.sales_starts_at, paid_ticket.sales_ends_at = in_days(3), in_days(5)
    free_ticket.save()
    paid_ticket.save()
    steps = [step.words for step in team.get(address(event)).context["next"]]
    assert steps == [
        *("Sale of Community begins", "Sale of Standard ends", "Sale of Community ends", "Doors open"),
        "The event ends",
    ]


def test_what_is_left_to_do_is_told_until_it_is_done(team, event, free_ticket):
    assert "Refund policy" in page(team, event)
    event.refund_policy, event.owner_name, event.description = "None.", "Ropeworks", "<p>Ships.</p>"
    event.save()
    assert 'id="checklist"' not in page(team, event)


def test_hostile_names_are_shown_as_they_are_typed(team, event, bob):
    seat = make_ticket(event, name="<script>alert(1)</script>")
    name = {"firstname": "<img src=x>", "lastname": "{{ 7|add:7 }}", "email": "x@example.org"}
    make_finished_order(seat, by=bob, names=name)
    Order.objects.update(first_name="<img src=x>", last_name="{{7|add:7}}")
    text = page(team, event)
    assert "<script>alert" not in text and "<img src=x>" not in text
    assert "{{7|add:7}}" in text


def test_the_scale_of_a_chart_ends_at_a_round_number():
    assert [nice_top(number) for number in (0, 2, 3, 5, 11, 21, 41, 400, 401)] == [2, 2, 4, 10, 20, 40, 100, 400, 1000]


def test_one_day_alone_is_a_line_too(event):
    today = timezone.now().date()
    chart = Chart.of([Bar(first=today, last=today, orders=2)], event)
    assert chart.line == "0.0 0.0 L600.0 0.0"
