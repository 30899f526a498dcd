"""One order on the organizer's side: why it is as it is, what happened, and what can be done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity
from notifications.models import Mail
from orders.models import Order
from orders.models.scan import Scan
from orders.services.change_ticket import change_ticket
from orders.services.holders import change_holder
from orders.services.states import cancel_order, mark_paid
from orders.tests.factories import make_finished_order, make_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


@pytest.fixture
def order(bob, paid_ticket):
    """Bob's two tickets, €40.00, to be paid by transfer."""
    return make_finished_order((paid_ticket, 2), by=bob, mode="bank")


def page_of(order, name="manage-order", *more):
    return reverse(name, args=[order.event.identifier, order.identifier, *more])


def press(desk, order, verb, **fields):
    typed = {"verb": verb, "seen": order.current_status, **fields}
    desk.answer = desk.client.post(page_of(order), typed, follow=True)
    return desk


def test_an_order_says_why_it_is_so_and_what_may_come_next(desk, order, ada):
    page = desk.open(page_of(order)).page
    until = f"{order.awaited_until.astimezone(order.event.zone):%-d %B %Y}"
    assert f"€40.00 by bank is awaited until {until}; the organizer marks it paid." in page
    assert "It can be marked paid, cancelled or left to expire." in page
    cancel_order(order, by=ada, note="No show.")
    assert "It was cancelled by the organizer: No show." in desk.open(page_of(order)).page


@pytest.mark.django_db(transaction=True)
def test_marking_paid_sends_the_tickets_and_stands_on_the_timeline_with_who(desk, order):
    page = press(desk, order, "paid").page
    order.refresh_from_db()
    assert (order.status, Mail.objects.filter(kind="order-completed", status="sent").count()) == ("completed", 1)
    assert "€40.00 paid by bank" in page
    lines = [(line.title, line.who) for line in desk.answer.context["timeline"] if line.kind == "money"]
    assert lines == [("€40.00 paid by bank", "Ada")]


def test_the_second_of_two_is_told_and_nothing_happens_twice(desk, order, cora):
    mark_paid(order, by=cora)
    desk.client.post(page_of(order), {"verb": "paid", "seen": "placed"})
    answer = desk.client.post(page_of(order), {"verb": "paid", "seen": "placed"})
    assert answer.status_code == 409
    assert "It has changed since you looked. €40.00 was paid by bank" in answer.content.decode()
    assert Activity.objects.filter(action="order.completed").count() == 1


def test_an_order_is_cancelled_after_its_consequences_were_named_with_a_note(desk, order, paid_ticket):
    page = desk.open(page_of(order, "manage-cancel")).page
    assert "2 tickets stop working, and their places are on sale again. €40.00 is no longer awaited." in page
    desk.client.post(page_of(order, "manage-cancel"), {"seen": "placed", "note": "The quay is flooded."})
    order.refresh_from_db()
    paid_ticket.refresh_from_db()
    assert (order.status, order.cancel_note, paid_ticket.reserved) == ("cancelled", "The quay is flooded.", 0)
    assert "The quay is flooded." in Mail.objects.get(kind="order-cancelled").text


def test_who_cancels_what_was_paid_meanwhile_is_asked_again_and_keeps_the_note(desk, order, ada):
    mark_paid(order, by=ada)
    answer = desk.client.post(page_of(order, "manage-cancel"), {"seen": "placed", "note": "The quay is flooded."})
    page = answer.content.decode()
    assert (answer.status_code, "The quay is flooded.</textarea>" in page) == (409, True)
    assert "€40.00 goes back: €40.00 by hand." in page
    assert "You give €40.00 back yourself" in page
    order.refresh_from_db()
    assert order.status == "completed"


def test_a_note_is_the_teams_alone_and_stays(desk, order, bob, client):
    press(desk, order, "note", note="Called, <b>voicemail</b>.")
    desk.open(page_of(order))
    assert "Ada wrote a note “Called, <b>voicemail</b>.”" in desk.page
    client.force_login(bob)
    assert "voicemail" not in client.get(reverse("order", args=[order.identifier])).content.decode()


@pytest.mark.parametrize("note", ["", "   ", "\x00", "x" * 2001])
def test_a_note_that_is_empty_or_endless_is_refused_and_kept(desk, order, note):
    answer = desk.client.post(page_of(order), {"verb": "note", "note": note})
    assert (answer.status_code, Activity.objects.filter(action="order.noted").exists()) == (422, False)
    assert note.strip("\x00 ") in answer.content.decode()


def test_the_mail_is_sent_again_and_tells_where_to(desk, order):
    assert "The mail is on its way to bob@example.org." in press(desk, order, "resend").page
    assert Mail.objects.filter(kind="order-placed").count() == 2


def test_a_mail_that_did_not_arrive_is_said_first_with_the_servers_words(desk, order):
    Mail.objects.update(status="failed", error="550 no such domain")
    page = desk.open(page_of(order)).page
    assert "The newest mail has not arrived." in page
    assert "The mail server said: 550 no such domain" in page


def test_a_hold_is_given_ten_minutes_more(desk, bob, free_ticket):
    order = make_order(free_ticket, by=bob)
    until = order.expires_at
    press(desk, order, "extend")
    order.refresh_from_db()
    assert (order.expires_at - until).total_seconds() == 600


