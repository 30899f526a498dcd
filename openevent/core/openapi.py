"""OpenAPI from the registry: every address under /v1 with what it takes and answers, in one document.

A resource is described by its serializer, at all of its addresses; any other endpoint by `says` beside its view.
"""

import re
from itertools import chain

from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from openevent.core.describing import component_name
from openevent.core.negotiation import JSON, JSONAPI
from openevent.core.openapi_parts import (
    INTRODUCTION,
    PARAMETERS,
    SCHEMAS,
    Described,
    link_of,
    ref,
    refused,
    security_schemes,
    told,
)
from openevent.core.registry import registry
from openevent.core.routing import DETAIL, LIST
from openevent.core.viewsets import ResourceViewSet

SERVED = ("/v1/", "/auth/")
OPTIONAL_PART = re.compile(r"\(\?:((?:[^()]|\([^()]*\))*)\)\?")
# Which refusals a method may answer; what every address may answer besides is told once, in the introduction.
REFUSALS = {
    "GET": (400, 401, 403, 404, 406),
    "POST": (400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429),
    "PATCH": (400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429),
    "DELETE": (400, 401, 403, 404, 405, 406, 409, 412, 422),
}
WORDS = {
    "list": "{Things} that you may see",
    "create": "Make a new {thing}",
    "retrieve": "One {thing}",
    "partial_update": "Change {a} {thing}",
    "destroy": "Delete {a} {thing}",
}


class Addresses(EndpointEnumerator):
    """Every address and its methods. What a resource serves under one pattern is told name by name."""

    def get_api_endpoints(self, patterns=None, prefix=""):
        found = {}
        for path, regex, method, callback in self._get_api_endpoints(patterns, prefix):
            found.setdefault((re.sub(r"{\w+}", "{}", path), method), (path, regex, method, callback))
        return sorted(found.values(), key=lambda endpoint: endpoint[0])

    def _get_api_endpoints(self, patterns, prefix):
        return [
            (self.get_path_from_regex(spelled), spelled, method, callback)
            for _, regex, method, callback in super()._get_api_endpoints(patterns, prefix)
            for spelled in spellings(regex, method, callback)
        ]

    def should_include_endpoint(self, path, callback):
        return path.startswith(SERVED) and super().should_include_endpoint(path, callback)


def spellings(regex, method, callback):
    """An address with and without its optional part; one of related rows for every relation that takes the method."""
    action = getattr(callback, "actions", {}).get(method.lower())
    if action in ("related", "relationship"):
        for relation, methods in relations_of(callback.cls, action):
            if method in methods:
                yield regex.replace(r"(?P<name>[a-z_-]+)", relation)
    elif OPTIONAL_PART.search(regex):
        yield OPTIONAL_PART.sub("", regex)
        yield OPTIONAL_PART.sub(r"\1", regex)
    else:
        yield regex


def relations_of(viewset, action):
    """(name in the address, methods) of every relation that leads to a type that is served."""
    for relation in viewset.serializer_class.relations().values():
        if target := registry.of(relation.model):
            if action == "relationship":
                yield relation.json_name, ("GET", "POST", "PATCH", "DELETE")
            else:
                verbs = LIST if relation.many else DETAIL
                served = ("list", "retrieve", *target.viewset.verbs)  # related rows are read even where no others are
                yield relation.url_name, [method for method, verb in verbs.items() if verb in served]


