"""The page behind the bell, and the bell on every page."""

import pytest
from django.test import Client

from notifications.models import Notification, NotificationSetting
from notifications.services.notify import notify, notify_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(bob):
    client = Client()
    client.force_login(bob, backend="accounts.backends.EmailBackend")
    return client


@pytest.fixture
def card(bob):
    return notify(bob, "ticket_purchased", title="Your tickets", message="<p>Two</p>", action="/my/tickets")


def address(card):
    return f"/notifications/{card.pk}/read"


def is_read(card):
    card.refresh_from_db()
    return card.is_read


def bell_of(client, path="/"):
    page = client.get(path).content.decode()
    return page[page.index("data-bell") : page.index("</a>", page.index("data-bell"))]


def test_the_page_shows_what_is_behind_the_bell(signed_in, card):
    page = signed_in.get("/notifications/").content.decode()
    for said in ("Your tickets", "<p>Two</p>", f'action="{address(card)}"', "<time", "Mark all read"):
        assert said in page


def test_an_empty_page_says_what_it_is_for(signed_in):
    page = signed_in.get("/notifications/").content.decode()
    assert "Nothing here yet" in page
    assert "Mark all read" not in page


def test_the_bell_counts_what_is_unread_and_hides_the_number_at_zero(signed_in, bob, card):
    notify(bob, "ticket_purchased", title="Another")
    assert '<span class="dot num" data-count>2</span>' in bell_of(signed_in)
    signed_in.post("/notifications/read")
    assert '<span class="dot num" data-count hidden>0</span>' in bell_of(signed_in)


def test_a_visitor_has_no_bell_and_costs_no_question(client, django_assert_num_queries):
    with django_assert_num_queries(20, exact=False) as asked:
        page = client.get("/").content.decode()
    assert "data-bell" not in page
    assert not [query for query in asked.captured_queries if "notification" in query["sql"]]


def test_the_bell_costs_one_question(signed_in, card, django_assert_num_queries):
    with django_assert_num_queries(20, exact=False) as asked:
        signed_in.get("/")
    assert len([query for query in asked.captured_queries if "notifications_notification" in query["sql"]]) == 1


def test_a_click_marks_a_card_read_and_stays(signed_in, card):
    assert signed_in.post(address(card)).url == "/notifications/"
    assert is_read(card)


def test_the_button_of_a_card_leads_where_it_says(signed_in, card):
    assert signed_in.post(address(card), {"go": "1"}).url == "/my/tickets"
    assert is_read(card)


def test_a_script_is_told_how_many_are_left(signed_in, bob, card):
    notify(bob, "ticket_purchased", title="Another")
    answer = signed_in.post(address(card), headers={"accept": "application/json"})
    assert answer.json() == {"notif_count": 1}
    assert signed_in.get("/notifications/unread").json() == {"notif_count": 1}


def test_no_get_marks_anything_read(signed_in, card):
    for path in (address(card), "/notifications/read"):
        assert signed_in.get(path).status_code == 405
    assert not is_read(card)


def test_marking_read_needs_the_pages_token(bob, card):
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob, backend="accounts.backends.EmailBackend")
    assert client.post(address(card)).status_code == 403
    assert not is_read(card)


def test_nobody_reads_or_marks_what_is_somebody_elses(client, eve, card):
    client.force_login(eve, backend="accounts.backends.EmailBackend")
    assert "Your tickets" not in client.get("/notifications/").content.decode()
    assert client.post(address(card)).status_code == 404
    client.post("/notifications/read")
    assert not is_read(card)


@pytest.mark.parametrize("path", ["/notifications/", "/notifications/unread"])
def test_whoever_is_not_signed_in_is_asked_to(client, path):
    assert client.get(path).url.startswith("/accounts/sign-in?next=")


@pytest.mark.parametrize("junk", ["0", "-1", "9" * 30, "x", "\x00", "’"])
def test_a_page_that_is_not_there_is_the_nearest_one(signed_in, card, junk):
    answer = signed_in.get("/notifications/", {"page": junk})
    assert (answer.status_code, "Your tickets" in answer.content.decode()) == (200, True)


def test_what_a_message_says_is_cleaned_and_runs_nowhere(signed_in, bob):
    hostile = '<img src=x onerror=alert(1)><script>alert(1)</script><a href="javascript:alert(1)">x</a>'
    card = notify(bob, "x", title=f"a\r\nb{hostile}", message=f"<b>bold</b>{hostile}")
    assert card.title == "a balert(1)x"
    page = signed_in.get("/notifications/").content.decode()
    for trace in ("onerror", "<script>", "javascript:"):
        assert trace not in page
    assert "<b>bold</b>" in page


@pytest.mark.parametrize(
    "action", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_card_leads_to_our_own_pages_alone(bob, action):
    with pytest.raises(ValueError, match="leads away"):
        notify(bob, "x", title="x", action=action)


def test_a_kind_that_staff_switched_off_is_not_written(ada, bob):
    NotificationSetting.objects.update_or_create(type="ticket_cancelled", defaults={"enabled": False})
    assert notify(bob, "ticket_cancelled", title="x") is None
    assert notify_all([ada, bob], "ticket_purchased", title="x") == list(Notification.objects.order_by("pk"))
    assert Notification.objects.count() == 2


def test_many_are_told_in_few_questions(ada, bob, cora, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):  # the switch, the rows, the counter, and a test's own savepoint
        notify_all([ada, bob, cora], "ticket_purchased", title="x", event_id=1)
