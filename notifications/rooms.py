"""Live rooms: the WebSockets at `/notifs`, everybody's own, and at `/rooms/<kind>/<key>`, for whom a rule lets in."""

import asyncio
import logging
from contextlib import suppress

from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.sessions.backends.db import SessionStore
from redis.exceptions import RedisError

from notifications.services import rooms
from notifications.services.notify import NEWS, unread_count
from openevent.core.tokens import hash_token

log = logging.getLogger(__name__)

TRY_AGAIN = 4503  # as the others one of our own: no library sends what the protocol keeps for itself
NOT_SIGNED_IN = 4401
NOT_HERE = 4404  # there is no such room, or it is not yours: the same answer
GREETING = "WS connected"
SECONDS_TO_JOIN = 3
SECONDS_BETWEEN_BEATS = 30


def room_of(user):
    return rooms.group_of("user", user.pk)


class LiveRoom(AsyncJsonWebsocketConsumer):
    """A window that is signed in by its session's cookie. What is sent to its room as `tell` it is told.

    Who listens is asked again twice a minute, and at once when a right was taken away (`ask_again`). With the layer
    gone the window is closed: it comes back, and asks for what it missed.
    """

    beating = None

    async def __call__(self, scope, receive, send):
        try:
            await super().__call__(scope, receive, send)
        except (RedisError, OSError, TimeoutError) as problem:
            log.warning("a live window is closed: %s", type(problem).__name__)
            with suppress(Exception):  # it may have gone already
                await send({"type": "websocket.close", "code": TRY_AGAIN})
        finally:
            if self.beating:
                self.beating.cancel()

    async def connect(self):
        await self.accept()
        self.user = self.scope["user"]
        if code := await self.refusal():
            await self.close(code)
            return
        async with asyncio.timeout(SECONDS_TO_JOIN):
            for group in (self.room, rooms.windows_of(self.user.pk)):
                await self.channel_layer.group_add(group, self.channel_name)
                self.groups.append(group)
        await self.send_json(await self.greeting())
        self.beating = asyncio.create_task(self.beat())

    async def receive(self, text_data=None, bytes_data=None, **more):
        """Nothing is asked for through a socket."""

    async def beat(self):
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_BEATS)
            try:
                if await self.is_still_welcome() and (news := await self.news()):
                    await self.send_json(news)
            except Exception as problem:  # the database is away, say: the next beat asks again
                log.warning("a live window was not asked: %s", type(problem).__name__)

    async def is_still_welcome(self):
        session = SessionStore(self.scope["session"].session_key)
        self.user = await get_user({**self.scope, "session": session})
        if code := await self.refusal():
            await self.close(code)
        return not code

    async def refusal(self):
        """Why this window is not to listen, as a code; 0 if it is."""
        return 0 if self.user.is_authenticated else NOT_SIGNED_IN

    # What comes from the room

    async def dispatch(self, message):
        """A word is passed on as it is: it need not wait for the one thread that looks after database connections."""
        if message["type"] == "tell":
            await self.tell(message)
        else:
            await super().dispatch(message)

    async def tell(self, message):
        await self.send_json(message["document"])

    async def ask_again(self, message):
        if message["user"] == self.user.pk:
            await self.is_still_welcome()

    async def leave(self, message):
        if message["session"] == hash_token(self.scope["session"].session_key or ""):
            await self.close(NOT_SIGNED_IN)


class NotificationRoom(LiveRoom):
    """`/notifs`: what is new behind one's bell, and how many are unread."""

    known = None

    @property
    def room(self):
        return room_of(self.user)

    async def greeting(self):
        self.known = await self.count()
        return {"meta": GREETING}

    async def news(self):
        """The count where no word told it: one was lost, or another server's."""
        before, self.known = self.known, await self.count()
        return {"meta": NEWS, "notif_count": self.known, "notifs": []} if self.known != before else None

    async def tell(self, message):
        self.known = await self.count()
        await self.send_json({**message["document"], "notif_count": self.known})

    async def count(self):
        return await database_sync_to_async(unread_count)(self.user.pk)


class SubjectRoom(LiveRoom):
    """`/rooms/<kind>/<key>`: what happens at one thing, such as the sales of an event."""

    @property
    def room(self):
        return rooms.group_of(self.scope["url_route"]["kwargs"]["kind"], self.subject.pk)

    async def refusal(self):
        return await super().refusal() or await database_sync_to_async(self._refusal)()

    def _refusal(self):
        place = self.scope["url_route"]["kwargs"]
        kind = rooms.kind_of(place["kind"])
        self.subject = kind and kind.find(place["key"])
        return 0 if self.subject is not None and kind.rule(self.user, self.subject) else NOT_HERE

    async def greeting(self):
        return {"meta": GREETING, "cursor": await self.cursor()}

    async def news(self):
        """A sign of life, and the number by which a window sees whether it missed something."""
        return {"meta": "beat", "cursor": await self.cursor()}

    async def cursor(self):
        kind = rooms.kind_of(self.scope["url_route"]["kwargs"]["kind"])
        return await database_sync_to_async(kind.cursor)(self.subject)


class Nowhere(AsyncJsonWebsocketConsumer):
    """Every other address: it says so, as a page would."""

    async def connect(self):
        await self.accept()
        await self.close(NOT_HERE)
