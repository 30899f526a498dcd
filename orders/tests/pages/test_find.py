"""Lost mails: the links come to the address, and the page tells nobody who bought."""

import pytest
from django.core import mail
from django.urls import reverse

from events.models import Event
from events.tests.factories import in_days
from notifications.models import Mail
from orders.models import Order
from orders.services.reminding import send_links
from orders.services.states import cancel_order
from orders.tests.factories import make_finished_order, make_order

pytestmark = pytest.mark.django_db
FIND = reverse("find-orders")


@pytest.fixture
def guests_order(guest, free_ticket):
    return guest.choose(free_ticket).fill_in(email="mira@example.org").order


def test_the_links_come_by_mail_and_open_the_orders(client, guests_order, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(FIND, {"email": "MIRA@example.org"})
    letter = mail.outbox[-1]
    assert (letter.to, guests_order.secret in letter.body) == (["mira@example.org"], True)
    assert client.get(f"/orders/{guests_order.identifier}/{guests_order.secret}").status_code == 200


def test_the_answer_and_the_work_are_the_same_whether_or_not_somebody_bought(
    client, guests_order, django_capture_on_commit_callbacks, django_assert_num_queries
):
    seen = []
    for address in ("mira@example.org", "eve@example.org"):
        with django_capture_on_commit_callbacks() as later, django_assert_num_queries(20, exact=False) as asked:
            answer = client.post(FIND, {"email": address})
        shown = client.get(answer["Location"]).content
        seen.append((answer.status_code, answer["Location"], answer.content, len(asked), len(later), shown))
    assert seen[0] == seen[1]
    assert b"mira" not in seen[0][-1]


def test_an_address_is_mailed_three_times_an_hour_and_one_place_asks_for_twenty(client, guests_order):
    assert [client.post(FIND, {"email": "mira@example.org"}).status_code for _ in range(4)] == [302] * 3 + [429]
    answers = [client.post(FIND, {"email": f"somebody{number}@example.org"}).status_code for number in range(17)]
    assert answers == [302] * 16 + [429]


@pytest.mark.parametrize("typed", ["", "mira", "mira@", "mira@example.org\r\nBcc: eve@example.org", "\x00@example.org"])
def test_what_is_no_address_is_said_beside_the_field_and_kept(client, guests_order, typed):
    answer = client.post(FIND, {"email": typed})
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)


def test_only_orders_that_are_of_use_are_listed(bob, event, free_ticket):
    good = make_finished_order(free_ticket, by=bob)
    cancel_order(make_finished_order(free_ticket, by=bob), by=bob)
    make_order(free_ticket, by=bob)
    text = send_links(bob.email).text
    assert [one.identifier in text for one in Order.objects.order_by("pk")] == [True, False, False]
    Event.objects.update(starts_at=in_days(-90), ends_at=in_days(-80))
    assert send_links(bob.email) is None
    assert good.secret in text


def test_an_address_without_orders_gets_no_mail(guests_order):
    before = Mail.objects.count()
    assert (send_links("eve@example.org"), Mail.objects.count()) == (None, before)


def test_the_ways_to_it_are_where_one_looks(client, bob):
    assert FIND in client.get(reverse("account_login")).content.decode()
    client.force_login(bob)
    assert FIND in client.get(reverse("my-tickets")).content.decode()
