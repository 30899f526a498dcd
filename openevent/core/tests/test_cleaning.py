"""The one sanitiser."""

import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from openevent.core.cleaning import TAGS, clean_html, plain
from openevent.core.tests.payloads import PAYLOADS

pytestmark = pytest.mark.once


def what_is_dangerous_in(html):
    """Whatever a browser would make of the text that no text of ours may hold."""
    for tag in BeautifulSoup(f"<div>{html}</div>", "lxml").select("div *"):
        if tag.name not in TAGS:
            yield tag.name
        for name, value in tag.attrs.items():
            if name.startswith("on") or name in (
                "style",
                "id",
                "class",
                "src",
                "srcdoc",
                "formaction",
                "action",
            ):
                yield name
            if "script:" in str(value).lower().replace("\t", "").replace("\n", "") or str(value).startswith("data:"):
                yield value


@pytest.mark.parametrize("payload", PAYLOADS)
def test_rich_text_keeps_nothing_that_runs(payload):
    assert list(what_is_dangerous_in(clean_html(payload))) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_line_of_text_keeps_no_tag_at_all(payload):
    assert BeautifulSoup(f"<div>{plain(payload)}</div>", "lxml").select("div *") == []


@given(st.text(alphabet="<>/!?ab \"'=&;:#\n", max_size=60))
def test_no_mixture_of_signs_gets_a_tag_through(text):
    assert BeautifulSoup(f"<div>{plain(text)}</div>", "lxml").select("div *") == []
    assert list(what_is_dangerous_in(clean_html(text))) == []


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    assert [clean_html(clean_html(text)), plain(plain(text))] == [clean_html(text), plain(text)]


def test_rich_text_keeps_its_form():
    text = '<h2>Day 1</h2><p><strong>Bring</strong> a <a href="https://example.org/x">map</a>.</p><ul><li>a</li></ul>'
    link = ' rel="noopener noreferrer nofollow">map'
    assert clean_html(text) == text.replace(">map", link)


@pytest.mark.parametrize(
    "name", ["AT&T", 'O\'Brien "Bo"', "I <3 tea", "a < b > c", "Łucja Ærø", "李小龍", "محمد", "👩‍🚀"]
)
def test_a_line_of_text_stays_as_it_was_typed(name):
    assert plain(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a\r\n b\t", "a b"),
        ("Subject\r\nBcc: everyone@example.org", "Subject Bcc: everyone@example.org"),
        ("a\x00b", "ab"),
        ("a\ud800b", "ab"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("a\u2028b", "a b"),
        (None, None),
    ],
)
def test_a_line_of_text_is_one_line_that_a_database_can_keep(typed, kept):
    assert plain(typed) == kept


@pytest.mark.parametrize("clean", [clean_html, plain])
@pytest.mark.parametrize("piece", ["<a", "<b>", "</b>", "<", "&", "<!--", "<a href='", "<p><b>"])
def test_a_megabyte_of_tags_is_cleaned_in_seconds(clean, piece):
    start = time.process_time()
    clean(piece * (1_000_000 // len(piece)))
    assert time.process_time() - start < 5


def test_no_text_is_no_text():
    assert clean_html(None) is None
