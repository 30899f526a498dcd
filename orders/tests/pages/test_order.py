"""The order afterwards: who may open it, what it shows, and what can be done with it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from notifications.models import Mail
from orders.models import Order
from orders.services.states import cancel_order, mark_paid
from orders.tests.factories import make_finished_order, make_order

pytestmark = pytest.mark.django_db


def page_of(order, name="order", **more):
    return reverse(name, kwargs={"identifier": order.identifier, **more})


def link_to(order, name="order", **more):
    return page_of(order, name, secret=order.secret, **more)


@pytest.fixture
def guests_order(guest, free_ticket):
    return guest.choose((free_ticket, 2)).fill_in().order


def test_the_secret_link_opens_a_guests_order_and_is_kept_by_nobody(client, guests_order):
    answer = client.get(link_to(guests_order))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("secret", ["A" * 26, "a" * 26, "A" * 25])
def test_a_guessed_link_opens_nothing(client, guests_order, secret):
    assert client.get(f"/orders/{guests_order.identifier}/{secret}").status_code == 404


def test_an_order_without_its_link_asks_to_sign_in(client, guests_order):
    answer = client.get(page_of(guests_order))
    assert (answer.status_code, answer["Location"].startswith(reverse("account_login"))) == (302, True)


def test_the_buyers_account_opens_it_and_nobody_elses(client, bob, eve, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    client.force_login(bob)
    own = client.get(page_of(order)).status_code
    client.force_login(eve)
    pages = [page_of(order, name) for name in ("order", "details", "order-pdf", "cancel-order")]
    assert (own, [client.get(page).status_code for page in pages]) == (200, [404] * 4)


def test_a_guests_order_is_in_the_account_once_the_address_is_proven(client, guests_order, eve):
    eve.email, eve.is_verified = "mira@example.org", False
    eve.save()
    client.force_login(eve)
    before = client.get(page_of(guests_order)).status_code
    eve.is_verified = True
    eve.save()
    assert (before, client.get(page_of(guests_order)).status_code) == (404, 200)
    assert guests_order.identifier in client.get(reverse("my-tickets")).content.decode()


def test_the_pdfs_open_by_the_link_and_are_pdfs(client, guests_order):
    holder = guests_order.attendees.first().identifier
    answers = [
        client.get(link_to(guests_order, "order-pdf")),
        client.get(link_to(guests_order, "holder-pdf", holder=holder)),
    ]
    assert [(answer["Content-Type"], answer.content[:5]) for answer in answers] == [("application/pdf", b"%PDF-")] * 2


def test_the_page_leads_to_every_paper_that_there_is(guest, paid_ticket, ada):
    order = guest.choose(paid_ticket).fill_in(payment_mode="bank").order
    mark_paid(Order.objects.get(pk=order.pk), by=ada)
    page = guest.open(link_to(order)).answer.content.decode()
    for name in ("summary", order.invoices.get().identifier, "receipt"):
        address = link_to(order, "order-paper", paper=name)
        answer = guest.client.get(address)
        assert (address in page, answer.content[:5], "no-store" in answer["Cache-Control"]) == (True, b"%PDF-", True)
    assert guest.client.get(link_to(order, "order-paper", paper="other")).status_code == 404


def test_a_lost_ticket_gets_a_new_code_from_its_buyer(guest, guests_order):
    holder = guests_order.attendees.first()
    address = link_to(guests_order, "reissue", holder=holder.identifier)
    page = guest.open(link_to(guests_order, "rename-holder", holder=holder.identifier)).answer.content.decode()
    assert f'action="{address}"' in page
    assert guest.client.get(address).status_code == 405
    guest.answer = guest.client.post(address, follow=True)
    assert "has a new code: the old one lets nobody in any more" in guest.page
    assert guests_order.attendees.first().code != holder.code


def test_the_link_of_an_accounts_order_issues_nothing_anew(client, bob, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    holder = order.attendees.get()
    assert client.post(link_to(order, "reissue", holder=holder.identifier)).status_code == 403
    assert order.attendees.get().code == holder.code


def test_a_ticket_of_another_order_does_not_open_here(client, guests_order, bob, free_ticket):
    other = make_finished_order(free_ticket, by=bob).attendees.get()
    assert client.get(link_to(guests_order, "holder-pdf", holder=other.identifier)).status_code == 404


def test_an_unfinished_order_leads_to_its_form_and_shows_no_paper(guest, free_ticket):
    order = guest.choose(free_ticket).order
    assert guest.client.get(link_to(order))["Location"] == link_to(order, "details")
    assert guest.client.get(link_to(order, "order-pdf")).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_the_story_tells_of_states_and_of_mails_with_their_delivery(guest, guests_order):
    page = guest.open(link_to(guests_order)).page
    assert all(words in page for words in ("Places held", "Order completed", "sent, to mira@example.org"))


def test_the_mail_is_sent_again_to_the_buyer_five_times_an_hour(client, guests_order):
    answers = [client.post(link_to(guests_order, "resend")).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert [mail.recipient for mail in Mail.objects.filter(kind="order-completed")] == ["mira@example.org"] * 6


def test_looking_sends_no_mail(client, guests_order):
    assert client.get(link_to(guests_order, "resend")).status_code == 405


def test_there_is_nothing_to_send_again_before_the_order_is_made(guest, free_ticket):
    order = guest.choose(free_ticket).order
    assert guest.client.post(link_to(order, "resend")).status_code == 409


def test_a_placed_order_turns_into_tickets_when_it_is_paid(guest, paid_ticket, ada):
    order = guest.choose(paid_ticket).fill_in(payment_mode="bank").order
    assert "Your places are kept, Mira" in guest.page
    mark_paid(Order.objects.get(pk=order.pk), by=ada)
    page = guest.open(link_to(order)).page
    assert ("You’re going, Mira" in page, "IBAN" in page) == (True, False)


def test_a_placed_order_says_until_when_it_is_kept_and_one_that_ended_whom_to_ask(guest, paid_ticket):
    order = guest.choose(paid_ticket).fill_in(payment_mode="bank").order
    order = Order.objects.get(pk=order.pk)
    until = order.awaited_until.astimezone(order.event.zone)
    assert f"kept for you until {until:%-d %B %Y}" in guest.page
    Order.objects.update(status="expired")
    assert "If you have paid meanwhile, ask the organizer" in guest.open(link_to(order)).page


def test_the_buyer_cancels_after_being_asked(guest, guests_order, free_ticket):
    assert "2 tickets for Harbour Days stop working" in guest.open(link_to(guests_order, "cancel-order")).page
    guest.answer = guest.client.post(link_to(guests_order, "cancel-order"), follow=True)
    assert "This order is cancelled" in guest.page
    free_ticket.refresh_from_db()
    assert free_ticket.reserved == 0


def test_asking_alone_cancels_nothing(client, guests_order):
    client.get(link_to(guests_order, "cancel-order"))
    guests_order.refresh_from_db()
    assert guests_order.status == "completed"


def test_a_paid_order_is_not_cancelled_here(guest, paid_ticket, ada):
    order = guest.choose(paid_ticket).fill_in(payment_mode="bank").order
    mark_paid(Order.objects.get(pk=order.pk), by=ada)
    guest.client.post(link_to(order, "cancel-order"))
    order.refresh_from_db()
    assert order.status == "completed"
    assert "Cancel order" not in guest.open(link_to(order)).page


def test_the_link_of_an_accounts_order_shows_it_and_changes_nothing(client, bob, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    holder = order.attendees.get().identifier
    assert client.get(link_to(order)).status_code == 200
    client.post(link_to(order, "cancel-order"))
    renamed = client.post(link_to(order, "rename-holder", holder=holder), {"firstname": "Eve"})
    order.refresh_from_db()
    assert (order.status, renamed.status_code) == ("completed", 403)


def test_a_new_name_issues_a_new_ticket_and_voids_the_old(client, guests_order):
    holder = guests_order.attendees.first()
    code = holder.code
    typed = {"firstname": "Jonas", "lastname": "Brandt", "email": "jonas@example.org"}
    client.post(link_to(guests_order, "rename-holder", holder=holder.identifier), typed)
    holder.refresh_from_db()
    assert (holder.name, holder.code == code) == ("Jonas Brandt", False)
    assert Mail.objects.filter(recipient="jonas@example.org").count() == 1


def test_a_new_name_is_checked_and_kept(client, guests_order):
    holder = guests_order.attendees.first()
    answer = client.post(
        link_to(guests_order, "rename-holder", holder=holder.identifier), {"firstname": "", "email": "jonas@"}
    )
    assert answer.status_code == 200
    assert b'value="jonas@"' in answer.content


def test_a_link_mails_no_endless_row_of_new_holders(client, guests_order):
    holder = guests_order.attendees.first()
    address = link_to(guests_order, "rename-holder", holder=holder.identifier)
    for number in range(30):
        assert client.post(address, {"firstname": "Jonas", "email": f"j{number}@example.org"}).status_code == 302
    assert "too often" in client.post(address, {"firstname": "Jonas", "email": "last@example.org"}).content.decode()
    assert not Mail.objects.filter(recipient="last@example.org").exists()


def test_a_guest_puts_a_private_event_into_their_calendar(client, guests_order):
    Event.objects.update(privacy="private")
    calendar = client.get(link_to(guests_order)).context["calendar"]
    assert b"SUMMARY:Harbour Days" in client.get(calendar).content


def test_the_page_says_until_when_names_change(guest, guests_order):
    until = timezone.now() + timedelta(days=1)
    Event.objects.update(holders_change_until=until, timezone="UTC")
    assert f"Names can be changed until {until:%-d %B %Y, %H:%M}." in guest.open(link_to(guests_order)).page
    Event.objects.update(holders_change_until=timezone.now())
    page = guest.open(link_to(guests_order)).page
    assert "Names could be changed until" in page and "Edit name" not in page


def test_names_are_settled_once_the_event_has_begun(client, guests_order):
    Event.objects.update(starts_at=timezone.now())
    holder = guests_order.attendees.first()
    answer = client.post(link_to(guests_order, "rename-holder", holder=holder.identifier), {"firstname": "Jonas"})
    assert "The event has begun" in answer.content.decode()


def test_an_order_of_a_deleted_event_stays_readable(client, bob, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    Event.objects.update(deleted_at=timezone.now())
    client.force_login(bob)
    assert client.get(page_of(order)).status_code == 200


def test_my_tickets_are_mine_those_to_come_apart_from_those_over(client, bob, eve, free_ticket):
    coming, cancelled, _ = (make_finished_order(free_ticket, by=who) for who in (bob, bob, eve))
    cancel_order(cancelled, by=bob)
    client.force_login(bob)
    shown = client.get(reverse("my-tickets")).context["page"].object_list
    past = client.get(reverse("my-tickets"), {"past": 1}).context["page"].object_list
    assert ([one.pk for one in shown], [one.pk for one in past]) == ([coming.pk], [cancelled.pk])


def test_a_checkout_that_timed_out_is_not_coming(client, bob, free_ticket):
    order = make_order(free_ticket, by=bob)
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
    client.force_login(bob)
    assert list(client.get(reverse("my-tickets")).context["page"].object_list) == []


def test_my_tickets_asks_the_database_as_often_for_one_order_as_for_three(
    client, bob, free_ticket, django_assert_num_queries
):
    client.force_login(bob)
    counts = []
    for _ in range(2):
        make_finished_order(free_ticket, by=bob)
        with django_assert_num_queries(20, exact=False) as asked:
            client.get(reverse("my-tickets"))
        counts.append(len(asked))
        make_finished_order(free_ticket, by=bob)
    assert counts[0] == counts[1]


def test_a_stranger_has_to_sign_in_to_see_their_tickets(client):
    assert client.get(reverse("my-tickets")).status_code == 302
