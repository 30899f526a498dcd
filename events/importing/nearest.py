"""The nearest value that a column can keep to what an export says.

Every function answers `(value, problem)`: a problem is None, or says what is wrong with the original.
"""

import math
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models
from PIL import ImageColor

from openevent.core.cleaning import plain

Kept = tuple[object, str | None]

YEARS = range(1900, 2201)
LARGEST_INT = 2**31 - 1
TRUE, FALSE = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}
PLAIN_COLOUR, PLAIN_LENGTH = "#546e7a", "00:30"

# Words of older servers and other spellings, for what we call differently.
SYNONYMS = {
    "male": "Man",
    "female": "Woman",
    "non binary": "Non-binary",
    "other": "An identity not listed here",
    "cancelled": "canceled",
    "approved": "accepted",
    "declined": "rejected",
}
# For a choice that nobody understands: what shows the least.
CAREFUL = {"privacy": "private", "state": "pending"}

_is_web_address = URLValidator(schemes=["http", "https"])


def nearest(field: models.Field, said, *, zone: ZoneInfo) -> Kept:
    """For any column of ours. Times without an offset are on the clocks of `zone`."""
    if field.name in _BY_NAME:
        return _BY_NAME[field.name](said)
    if field.choices:
        return nearest_choice(field, said)
    if isinstance(field, models.DateTimeField):
        return nearest_moment(said, zone=zone)
    return next(found for kind, found in _BY_KIND if isinstance(field, kind))(field, said)


def nearest_text(field, said) -> Kept:
    if isinstance(said, bool | dict | list):
        return None, "is not a text"
    text = str(said)
    if isinstance(field, models.TextField):
        return text[: field.max_length], _too_long(text, field)
    line = plain(text[: field.max_length * 10])
    problem = None if line == " ".join(text.split()) else "is not a plain line of text"
    return line[: field.max_length], _too_long(text, field) or problem


def nearest_url(field, said) -> Kept:
    """A web address; one without its scheme gets it, “@name” becomes an address where such names live."""
    if not isinstance(said, str):
        return None, "is not a web address"
    address = re.sub(r"\s", "%20", said.strip())
    problem = None if address == said.strip() else "has spaces"
    if address.startswith("//"):
        address, problem = f"https:{address}", "has no scheme"
    elif re.fullmatch(r"@\w{1,30}", address) and field.name in ("twitter", "github", "instagram"):
        address, problem = f"https://{field.name}.com/{address[1:]}", "is not a web address"
    elif not re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", address, re.IGNORECASE) and "." in address:
        address, problem = f"https://{address}", "has no scheme"
    try:
        _is_web_address(address)
    except ValidationError:
        return None, "is not a web address"
    return (address, problem) if len(address) <= field.max_length else (None, "is too long for a web address")


def nearest_email(field, said) -> Kept:
    address = str(said).strip().removeprefix("mailto:")
    try:
        validate_email(address)
    except ValidationError:
        return None, "is not an e-mail address"
    return (address, None) if len(address) <= field.max_length else (None, "is too long for an e-mail address")


def nearest_choice(field, said) -> Kept:
    known = {str(value).casefold(): value for value, _label in field.choices}
    word = str(said).strip().casefold()
    if word in known:
        return known[word], None
    synonym = SYNONYMS.get(word)
    if synonym is not None and synonym.casefold() in known:
        return synonym, f"is not a {field.verbose_name} here"
    return (None if field.null else CAREFUL[field.name]), f"is not a {field.verbose_name} here"


def nearest_moment(said, *, zone: ZoneInfo) -> Kept:
    """An aware time in UTC."""
    try:
        found = datetime.fromisoformat(said.strip())
        found = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, AttributeError, OverflowError):
        return None, "is not a time"
    return (found, None) if found.year in YEARS else (None, "is not a time of our age")


