"""The one sanitiser: what people write goes through here before it is kept and before it is shown as HTML."""

import re
import unicodedata

import nh3

TAGS = {
    *("a", "b", "strong", "i", "em", "u", "s", "del", "ins", "mark", "small", "sub", "sup", "code", "pre"),
    *("p", "br", "hr", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
LINK_SCHEMES = {"http", "https", "mailto", "tel"}

A_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
A_TAG_BEGINS = re.compile(r"(?<!<)<++(?=[a-zA-Z/!?])")  # nothing else opens one in HTML: `I <3 tea` stays
BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean_html(text):
    """Rich text with nothing in it but the allowed tags and links; None stays None."""
    if text is None:
        return None
    return nh3.clean(
        _storable(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=LINK_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def plain(text):
    """One line without tags, control characters and direction tricks; None stays None.

    Ampersands and quotes stay as typed: whoever shows the line escapes it.
    """
    if text is None:
        return None
    text = _storable(text).translate(BIDI_CONTROLS)
    text = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    # Removing a tag can join two halves of another: what then begins one goes as well.
    return " ".join(A_TAG_BEGINS.sub("", A_TAG.sub("", text)).split())


def _storable(text):
    """Without NUL and lone surrogates: JSON can carry them, no database can keep them."""
    return str(text).replace("\x00", "").encode(errors="ignore").decode()
