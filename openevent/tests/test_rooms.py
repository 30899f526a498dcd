"""The live rooms, over the server's own ASGI application: in memory, and by way of Redis."""

import asyncio

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings as house
from django.test import Client
from django.utils import timezone

from accounts.tests.people import PASSWORD
from events.models import Role, UsersEventsRoles, UsersGroupsRoles
from events.rules import MODERATOR, REGISTRAR
from events.services.change_event import change_event
from events.services.groups import create_group, delete_group
from events.tests.factories import give_role, make_event
from notifications import rooms
from notifications.models import Notification
from notifications.rooms import NOT_HERE, NOT_SIGNED_IN
from notifications.services.live import announce
from notifications.services.notify import mark_all_read, notify
from openevent.asgi import application
from openevent.core.atomic import atomic
from orders.services.checkout import finish_order
from orders.tests.factories import make_order, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTED = {"meta": "WS connected"}
SALE = {"meta": "order.placed", "order": "A7K2Q9XM"}


@pytest.fixture(params=["memory", "redis"])
def layer(request, settings):
    """The rooms of one process, and those of many."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        redis = {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [url]}}
        settings.CHANNEL_LAYERS = {"default": redis}


@pytest.fixture
def event(ada, cora):
    return make_event(owner=ada, coorganizer=cora)


@pytest.fixture
def browser():
    """Signs people in as a browser is: `browser(ada)` is a client with the cookie of a session of its own."""

    def sign_in(user):
        client = Client()
        assert client.post("/accounts/sign-in", {"login": user.email, "password": PASSWORD}).status_code == 302
        return client

    return sign_in


def window(path, client=None, origin="http://localhost"):
    """What a browser opens from a page of that origin."""
    headers = [(b"host", b"localhost"), (b"origin", origin.encode())]
    if client:
        headers.append(
            (b"cookie", f"{house.SESSION_COOKIE_NAME}={client.cookies[house.SESSION_COOKIE_NAME].value}".encode())
        )
    return WebsocketCommunicator(application, path, headers)


def at(event):
    return f"/rooms/event/{event.identifier}"


async def opened(path, client):
    """A window that is in its room, and how it was greeted."""
    opening = window(path, client)
    assert (await opening.connect())[0]
    return opening, await opening.receive_json_from()


async def answer(path, client=None):
    """With which code a window is closed again."""
    knocking = window(path, client)
    await knocking.connect()
    return (await knocking.receive_output())["code"]


async def close(*windows):
    for each in windows:
        await each.disconnect()


do = sync_to_async


# ── One's own room ───────────────────────────────────────────────────────────────────────────────────


def test_every_window_of_a_user_hears_of_a_notification_and_nobody_elses(layer, bob, eve, browser):
    clients = [browser(bob), browser(bob), browser(eve)]

    @async_to_sync
    async def scene():
        windows = []
        for client in clients:
            opening, greeting = await opened("/notifs", client)
            assert greeting == CONNECTED
            windows.append(opening)
        await do(notify)(bob, "ticket_purchased", title="Your tickets", message="<b>Here</b>", action="/my/tickets")
        heard = [await each.receive_json_from() for each in windows[:2]]
        assert await windows[2].receive_nothing()
        await close(*windows)
        return heard

    heard = scene()
    told = {
        "title": "Your tickets",
        "received_at": "now",
        "mark_read": f"/notifications/{Notification.objects.get().pk}/read",
    }
    assert heard == [{"meta": "New notifications", "notif_count": 1, "notifs": [told]}] * 2


def test_what_is_read_in_one_window_is_counted_in_the_others(bob, browser):
    notify(bob, "ticket_purchased", title="Your tickets")
    client = browser(bob)

    @async_to_sync
    async def scene():
        opening, _ = await opened("/notifs", client)
        await do(mark_all_read)(bob)
        heard = await opening.receive_json_from()
        await close(opening)
        return heard

    assert scene() == {"meta": "New notifications", "notif_count": 0, "notifs": []}


def test_a_word_that_was_lost_is_made_up_for_by_the_next_beat(bob, browser, monkeypatch):
    monkeypatch.setattr(rooms, "SECONDS_BETWEEN_BEATS", 0.05)
    client = browser(bob)

    @async_to_sync
    async def scene():
        opening, _ = await opened("/notifs", client)
        await do(Notification.objects.create)(user=bob, title="Written by another server")
        heard = await opening.receive_json_from()
        await close(opening)
        return heard

    assert scene() == {"meta": "New notifications", "notif_count": 1, "notifs": []}


# ── The room of an event ─────────────────────────────────────────────────────────────────────────────


def test_the_team_hears_of_a_sale_and_a_window_at_another_event_does_not(layer, ada, cora, bob, event, browser):
    other = make_event(owner=ada, name="Another")
    ticket = make_ticket(event)
    clients = [browser(ada), browser(cora)]

    @async_to_sync
    async def scene():
        windows = [(await opened(at(event), client))[0] for client in clients]
        windows.append((await opened(at(other), clients[0]))[0])
        order = await do(make_order)((ticket, 1), by=bob)
        await do(finish_order)(order, by=bob)
        heard = [[await each.receive_json_from() for _ in range(2)] for each in windows[:2]]
        assert await windows[2].receive_nothing()
        await close(*windows)
        return order.identifier, heard

    code, heard = scene()
    assert heard == [[{"meta": "order.created", "order": code}, {"meta": "order.completed", "order": code}]] * 2


def test_nothing_is_said_of_what_was_rolled_back(ada, event, browser):
    client = browser(ada)

    def fail():
        with pytest.raises(ZeroDivisionError), atomic():
            announce("event", event.pk, SALE)
            raise ZeroDivisionError

    @async_to_sync
    async def scene():
        opening, _ = await opened(at(event), client)
        await do(fail)()
        assert await opening.receive_nothing()
        await close(opening)

    scene()


@pytest.mark.parametrize("role", [REGISTRAR, MODERATOR, None])
def test_only_the_team_is_let_in(role, event, eve, root, browser):
    if role:
        give_role(eve, event, role)
    stranger, staff = browser(eve), browser(root)

    @async_to_sync
    async def scene():
        assert await answer(at(event), stranger) == NOT_HERE
        assert await answer(at(event)) == NOT_SIGNED_IN
        opening, _ = await opened(at(event), staff)
        await close(opening)

    scene()


@pytest.mark.parametrize(
    "path", ["/rooms/event/nowhere", "/rooms/user/{ada}", "/rooms/event/{event}", "/elsewhere", "/rooms/event/%00"]
)
def test_where_there_is_no_room_one_is_sent_away(path, ada, event, browser):
    """Also from those that have a room of another kind, and from a room that is called by the number of its event."""
    client = browser(ada)
    assert async_to_sync(answer)(path.format(ada=ada.pk, event=event.pk), client) == NOT_HERE


def test_a_deleted_event_has_no_room(ada, event, browser):
    event.hide()
    assert async_to_sync(answer)(at(event), browser(ada)) == NOT_HERE


@pytest.mark.parametrize("path", ["/notifs", "/rooms/event/{event}"])
def test_a_page_of_another_site_is_let_in_nowhere(path, ada, event, browser):
    stranger = window(path.format(event=event.identifier), browser(ada), origin="https://evil.example")
    assert async_to_sync(stranger.connect)()[0] is False


def test_a_window_learns_by_the_cursor_whether_it_missed_something(ada, bob, event, browser):
    ticket, client = make_ticket(event), browser(ada)

    @async_to_sync
    async def scene():
        cursors = []
        for meanwhile in (lambda: None, lambda: make_order((ticket, 1), by=bob), lambda: None):
            await do(meanwhile)()
            opening, greeting = await opened(at(event), client)
            cursors.append(greeting["cursor"])
            await close(opening)
        return cursors

    before, after, later = scene()
    assert before < after == later


def test_a_beat_says_how_far_the_event_is(ada, event, browser, monkeypatch):
    monkeypatch.setattr(rooms, "SECONDS_BETWEEN_BEATS", 0.05)
    client = browser(ada)

    @async_to_sync
    async def scene():
        opening, greeting = await opened(at(event), client)
        beat = await opening.receive_json_from()
        await close(opening)
        return greeting["cursor"], beat

    cursor, beat = scene()
    assert beat == {"meta": "beat", "cursor": cursor}


@pytest.mark.parametrize("junk", [" ", "{", "[]", '{"type": "tell"}', "\x00", "9" * 100_000])
def test_whatever_a_window_sends_changes_nothing(junk, ada, event, browser):
    client = browser(ada)

    @async_to_sync
    async def scene():
        opening, _ = await opened(at(event), client)
        await opening.send_to(text_data=junk)
        await opening.send_to(bytes_data=junk.encode())
        await do(announce)("event", event.pk, SALE)
        heard = await opening.receive_json_from()
        await close(opening)
        return heard

    assert scene() == SALE


# ── Who has to leave ─────────────────────────────────────────────────────────────────────────────────


def take_role(user, event):
    UsersEventsRoles.objects.get(user=user, event=event).delete()


def block(user):
    user.is_blocked = True
    user.save()


def close_account(user):
    user.deleted_at = timezone.now()
    user.save(update_fields=["deleted_at"])


def change_password(user):
    user.set_password("another horse battery")
    user.save(update_fields=["password"])


@pytest.mark.parametrize("loss", [block, close_account, change_password])
def test_whose_account_is_no_longer_good_is_sent_out_of_every_room_at_once(loss, layer, cora, event, browser):
    client = browser(cora)

    @async_to_sync
    async def scene():
        windows = [(await opened(path, client))[0] for path in ("/notifs", at(event))]
        await do(loss)(cora)
        return [(await each.receive_output())["code"] for each in windows]

    assert scene() == [NOT_SIGNED_IN] * 2


def test_who_loses_the_role_is_sent_out_at_once_and_the_others_stay(layer, ada, cora, event, browser):
    clients = [browser(ada), browser(cora)]

    @async_to_sync
    async def scene():
        windows = [(await opened(at(event), client))[0] for client in clients]
        await do(take_role)(cora, event)
        await do(announce)("event", event.pk, SALE)
        heard = await windows[0].receive_json_from()
        code = (await windows[1].receive_output())["code"]
        await close(windows[0])
        return heard, code

    assert scene() == (SALE, NOT_HERE)


@pytest.mark.parametrize("end", ["role", "group", "event"])
def test_who_came_by_a_group_is_sent_out_when_that_ends(end, ada, bob, event, browser):
    client, group = browser(bob), create_group(by=ada, name="Friends", events=[event])
    role = Role.objects.get(name="organizer")
    held = UsersGroupsRoles.objects.create(group=group, role=role, user=bob, email=bob.email, accepted=True)
    ends = {
        "role": held.delete,
        "group": lambda: delete_group(group, by=ada),
        "event": lambda: change_event(event, by=ada, group=None),
    }

    @async_to_sync
    async def scene():
        opening, _ = await opened(at(event), client)
        await do(ends[end])()
        message = await opening.receive_output()
        await close(opening)
        return message["code"]

    assert scene() == NOT_HERE


def test_a_role_that_went_without_a_word_is_missed_at_the_next_beat(cora, event, browser, monkeypatch):
    monkeypatch.setattr(rooms, "SECONDS_BETWEEN_BEATS", 0.05)
    client = browser(cora)

    @async_to_sync
    async def scene():
        opening, _ = await opened(at(event), client)
        await do(UsersEventsRoles.objects.filter(user=cora)._raw_delete)(using="default")
        while (heard := await opening.receive_output())["type"] != "websocket.close":
            pass
        return heard["code"]

    assert scene() == NOT_HERE


def test_signing_out_closes_the_windows_of_that_session_alone(layer, ada, event, browser):
    leaving, staying = browser(ada), browser(ada)

    @async_to_sync
    async def scene():
        windows = [(await opened(at(event), client))[0] for client in (leaving, staying)]
        await do(leaving.post)("/accounts/sign-out")
        code = (await windows[0].receive_output())["code"]
        await do(announce)("event", event.pk, SALE)
        heard = await windows[1].receive_json_from()
        await close(windows[1])
        return code, heard

    assert scene() == (NOT_SIGNED_IN, SALE)


def test_a_window_that_is_gone_leaves_nothing_running(ada, event, browser):
    client = browser(ada)

    @async_to_sync
    async def scene():
        before = asyncio.all_tasks()
        opening, _ = await opened(at(event), client)
        await close(opening)
        await asyncio.sleep(0)
        return asyncio.all_tasks() - before

    assert scene() == set()
