"""The one sanitiser."""

import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from openevent.core.cleaning import TAGS, clean_html, plain

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import '//evil.example/x.css'</style>",
    "<form action=//evil.example><button>go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href=x onclick=alert(1)>x</a>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p onmouseover=alert(1)>x</p>",
    "<p/onclick=alert(1)>x</p>",
    "<p\nonclick=alert(1)>x</p>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<title><script>alert(1)</script></title>",
    "<textarea><script>alert(1)</script></textarea>",
    "<xmp><script>alert(1)</script></xmp>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<<script>script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    '"><script>alert(1)</script>',
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<isindex action=javascript:alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<area href=javascript:alert(1)>",
    "<use href='data:image/svg+xml,<svg id=x onload=alert(1)/>#x'>",
    "<a target=_blank href=https://evil.example>x</a>",
    "<b><a href=javascript:alert(1)><i>x</b></a></i>",
    "＜script＞alert(1)＜/script＞",
    "<img/src=`x`onerror=alert(1)>",
    "<p id=main class=box>x</p>",
]


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
