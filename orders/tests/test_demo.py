"""The demo is believable: it can be signed in to, it adds up, it is on sale, and it never doubles."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum
from django.utils import timezone

from accounts.models import Setting, User
from events.models import Event, Session
from orders.models import Attendee, DiscountCode, LedgerLine, Order, OrderInvoice, OrderLine, Ticket
from orders.models.order import SEATED
from orders.services.states import cancel_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _allowed(settings):
    settings.DEMO = True


@pytest.fixture
def conference():
    call_command("demo", verbosity=0, orders=60)
    return Event.objects.get(identifier="harbour1")


def forget_sales():
    for model in (OrderInvoice, LedgerLine, Order):
        model._base_manager.all().delete()


def programme_of(event):
    return Session.objects.filter(event=event).exclude(starts_at=None).prefetch_related("speakers")


def overlapping(one, other):
    return one.pk < other.pk and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def test_everybody_can_sign_in(conference, settings):
    users = User.objects.order_by("email")
    assert [user.email for user in users] == [
        f"{name}@example.org" for name in ("ada", "bob", "cora", "eve", "root", "rosa")
    ]
    assert all(user.check_password(settings.DEMO_PASSWORD) and user.is_verified for user in users)
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 6
    assert [user.first_name for user in users if user.is_superuser] == ["Robin"]


def test_ada_owns_the_conference_cora_helps_and_rosa_is_at_the_door(conference):
    assert list(conference.roles.values_list("user__email", "role__name")) == [
        ("ada@example.org", "owner"),
        ("cora@example.org", "coorganizer"),
        ("rosa@example.org", "registrar"),
    ]


def test_it_is_as_large_as_it_says(conference):
    parts = ("sessions", "speakers", "tracks", "microlocations", "sponsors", "tickets")
    assert [getattr(conference, part).count() for part in parts] == [42, 30, 6, 5, 5, 5]
    assert list(Event.objects.order_by("pk").values_list("identifier", "state")) == [
        ("harbour1", "published"),
        ("lowtide1", "published"),
        ("gardens1", "draft"),
    ]
    assert conference.call_is_open


def test_the_free_ticket_comes_first_and_all_are_on_sale(conference):
    tickets = list(Ticket.objects.filter(event=conference))
    assert [ticket.kind for ticket in tickets] == ["free", "paid", "donation", "paid", "paid"]
    assert all(ticket.is_on_sale() and ticket.available for ticket in tickets)
    assert [ticket.name for ticket in tickets if ticket.is_hidden] == ["Speaker's guest"]
    assert tickets[-1].available == 3


def test_no_room_and_no_speaker_is_in_two_talks_at_once(conference):
    talks = list(programme_of(conference))
    clashes = [
        (one.title, other.title)
        for one in talks
        for other in talks
        if overlapping(one, other)
        and (one.microlocation_id == other.microlocation_id or set(one.speakers.all()) & set(other.speakers.all()))
    ]
    assert clashes == []
    assert all(conference.starts_at <= talk.starts_at for talk in talks)


def test_counters_are_what_was_sold(conference):
    seated = Attendee.objects.filter(order__status__in=SEATED)
    sold = dict(seated.order_by().values_list("ticket").annotate(Count("pk")))
    assert {ticket.pk: ticket.reserved for ticket in Ticket.objects.filter(event=conference)} == {
        ticket.pk: sold.get(ticket.pk, 0) for ticket in Ticket.objects.filter(event=conference)
    }
    code = DiscountCode.objects.get()
    assert code.used == seated.filter(order__discount_code=code).count() > 0


def test_cancelling_an_order_of_the_demo_gives_its_code_back(conference):
    code = DiscountCode.objects.get(event=conference)
    order = code.orders.filter(status__in=SEATED, discount_uses__gt=0).first()
    assert code.used == code.orders.aggregate(uses=Sum("discount_uses"))["uses"]
    cancel_order(order, by=User.objects.get(email="ada@example.org"))
    assert DiscountCode.objects.get(pk=code.pk).used == code.used - order.lines.get().quantity


def test_lines_add_up_to_the_amount(conference):
    orders = Order.objects.annotate(lines_total=Sum("lines__total")).prefetch_related("attendees", "lines")
    assert all(order.amount == order.lines_total for order in orders)
    assert all(len(order.attendees.all()) == sum(line.quantity for line in order.lines.all()) for order in orders)
    assert all(line.total == line.price * line.quantity - line.discount for line in OrderLine.objects.all())
    assert all(order.payment_mode == "free" for order in orders if not order.amount)


def test_the_same_seed_sells_the_same(conference):
    first = list(Order.objects.order_by("created_at").values_list("email", "amount", "status"))
    forget_sales()
    call_command("demo", verbosity=0, orders=60)
    assert sorted(Order.objects.values_list("email", "amount", "status")) == sorted(first)


def test_running_it_again_changes_nothing(conference):
    before = [model.objects.count() for model in (User, Event, Ticket, Order, Attendee, Session)]
    call_command("demo", verbosity=0, orders=60)
    call_command("demo", "--if-empty", verbosity=0)
    assert [model.objects.count() for model in (User, Event, Ticket, Order, Attendee, Session)] == before


def test_it_tops_up_to_what_is_asked(conference):
    for _ in range(2):
        call_command("demo", verbosity=0, orders=70, events=3, sessions=30)
    assert Order.objects.count() == 70
    assert Event.objects.filter(identifier__startswith="small").count() == 3
    assert Session.objects.filter(event__identifier="longest1").count() == 30


def test_a_shop_that_has_events_is_left_alone_at_start(conference):
    Event.objects.filter(identifier="harbour1").update(name="Ours now")
    forget_sales()
    call_command("demo", "--if-empty", verbosity=0)
    assert Event.objects.get(identifier="harbour1").name == "Ours now"
    assert Order.objects.count() == 0


def test_a_conference_that_is_over_moves_ahead(conference):
    long_ago = timezone.now() - timedelta(days=200)
    length = conference.ends_at - conference.starts_at
    Event.objects.filter(pk=conference.pk).update(starts_at=long_ago, ends_at=long_ago + length)
    Ticket.objects.filter(event=conference).update(sales_ends_at=long_ago)
    call_command("demo", "--if-empty", verbosity=0)
    conference.refresh_from_db()
    assert conference.starts_at > timezone.now() + timedelta(days=40)
    assert all(ticket.is_on_sale() for ticket in Ticket.objects.filter(event=conference))


def test_a_new_password_opens_the_old_accounts(conference, settings):
    settings.DEMO_PASSWORD = "another-evening"
    call_command("demo", "--if-empty", verbosity=0)
    assert all(user.check_password("another-evening") for user in User.objects.all())


def test_clients_find_their_settings(conference, settings):
    current = Setting.current()
    assert (current.frontend_url, current.order_expiry_time) == (settings.BASE_URL, 15)
    settings.BASE_URL = "http://127.0.0.1:8001"
    call_command("demo", "--if-empty", verbosity=0)
    assert Setting.current().frontend_url == "http://127.0.0.1:8001"


def test_a_server_in_earnest_gets_no_known_passwords(settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")
    assert User.objects.count() == 0
