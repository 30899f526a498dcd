"""Which typefaces a text needs, registered with the PDF library once in a process."""

import re
import threading
import unicodedata
from itertools import product
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from xhtml2pdf.default import DEFAULT_FONT


class FontsMissing(Exception):
    """A typeface is not where set-up puts it."""


class Typeface(NamedTuple):
    family: str
    file: str
    needed_for: str  # ranges of characters
    weights: tuple[str, ...] = ("400Regular", "700Bold")


# Latin, Greek and Cyrillic come first: the other files hold Latin letters too, of another size.
LATIN = Typeface("openeventsans", "NotoSans", "")
SMALL_SCRIPTS = [
    Typeface("openeventarabic", "NotoSansArabic", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"),
    Typeface("openeventhebrew", "NotoSansHebrew", "\u0590-\u05ff\ufb1d-\ufb4f"),
    Typeface("openeventthai", "NotoSansThai", "\u0e00-\u0e7f"),
]
# One weight of the large ones: each takes some 20 MB of memory while loaded.
ONE_WEIGHT = ("400Regular",)
JAPANESE = Typeface("openeventjapanese", "NotoSansJP", "\u3040-\u30ff\uff66-\uff9f", ONE_WEIGHT)
KOREAN = Typeface("openeventkorean", "NotoSansKR", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", ONE_WEIGHT)
HAN = "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
CHINESE = Typeface("openeventchinese", "NotoSansSC", HAN, ONE_WEIGHT)
SYMBOLS = Typeface("openeventsymbols", "NotoEmoji", "\u2190-\u2bff\U0001f000-\U0001faff", ONE_WEIGHT)
OTHERS = (*SMALL_SCRIPTS, JAPANESE, KOREAN, CHINESE, SYMBOLS)
# Characters without a shape of their own (joiners, variation selectors, emoji skins) print as boxes.
SHAPELESS = re.compile("[\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e01ef]")

_registered: set[str] = set()
_registering = threading.Lock()


def families_for(text: str) -> str:
    """The CSS font list that can draw the text. Japanese and Korean shapes of Han go before the Chinese."""
    families = [LATIN, *(face for face in OTHERS if re.search(f"[{face.needed_for}]", text))]
    with _registering:
        for face in families:
            _register(face)
    return ", ".join(face.family for face in families)


def printable(text: str) -> str:
    """The text without what no typeface draws, accents joined to their letters as typefaces hold them."""
    return SHAPELESS.sub("", unicodedata.normalize("NFC", text))


def _register(face: Typeface) -> None:
    # Once a process, because parsing a Chinese typeface takes longer than drawing a ticket.
    if face.family in _registered:
        return
    for weight in face.weights:
        registerFont(_load(f"{face.family}_{weight}", Path(settings.FONTS_DIR) / f"{face.file}_{weight}.ttf"))
    for bold, italic in product((0, 1), repeat=2):
        addMapping(face.family, bold, italic, f"{face.family}_{face.weights[bold * (len(face.weights) - 1)]}")
    DEFAULT_FONT[face.family] = face.family
    _registered.add(face.family)


def _load(name: str, path: Path) -> TTFont:
    try:
        return TTFont(name, path)
    except (TTFError, OSError) as error:
        raise FontsMissing(f"{path} cannot be read: {error}. script/setup puts typefaces there.") from error
