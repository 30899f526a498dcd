"""HTML to PDF by xhtml2pdf, which may fetch nothing: pictures come as data, typefaces from our own folder."""

import base64
import io
import re
from functools import cache
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from PIL import Image, UnidentifiedImageError
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from orders.documents.fonts import families_for, printable

# Without a base directory no local file is readable either.
NOTHING_FROM_OUTSIDE = ResourceAccessPolicy.server(base_dir=None, allow_remote=False)
WORDS_THAT_STAY_WHOLE = re.compile("[^\\s\u2e80-\U0003ffff]+")  # Chinese and Japanese break anywhere
MOST_LINES = 12  # of an address
LOGO_WIDTH, LOGO_HEIGHT = 60, 15  # the box it is fitted into, in mm


class NotDrawn(Exception):
    """The document could not be made, and why."""


def draw(template: str, context: dict, *, title: str, text: str) -> bytes:
    """The template as PDF. `text` is all that it says, to choose the typefaces by."""
    html = render_to_string(template, {**context, "families": mark_safe(families_for(text))})  # noqa: S308
    paper = io.BytesIO()
    try:
        result = pisa.CreatePDF(
            printable(html),
            dest=paper,
            default_css=_stylesheet(),
            context_meta={"title": printable(title)},
            resource_policy=NOTHING_FROM_OUTSIDE,
            capacity=-1,  # in memory: who comes is left in no temporary file
        )
    except (ValueError, ZeroDivisionError, OSError) as error:
        raise NotDrawn(f"{template}: {error}") from error
    if result.err:
        raise NotDrawn(f"{template}: {[message for _kind, _line, message, _code in result.log][:3]}")
    return paper.getvalue()


def qr_picture(payload: str) -> SafeString:
    """A data URI of the QR code. PNG, because drawing an SVG takes the library three times as long."""
    # The mask is fixed: the payload is random, so no mask is better than another, and finding one takes 5 ms.
    return mark_safe(segno.make(payload, error="m", micro=False, mask=4).png_data_uri(scale=6, border=4))  # noqa: S308


def logo_picture(logo: bytes | None) -> dict | None:
    """A data URI of the logo and its size on paper, or nothing if it is no picture."""
    if not logo:
        return None
    try:
        with Image.open(io.BytesIO(logo), formats=("PNG", "JPEG")) as picture:
            kind, (width, height) = picture.format.lower(), picture.size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height)
    return {
        "uri": mark_safe(f"data:image/{kind};base64,{base64.b64encode(logo).decode()}"),  # noqa: S308
        "size": f"width: {width * scale:.1f}mm; height: {height * scale:.1f}mm",
    }


def type_size(words: str, *, line: int) -> str:
    """The style that keeps a name in three lines, words whole; `line`: how many letters the largest holds."""
    longest = max(map(_width, WORDS_THAT_STAY_WHOLE.findall(words)), default=0)
    for style, letters in (("huge", line), ("large", line * 4 // 3), ("medium", line * 15 // 8)):
        if _width(words) <= 3 * letters and longest <= letters:
            return style
    return "fitted"


def shortened(words: str, width: int) -> str:
    """Words of no more than so many letters, so that a page stays a page."""
    while _width(words) > width:
        words = words[: len(words) * width // _width(words) - 1].rstrip() + "…"
    return words


def address(lines: tuple[str, ...]) -> list[str]:
    """Whose paper it is, or from whom: as much of it as leaves room for the rest."""
    return [shortened(line, 120) for line in lines[:MOST_LINES]]


def _width(words: str) -> int:
    return sum(2 if letter >= "\u2e80" else 1 for letter in words)  # Chinese letters are twice as wide


@cache
def _stylesheet() -> str:
    # In place of the library's own default rules, most of which we would undo: half the time of a page.
    return (Path(settings.BASE_DIR) / "templates/pdf/paper.css").read_text()