def test_another_holder_gets_a_new_ticket_and_the_old_code_is_void(desk, order, ada):
    mark_paid(order, by=ada)
    holder = order.attendees.first()
    code = holder.code
    typed = {"firstname": "Jonas", "lastname": "Brandt", "email": "jonas@example.org"}
    desk.answer = desk.client.post(page_of(order, "manage-holder", holder.identifier), typed, follow=True)
    holder.refresh_from_db()
    assert (holder.name, holder.code == code) == ("Jonas Brandt", False)
    assert "Ticket changed: Jonas Brandt" in desk.page
    assert "Ticket issued anew, its old code is void: Jonas Brandt" in desk.page


def test_two_edit_one_holder_and_the_second_is_told_and_loses_nothing(desk, order, cora):
    holder = order.attendees.first()
    desk.open(page_of(order, "manage-holder", holder.identifier))
    seen = desk.answer.context["form"].initial["seen"]
    change_holder(holder, by=cora, changes={"firstname": "Zuzana"})
    typed = {"firstname": "Jonas", "lastname": "Brandt", "email": "", "seen": seen}
    desk.answer = desk.client.post(page_of(order, "manage-holder", holder.identifier), typed, follow=True)
    assert "First name is now “Zuzana”" in desk.page
    assert 'value="Jonas"' in desk.answer.content.decode()


def test_the_timeline_tells_all_and_can_be_narrowed(desk, order, ada, bob):
    mark_paid(order, by=ada)
    holder = order.attendees.first()
    Scan.objects.create(event=order.event, attendee=holder, verdict="in", gate="Quay gate", by=ada, by_name="Ada")

    def titles(show=""):
        return [line.title for line in desk.open(f"{page_of(order)}?show={show}").answer.context["timeline"]]

    assert f"Came in: {holder.name}" in titles()
    assert titles("money") == ["€40.00 paid by bank"]
    assert {line.kind for line in desk.open(f"{page_of(order)}?show=mails").answer.context["timeline"]} == {"mails"}
    assert titles("junk%00") == titles()
    times = [line.at for line in desk.open(page_of(order)).answer.context["timeline"]]
    assert times == sorted(times, reverse=True)


def test_an_order_without_a_log_tells_of_its_own_dates(desk, order):
    Activity.objects.all()._raw_delete("default")
    order.completed_at = timezone.now()
    order.save()
    titles = [line.title for line in desk.open(page_of(order)).answer.context["timeline"] if line.kind != "mails"]
    assert titles == ["€40.00 paid by bank", "Order made"]


def test_an_order_without_a_log_tells_what_was_paid_then_and_what_came_of_it(desk, order, ada):
    """It was brought along with its money, and a ticket of it was changed here."""
    mark_paid(order, by=ada)
    Activity.objects.all()._raw_delete("default")
    dearer = make_ticket(order.event, name="Dinner", price="35.00")
    change_ticket(order.attendees.first(), ticket=dearer, by=ada)
    lines = desk.open(f"{page_of(order)}?show=money").answer.context["timeline"]
    assert [line.title for line in lines] == ["Ticket type changed, €15.00", "€40.00 paid by bank"]


def test_answers_of_the_order_form_stand_with_their_attendee(desk, order):
    holder = order.attendees.first()
    holder.job_title, holder.complex_field_values = "Captain", {"meal": "vegan", "": None}
    holder.save()
    page = desk.open(page_of(order)).page
    assert ("Job title Captain" in page, "Meal vegan" in page) == (True, True)


def test_the_page_asks_as_often_for_one_ticket_as_for_three(desk, bob, paid_ticket, django_assert_num_queries):
    counts = []
    for count in (1, 3):
        order = make_finished_order((paid_ticket, count), by=bob, mode="bank")
        with django_assert_num_queries(40, exact=False) as asked:
            desk.open(page_of(order))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_deleted_order_is_not_there(desk, order):
    Order.objects.update(deleted_at=timezone.now())
    assert desk.open(page_of(order)).answer.status_code == 404


def test_a_verb_that_is_none_is_not_there(desk, order):
    assert desk.client.post(page_of(order), {"verb": "melt", "seen": "placed"}).status_code == 404


def test_the_team_waits_longer_for_its_money(desk, order, event):
    placed = order.awaited_until
    assert "Wait 14 more days" in desk.open(page_of(order)).page
    Order.objects.filter(pk=order.pk).update(expires_at=placed - timedelta(days=9))
    page = press(desk, order, "wait").page
    order.refresh_from_db()
    assert (order.awaited_until - placed).days == 0
    assert "Its money is awaited until" in page
    assert "More time to pay" in page


def test_the_team_reaches_every_paper(desk, order, ada):
    mark_paid(order, by=ada)
    page = desk.open(page_of(order)).answer.content.decode()
    for name in ("tickets", "summary", order.invoices.get().identifier, "receipt"):
        address = page_of(order, "manage-paper", name)
        assert (address in page, desk.client.get(address).content[:5]) == (True, b"%PDF-")
    assert desk.client.get(page_of(order, "manage-paper", "other")).status_code == 404


def test_the_team_gives_a_ticket_a_new_code(desk, order):
    holder = order.attendees.first()
    assert "New code" in desk.open(page_of(order, "manage-holder", holder.identifier)).page
    desk.answer = desk.client.post(page_of(order, "manage-reissue", holder.identifier), follow=True)
    assert f"The ticket of {holder.name} has a new code" in desk.page
    assert order.attendees.first().code != holder.code
    assert "Ticket issued anew" in desk.page
