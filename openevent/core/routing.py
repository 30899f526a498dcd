"""Addresses of resources, from the registry: four patterns each, and one for every verb of their own."""

from django.urls import re_path

from openevent.core.registry import registry

KEY = r"(?P<key>[^/]+)"
NAME = r"(?P<name>[a-z_-]+)"
LIST = {"GET": "list", "POST": "create"}
DETAIL = {"GET": "retrieve", "PATCH": "partial_update", "DELETE": "destroy"}


def resource_urls():
    """Verbs come before related rows, which take any name."""
    return [pattern for resource in registry.resources for pattern in urls_of(resource)]


def urls_of(resource):
    view, here = resource.viewset, rf"^{resource.path}"
    for verb in view.get_extra_actions():
        address = rf"{here}/{KEY}/{verb.url_path}$" if verb.detail else rf"{here}/{verb.url_path}$"
        yield re_path(address, view.as_view(dict(verb.mapping), **verb.kwargs))
    for address, actions in ((rf"{here}$", LIST), (rf"{here}/{KEY}$", DETAIL)):
        served = {method.lower(): name for method, name in actions.items() if name in view.verbs}
        if served:
            yield re_path(address, view.as_view(served))
    everything = dict.fromkeys(("get", "post", "patch", "delete"), "relationship")
    yield re_path(rf"{here}/{KEY}/relationships/{NAME}$", view.as_view(everything))
    yield re_path(rf"{here}/{KEY}/{NAME}$", view.as_view(dict.fromkeys(("get", "patch", "delete"), "related")))