class Operation(AutoSchema):
    """One method of one address."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        self.relation = self.target = None
        view, action = self.view, getattr(self.view, "action", None)
        if isinstance(view, ResourceViewSet):
            self.target, self.verb = view.resource, action
            if action in ("related", "relationship"):
                self.relation, self.target = view.relation(path.rsplit("/", 1)[-1])
            if action == "related":
                self.verb = (LIST if self.relation.many else DETAIL)[method]
        self.is_of_the_kernel = self.target is not None and (self.verb in WORDS or self.verb == "relationship")
        return super().get_operation(path, path_regex, path_prefix, method, registry)

    def get_operation_id(self):
        return re.sub(r"\W+", "-", f"{self.method.lower()}{self.path}").strip("-")

    def get_tags(self):
        if isinstance(self.view, ResourceViewSet):
            return [self.view.resource.type]
        first = self.path.removeprefix("/v1").split("/")[1]
        return [next((each.type for each in registry.resources if each.path == first), first)]

    def get_summary(self):
        if not self.is_of_the_kernel:
            return None
        if self.verb == "relationship":
            return f"The link to {self.relation.json_name.replace('-', ' ')}"
        thing = self.target.type.replace("-", " ").replace("_", " ")
        article = "an" if thing[0] in "aeio" else "a"  # a user
        words = WORDS[self.verb].format(a=article, thing=thing, Things=plural(thing).capitalize())
        return f"{words}: {self.relation.json_name.replace('-', ' ')}" if self.relation else words

    def get_description(self):
        if self.is_of_the_kernel:
            own = vars(type(self.view)).get(self.verb)
            return (own and own.__doc__) or ""
        return super().get_description()

    def get_auth(self):
        """A resource says whom it lets write; other endpoints may take anybody, and answer 401 where they do not."""
        view, signed_in = self.view, [{"token": []}, {"cookie": []}]
        if not view.authentication_classes:
            return [{}]
        return signed_in if self.method != "GET" and getattr(view, "sign_in_to_write", False) else [{}, *signed_in]

    # ── What is taken ────────────────────────────────────────────────────────────────────────────

    def _resolve_path_parameters(self, variables):
        """An id, or what else a pattern says; a row is named by its number, events and orders by identifier too."""
        found = []
        for name in variables:
            typed = re.search(rf"<int:{name}>", self.path_regex)
            schema = {"type": "integer", "minimum": 0} if typed else {"type": "string", "minLength": 1}
            found.append({"in": "path", "name": name, "required": True, "schema": schema})
        return found

    def _get_filter_parameters(self):
        kind, verb = self.what_is_read()
        fields = [f"{kind}Include", f"{kind}Fields"]
        names = {
            "list": ["filter", f"{kind}Sort", "page_size", "page_number", *fields, "get_trashed", "If-None-Match"],
            "retrieve": [*fields, "get_trashed", "If-None-Match"],
            "create": fields,
            "partial_update": [*fields, "If-Match"],
            "destroy": ["permanent", "If-Match"],
        }
        return [{**ref(name, "parameters"), "name": name, "in": "query"} for name in names.get(verb, ())]

    def what_is_read(self):
        """(component, verb) of what an address shows: a verb of a resource's own may say that it answers a list."""
        if self.is_of_the_kernel:
            return component_name(self.target.type), self.verb
        [answer, *_] = self.get_response_serializers().values()
        name = str(answer.get("$ref", "")).rpartition("/")[2] if isinstance(answer, dict) else ""
        is_list = self.method == "GET" and isinstance(self.view, ResourceViewSet) and name.endswith("List")
        return (name.removesuffix("List"), "list") if is_list else (None, None)

    def _get_parameters(self):
        """Those of resources stand once, among the components."""
        return [{"$ref": each["$ref"]} if "$ref" in each else each for each in super()._get_parameters()]

    def get_request_serializer(self):
        if not self.is_of_the_kernel:
            return {JSON: {"type": "object"}}
        if self.verb == "relationship":
            return {JSONAPI: told(link_of(self.relation))}
        return {JSONAPI: ref(component_name(self.target.type) + ("New" if self.verb == "create" else "Change"))}

    # ── What is answered ─────────────────────────────────────────────────────────────────────────

    def _is_list_view(self, serializer=None):
        return False  # every answer says itself what it is

    def get_response_serializers(self):
        if not self.is_of_the_kernel:
            return {(200, JSON): {"title": "JSON"}}
        kind = component_name(self.target.type)
        if self.verb == "relationship":
            if self.method == "GET":
                return {(200, JSONAPI): told(link_of(self.relation))}
            changed = {(200, JSONAPI): ref(component_name(self.view.resource.type) + "Document")}
            return changed | {204: OpenApiResponse(description="Nothing had to be changed.")}
        if self.verb == "destroy":
            return {(200, JSONAPI): ref("Deleted")}
        name = f"{kind}List" if self.verb == "list" else f"{kind}Document"
        return {(201 if self.verb == "create" else 200, JSONAPI): ref(name)}

    def _get_response_bodies(self, direction="response"):
        refusals = {str(status): {"$ref": f"#/components/responses/{status}"} for status in REFUSALS[self.method]}
        if self.method == "GET" and self.is_of_the_kernel and self.verb != "relationship":
            refusals["304"] = {"$ref": "#/components/responses/304"}
        return {**refusals, **super()._get_response_bodies(direction)}


class Generator(SchemaGenerator):
    """The whole document: the operations, and what they refer to."""

    endpoint_inspector_cls = Addresses

    def get_schema(self, request=None, public=False):
        document = super().get_schema(request, public)
        document["info"]["description"] = INTRODUCTION
        statuses = sorted({304, *chain.from_iterable(REFUSALS.values())})
        parts = document["components"] = {
            "schemas": dict(SCHEMAS),
            "parameters": dict(PARAMETERS),
            "responses": {str(status): refused(status) for status in statuses},
            "securitySchemes": security_schemes(),
        }
        for resource in sorted(registry.resources, key=lambda each: each.type):
            described = Described(resource)
            parts["schemas"] |= described.schemas()
            parts["parameters"] |= described.parameters()
        return document


def plural(thing):
    """session, sessions; tax, taxes; activity, activities."""
    if thing.endswith("y"):
        return f"{thing[:-1]}ies"
    return (
        thing
        if thing.endswith(("s", "data")) and not thing.endswith("ss")
        else f"{thing}{'es' if thing[-1] in 'xs' else 's'}"
    )
