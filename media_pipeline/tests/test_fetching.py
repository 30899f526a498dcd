"""Fetching what strangers point at: only from the public internet, and never for long."""

import socket
import ssl
import threading
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from media_pipeline.addresses import is_public
from media_pipeline.fetching import safe_fetch
from openevent.core.refusals import Refused

PUBLIC = "93.184.215.14"
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 10


class Listener:
    """A local server that counts who comes, and says to each the next of its answers."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.connections, self.requests, self.answers = 0, [], []
        self.pause, self.security = 0, None
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            with caller, suppress(OSError):
                if self.security:
                    caller = self.security.wrap_socket(caller, server_side=True)
                with caller:
                    self.requests.append(caller.recv(65536))
                    self._say(caller, self.answers.pop(0) if self.answers else b"")

    def _say(self, caller, answer):
        if not self.pause:
            caller.sendall(answer)
            return
        for byte in answer:
            caller.sendall(bytes([byte]))
            time.sleep(self.pause)


@pytest.fixture
def listener():
    found = Listener()
    with closing(found.socket):
        yield found


@pytest.fixture
def internet(listener):
    """Names that lead to public addresses, and a wire on which every public address is our listener."""
    return {
        "resolve": lambda host, port: [PUBLIC],
        "dial": lambda address, seconds: socket.create_connection(("127.0.0.1", listener.port), seconds),
    }


def answer(body=b"", status="200 OK", **headers):
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def refusal_of(url, **options):
    with pytest.raises(Refused) as refused:
        safe_fetch(url, **options)
    return refused.value.code


def test_a_picture_on_the_internet_is_fetched(listener, internet):
    listener.answers = [answer(PNG, Content_Length=len(PNG), Content_Type="text/html")]
    fetched = safe_fetch("http://pictures.example.org/fähre%201.png?größe=2#top", **internet)
    assert (fetched.content, fetched.media_type) == (PNG, "image/png")
    request = listener.requests[0].decode().splitlines()
    assert request[0] == "GET /f%C3%A4hre%201.png?gr%C3%B6%C3%9Fe=2 HTTP/1.1"
    assert "Host: pictures.example.org" in request


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::]",
        "0",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "127.0.0.2",
        "169.254.169.254",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::1]",
        "[2001:0:7f00:1::1]",
        "[fe80::1]",
        "[fe80::1%25lo]",
        "[fc00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[fd00:ec2::254]",
        "[2001:db8::1]",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_address_of_ours_or_of_a_neighbour_is_called(listener, scheme, host):
    assert refusal_of(f"{scheme}://{host}:{listener.port}/") == "address-not-allowed"
    assert listener.connections == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_a_public_name_for_a_private_address_is_not_called(listener, address):
    resolve = lambda host, port: [PUBLIC, address]  # noqa: E731
    url = f"http://10.0.0.1.nip.io:{listener.port}/"
    assert refusal_of(url, resolve=resolve) == "address-not-allowed"
    assert listener.connections == 0


def test_a_name_that_changes_its_mind_is_asked_once_and_held_to_its_answer(listener):
    """DNS rebinding: public when checked, our own machine when called."""
    answers, called = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]], []

    def dial(address, seconds):
        called.append(address)
        raise OSError("nobody there")

    url = f"http://rebinding.example.org:{listener.port}/"
    assert refusal_of(url, resolve=lambda host, port: answers.pop(0), dial=dial) == "fetch-failed"
    assert (called, len(answers), listener.connections) == ([(PUBLIC, listener.port)], 2, 0)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/x",
        "ftp://example.org/x",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "//example.org/x",
        "/images/logo.png",
        "http://",
        "http:///x",
        "http://user:secret@example.org/",
        "http://127.0.0.1\\@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org/\r\nX-Evil: 1",
        "http://example.org/a b",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://[::1/",
        "http://exa..mple.org/",
        "http://" + "a" * 300 + ".org/",
        "",
    ],
)
def test_what_is_not_a_plain_web_address_is_not_called(listener, internet, url):
    assert refusal_of(url, **internet) == "address-not-allowed"
    assert listener.connections == 0


def test_a_name_that_nobody_has_is_said_to_be_unknown():
    def resolve(host, port):
        raise socket.gaierror

    assert refusal_of("http://nobody.example.org/", resolve=resolve) == "address-unknown"


def test_a_redirect_is_followed_and_looked_at_like_the_first_address(listener, internet):
    hidden = Listener()
    with closing(hidden.socket):
        for target in (f"http://127.0.0.1:{hidden.port}/", f"//0x7f.1:{hidden.port}/", "file:///etc/passwd"):
            listener.answers = [answer(status="302 Found", Location=target, Content_Length=0)]
            internet["resolve"] = lambda host, port: [PUBLIC if host.endswith("example.org") else host]
            assert refusal_of("http://pictures.example.org/", **internet) == "address-not-allowed"
        assert hidden.connections == 0
    listener.answers = [
        answer(status="301 Moved Permanently", Location="/logo.png", Content_Length=0),
        answer(PNG, Content_Length=len(PNG)),
    ]
    assert safe_fetch("http://pictures.example.org/", **internet).url == "http://pictures.example.org/logo.png"


def test_redirects_come_to_an_end(listener, internet):
    listener.answers = [answer(status="302 Found", Location="/again", Content_Length=0)] * 10
    assert refusal_of("http://pictures.example.org/", **internet) == "too-many-redirects"
    assert listener.connections == 4


def test_what_is_too_large_is_not_read_to_its_end(listener, internet):
    listener.answers = [answer(PNG, Content_Length=10**12), answer(PNG + bytes(10**6))]
    for _announced_or_not in range(2):
        assert refusal_of("http://example.org/", max_bytes=1000, **internet) == "fetched-too-large"


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"<html>", status="404 Not Found"),
        answer(b"\x1f\x8b", Content_Encoding="gzip"),
        answer(PNG, Content_Length=len(PNG) + 1),
        answer(b"nonsense", Transfer_Encoding="chunked"),
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
    ],
    ids=["not found", "compressed", "cut off", "bad chunks", "another service", "silence"],
)
def test_an_answer_that_is_not_whole_is_no_answer(listener, internet, reply):
    listener.answers = [reply]
    assert refusal_of("http://example.org/", **internet) == "fetch-failed"


@pytest.mark.parametrize("body", [b"<svg onload='alert(1)'/>", b"<html>", b"%PDF-1.7", b""])
def test_what_is_not_of_the_asked_type_is_refused_whatever_it_says(listener, internet, body):
    listener.answers = [answer(body, Content_Type="image/png")]
    assert refusal_of("http://example.org/logo.png", **internet) == "fetched-type-not-allowed"


def test_a_server_that_drips_is_hung_up_on(listener, internet):
    listener.pause = 0.05
    for reply in (answer(PNG, Content_Length=len(PNG)), answer(PNG)):
        listener.answers = [reply]
        begin = time.monotonic()
        assert refusal_of("http://example.org/", seconds=0.4, **internet) == "fetch-failed"
        assert time.monotonic() - begin < 2


def test_a_certificate_has_to_be_for_the_name_that_was_asked(listener, internet, tmp_path, monkeypatch):
    certificate = self_signed("good.example.org", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    listener.security = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    listener.security.load_cert_chain(certificate)
    listener.answers = [answer(PNG, Content_Length=len(PNG))]
    assert refusal_of("https://bad.example.org/", **internet) == "fetch-failed"
    assert safe_fetch("https://good.example.org/", **internet).content == PNG


def self_signed(name, folder):
    """A file with a key and a certificate for `name` that is good for an hour."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(key_bytes + certificate.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_public(address):
    assert is_public(address)


def test_our_own_public_networks_are_ours(settings):
    settings.FETCH_OWN_NETWORKS = ["93.184.215.0/24", "2606:2800::/32"]
    assert not is_public(PUBLIC)
    assert not is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert is_public("93.184.216.14")
