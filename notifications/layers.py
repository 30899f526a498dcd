"""The channel layer of a server that is one process: rooms in memory, for all of its threads."""

import asyncio
import secrets
import threading
from collections import defaultdict, deque
from contextlib import suppress
from copy import deepcopy

from channels.layers import BaseChannelLayer


class MemoryLayer(BaseChannelLayer):
    """As Channels' own, and said from any thread, heard at once.

    Channels' own leaves a message to a sleeping event loop of another thread, which sleeps on until something else
    wakes it: what the embedded worker has to say would arrive minutes later.
    """

    extensions = ["groups", "flush"]

    def __init__(self, *, capacity=100, **options):
        super().__init__(capacity=capacity, **options)
        self.lock = threading.Lock()
        self._empty()

    def _empty(self):
        self.kept = defaultdict(lambda: deque(maxlen=self.capacity))  # channel: what nobody has taken yet
        self.waiting = {}  # channel: (the loop, the future) of whoever waits for the next word
        self.groups = defaultdict(set)

    async def new_channel(self, prefix="specific."):
        return f"{prefix}memory!{secrets.token_hex(8)}"

    async def send(self, channel, message):
        self.require_valid_channel_name(channel)
        with self.lock:
            self._put(channel, message)

    async def receive(self, channel):
        self.require_valid_channel_name(channel)
        loop = asyncio.get_running_loop()
        with self.lock:
            if self.kept.get(channel):
                return self.kept[channel].popleft()
            heard = loop.create_future()
            self.waiting[channel] = loop, heard
        try:
            await heard
        except asyncio.CancelledError:  # its consumer has gone
            with self.lock:
                self._forget(channel)
            raise
        return await self.receive(channel)

    async def group_add(self, group, channel):
        self.require_valid_group_name(group)
        with self.lock:
            self.groups[group].add(channel)

    async def group_discard(self, group, channel):
        with self.lock:
            self._leave(group, channel)

    async def group_send(self, group, message):
        self.require_valid_group_name(group)
        with self.lock:
            for channel in self.groups.get(group, ()):
                self._put(channel, message)

    async def flush(self):
        with self.lock:
            self._empty()

    async def close(self):
        pass

    def _forget(self, channel):
        self.waiting.pop(channel, None)
        self.kept.pop(channel, None)
        for group in [group for group, channels in self.groups.items() if channel in channels]:
            self._leave(group, channel)

    def _leave(self, group, channel):
        self.groups[group].discard(channel)
        if not self.groups[group]:
            del self.groups[group]

    def _put(self, channel, message):
        self.kept[channel].append(deepcopy(message))
        loop, heard = self.waiting.pop(channel, (None, None))
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and with it whoever listened
                loop.call_soon_threadsafe(wake, heard)


def wake(heard):
    if not heard.done():
        heard.set_result(None)
