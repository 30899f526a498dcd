"""The one place from which we fetch what a stranger's URL points at."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.utils.encoding import iri_to_uri

from media_pipeline.addresses import public_addresses, resolve
from media_pipeline.sniffing import IMAGE_TYPES, media_type_of
from openevent.core.atomic import refuse_inside_work
from openevent.core.refusals import Refused

MAX_BYTES = 10 * 1024 * 1024
MAX_SECONDS = 10.0
MAX_REDIRECTS = 3
DEFAULT_PORTS = {"http": 80, "https": 443}
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "openevent"}
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Fetched:
    """What came back: the last URL of the way, the bytes, and the type that the bytes show."""

    url: str
    content: bytes
    media_type: str


def safe_fetch(
    url: str,
    *,
    accept: frozenset[str] = IMAGE_TYPES,
    max_bytes: int = MAX_BYTES,
    seconds: float = MAX_SECONDS,
    resolve=resolve,
    dial=socket.create_connection,
) -> Fetched:
    """GET `url` from the public internet, or raise `Refused`.

    Each hop is resolved once and the connection goes to that very address, so a name that changes its mind
    between the check and the call gains nothing. `resolve` and `dial` stand for the resolver and the socket.
    """
    refuse_inside_work()
    left = _Clock(seconds)
    for _hop in range(MAX_REDIRECTS + 1):
        target = _checked(url)
        with _answer_of(target, clock=left, resolve=resolve, dial=dial) as answer:
            if answer.status in REDIRECTS:
                url = urljoin(url, answer.getheader("Location", ""))
                continue
            content = _body_of(answer, clock=left, max_bytes=max_bytes)
        media_type = media_type_of(content)
        if media_type not in accept:
            raise Refused("fetched-type-not-allowed", f"{url} is not of an accepted type.", status=415)
        return Fetched(url, content, media_type)
    raise Refused("too-many-redirects", f"{url} leads from one address to the next.")


def _checked(url: str) -> "_Target":
    """Only http(s), with a host, without credentials or stray characters."""
    if any(character <= " " or character == "\\" for character in url):
        raise Refused("address-not-allowed", "A URL has no spaces, control characters or backslashes.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:
        raise Refused("address-not-allowed", "This is not a URL.") from None
    if parts.scheme not in DEFAULT_PORTS or not host or "%" in host or port == 0:
        raise Refused("address-not-allowed", "Only http and https URLs are fetched.")
    if parts.username is not None or parts.password is not None:
        raise Refused("address-not-allowed", "A URL with a user name or password is not fetched.")
    path = iri_to_uri(parts.path or "/") + (f"?{iri_to_uri(parts.query)}" if parts.query else "")
    return _Target(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], path)


@contextmanager
def _answer_of(target: "_Target", *, clock: "_Clock", resolve, dial) -> Iterator[http.client.HTTPResponse]:
    addresses = public_addresses(target.host, target.port, resolve=resolve)
    connection = _Pinned(target, addresses=addresses, clock=clock, dial=dial)
    # A socket's own time-out starts anew with every byte: only hanging up ends a server that drips.
    alarm = threading.Timer(clock.left(), connection.hang_up)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("GET", target.path, headers=HEADERS)
        with connection.getresponse() as answer:
            yield answer
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Refused("fetch-failed", f"{target.host} did not answer as it should.") from error
    finally:
        alarm.cancel()
        connection.close()


def _body_of(answer: http.client.HTTPResponse, *, clock: "_Clock", max_bytes: int) -> bytes:
    if answer.status != 200:
        raise Refused("fetch-failed", f"The server answered {answer.status}.")
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise Refused("fetch-failed", "The server sent a compressed answer, which was not asked for.")
    if answer.length is not None and answer.length > max_bytes:
        raise Refused("fetched-too-large", f"The file is larger than {max_bytes} bytes.", status=413)
    content = answer.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise Refused("fetched-too-large", f"The file is larger than {max_bytes} bytes.", status=413)
    if answer.length or clock.is_over:
        raise Refused("fetch-failed", "The server did not send the whole file in time.")
    return content


@dataclass(frozen=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str


class _Clock:
    """The seconds that one fetch has for all its hops together."""

    def __init__(self, seconds: float):
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return max(self._end - time.monotonic(), 0.001)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end


class _Pinned(http.client.HTTPConnection):
    """A connection to checked addresses; the name serves for `Host` and the certificate only."""

    def __init__(self, target: _Target, *, addresses: list[str], clock: _Clock, dial):
        super().__init__(target.host, target.port)
        self.default_port = DEFAULT_PORTS[target.scheme]
        self._secure = target.scheme == "https"
        self._addresses, self._clock, self._dial = addresses, clock, dial

    def connect(self) -> None:
        for number, address in enumerate(self._addresses, start=1):
            try:
                self.sock = self._dial((address, self.port), self._clock.left())
                break
            except OSError:
                if number == len(self._addresses):
                    raise
        if self._secure:
            # The handshake comes second, so that `hang_up` holds the right socket while it runs.
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def hang_up(self) -> None:
        if self.sock is not None:
            with suppress(OSError):  # it may be gone already
                self.sock.shutdown(socket.SHUT_RDWR)
