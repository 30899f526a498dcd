"""What an event's settings know of its sales."""

from datetime import timedelta

import pytest

from accounts.models import Activity
from events.models import Event
from events.services.change_event import change_event, consequences_of_deleting, delete_event
from events.services.move_event import CLOCK, move_event, to_the_minute, wall
from events.tests.factories import in_days
from openevent.core.refusals import Refused
from orders.models import AccessCode, DiscountCode, Tax, Ticket
from orders.services.change_tax import change_tax
from orders.tests.factories import make_access, make_discount, make_finished_order, make_ticket

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def test_sales_and_codes_move_along_and_what_began_stays(event, paid_ticket, ada):
    early = make_ticket(event, name="Later", sales_starts_at=in_days(3))
    make_discount(event, paid_ticket)
    make_access(event, early, valid_from=in_days(2))
    before = {row.pk: row.sales_ends_at for row in Ticket.objects.all()}
    began, later = paid_ticket.sales_starts_at, early.sales_starts_at
    discount, access = DiscountCode.objects.get(), AccessCode.objects.get()
    starts, ends = (to_the_minute(wall(moment, event.timezone)) + WEEK for moment in (event.starts_at, event.ends_at))
    moved = move_event(event, by=ada, zone=event.timezone, starts=starts, ends=ends, keep=CLOCK)
    assert moved == {"Ticket sales": 2, "Discount codes": 1, "Access codes": 1}
    assert {row.pk: row.sales_ends_at - before[row.pk] for row in Ticket.objects.all()} == dict.fromkeys(before, WEEK)
    paid_ticket.refresh_from_db(), early.refresh_from_db()
    assert (paid_ticket.sales_starts_at, early.sales_starts_at) == (began, later + WEEK)
    assert DiscountCode.objects.get().valid_till == discount.valid_till + WEEK
    assert AccessCode.objects.get().valid_from == access.valid_from + WEEK


def test_the_currency_stays_once_something_was_sold(event, free_ticket, paid_ticket, ada, bob):
    change_event(event, by=ada, payment_currency="CHF")
    make_finished_order(free_ticket, by=bob)
    change_event(event, by=ada, payment_currency="EUR")
    make_finished_order(paid_ticket, by=bob, mode="bank")
    with pytest.raises(Refused) as refused:
        change_event(event, by=ada, payment_currency="CHF", name="Other")
    assert (refused.value.status, refused.value.pointer) == (409, "/data/attributes/payment-currency")
    assert Event.objects.get(pk=event.pk).name == "Harbour Days"
    change_event(event, by=ada, payment_currency="EUR", name="Other")


def test_deleting_names_what_is_lost_and_is_the_owners(event, paid_ticket, ada, bob, cora):
    assert consequences_of_deleting(event) == ["Nothing has been sold."]
    make_finished_order((paid_ticket, 2), by=bob, mode="bank")
    assert consequences_of_deleting(event)[0].startswith("1 order with 2 tickets:")
    with pytest.raises(Refused) as refused:
        delete_event(event, by=cora)
    assert refused.value.status == 403
    delete_event(event, by=ada)
    assert Event.objects.get(pk=event.pk).deleted_at is not None
    assert Activity.objects.filter(action="event.deleted", actor=ada).exists()


def test_a_tax_that_is_switched_off_is_kept(event, ada):
    change_tax(event, by=ada, enabled=True, name="VAT", rate=19)
    change_tax(event, by=ada, enabled=False, name="", rate=0)
    event.refresh_from_db()
    assert (event.is_tax_enabled, Tax.objects.get().name) == (False, "VAT")
    change_tax(event, by=ada, enabled=True, name="VAT", rate=7)
    assert Tax.objects.get().rate == 7
