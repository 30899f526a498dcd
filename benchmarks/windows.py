"""A browser's WebSocket, as far as listening needs it: what RFC 6455 asks of a client, and no more."""

import asyncio
import base64
import json
import os
from contextlib import suppress
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
MASKED = 0x80


class Closed(Exception):
    """By the server; the code says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Window:
    """`window = await Window.open("http://127.0.0.1:8000/notifs", cookie="session=…")`, then `await window.hear()`."""

    @classmethod
    async def open(cls, address, *, cookie=""):
        parts, window = urlsplit(address), cls()
        window.reader, window.writer = await asyncio.open_connection(parts.hostname, parts.port)
        lines = [
            f"GET {parts.path} HTTP/1.1",
            f"Host: {parts.netloc}",
            f"Origin: {parts.scheme}://{parts.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            f"Cookie: {cookie}",
        ]
        window.writer.write("\r\n".join([*lines, "", ""]).encode())
        head = await window.reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head.splitlines()[0]:
            raise ConnectionRefusedError(head.splitlines()[0].decode())
        return window

    async def hear(self):
        """The next message; Closed when the server ends it."""
        while True:
            kind, content = await self._frame()
            if kind == TEXT:
                return json.loads(content)
            if kind == PING:
                self._send(PONG, content)
            if kind == CLOSE:
                await self._hang_up()
                raise Closed(int.from_bytes(content[:2]))

    async def close(self):
        self._send(CLOSE, (1000).to_bytes(2))
        await self._hang_up()

    async def _hang_up(self):
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()

    async def _frame(self):
        first, second = await self.reader.readexactly(2)
        length = second & 0x7F
        if length > 125:  # then it stands in the next two or eight bytes
            length = int.from_bytes(await self.reader.readexactly(2 if length == 126 else 8))
        return first & 0x0F, await self.reader.readexactly(length)

    def _send(self, kind, content):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(content))
        self.writer.write(bytes([0x80 | kind, MASKED | len(content)]) + mask + masked)