def nearest_flag(field, said) -> Kept:
    word = str(said).strip().casefold()
    if word in TRUE or word in FALSE:
        return word in TRUE, None
    return field.get_default(), "is neither yes nor no"


def nearest_number(field, said) -> Kept:
    try:
        number = float("nan" if isinstance(said, bool | dict | list) else said)
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        return None, "is not a number"
    if isinstance(field, models.IntegerField):
        whole = round(number)
        if abs(whole) > LARGEST_INT:
            return None, "is too large a number"
        return whole, None if whole == number else "is not a whole number"
    limits = {type(check).__name__: check.limit_value for check in field.validators}
    if not limits.get("MinValueValidator", number) <= number <= limits.get("MaxValueValidator", number):
        return None, "is out of range"
    return number, None


def nearest_json(field, said) -> Kept:
    """Either a flat map of plain values, or a list of named links, as the column has it."""
    if field.name in ("slides", "document_links"):
        entries = [entry for entry in said if isinstance(entry, dict)] if isinstance(said, list) else []
        link = models.URLField(max_length=2000)
        links = [(entry, nearest_url(link, entry.get("link"))[0]) for entry in entries]
        kept = [{"name": plain(str(entry.get("name") or url)), "link": url} for entry, url in links if url]
        return kept or None, None if kept == said else "is not a list of names and links"
    kept = (
        {key: value for key, value in said.items() if value is None or isinstance(value, str | int | float)}
        if isinstance(said, dict)
        else {}
    )
    return kept or None, None if kept == said else "is not a flat map"


def nearest_zone(said, *, moment=None) -> Kept:
    """The name of a zone; for an unknown one, the fixed zone whose clocks agree with `moment`'s offset."""
    known = {name.casefold(): name for name in available_timezones()}
    word = str(said or "").strip().replace(" ", "_").casefold()
    if word in known:
        return known[word], None if known[word] == said else "is spelled differently"
    problem = "is not a time zone" if said else "does not name a time zone"
    return _fixed_zone(moment), problem


def nearest_colour(said) -> Kept:
    text = str(said).strip()[:100]
    if re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text):
        return text, None
    for attempt in (text, f"#{text}"):
        try:
            return "#{:02x}{:02x}{:02x}".format(*ImageColor.getrgb(attempt)[:3]), "is not a colour as #rrggbb"
        except ValueError:
            continue
    return PLAIN_COLOUR, "is not a colour"


def nearest_length(said) -> Kept:
    """Hours and minutes: “00.30”, “30” and “0:30:00” are all half an hour."""
    parts = [int(part) for part in re.findall(r"\d+", str(said)[:20])]
    if re.fullmatch(r"\d{1,2}:[0-5]\d", str(said)):
        return said, None
    hours, minutes = (0, parts[0]) if len(parts) == 1 else (*parts, 0, 0)[:2]
    hours, minutes = hours + minutes // 60, minutes % 60
    if not parts or hours > 99:
        return PLAIN_LENGTH, "is not a length"
    return f"{hours:02d}:{minutes:02d}", "is not a length as HH:MM"


def _too_long(text: str, field) -> str | None:
    return f"has more than {field.max_length} characters" if len(text) > field.max_length else None


def _fixed_zone(moment) -> str:
    try:
        offset = datetime.fromisoformat(moment).utcoffset()
    except (TypeError, ValueError):
        offset = None
    hours = round(offset / timedelta(hours=1)) if offset else 0
    # The sign of these names is the other way round: Etc/GMT-8 is eight hours ahead.
    return f"Etc/GMT{-hours:+d}" if hours and -12 <= hours <= 14 else "UTC"


_BY_NAME = {"color": nearest_colour, "length": nearest_length}
_BY_KIND = [
    (models.EmailField, nearest_email),
    (models.URLField, nearest_url),
    (models.BooleanField, nearest_flag),
    (models.IntegerField | models.FloatField, nearest_number),
    (models.JSONField, nearest_json),
    (models.CharField | models.TextField, nearest_text),
]
