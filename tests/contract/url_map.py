"""Every address that programs may call, from Django's own URL map."""

import re

from django.urls import get_resolver, resolve

from openevent.core.viewsets import ResourceViewSet

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OF_THE_KERNEL = {"list", "create", "retrieve", "partial_update", "destroy", "related", "relationship"}
GAP = r"{([a-z._-]+)}"


def routes(patterns=None, before=""):
    """(route, view) of everything that programs may call."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + (str(pattern.pattern).removeprefix("^") if before else str(pattern.pattern))
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        elif route.startswith(("v1/", "auth/")):
            yield route, pattern.callback


def concrete(route, name="event"):
    """An address that leads to a route, with something in each of its gaps; `name` is that of a relation."""
    address = "/" + re.sub(r"\(\?P<name>.*?\)\)?|<name>", name, route.removesuffix("$"))
    address = re.sub(r"\(\?P<key>\[A.*?\)", "A1", address)
    return re.sub(r"\(\?P<\w+>.*?\)|<\w+:\w+>", "1", address)


def methods_of(view):
    if hasattr(view, "actions"):
        return {method.upper() for method in view.actions if method != "head"}
    if hasattr(view, "cls"):
        return {method for method in METHODS if hasattr(view.cls, method.lower())}
    return {"GET"}


def is_of_the_kernel(view):
    return issubclass(getattr(view, "cls", object), ResourceViewSet) and set(view.actions.values()) <= OF_THE_KERNEL


LISTED_BY_HAND = {
    (method, route) for route, view in routes() if not is_of_the_kernel(view) for method in methods_of(view)
}


def route_of(line):
    """(method, route) of a line in the table: `GET /v1/orders/{order}/verify`."""
    method, path = line.split()
    return method, resolve(re.sub(GAP, example, path)).route


def example(gap):
    """What a gap may be filled with where no row is at hand."""
    return "A1" if gap[1].endswith((".identifier", ".code")) else "1"
