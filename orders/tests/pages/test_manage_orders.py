"""The organizer's list of orders: found, narrowed, page by page, and one verb on many."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity
from events.tests.factories import make_event
from notifications.models import Job, Mail
from orders.models import Order, Refund
from orders.pages.manage import orders as page_module
from orders.services.states import cancel_order, mark_paid
from orders.tests.factories import make_finished_order, make_order, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


def list_of(event, query=""):
    return f"{reverse('manage-orders', args=[event.identifier])}?{query}"


def codes_in(answer):
    return [order.identifier for order in answer.context["page"].orders]


def bulk_of(event, query):
    return f"{reverse('manage-bulk', args=[event.identifier])}?{query}"


def test_the_head_counts_what_is_shown_among_all(desk, bob, event, free_ticket, paid_ticket):
    make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    make_finished_order(free_ticket, by=bob)
    assert "2 orders · 3 tickets · €40.00" in desk.open(list_of(event)).page
    assert "1 of 2 orders · 2 tickets · €40.00" in desk.open(list_of(event, "status=placed")).page


def test_a_filter_is_a_chip_that_leads_to_the_list_without_it(desk, bob, event, paid_ticket):
    make_finished_order(paid_ticket, by=bob, mode="bank")
    desk.open(list_of(event, f"q=bob&status=placed&ticket={paid_ticket.pk}&since=2026-01-01"))
    assert [words for words, _ in desk.answer.context["chips"]] == [
        "Awaiting payment",
        "“bob”",
        "Ticket: Standard",
        "Since 1 Jan 2026",
    ]
    assert dict(desk.answer.context["chips"])["“bob”"] == f"status=placed&ticket={paid_ticket.pk}&since=2026-01-01"


def test_pages_follow_each_other_whatever_comes_in_meanwhile(desk, bob, event, free_ticket, monkeypatch):
    monkeypatch.setattr(page_module, "PAGE_SIZE", 2)
    moment = timezone.now()
    orders = [make_order(free_ticket, by=bob) for _ in range(5)]
    Order.objects.update(created_at=moment)  # all at one moment: their ids decide
    newest_first = [order.identifier for order in reversed(orders)]
    first = desk.open(list_of(event)).answer
    late = make_order(free_ticket, by=bob)
    second = desk.open(list_of(event, first.context["page"].older)).answer
    third = desk.open(list_of(event, second.context["page"].older)).answer
    back = desk.open(list_of(event, third.context["page"].newer)).answer
    assert codes_in(first) + codes_in(second) + codes_in(third) == newest_first
    assert (codes_in(back), third.context["page"].older) == (newest_first[2:4], "")
    front = desk.open(list_of(event, back.context["page"].newer)).answer
    assert codes_in(front) == newest_first[:2]
    assert codes_in(desk.open(list_of(event, front.context["page"].newer)).answer) == [late.identifier]


@pytest.mark.parametrize("junk", ["older=%00", "newer=nobody", "older=" + "A" * 4000, "q=%00&ticket=%00", "page=x"])
def test_junk_in_the_address_is_no_error(desk, bob, event, free_ticket, junk):
    make_order(free_ticket, by=bob)
    assert desk.open(list_of(event, junk)).answer.status_code == 200


def test_the_list_asks_as_often_for_one_order_as_for_three(desk, bob, event, paid_ticket, django_assert_num_queries):
    counts = []
    for _ in range(2):
        make_finished_order(paid_ticket, by=bob, mode="bank")
        with django_assert_num_queries(30, exact=False) as asked:
            desk.open(list_of(event, "q=bob"))
        counts.append(len(asked))
        make_finished_order(paid_ticket, by=bob, mode="bank")
    assert counts[0] == counts[1]


def test_a_search_as_it_is_typed_gets_the_list_alone_and_its_address(client, ada, bob, event, free_ticket):
    make_finished_order(free_ticket, by=bob)
    client.force_login(ada)
    typed = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{list_of(event, 'q=bo')}"}
    answer = client.get(list_of(event, "q=bob&status="), headers=typed)
    assert (b"<html" in answer.content, b'hx-swap-oob="innerHTML">1 of 1 order' in answer.content) == (False, True)
    assert answer["HX-Replace-Url"] == "?q=bob"
    assert client.get(list_of(event, "status=placed"), headers=typed)["HX-Push-Url"] == "?status=placed"
    restored = client.get(list_of(event), headers={**typed, "HX-History-Restore-Request": "true"})
    assert b"<html" in restored.content


def test_who_finds_nothing_gets_a_way_on(desk, bob, event, free_ticket):
    order = make_finished_order(free_ticket, by=bob)
    Order.objects.update(first_name="Mira", last_name="Okonkwo-Lind")
    page = desk.open(list_of(event, "q=okonkwo&status=cancelled&mode=bank")).page
    assert ("Without the filters: 1 order" in page, "Clear search and 2 filters" in page) == (True, True)
    assert f"Nearest: Mira Okonkwo-Lind {order.identifier}" in desk.open(list_of(event, "q=miar okonko")).page
    assert "Nearest" not in desk.open(list_of(event, "q=xylophone")).page


def test_every_row_shows_whether_its_newest_mail_went_out(desk, bob, event, free_ticket):
    make_finished_order(free_ticket, by=bob)
    Mail.objects.update(status="failed")
    assert "Not delivered" in desk.open(list_of(event)).page


def test_another_events_orders_are_not_listed_or_opened(desk, ada, bob, event):
    other = make_event(owner=ada)
    order = make_order(make_ticket(other), by=bob)
    assert order.identifier not in desk.open(list_of(event)).page
    for name in ("manage-order", "manage-cancel"):
        assert desk.open(reverse(name, args=[event.identifier, order.identifier])).answer.status_code == 404
    assert "Select orders first" in desk.open(bulk_of(event, f"verb=cancel&order={order.identifier}")).page


# ── One verb on many ─────────────────────────────────────────────────────────────────────────────────


def agree(desk, note=""):
    """Press the button of the preview that is open, as the browser would; the job is done at once in tests."""
    [claim] = re.findall(r'name="claim" value="([^"]+)"', desk.answer.content.decode())
    desk.answer = desk.client.post(desk.answer.request["PATH_INFO"], {"claim": claim, "note": note})
    return Job.objects.order_by("-created_at").first()


@pytest.fixture
def three(bob, paid_ticket, ada):
    """One placed, one paid, one cancelled; 20 euros a ticket."""
    placed, paid, cancelled = (make_finished_order((paid_ticket, count), by=bob, mode="bank") for count in (1, 2, 3))
    mark_paid(paid, by=ada)
    cancel_order(cancelled, by=ada)
    return placed, paid, cancelled


def test_cancelling_many_says_first_what_it_will_do(desk, event, three):
    page = desk.open(bulk_of(event, "verb=cancel&all=1")).page
    assert "Cancel 2 orders?" in page
    assert "3 tickets stop working" in page
    assert "€40.00 was paid and goes back: the way it came, or by your hand if you took it." in page
    assert "1 of 3 stays as it is" in page
    assert "It is cancelled already." in page
    assert [order.status for order in Order.objects.order_by("pk")] == ["placed", "completed", "cancelled"]


@pytest.mark.django_db(transaction=True)
def test_what_was_shown_is_done_each_with_the_note_and_a_mail(desk, event, three, ada):
    desk.open(bulk_of(event, "verb=cancel&all=1"))
    job = agree(desk, note="The quay is flooded.\x00")
    assert (job.status, job.message) == ("done", "2 orders cancelled.")
    assert {order.status for order in Order.objects.all()} == {"cancelled"}
    assert Mail.objects.filter(kind="order-cancelled").count() == 3
    assert Order.objects.filter(cancel_note="The quay is flooded.").count() == 2
    assert Activity.objects.filter(action="order.cancelled", actor=ada).count() == 3


@pytest.mark.django_db(transaction=True)
def test_nothing_is_changed_that_nobody_saw(desk, event, three, bob, ada, paid_ticket):
    placed, paid, _ = three
    desk.open(bulk_of(event, "verb=cancel&all=1"))
    late = make_finished_order(paid_ticket, by=bob, mode="bank")
    mark_paid(placed, by=ada)
    job = agree(desk)
    statuses = {order.pk: order.status for order in Order.objects.all()}
    assert (statuses[late.pk], statuses[placed.pk], statuses[paid.pk]) == ("placed", "completed", "cancelled")
    assert job.message.startswith(
        f"1 order cancelled.\n1 order left as it is:\n{placed.identifier}: It has changed since"
    )


@pytest.mark.django_db(transaction=True)
def test_many_are_marked_paid_and_their_tickets_go_out(desk, event, three):
    placed = three[0]
    page = desk.open(bulk_of(event, f"verb=paid&order={placed.identifier}&order={three[1].identifier}")).page
    assert ("Mark 1 order paid?" in page, "€20.00 counts as received." in page) == (True, True)
    assert "It is paid already." in page
    assert agree(desk).message == "1 order marked paid."
    placed.refresh_from_db()
    assert (placed.status, placed.amount) == ("completed", Decimal(20))


@pytest.mark.django_db(transaction=True)
def test_mails_are_sent_again_where_there_was_one(desk, event, three, bob, free_ticket):
    make_order(free_ticket, by=bob)  # nobody was mailed about it yet
    before = Mail.objects.count()
    page = desk.open(bulk_of(event, "verb=resend&status=placed&status=initializing&all=1")).page
    assert ("Send the mails of 1 order again?" in page, "No mail has been sent for it yet." in page) == (True, True)
    agree(desk)
    assert Mail.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_what_was_paid_for_many_goes_back_and_their_tickets_stay(desk, event, three):
    page = desk.open(bulk_of(event, "verb=refund&all=1")).page
    assert "Give back what was paid for 1 order?" in page
    assert "€40.00 goes back: the way it came, or by your hand if you took it. 2 tickets stay valid." in page
    assert ("2 of 3 stay as they are" in page, "Nothing is left to give back." in page) == (True, True)
    agree(desk, note="Rain. " * 100)
    [refund] = Refund.objects.all()
    assert len(refund.reason) == 400  # what the column holds; PostgreSQL refuses more
    assert (refund.amount, refund.order, refund.order.status, refund.reason[:5]) == (40, three[1], "completed", "Rain.")
    assert Mail.objects.filter(kind="payment-returned").count() == 1


def test_a_preview_is_for_those_who_saw_it_and_for_an_hour(desk, event, three, cora, client):
    desk.open(bulk_of(event, "verb=cancel&all=1"))
    [claim] = re.findall(r'name="claim" value="([^"]+)"', desk.answer.content.decode())
    client.force_login(cora)
    answers = [
        client.post(reverse("manage-bulk", args=[event.identifier]), {"claim": one}).status_code
        for one in (claim, claim + "x", "", "\x00")
    ]
    assert (answers, Job.objects.count()) == ([403] * 4, 0)


@pytest.mark.django_db(transaction=True)
def test_who_left_the_team_meanwhile_changes_nothing(desk, event, three, ada, cora, client):
    client.force_login(cora)
    desk.open(bulk_of(event, "verb=cancel&all=1"))
    [claim] = re.findall(r'name="claim" value="([^"]+)"', desk.answer.content.decode())
    event.roles.filter(user=cora).delete()
    assert client.post(reverse("manage-bulk", args=[event.identifier]), {"claim": claim}).status_code in (403, 404)


@pytest.mark.parametrize(
    "query",
    ["verb=melt&all=1", "verb=cancel&all=1&q=%00", "verb=&order=x", "verb=cancel", "verb=paid&order=%00", "verb=%00"],
)
def test_junk_in_the_address_of_a_preview_is_no_error(desk, event, three, query):
    assert desk.open(bulk_of(event, query)).answer.status_code in (200, 404)


def test_a_preview_asks_as_often_for_one_order_as_for_three(desk, event, three, bob, django_assert_num_queries):
    counts = []
    for query in ("verb=cancel&order=" + three[0].identifier, "verb=cancel&all=1"):
        with django_assert_num_queries(30, exact=False) as asked:
            desk.open(bulk_of(event, query))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_hold_that_has_ended_is_shown_as_expired(desk, bob, event, free_ticket):
    make_order(free_ticket, by=bob)
    Order.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "1 of 1 order" in desk.open(list_of(event, "status=expired")).page
