"""Who buys, who comes, how it is paid: the second screen."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from notifications.models import Mail
from orders.models import Order
from orders.tests.factories import make_ticket
from orders.tests.pages.shopper import Shopper

pytestmark = pytest.mark.django_db


def test_a_guest_gets_a_free_ticket_in_two_posts_and_sees_it_at_once(guest, free_ticket):
    guest.choose(free_ticket).fill_in()
    assert "You’re going, Mira" in guest.page
    assert b"data:image/png" in guest.answer.content
    assert (guest.order.status, guest.order.user, guest.order.email) == ("completed", None, "mira@example.org")


def test_a_free_ticket_asks_for_no_payment(guest, free_ticket):
    page = guest.choose(free_ticket).page
    assert ("How you pay" in page, "Get the tickets" in page) == (False, True)


def test_a_bank_transfer_is_placed_and_says_where_to_pay(guest, paid_ticket):
    page = guest.choose((paid_ticket, 2)).fill_in(payment_mode="bank").page
    assert all(words in page for words in ("Awaiting transfer", "Pay €40.00 and name", "IBAN DE02"))


@pytest.mark.parametrize(
    ("mode", "details", "title"),
    [
        ("cheque", "To Ropeworks, Quay 7.", "Pay by cheque"),
        ("onsite", "Cash or card at the desk.", "Pay at the door"),
        ("invoice", "It comes within a week.", "Pay the invoice"),
    ],
)
def test_each_way_without_a_provider_says_how_on_the_page_and_in_the_mail(
    guest, event, paid_ticket, mode, details, title
):
    event.can_pay_by_cheque = event.can_pay_by_invoice = True
    event.cheque_details, event.invoice_details = "To Ropeworks, Quay 7.", "It comes within a week."
    event.save()
    guest.choose(paid_ticket).fill_in(payment_mode=mode)
    mail = Mail.objects.get(kind="order-placed")
    assert all(words in text for words in (title, details, "€20.00") for text in (guest.page, mail.text))


def test_only_ways_of_paying_that_end_here_are_offered(guest, paid_ticket):
    page = guest.choose(paid_ticket).page
    assert [words in page for words in ("Bank transfer", "At the door", "Cheque", "stripe")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("mode", ["", "cheque", "stripe", "free", "nonsense"])
def test_a_way_of_paying_that_is_not_offered_is_told(guest, paid_ticket, mode):
    guest.choose(paid_ticket).fill_in(payment_mode=mode)
    assert "Choose how you pay." in guest.page
    assert Order.objects.get().status == "initializing"


def test_each_attendee_has_their_own_form_and_the_first_of_each_type_is_the_buyer(guest, free_ticket, event):
    guest.choose((free_ticket, 2), make_ticket(event, name="Workshop"))
    checked = [one["form"]["same"].value() for one in guest.answer.context["asked"].holders]
    assert checked == [True, False, True]


def test_another_holder_is_named_and_gets_their_own_mail(guest, free_ticket):
    guest.choose((free_ticket, 2))
    _, second = guest.order.attendees.order_by("pk")
    guest.fill_in(
        **{
            f"holder-{second.pk}-same": "",
            f"holder-{second.pk}-firstname": "Jonas",
            f"holder-{second.pk}-lastname": "Brandt",
            f"holder-{second.pk}-email": "jonas@example.org",
        }
    )
    assert [one.name for one in guest.order.attendees.order_by("pk")] == ["Mira Okafor", "Jonas Brandt"]
    assert {mail.recipient for mail in Mail.objects.about(guest.order)} == {"mira@example.org", "jonas@example.org"}


def test_what_is_missing_is_told_beside_its_field_and_the_rest_is_kept(guest, free_ticket):
    guest.choose((free_ticket, 2))
    _, second = guest.order.attendees.order_by("pk")
    guest.fill_in(first="", email="mira@", **{f"holder-{second.pk}-same": ""})
    assert "4 fields need a change. Your tickets are still held." in guest.page
    for field in ("buyer-firstname", "buyer-email", f"holder-{second.pk}-firstname"):
        assert f'href="#id_{field}"'.encode() in guest.answer.content
    assert b'value="mira@"' in guest.answer.content
    assert b'value="Okafor"' in guest.answer.content


def test_a_company_gives_its_address(guest, paid_ticket):
    guest.choose(paid_ticket).fill_in(payment_mode="bank", **{"buyer-is_billing_enabled": "on"})
    assert "5 fields need a change" in guest.page
    guest.fill_in(
        payment_mode="bank",
        **{
            "buyer-is_billing_enabled": "on",
            "buyer-company": "Quay Ltd",
            "buyer-address": "Quay 1",
            "buyer-zipcode": "24103",
            "buyer-city": "Norrhaven",
            "buyer-country": "Germany",
        },
    )
    assert (guest.order.status, guest.order.company, guest.order.city) == ("placed", "Quay Ltd", "Norrhaven")


def test_an_event_can_want_the_address_of_everybody_who_pays(guest, event, paid_ticket, free_ticket):
    Event.objects.filter(pk=event.pk).update(is_billing_info_mandatory=True)
    assert "5 fields need a change" in guest.choose(paid_ticket).fill_in(payment_mode="bank").page
    assert "You’re going" in guest.choose(free_ticket).fill_in().page


def test_a_signed_in_buyer_finds_the_form_filled_in_and_keeps_their_address(sign_in, bob, free_ticket):
    shopper = sign_in(bob).choose(free_ticket)
    assert shopper.answer.context["asked"].buyer["email"].value() == bob.email
    shopper.fill_in(first="Bob", email="eve@example.org")
    assert (shopper.order.user, shopper.order.email, shopper.order.status) == (bob, bob.email, "completed")


def test_the_hold_tells_when_it_ends(guest, free_ticket):
    page = guest.choose(free_ticket).page
    assert "Held for you until" in page
    assert "15 minutes left." in page


def test_a_hold_can_be_extended_ten_times_and_what_was_typed_stays(guest, free_ticket):
    guest.choose(free_ticket)
    for left in range(9, -1, -1):
        guest.fill_in(verb="extend")
        assert (f"You can extend {left} time" in guest.page) == (left > 0)
    assert b'value="Mira"' in guest.answer.content
    assert "115 minutes left." in guest.page
    assert "as often as it can be" in guest.fill_in(verb="extend").page


def end_hold(order):
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("verb", ["finish", "extend", "back"])
def test_a_hold_that_has_ended_is_over_whatever_is_pressed(guest, free_ticket, verb):
    guest.choose((free_ticket, 2))
    end_hold(guest.order)
    guest.fill_in(verb=verb)
    assert "Your time ran out" in guest.page
    assert f"quantity-{free_ticket.pk}=2".encode() in guest.answer.content


def test_somebody_else_may_have_the_seat_from_the_second_that_the_hold_ends(guest, event):
    seat = make_ticket(event, name="Last", quantity=1)
    first = guest.choose(seat).order
    other = Shopper(Client())
    assert "Choose at least one ticket." in other.choose(seat).page
    end_hold(first)
    assert other.choose(seat).fill_in().order.status == "completed"
    first.refresh_from_db()
    assert first.status == "expired"


def test_going_back_gives_the_seats_back_and_keeps_the_choice(guest, event, free_ticket):
    guest.choose((free_ticket, 2)).fill_in(verb="back")
    assert guest.address.startswith(reverse("event", args=[event.identifier]))
    free_ticket.refresh_from_db()
    assert free_ticket.reserved == 0
    assert [line.quantity_typed for line in guest.answer.context["picker"].lines] == ["2"]
    assert Mail.objects.count() == 0


def test_who_comes_back_by_the_browsers_button_does_not_compete_with_themself(guest, event):
    seat = make_ticket(event, name="Last", quantity=1)
    first = guest.choose(seat).order
    second = guest.choose(seat).order
    first.refresh_from_db()
    assert (first.status, second.status, second.pk == first.pk) == ("expired", "initializing", False)


def test_choosing_again_leaves_a_finished_order_alone(guest, free_ticket):
    first = guest.choose(free_ticket).fill_in().order
    guest.choose(free_ticket)
    first.refresh_from_db()
    assert first.status == "completed"


def test_finishing_twice_makes_one_order(guest, free_ticket):
    guest.choose(free_ticket)
    here = guest.answer.request["PATH_INFO"]
    typed = {"buyer-firstname": "Mira", "buyer-lastname": "O", "buyer-email": "m@example.org", "verb": "finish"}
    typed |= {f"holder-{guest.order.attendees.get().pk}-same": "on"}
    answers = [guest.client.post(here, typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Order.objects.count(), Mail.objects.count()) == (1, 1)


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ 7|add:7 }}", "a" * 201, "\x00\ud83d\ude00"])
def test_strange_names_are_kept_as_words_or_refused_never_run(guest, free_ticket, words):
    guest.choose(free_ticket).fill_in(first=words.encode(errors="ignore").decode())
    assert guest.answer.status_code == 200
    assert b"<script>alert" not in guest.answer.content
    assert b"14" not in guest.answer.content.split(b"<h1", 1)[1].split(b"</h1>")[0]
