"""Which orders are found, by what."""

from datetime import UTC, datetime
from importlib import import_module
from random import Random

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from events.tests.factories import make_event
from orders.models import Attendee, Order
from orders.models.order import COMPLETED, EXPIRED, INITIALIZING
from orders.search_indexes import ON_POSTGRESQL, ON_SQLITE
from orders.services.find_orders import Filters, totals_of
from orders.services.states import cancel_order, mark_paid
from orders.tests.factories import make_discount, make_finished_order, make_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(bob, paid_ticket):
    """Élodie Groß brings Jonas Brandt."""
    order = make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    named(order, first_name="Élodie", last_name="Groß", email="elodie.gross@fernpost.example")
    second = order.attendees.order_by("pk")[1]
    second.firstname, second.lastname, second.email = "Jonas", "Brandt", "jonas@quay.example"
    second.save(update_fields=["firstname", "lastname", "email"])
    return order


def named(order, **names):
    for name, value in names.items():
        setattr(order, name, value)
    order.save(update_fields=list(names))


def found(event, query):
    return list(Filters.of(QueryDict(query)).rows(event).order_by("pk"))


@pytest.mark.parametrize(
    "words",
    ["élodie", "ELODIE", "gross", "gro", "fernpost", "die gro", "fernpost élo", "jonas", "brandt jon", "quay.exam"],
)
def test_an_order_is_found_by_parts_of_what_its_people_are_called(order, bob, free_ticket, event, words):
    make_finished_order(free_ticket, by=bob)
    assert [one.pk for one in found(event, f"q={words}")] == [order.pk]


@pytest.mark.parametrize("words", ["elodie brandt", "elodie mira", "%", "_", "el_die", "%25", "\\", "elodie'--"])
def test_all_words_must_match_one_person_and_signs_are_plain(order, event, words):
    assert found(event, QueryDict(mutable=True).urlencode() + f"q={words}") == []


def test_an_order_is_found_by_its_code_and_by_parts_of_it(order, event):
    code = order.identifier
    assert [found(event, f"q={words}") for words in (code, code.lower(), code[2:6], f"{code}-1")] == [[order]] * 4


def test_an_order_is_found_by_what_a_ticket_of_it_says(order, event):
    assert found(event, f"q={order.attendees.last().code}") == [order]


def test_a_ticket_that_was_issued_anew_finds_nothing_by_its_old_code(order, event):
    holder = order.attendees.last()
    code = holder.code
    holder.reissue()
    holder.save()
    assert found(event, f"q={code}") == []


def test_orders_of_another_event_and_deleted_ones_are_not_found(order, event, ada):
    assert found(make_event(owner=ada), f"q={order.identifier}") == []
    Order.objects.update(deleted_at=timezone.now())
    assert found(event, f"q={order.identifier}") == []


@pytest.mark.parametrize(
    "rename",
    [
        lambda order: named(order, first_name="Zuzana"),
        lambda order: Order.objects.filter(pk=order.pk).update(first_name="Zuzana"),
        lambda order: Order.objects.filter(first_name="Élodie").update_at(order.event_id, first_name="Zuzana"),
        lambda order: (setattr(order, "first_name", "Zuzana"), Order.objects.bulk_update([order], ["first_name"])),
        lambda order: order.attendees.filter(firstname="Jonas").update(firstname="Zuzana"),
    ],
)
def test_however_a_name_is_written_it_is_found(order, event, rename):
    rename(order)
    assert found(event, "q=zuzana") == [order]


def test_a_hold_that_has_ended_counts_as_expired(bob, event, free_ticket):
    live, ended = make_order(free_ticket, by=bob), make_order(free_ticket, by=bob)
    Order.objects.filter(pk=ended.pk).update(expires_at=timezone.now())
    assert (found(event, f"status={INITIALIZING}"), found(event, f"status={EXPIRED}")) == ([live], [ended])
    assert found(event, f"status={INITIALIZING}&status={EXPIRED}") == [live, ended]


