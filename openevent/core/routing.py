"""Addresses of resources, from the registry: four patterns each, and one for every verb of their own."""

from django.urls import include, re_path

from openevent.core.registry import registry

KEY = r"(?P<key>[^/]+)"
NAME = r"(?P<name>[a-z_-]+)"
LIST = {"GET": "list", "POST": "create"}
DETAIL = {"GET": "retrieve", "PATCH": "partial_update", "DELETE": "destroy"}


def resource_urls():
    """By their first part, so that finding one does not try those of all the others."""
    return [
        re_path(rf"^{path}", include(list(urls_of(resource.viewset))))
        for resource in registry.resources
        for path in (resource.path, *resource.also)
    ]


def urls_of(view):
    """Verbs come before related rows, which take any name."""
    for verb in view.get_extra_actions():
        address = rf"^/{KEY}/{verb.url_path}$" if verb.detail else rf"^/{verb.url_path}$"
        yield re_path(address, view.as_view(dict(verb.mapping), **verb.kwargs))
    alone = {"key": view.only_key} if view.only_key else {}
    for address, actions, given in (
        (r"^$", DETAIL if alone else LIST, alone),
        (rf"^/{KEY}$", DETAIL, {}),
    ):
        served = {method.lower(): name for method, name in actions.items() if name in view.verbs}
        if served:
            yield re_path(address, view.as_view(served), given)
    everything = dict.fromkeys(("get", "post", "patch", "delete"), "relationship")
    yield re_path(rf"^/{KEY}/relationships/{NAME}$", view.as_view(everything))
    yield re_path(rf"^/{KEY}/{NAME}$", view.as_view(dict.fromkeys(("get", "post", "patch", "delete"), "related")))
