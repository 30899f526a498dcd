"""The channel layer of one process: said in any thread, heard at once in the loop of another."""

import asyncio
import threading
import time

import pytest
from asgiref.sync import async_to_sync

from notifications.layers import MemoryLayer

SOON = 0.5  # seconds; a loop that nobody wakes would sleep for good


@pytest.fixture
def layer():
    return MemoryLayer(capacity=3)


class Listener(threading.Thread):
    """A loop of its own, asleep until the layer wakes it."""

    def __init__(self, layer, group):
        super().__init__()
        self.layer, self.group, self.listens, self.heard = layer, group, threading.Event(), []

    def run(self):
        asyncio.run(self.listen())

    async def listen(self):
        channel = await self.layer.new_channel()
        await self.layer.group_add(self.group, channel)
        asyncio.get_running_loop().call_later(0.05, self.listens.set)  # it is asleep by then
        async with asyncio.timeout(20):
            self.heard.append(await self.layer.receive(channel))
        self.heard_at = time.monotonic()


def test_what_another_thread_says_wakes_a_sleeping_loop_at_once(layer):
    listener = Listener(layer, "event_1")
    listener.start()
    listener.listens.wait()
    said_at = time.monotonic()
    async_to_sync(layer.group_send)("event_1", {"type": "tell"})
    listener.join()
    assert listener.heard == [{"type": "tell"}]
    assert listener.heard_at - said_at < SOON


def test_forty_threads_talk_to_people_who_come_and_go(layer):
    async def come_and_go():
        for _ in range(50):
            channel = await layer.new_channel()
            await layer.group_add("event_1", channel)
            await asyncio.sleep(0)
            await layer.group_discard("event_1", channel)

    async def talk():
        for _ in range(50):
            await layer.group_send("event_1", {"type": "tell"})

    problems = []

    def run(work):
        try:
            asyncio.run(work())
        except Exception as problem:  # a thread's own would be nobody's
            problems.append(problem)

    threads = [threading.Thread(target=run, args=[work]) for _ in range(20) for work in (come_and_go, talk)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert problems == []
    assert dict(layer.groups) == {}


def test_what_is_said_before_one_listens_is_heard_and_the_oldest_forgotten():
    async def scene():
        layer = MemoryLayer(capacity=3)
        channel = await layer.new_channel()
        for number in range(5):
            await layer.send(channel, {"type": "tell", "number": number})
        assert [(await layer.receive(channel))["number"] for _ in range(3)] == [2, 3, 4]

    asyncio.run(scene())


def test_nothing_is_kept_for_those_who_have_gone():
    async def scene():
        layer = MemoryLayer()
        channel = await layer.new_channel()
        await layer.group_add("event_1", channel)
        await layer.send(channel, {"type": "tell"})
        await layer.receive(channel)
        listening = asyncio.create_task(layer.receive(channel))
        await asyncio.sleep(0)
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        assert (dict(layer.kept), layer.waiting, dict(layer.groups)) == ({}, {}, {})

    asyncio.run(scene())


def test_everybody_gets_a_message_of_their_own():
    async def scene():
        layer = MemoryLayer()
        channels = [await layer.new_channel() for _ in range(2)]
        for channel in channels:
            await layer.group_add("event_1", channel)
        await layer.group_send("event_1", {"type": "tell", "document": {}})
        first, second = [await layer.receive(channel) for channel in channels]
        first["document"]["changed"] = True
        assert second == {"type": "tell", "document": {}}

    asyncio.run(scene())
