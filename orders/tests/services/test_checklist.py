"""What is left to do before an event is ready, worked out from what there is."""

import pytest
from django.urls import reverse

from events.models import Event
from events.tests.factories import in_days, make_event
from orders.models import Ticket
from orders.services.checklist import checklist_of
from orders.tests.factories import make_tax, make_ticket

pytestmark = pytest.mark.django_db
COMPLETE = {
    "description": "<p>Small boats, long talks.</p>",
    "refund_policy": "Until ten days before.",
    "owner_name": "Ropeworks",
}


@pytest.fixture
def event(ada):
    return make_event(owner=ada, state="draft", **COMPLETE)


def line(event, key):
    return next(line for line in checklist_of(event).lines if line.key == key)


def open_keys(event):
    return [line.key for line in checklist_of(event).lines if not line.is_done]


def settings(event, section, column):
    return f"{reverse(f'manage-settings-{section}', args=[event.identifier])}#id_{column}"


def test_an_event_with_everything_is_complete(event):
    make_ticket(event)
    checklist = checklist_of(event)
    assert (checklist.is_complete, checklist.done, checklist.count, checklist.percent) == (True, 7, 7, 100)


def test_a_bare_event_is_published_with_name_and_dates_alone(ada):
    event = make_event(owner=ada, state="draft", location_name=None)
    checklist = checklist_of(event)
    assert open_keys(event) == ["place", "description", "tickets", "refunds", "host"]
    assert checklist.blockers == []


@pytest.mark.parametrize(
    ("facts", "key", "section", "column", "blocks"),
    [
        ({"name": " "}, "name", "basics", "name", True),
        ({"ends_at": in_days(1)}, "dates", "dates", "starts_at", True),
        ({"starts_at": in_days(-3), "ends_at": in_days(-1)}, "dates", "dates", "starts_at", False),
        ({"starts_at": in_days(-1)}, "dates", "dates", "starts_at", False),
        ({"location_name": " "}, "place", "place", "location_name", False),
        ({"description": None}, "description", "basics", "description", False),
        ({"refund_policy": ""}, "refunds", "tickets", "refund_policy", False),
        ({"owner_name": None}, "host", "basics", "owner_name", False),
    ],
)
def test_what_is_missing_leads_to_its_field_and_blocks_only_if_it_must(event, facts, key, section, column, blocks):
    make_ticket(event, sales_ends_at=in_days(40))
    Event.objects.update(**facts)
    event.refresh_from_db()
    assert open_keys(event) == [key]
    found = line(event, key)
    assert (found.address, found.blocks) == (settings(event, section, column), blocks)
    assert [one.key for one in checklist_of(event).blockers] == ([key] if blocks else [])
    assert found.detail


def test_an_online_event_needs_no_place(ada):
    assert line(make_event(owner=ada, online=True, location_name=None), "place").is_done


@pytest.mark.parametrize(
    ("facts", "column"),
    [
        ({"is_hidden": True}, "is_hidden"),
        ({"sales_starts_at": in_days(-3), "sales_ends_at": in_days(-1)}, "sales_ends_at"),
        ({"quantity": 0}, "quantity"),
    ],
)
def test_a_ticket_that_nobody_can_buy_is_none_and_the_line_leads_to_why(event, facts, column):
    ticket = make_ticket(event)
    Ticket.objects.filter(pk=ticket.pk).update(**facts)
    found = line(event, "tickets")
    assert found.state == "warning"
    assert found.address == f"{reverse('manage-ticket', args=[event.identifier, ticket.pk])}#id_{column}"


def test_a_sale_to_come_is_enough(event):
    make_ticket(event, sales_starts_at=in_days(3))
    assert line(event, "tickets").is_done


def test_without_a_ticket_the_line_leads_to_a_new_one_unless_they_are_sold_elsewhere(event):
    assert line(event, "tickets").address == f"{reverse('manage-ticket-new', args=[event.identifier])}#id_name"
    event.ticket_url = "https://example.org"
    assert line(event, "tickets").is_done


def test_a_removed_ticket_is_none(event):
    make_ticket(event).hide()
    assert not line(event, "tickets").is_done


def test_paid_tickets_need_a_way_to_pay_that_says_how(event):
    make_ticket(event, price="5")
    assert line(event, "payment").is_done
    event.bank_details = " "
    assert line(event, "payment").address == settings(event, "payment", "bank_details")
    event.can_pay_by_bank = event.can_pay_onsite = event.can_pay_by_stripe = False
    assert line(event, "payment").address == settings(event, "payment", "can_pay_by_bank")


def test_a_free_event_is_not_asked_for_money_nor_tax(event):
    make_ticket(event)
    assert {"payment", "tax"}.isdisjoint(one.key for one in checklist_of(event).lines)


def test_tax_that_is_on_wants_a_rate_and_a_name(event):
    Event.objects.update(is_tax_enabled=True)
    event.refresh_from_db()
    assert line(event, "tax").address == settings(event, "taxes", "rate")
    tax = make_tax(event)
    assert line(event, "tax").is_done
    tax.name = ""
    tax.save()
    assert line(event, "tax").address == settings(event, "taxes", "name")


def test_it_costs_as_much_for_one_ticket_as_for_three(event, django_assert_num_queries):
    make_ticket(event, price="5")
    for wanted in (1, 3):
        while Ticket.objects.count() < wanted:
            make_ticket(event)
        with django_assert_num_queries(2):  # the other: whether the site has keys for cards
            checklist_of(event)
