"""The herald: one thread a process that calls out to the live rooms, so that no request waits for Redis."""

import asyncio
import atexit
import logging
import os
import threading
import time

from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

SECONDS_A_CALL = 1
SECONDS_OF_REST = 10  # after a call that nobody took: what is said meanwhile is dropped at once
MOST_WAITING = 1000
SECONDS_AT_THE_END = 1


class Herald:
    """Starts with the first word of a process, also of one that was forked from another.

    What is said is a hint and never the only copy: a window that missed one finds out by its room's cursor.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.pid = None
        self.rests_until = 0.0

    def call(self, group: str, message: dict) -> None:
        """Say it to everybody in the group, soon. Returns at once and never fails."""
        with self.lock:
            if self.pid != os.getpid():
                self._start()
        if time.monotonic() >= self.rests_until and self.words.qsize() < MOST_WAITING:
            self.loop.call_soon_threadsafe(self.words.put_nowait, (group, message))

    def fall_silent(self, seconds: float) -> bool:
        """Wait until everything is said, at most so long; whether it is."""
        if self.pid != os.getpid():
            return True
        done = asyncio.run_coroutine_threadsafe(self.words.join(), self.loop)
        try:
            done.result(seconds)
        except TimeoutError:
            return False
        return True

    def _start(self):
        self.pid, self.rests_until = os.getpid(), 0.0
        self.loop, self.words = asyncio.new_event_loop(), asyncio.Queue()
        threading.Thread(target=self.loop.run_until_complete, args=[self._work()], name="herald", daemon=True).start()
        atexit.register(self.fall_silent, SECONDS_AT_THE_END)

    async def _work(self):
        while True:
            group, message = await self.words.get()
            if time.monotonic() >= self.rests_until:
                await self._say(group, message)
            self.words.task_done()

    async def _say(self, group, message):
        try:
            async with asyncio.timeout(SECONDS_A_CALL):
                await get_channel_layer().group_send(group, message)
        except Exception as problem:  # whatever it was: the next word is tried again, after a rest
            self.rests_until = time.monotonic() + SECONDS_OF_REST
            log.warning("live is off for %s s: %s: %s", SECONDS_OF_REST, type(problem).__name__, problem)


herald = Herald()
