"""The ticket: what it says, that a phone reads it, and that names cannot break it."""

import contextlib
import io
import logging
import socket

import pytest
from django.template import engines
from PIL import Image

from openevent.core.tokens import derive_secret
from orders.documents import fonts
from orders.documents.drawing import NotDrawn, draw
from orders.documents.fonts import FontsMissing
from orders.documents.ticket import ticket_pdf
from orders.tests.documents.papers import count_pages, scan, ticket, words_of


@pytest.fixture
def own_template(settings):
    """Turns HTML into a template of its own, to ask the drawing what it would refuse."""

    def write(html):
        loader = ("django.template.loaders.locmem.Loader", {"own.html": html})
        django = {**settings.TEMPLATES[0], "APP_DIRS": False}
        settings.TEMPLATES = [{**django, "OPTIONS": {**django["OPTIONS"], "loaders": [loader]}}]
        return "own.html"

    yield write
    del engines.templates


@pytest.fixture
def listener():
    """A server that counts who calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        yield server


def calls(server) -> int:
    try:
        server.accept()
    except TimeoutError:
        return 0
    return 1


def picture(size=(400, 100), kind="PNG") -> bytes:
    paper = io.BytesIO()
    Image.new("RGB", size, "#3f45c9").save(paper, kind)
    return paper.getvalue()


def test_a_ticket_says_who_comes_to_what_when_and_where():
    words = words_of(ticket_pdf([ticket(state="Paid", contact="hello@harbour.example")]))
    for said in (
        *("Harbour Code Days", "Quay Hall, Cais do Sodré 12", "Bob Byrne", "Three days", "A7K2Q9XM", "Paid"),
        *("Thursday 14 May 2026, 08:00", "to Saturday 16 May 2026, 17:00", "Europe/Lisbon, UTC+01:00"),
        *("Harbour Code e. V.", "hello@harbour.example"),
    ):
        assert said in words


def test_a_ticket_for_one_day_names_the_day_once():
    words = words_of(ticket_pdf([ticket(ends_at=ticket().starts_at.replace(hour=16))]))
    assert "Thursday 14 May 2026" in words
    assert "08:00 – 17:00" in words


def test_a_phone_reads_the_code_of_every_ticket_of_an_order(tmp_path):
    codes = [derive_secret("ticket", f"seed {seat}") for seat in range(3)]
    pdf = ticket_pdf([ticket(code=code) for code in codes])
    assert count_pages(pdf) == 3
    assert scan(pdf, tmp_path) == codes


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Šťastná-Nguyễn",
        "Александр Неизвестный",
        "Ελένη Παπαδοπούλου",
        "王小明",
        "山田 さくら",
        "김민준",
        "שירה כהן",
        "สมชาย ใจดี",
    ],
)
def test_a_name_is_printed_in_its_own_script(name, caplog):
    with caplog.at_level(logging.WARNING):
        words = words_of(ticket_pdf([ticket(holder=name, event_name=name, place=name)]))
    assert caplog.messages == []  # the library warns of each letter that no typeface has
    assert all(word in words for word in name.split())


def test_an_arabic_name_is_joined_and_runs_from_the_right(caplog):
    with caplog.at_level(logging.WARNING):
        words = words_of(ticket_pdf([ticket(holder="محمد الفارسي")]))
    assert caplog.messages == []
    assert "محمد" not in words  # separate letters would be
    assert any("\ufe70" <= letter <= "\ufefc" for letter in words)  # these are the joined shapes


def test_an_emoji_is_printed(caplog):
    with caplog.at_level(logging.WARNING):
        words = words_of(ticket_pdf([ticket(event_name="Harbour 🎉👩🏽\u200d💻 Days ❤\ufe0f")]))
    assert caplog.messages == []
    assert "Harbour" in words


def test_letters_without_a_typeface_still_give_a_ticket():
    assert "Bob" in words_of(ticket_pdf([ticket(holder="Bob \U00012000")]))


@pytest.mark.parametrize("name", ["W" * 200, "Very long words " * 15, "开源软件峰会" * 30, "<" * 200])
def test_long_names_stay_on_one_page(name, tmp_path):
    paper = ticket(holder=name, event_name=name, ticket_type=name, place=name, state_note=name)
    pdf = ticket_pdf([paper])
    assert count_pages(pdf) == 1
    assert scan(pdf, tmp_path) == [paper.code]


@pytest.mark.parametrize(
    "name",
    [
        "<b>Bob</b>",
        "<script>alert(1)</script>",
        "<pdf:nextpage />Bob",
        "{{ 7|add:7 }}",
        "{% include 'base.html' %}",
        "{0.__class__}",
        "&lt;i&gt;",
        "</style></td>Bob",
    ],
)
def test_a_name_full_of_markup_is_printed_as_it_is(name):
    pdf = ticket_pdf([ticket(holder=name)])
    assert count_pages(pdf) == 1
    assert name.replace(" ", "") in "".join(words_of(pdf).split())


def test_a_name_fetches_nothing(listener):
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    ticket_pdf([ticket(holder=f'<img src="{address}">', event_name=f"@import url({address})", place=address)])
    assert calls(listener) == 0


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{url}">',
        '<link rel="stylesheet" href="{url}">',
        "<style>@import url({url});</style>",
        "<style>@font-face {{ font-family: x; src: url({url}.ttf) }} p {{ font-family: x }}</style>",
        '<p style="background-image: url({url})">x</p>',
    ],
)
def test_even_our_own_markup_can_fetch_nothing(markup, listener, own_template):
    template = own_template(markup.format(url=f"http://127.0.0.1:{listener.getsockname()[1]}/x") + "<p>x</p>")
    with contextlib.suppress(NotDrawn):
        draw(template, {}, title="x", text="x")
    assert calls(listener) == 0


def test_no_file_of_the_server_is_read(own_template, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture())
    small = len(draw(own_template("<p>x</p>"), {}, title="x", text="x"))
    for address in (secret, secret.as_uri()):
        pdf = draw(own_template(f'<p>x</p><img src="{address}">'), {}, title="x", text="x")
        assert len(pdf) <= small + 200


def test_a_logo_is_printed_and_a_bad_one_costs_no_ticket():
    plain = ticket_pdf([ticket()])
    assert len(ticket_pdf([ticket(logo=picture(kind="JPEG"))])) > len(plain) + 300
    for bad in (b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:30]):
        assert count_pages(ticket_pdf([ticket(logo=bad)])) == 1


def test_a_logo_of_any_shape_leaves_the_ticket_on_one_page():
    for size in ((2000, 20), (20, 2000)):
        assert count_pages(ticket_pdf([ticket(logo=picture(size))])) == 1


def test_a_missing_typeface_is_named(settings, tmp_path, monkeypatch):
    settings.FONTS_DIR = tmp_path
    monkeypatch.setattr(fonts, "_registered", set())  # as in a new process
    with pytest.raises(FontsMissing, match=r"NotoSans_400Regular\.ttf cannot be read"):
        ticket_pdf([ticket()])
