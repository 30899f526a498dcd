"""What every page writes the same way: an icon, an amount, a day and an hour with its zone."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from openevent.core.cleaning import clean_html
from openevent.core.money import exponent, format_money, round_money

register = template.Library()


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


@register.simple_tag
def icon(name: str, kind: str = ""):
    """An icon of the sprite, hidden from screen readers: the words beside it say the same."""
    sprite = static("vendor/icons.svg")
    return format_html('<svg class="i {}" aria-hidden="true"><use href="{}#{}"/></svg>', kind, sprite, name)


@register.filter
def clean(text: str | None):
    """Rich text that somebody wrote, through the sanitiser once more on its way out."""
    return mark_safe(clean_html(text or ""))  # noqa: S308


@register.filter
def web(url: str | None) -> str:
    """An address that a link of ours may lead to: one of the web, or nothing."""
    return url if url and url.lower().startswith(("https://", "http://")) else ""


@register.filter
def money(amount: Decimal, currency: str) -> str:
    return format_money(amount, currency)


@register.filter
def price(amount: Decimal, currency: str) -> str:
    """An amount as a buyer thinks of it: nothing to pay is “Free”."""
    return money(amount, currency) if amount else "Free"


@register.filter
def short_price(amount: Decimal, currency: str) -> str:
    """The same without an empty fraction, for lists: €18."""
    whole = f"{amount:,.0f}"
    return price(amount, currency).replace(f"{whole}.{'0' * exponent(currency)}", whole) if amount else "Free"


@register.filter
def digits(amount: Decimal, currency: str) -> str:
    """An amount as one types it: 12.50, and 500 in yen."""
    return f"{round_money(Decimal(amount), currency)}"


@register.simple_tag
def days(starts: datetime, ends: datetime, zone: str, year: bool = True) -> str:
    """“Sat 24 – Sun 25 April 2027”; a party that ends before six in the morning is one evening."""
    first, last = local(starts, zone), local(ends - timedelta(hours=6), zone)
    year = year or last.date() > date.today() + timedelta(days=300)  # noqa: DTZ011 - to the day is enough
    end = dateformat.format(max(first, last), "D j F Y" if year else "D j M")
    if last.date() <= first.date():
        return end
    same_month = (first.year, first.month) == (last.year, last.month)
    same_year = first.year == last.year or not year
    month = "F" if year else "M"
    start = dateformat.format(first, "D j" if same_month else f"D j {month}" if same_year else f"D j {month} Y")
    return f"{start} – {end}"


@register.simple_tag
def hours(starts: datetime, ends: datetime, zone: str) -> str:
    """“09:00 – 18:00, Berlin time (CEST)”."""
    return f"{local(starts, zone):%H:%M} – {local(ends, zone):%H:%M}, {zone_name(zone, starts)}"


@register.simple_tag
def zone_name(zone: str, moment: datetime) -> str:
    """“Berlin time (CEST)”; zones without a short name get their distance from UTC."""
    if zone in ("UTC", "Etc/UTC", "GMT"):
        return "UTC"
    short = f"{local(moment, zone):%Z}"
    if short[:1] in "+-":
        minutes = int(local(moment, zone).utcoffset().total_seconds() // 60)
        short = f"UTC{'+' if minutes >= 0 else '−'}{abs(minutes) // 60}" + (
            f":{abs(minutes) % 60:02}" if minutes % 60 else ""
        )
    return f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time ({short})"


@register.filter
def lately(moment: datetime, zone: str) -> str:
    """“Today 14:36”, “Yesterday 19:40”, “Fri 19 Feb 09:15”, with the year when it is another one."""
    then, now = local(moment, zone), local(timezone.now(), zone)
    days = (now.date() - then.date()).days
    if days in (0, 1):
        return f"{'Yesterday' if days else 'Today'} {then:%H:%M}"
    return dateformat.format(then, "D j M H:i" if then.year == now.year else "D j M Y H:i")


@register.filter
def length_to(starts: datetime, ends: datetime) -> str:
    """“45 min”, “1 h 30 min”."""
    whole, minutes = divmod(int((ends - starts).total_seconds()) // 60, 60)
    return " ".join(part for part in (f"{whole} h" if whole else "", f"{minutes} min" if minutes else "") if part)


@register.filter
def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
