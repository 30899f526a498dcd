"""The live room of a user, over the server's own ASGI application."""

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from notifications.rooms import NOT_SIGNED_IN, room_of
from openevent.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)
HOST = (b"host", b"localhost")


def window(user=None, origin=b"http://localhost"):
    """A browser's window at /notifs, signed in by its session cookie."""
    headers = [HOST, (b"origin", origin)]
    if user:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.backends.EmailBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session.session_key}".encode()))
    return WebsocketCommunicator(application, "/notifs", headers)


def test_a_user_hears_what_is_said_in_their_room_and_nobody_elses(bob, eve):
    windows = [window(bob), window(bob), window(eve)]

    @async_to_sync
    async def talk():
        for each in windows:
            assert (await each.connect())[0]
            assert await each.receive_json_from() == {"meta": "WS connected"}
        layer = get_channel_layer()
        await layer.group_send(room_of(bob), {"type": "tell", "document": {"meta": "New notifications"}})
        heard = [await each.receive_json_from() for each in windows[:2]]
        silent = await windows[2].receive_nothing()
        for each in windows:
            await each.disconnect()
        return heard, silent

    assert talk() == ([{"meta": "New notifications"}] * 2, True)


def test_whoever_is_not_signed_in_is_sent_away():
    @async_to_sync
    async def knock():
        stranger = window()
        await stranger.connect()
        return await stranger.receive_output()

    assert knock()["code"] == NOT_SIGNED_IN


def test_a_window_of_another_site_is_not_let_in(bob):
    stranger = window(bob, origin=b"https://evil.example")
    assert async_to_sync(stranger.connect)()[0] is False