def test_orders_are_narrowed_to_a_ticket_type_a_way_of_paying_and_a_code(order, bob, eve, event):
    vip = make_ticket(event, name="VIP", price="90")
    code = make_discount(event, vip, code="QUAY 10%")
    other = make_finished_order(vip, by=eve, mode="onsite", discount=code)
    queries = (f"ticket={vip.pk}", "mode=onsite", Filters(code="QUAY 10%").query())
    assert [found(event, query) for query in queries] == [[other]] * 3


def test_days_are_those_of_the_events_zone(order, event):
    event.timezone = "Asia/Tokyo"
    Order.objects.update(created_at=datetime(2027, 3, 1, 15, 30, tzinfo=UTC))  # the second of March there
    hits = ("day=2027-03-02", "since=2027-03-02", "until=2027-03-02", "since=2027-03-01&until=2027-03-03")
    misses = ("day=2027-03-01", "since=2027-03-03", "until=2027-03-01")
    assert [len(found(event, query)) for query in (*hits, *misses)] == [1] * 4 + [0] * 3


@pytest.mark.parametrize(
    "junk",
    [
        *("q=%00", "q=%CC%81", "status=paid", "status=&ticket=&q=", "mode=gold"),
        *("ticket=99999999999999999999999", "ticket=%C2%B2"),
        *("day=2027-02-30", "since=9999-99-99", "day=20270301", "day=1"),
    ],
)
def test_what_makes_no_sense_is_left_out(order, event, junk):
    assert found(event, junk) == [order]
    assert len(found(event, f"{junk}&q={'word ' * 900}")) == 0


def test_a_list_counts_what_it_shows(order, bob, ada, event, free_ticket, paid_ticket):
    mark_paid(order, by=ada)
    cancel_order(make_finished_order(paid_ticket, by=bob, mode="bank"), by=ada)
    make_finished_order(free_ticket, by=bob)

    def totals(query):
        total = totals_of(Filters.of(QueryDict(query)), event)
        return total.orders, total.tickets, {name: float(money) for name, money in total.money.items()}

    assert totals("") == (3, 4, {"EUR": 60})
    assert totals(f"status={COMPLETED}") == (2, 3, {"EUR": 40})
    assert totals("q=brandt") == (1, 2, {"EUR": 40})
    assert totals("q=nobody") == (0, 0, {})


def test_a_ticket_type_counts_its_own_tickets_alone(bob, event, free_ticket, paid_ticket):
    make_finished_order((free_ticket, 2), paid_ticket, by=bob, mode="bank")
    assert totals_of(Filters(ticket=paid_ticket.pk), event).tickets == 1


def test_filters_are_written_as_they_are_read():
    query = "q=a+b&status=pending&status=placed&ticket=4&day=2027-03-01&mode=bank&code=A%26B"
    filters = Filters.of(QueryDict(query))
    assert filters.query() == query
    assert filters.without("q", "day", "code").query(ticket=None, older="K7") == (
        "status=pending&status=placed&mode=bank&older=K7"
    )


def test_what_was_written_before_texts_were_sought_is_found_too(order, event):
    for model in (Order, Attendee):
        model._base_manager.update(sought="")
    before = found(event, "q=jonas")
    import_module("orders.migrations.0003_search").fill_in(apps, None)
    assert (before, found(event, "q=jonas"), found(event, "q=elodie")) == ([], [order], [order])


def test_the_indexes_of_search_outlive_every_migration():
    """SQLite makes a table anew to change a column, and forgets the indexes that no model names."""
    wanted = ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE
    with connection.cursor() as cursor:
        for name, columns in wanted.items():
            assert name in connection.introspection.get_constraints(cursor, columns.split()[0])


def test_the_longest_names_fit_into_an_index(order, event):
    """Korean syllables are three letters each when compared, and PostgreSQL's indexes hold no more than 2,700 bytes."""
    holder = order.attendees.first()
    dice = Random(1)  # what cannot be compressed
    holder.firstname, holder.lastname = ("".join(chr(dice.randint(0xAC00, 0xD7A3)) for _ in range(200)) for _ in "ab")
    holder.save()
    assert found(event, f"q={holder.firstname[:5]}") == [order]
