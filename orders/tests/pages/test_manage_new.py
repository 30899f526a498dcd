"""A new event on one page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity, User
from events.models import Event
from events.rules import roles_of
from orders.models import Ticket

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.now().year + 1
TYPED = {
    "name": "Harbour Days",
    "starts_at": f"{NEXT_YEAR}-07-03T10:00",
    "ends_at": f"{NEXT_YEAR}-07-03T18:00",
    "timezone": "Europe/Berlin",
    "location_name": "Speicher 7",
    "rows": "1",
    "ticket-0-name": "Regular",
    "ticket-0-type": "free",
    "ticket-0-quantity": "80",
}
PAID = {"ticket-0-type": "paid", "ticket-0-price": "12,50"}
BANK = {"can_pay_by_bank": "on", "bank_details": "IBAN DE02 1203 0000 0000 2020 51"}


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


def send(desk, **typed):
    """The form with these changes; None takes a field away."""
    sent = {name: value for name, value in {**TYPED, **typed}.items() if value is not None}
    desk.answer = desk.client.post(reverse("manage-new"), sent, follow=True)
    return desk


def errors_of(desk):
    return {error.get("link"): error["text"] for error in desk.answer.context["new"].errors}


def test_the_event_is_a_draft_of_its_maker_with_a_ticket_on_sale(desk, ada):
    send(desk)
    event, ticket = Event.objects.get(), Ticket.objects.get()
    assert desk.address == reverse("manage-publish", args=[event.identifier])
    assert (event.name, event.state, event.timezone, event.currency) == (
        "Harbour Days",
        "draft",
        "Europe/Berlin",
        "EUR",
    )
    assert event.starts_at == datetime(NEXT_YEAR, 7, 3, 8, 0, tzinfo=UTC)
    assert roles_of(ada)[event.pk] == {"owner"}
    assert (ticket.event, ticket.name, ticket.kind, ticket.quantity) == (event, "Regular", "free", 80)
    assert ticket.is_on_sale()
    assert ticket.sales_ends_at == event.ends_at
    assert Activity.objects.filter(action="event.created", actor=ada).count() == 1


def test_several_tickets_keep_their_order_and_a_row_without_a_name_is_left_out(desk):
    more = {"ticket-1-name": "", "ticket-1-type": "paid", "ticket-1-quantity": "junk"}
    last = {"ticket-2-name": "Crew", "ticket-2-type": "free", "ticket-2-quantity": "3"}
    send(desk, rows="3", **more, **last)
    found = [(ticket.name, ticket.position, ticket.max_order) for ticket in Ticket.objects.order_by("position")]
    assert found == [("Regular", 1, 10), ("Crew", 2, 3)]


def test_an_event_needs_no_ticket_to_be_there(desk):
    send(desk, **{"ticket-0-name": ""})
    assert (Event.objects.count(), Ticket.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ({"name": ""}, "id_name"),
        ({"name": "<b></b>"}, "id_name"),
        ({"name": "x" * 401}, "id_name"),
        ({"name": "a\x00b"}, "id_name"),
        ({"starts_at": "soon"}, "id_starts_at"),
        ({"starts_at": None}, "id_starts_at"),
        ({"ends_at": f"{NEXT_YEAR}-07-03T09:00"}, "id_ends_at"),
        ({"ends_at": f"{NEXT_YEAR}-08-03T09:00"}, "id_ends_at"),
        ({"timezone": "Mars/Olympus"}, "id_timezone"),
        ({"timezone": None}, "id_timezone"),
        ({"payment_currency": "XXX"}, "id_payment_currency"),
        ({"ticket-0-quantity": "0"}, "id_ticket-0-quantity"),
        ({"ticket-0-quantity": "9" * 30}, "id_ticket-0-quantity"),
        ({"ticket-0-type": "gold"}, "id_ticket-0-type"),
        ({**PAID, **BANK, "ticket-0-price": "0"}, "id_ticket-0-price"),
        ({**PAID, **BANK, "ticket-0-price": "NaN"}, "id_ticket-0-price"),
        ({**PAID, **BANK, "ticket-0-price": "1e309"}, "id_ticket-0-price"),
        ({**PAID, **BANK, "ticket-0-price": "-1"}, "id_ticket-0-price"),
        ({**PAID, **BANK, "ticket-0-price": "1.005"}, "id_ticket-0-price"),
        ({**PAID}, "id_can_pay_by_bank"),
        ({**PAID, "can_pay_by_bank": "on"}, "id_bank_details"),
        (
            {"rows": "2", "ticket-1-name": "Regular", "ticket-1-type": "free", "ticket-1-quantity": "1"},
            "id_ticket-1-name",
        ),
    ],
)
def test_what_is_refused_is_told_beside_its_field_and_nothing_is_made_or_lost(desk, typed, link):
    send(desk, **typed)
    assert list(errors_of(desk)) == [link]
    assert not Event.objects.exists()
    page = desk.answer.content.decode()
    assert f'href="#{link}"' in page
    assert f'id="{link}_error"' in page
    assert "Nothing is saved yet." in page
    kept = {**TYPED, **typed}
    assert all(f'value="{kept[name]}"' in page for name in ("location_name", "ticket-0-name"))


def test_all_that_is_wrong_is_told_at_once(desk):
    send(desk, name="", ends_at=None, **{**PAID, "ticket-0-price": ""})
    assert list(errors_of(desk)) == ["id_name", "id_ends_at", "id_can_pay_by_bank", "id_ticket-0-price"]


@pytest.mark.parametrize("rows", ["", "-1", "99999999999", "٣", "x", "1.5"])
def test_junk_for_the_number_of_rows_is_one_row(desk, rows):
    send(desk, rows=rows)
    assert Ticket.objects.count() <= 1
    assert desk.answer.status_code == 200


def test_a_paid_ticket_brings_its_way_to_pay(desk):
    send(desk, **PAID, **BANK)
    event, ticket = Event.objects.get(), Ticket.objects.get()
    assert (ticket.kind, ticket.price) == ("paid", Decimal("12.50"))
    assert (event.can_pay_by_bank, event.bank_details) == (True, BANK["bank_details"])


def test_the_currency_is_the_one_of_the_place_unless_another_is_said(desk):
    send(desk, timezone="Asia/Tokyo", name="Tokyo")
    send(desk, timezone="Asia/Tokyo", name="Zurich", payment_currency="CHF")
    assert dict(Event.objects.values_list("name", "payment_currency")) == {"Tokyo": "JPY", "Zurich": "CHF"}


def test_another_row_comes_without_script_and_says_nothing_of_what_is_missing_yet(desk):
    send(desk, verb="add", name="")
    new = desk.answer.context["new"]
    assert (len(new.rows), new.errors) == (2, [])
    page = desk.answer.content.decode()
    assert 'name="ticket-1-name"' in page
    assert 'value="Speicher 7"' in page
    assert not Event.objects.exists()


def test_a_past_event_can_be_written_down_and_its_ticket_has_a_sale_that_holds(desk):
    past = {"starts_at": "2020-07-03T10:00", "ends_at": "2020-07-03T18:00"}
    send(desk, **past)
    ticket = Ticket.objects.get()
    assert ticket.sales_starts_at < ticket.sales_ends_at


def test_whoever_is_not_signed_in_comes_back_after_it(client):
    answer = client.get(reverse("manage-new"))
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse('manage-new')}"


def test_an_address_that_is_not_proven_makes_no_event(desk, ada):
    User.objects.filter(pk=ada.pk).update(is_verified=False)
    assert "First show that your e-mail address is yours" in send(desk).page
    assert desk.answer.status_code == 403
    assert not Event.objects.exists()


def test_the_page_is_nobodys_to_keep(desk):
    assert "no-store" in desk.open(reverse("manage-new")).answer.headers["Cache-Control"]


def test_the_zone_of_the_browser_is_guessed_only_on_a_page_that_nobody_has_typed_in(desk):
    assert b"data-guess" in desk.open(reverse("manage-new")).answer.content
    assert b"data-guess" not in send(desk, name="").answer.content


def test_the_start_shown_again_is_the_one_typed(desk):
    assert f'value="{TYPED["starts_at"]}"' in send(desk, name="").answer.content.decode()


def test_an_event_of_one_hour_ends_after_an_hour(desk):
    send(desk, ends_at=f"{NEXT_YEAR}-07-03T11:00")
    event = Event.objects.get()
    assert event.ends_at - event.starts_at == timedelta(hours=1)
