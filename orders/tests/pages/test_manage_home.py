"""Every event at which somebody has a role."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from events.models import Event
from events.templatetags.manage import has_events
from events.tests.factories import give_role, in_days, make_event
from orders.tests.factories import make_finished_order, make_ticket

pytestmark = pytest.mark.django_db


def listed(shopper, query=""):
    shopper.open(reverse("manage-home") + query)
    return [event.name for event in shopper.answer.context["page"]]


def test_without_a_role_there_is_one_thing_to_do(sign_in, eve, event):
    page = sign_in(eve).open(reverse("manage-home"))
    assert "No events yet" in page.page
    assert page.answer.content.decode().count(f'href="{reverse("manage-new")}"') == 1


def test_events_with_any_role_are_there_the_next_first_and_no_others(sign_in, bob, ada):
    for name, role, days in (("Later", "registrar", 9), ("Soon", "moderator", 3), ("Over", "owner", -9)):
        event = make_event(owner=ada, name=name, starts_at=in_days(days), ends_at=in_days(days + 1))
        give_role(bob, event, role)
    make_event(owner=ada, name="Not mine")
    give_role(bob, make_event(name="Deleted", deleted_at=in_days(-1)), "owner")
    desk = sign_in(bob)
    assert (listed(desk), listed(desk, "?past=1")) == (["Soon", "Later"], ["Over"])


def test_the_team_reads_what_is_sold_and_earned_and_each_number_leads_to_its_orders(sign_in, ada, bob, event):
    paid = make_ticket(event, price="20.00", quantity=50)
    make_finished_order((make_ticket(event, quantity=30), 2), by=bob)
    make_finished_order(paid, by=bob, mode="bank")
    page = sign_in(ada).open(reverse("manage-home"))
    assert "3 of 80 sold" in page.page
    assert "€0.00 paid" in page.page
    orders = reverse("manage-orders", args=[event.identifier])
    assert f"{orders}?status=placed&amp;status=completed" in page.answer.content.decode()


@pytest.mark.parametrize(
    ("role", "sees"),
    [("registrar", (False, False)), ("moderator", (False, False)), ("coorganizer", (True, True))],
)
def test_each_role_reads_what_it_may_and_no_more(sign_in, eve, event, role, sees):
    make_ticket(event, quantity=50)
    give_role(eve, event, role)
    page = sign_in(eve).open(reverse("manage-home")).page
    assert ("of 50 sold" in page, "paid" in page) == sees


def test_pages_turn(sign_in, ada):
    for number in range(21):
        make_event(owner=ada, name=f"Event {number}", starts_at=in_days(number), ends_at=in_days(number + 1))
    desk = sign_in(ada)
    assert [len(listed(desk)), len(listed(desk, "?page=2")), len(listed(desk, "?page=junk"))] == [20, 1, 20]


def test_three_events_cost_as_much_as_one(sign_in, ada, event, django_assert_max_num_queries):
    desk = sign_in(ada)
    listed(desk)
    counts = []
    for wanted in (1, 3):
        while Event.objects.count() < wanted:
            make_event(owner=ada)
        with django_assert_max_num_queries(25) as asked:
            listed(desk)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_bar_leads_organizers_to_their_events_and_others_to_a_new_one(sign_in, client, ada, eve, event):
    home = reverse("home")
    new, mine = (f'href="{reverse(name)}"' for name in ("manage-new", "manage-home"))
    anonymous = client.get(home).content.decode()
    assert f'href="{reverse("account_signup")}?next={reverse("manage-new")}"' in anonymous
    organizer, other = (sign_in(who).open(home).answer.content.decode() for who in (ada, eve))
    assert (mine in organizer, new in organizer, mine in other, new in other) == (True, False, False, True)


def test_whoever_is_not_signed_in_is_asked_nothing_of_the_database(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not has_events(AnonymousUser())
