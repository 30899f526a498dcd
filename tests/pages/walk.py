"""Every page of those who run an event, from the address table itself, so that none is forgotten."""

from pathlib import Path

import yaml
from django.urls import URLPattern, get_resolver, reverse

TABLE = yaml.safe_load((Path(__file__).parent / "rights.yaml").read_text())
PREFIX = "manage/"
NAMED = ("bill", "code", "holder")  # parts of an address that are no number


def patterns(within=None, prefix=""):
    for found in (within or get_resolver()).url_patterns:
        route = prefix + str(found.pattern)
        if isinstance(found, URLPattern):
            yield route, found
        else:
            yield from patterns(found, route)


def addresses():
    """{name: address pattern} of everything below /manage/."""
    return {found.name: route for route, found in patterns() if route.startswith(PREFIX)}


PAGES = sorted(TABLE["pages"])
OF_AN_EVENT = [name for name in PAGES if "<slug:identifier>" in addresses().get(name, "")]


def right_to(name):
    return entry(name)["right"]


def entry(name):
    """The page's line in the table: a right alone, or with what stands for the parts of its address."""
    said = TABLE["pages"][name]
    return {"right": said} if isinstance(said, str) else said


def people_with(right):
    return set(TABLE["rights"][right])


def address(world, name, tenant="ours"):
    """The page's address at this tenant's event: a part is a row's type, or a word as it is; then its query."""
    rows = world.rows[tenant]
    parts = {"identifier": rows["event"].identifier} if name in OF_AN_EVENT else {}
    for part, said in entry(name).items():
        if part not in ("right", "query"):
            row = rows.get(said)
            parts[part] = said if row is None else getattr(row, "identifier" if part in NAMED else "pk")
    query = entry(name).get("query", "")
    return reverse(name, kwargs=parts) + (f"?{query}" if query else "")
