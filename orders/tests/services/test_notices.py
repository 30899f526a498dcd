"""Who is told of an order on our pages, and whose mails count."""

import pytest

from accounts.models import User
from events.rules import ORGANIZER
from events.tests.factories import give_role
from notifications.models import BLOCKED, QUEUED, Mail, Notification, NotificationSetting
from orders.models.order import COMPLETED
from orders.services.checkout import fill_in, finish_order
from orders.services.holders import change_holder
from orders.services.resending import send_again
from orders.services.states import GUEST, cancel_order, change_status, mark_paid
from orders.tests.factories import make_finished_order, make_order

pytestmark = pytest.mark.django_db


def told():
    """What is behind whose bell, oldest first."""
    return [(one.user.first_name, one.kind) for one in Notification.objects.order_by("pk").select_related("user")]


def mail_states(kind):
    return list(Mail.objects.filter(kind=kind).order_by("pk").values_list("status", flat=True))


def test_a_buyer_finds_a_free_order_behind_the_bell(bob, free_ticket):
    order = make_finished_order((free_ticket, 1), by=bob)
    [card] = Notification.objects.all()
    assert (card.user, card.kind, card.title) == (bob, "ticket_purchased", "Your tickets for Harbour Days")
    assert (card.action, card.subject_id, card.event_id) == (
        f"/orders/{order.identifier}",
        str(order.pk),
        order.event_id,
    )


def test_a_buyer_hears_how_to_pay_and_that_it_was_paid(ada, bob, paid_ticket):
    order = make_finished_order((paid_ticket, 1), by=bob, mode="bank")
    mark_paid(order, by=ada)
    titles = Notification.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["Your order for Harbour Days: how to pay", "Your tickets for Harbour Days"]


def test_a_guest_is_told_by_mail_alone(free_ticket):
    order = make_order((free_ticket, 1), by=GUEST)
    fill_in(order, by=GUEST, buyer={"first_name": "Gil", "email": "gil@example.org"})
    finish_order(order, by=GUEST)
    assert told() == []
    assert mail_states("order-completed") == [QUEUED]


@pytest.mark.parametrize(("verified", "people"), [(True, ["Bob", "Eve"]), (False, ["Bob"])])
def test_whoever_comes_on_anothers_ticket_is_told_if_the_address_is_proven(verified, people, bob, eve, free_ticket):
    User.objects.filter(pk=eve.pk).update(is_verified=verified)
    names = {"firstname": "Eve", "lastname": "E", "email": "EVE@example.org"}
    make_finished_order((free_ticket, 1), by=bob, names=names)
    assert [name for name, _ in told()] == people


def test_organizers_hear_of_a_cancelled_sale_but_not_of_their_own_deed(ada, bob, root, event, free_ticket):
    give_role(root, event, ORGANIZER)
    order = make_finished_order((free_ticket, 1), by=bob)
    cancel_order(order, by=ada, note="<b>Sold</b> twice")
    assert told()[1:] == [("Bob", "ticket_cancelled"), ("Root", "ticket_cancelled_organizer")]
    card = Notification.objects.get(user=root)
    assert card.message == f"<p>Order {order.identifier}: &lt;b&gt;Sold&lt;/b&gt; twice</p>"
    assert card.action == f"/manage/{event.identifier}/orders/{order.identifier}"


def test_a_checkout_that_was_given_up_is_no_news_for_organizers(bob, free_ticket):
    cancel_order(make_order((free_ticket, 1), by=bob), by=bob)
    assert told() == [("Bob", "ticket_cancelled")]


def test_staff_may_switch_a_kind_off(bob, free_ticket):
    NotificationSetting.objects.update_or_create(type="ticket_purchased", defaults={"enabled": False})
    make_finished_order((free_ticket, 1), by=bob)
    assert told() == []


# ── Mail that a person's form asks for ───────────────────────────────────────────────────────────────


@pytest.fixture
def no_more_mail(settings):
    settings.MAILS_A_DAY = settings.MAILS_A_DAY_OF_NEW_ACCOUNTS = 0


@pytest.mark.usefixtures("no_more_mail")
def test_beyond_the_quota_mail_by_forms_is_held_back_and_what_was_bought_is_not(ada, bob, free_ticket):
    order = make_finished_order((free_ticket, 1), by=bob)
    assert mail_states("order-completed") == [QUEUED]
    assert send_again(order, by=bob).status == BLOCKED
    holder = order.attendees.get()
    change_holder(holder, by=bob, changes={"firstname": "Nina", "email": "nina@example.org"})
    assert mail_states("ticket-for-holder") == [BLOCKED]
    cancel_order(order, by=ada, note="Buy watches at …")
    assert mail_states("order-cancelled") == [BLOCKED]


@pytest.mark.usefixtures("no_more_mail")
def test_what_the_team_sells_and_marks_paid_is_always_delivered(ada, bob, paid_ticket):
    order = make_finished_order((paid_ticket, 1), by=bob, mode="bank")
    assert change_status(order, COMPLETED, by=ada).status == COMPLETED
    assert mail_states("order-placed") + mail_states("order-completed") == [QUEUED] * 2


def test_a_mail_says_who_asked_for_it(ada, bob, free_ticket):
    order = make_finished_order((free_ticket, 1), by=bob)
    cancel_order(order, by=ada)
    assert list(Mail.objects.order_by("pk").values_list("kind", "asked_by")) == [
        ("order-completed", None),
        ("order-cancelled", ada.pk),
    ]


@pytest.mark.usefixtures("no_more_mail")
def test_whoever_presses_the_button_is_told_that_the_mail_is_held_back(client, bob, free_ticket):
    order = make_finished_order((free_ticket, 1), by=bob)
    client.force_login(bob, backend="accounts.backends.EmailBackend")
    page = client.post(f"/orders/{order.identifier}/mail", follow=True).content.decode()
    assert "The mail to bob@example.org is held back. Bob has asked for 0 mails within a day" in page
    assert ": held back, to bob@example.org" in page
