"""One view set for every resource: rows by the visible-to query, writes by the policy, documents by the reader.

A resource answers at four addresses: `/sponsors`, `/sponsors/1`, `/sponsors/1/event` (the related rows, shown by
the view set of their own resource) and `/sponsors/1/relationships/event`.
"""

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import (
    MethodNotAllowed,
    NotAuthenticated,
    PermissionDenied,
    UnsupportedMediaType,
)
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.viewsets import ViewSet

from openevent.core.filters import read_filter
from openevent.core.negotiation import JSONAPI, JSONAPIParser, JSONAPIRenderer, document_response
from openevent.core.parameters import (
    AT_MOST,
    AT_MOST_UNDER_A_PARENT,
    page_links,
    read_fields,
    read_include,
    read_page,
    read_sort,
    resources_in,
    stays_at_its_event,
)
from openevent.core.policies import is_site_staff
from openevent.core.reading import Page, beside, identify
from openevent.core.registry import registry
from openevent.core.serializers import find_by_key
from openevent.core.versions import make_tag, read_versions
from openevent.core.writing import Writing

WRITES = ("POST", "PATCH", "DELETE")
SECONDS_OF_A_NOTE = 600
# What rules look at in an account.
WHO_ASKS = ("pk", "email", "is_verified", "is_admin", "is_super_admin", "is_sales_admin", "is_marketer")


class ResourceViewSet(Writing, ViewSet):
    """A resource names its `serializer_class`, and overrides what is particular to it."""

    serializer_class = None
    key_field = "pk"  # what its addresses carry
    only_key = None  # of a resource that has one row: `/settings` is `/settings/1`
    verbs = ("list", "create", "retrieve", "partial_update", "destroy")  # at its own addresses
    sign_in_to_write = True
    sign_in_to_list = False
    parser_classes = (JSONAPIParser,)
    renderer_classes = (JSONAPIRenderer,)
    content_negotiation_class = DefaultContentNegotiation
    metadata_class = None
    # A resource that the clock changes says how: a class method of rows that answers something about them which is
    # another thing whenever the clock alone has changed what is shown of them.
    clock_mark = None

    @property
    def model(self):
        return self.serializer_class.Meta.model

    @classmethod
    def key_of(cls, row):
        return getattr(row, cls.key_field)

    # ── Before anything ──────────────────────────────────────────────────────────────────────────

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.action in ("related", "relationship"):
            self.relation(kwargs["name"])  # what is not there is not there, whoever sends what
        if not request.user.is_authenticated and (
            (request.method in WRITES and self.sign_in_to_write) or (self.sign_in_to_list and self.action == "list")
        ):
            raise NotAuthenticated("Sign in first.")
        taken = self.action and request.method in ("POST", "PATCH")
        if taken and request.META.get("CONTENT_TYPE") not in self.media_types():
            raise UnsupportedMediaType(request.content_type, detail=f"Send Content-Type: {JSONAPI}")

    def media_types(self):
        """By their exact names: a parameter, such as a charset, makes it another type."""
        return [parser.media_type for parser in self.get_parsers()]

    def ask(self, verb, row):
        """The rule for a verb, or 403: whoever gets here sees the row."""
        if not self.model.policy[verb](self.request.user, row):
            raise PermissionDenied

    # ── Which rows ───────────────────────────────────────────────────────────────────────────────

    @classmethod
    def readable(cls, user, *, trashed=False):
        """The rows that this user may see, together with what the policy will look at."""
        rows = cls.serializer_class.Meta.model.objects.visible_to(user, trashed=trashed)
        needs = cls.serializer_class.option("needs")
        return rows.select_related(*needs) if needs else rows

    def rows(self):
        trashed = self.request.GET.get("get_trashed") == "true" and is_site_staff(self.request.user)
        return self.readable(self.request.user, trashed=trashed)

    def find(self, key, *, floors=(), lock=False, glance=False):
        """The row at this address as far as the asker may see it; with floors, together with their versions; at a
        glance, with no more than that."""
        rows = self.rows()
        if glance and not self.serializer_class.option("needs"):
            rows = rows.only("pk")
        if lock:
            rows = rows.select_for_update(of=("self",))
        row = find_by_key(rows, key, floors=floors if hasattr(self.model, "event_path") else ())
        if row is None:
            raise Http404
        return row

    def sibling(self, resource):
        """The view set of another resource, answering the same request."""
        view = resource.viewset()
        view.request, view.args, view.kwargs, view.action = self.request, self.args, self.kwargs, self.action
        view.format_kwarg = None
        return view

    # ── Tags ─────────────────────────────────────────────────────────────────────────────────────

    def read_tree(self):
        return read_include(self.request.GET.get("include", ""), self.serializer_class)

    def floors_of(self, tree):
        """The apps of everything that an answer shows, or that decides who sees it."""
        signed_in = self.request.user.is_authenticated
        shown = [self.serializer_class, *resources_in(tree, self.serializer_class)]
        return sorted(set().union(*(serializer.floors(signed_in) for serializer in shown)))

    def versions_everywhere(self, floors, shown, tree):
        """How often these apps' rows changed at any event; None where only the event of the row here counts."""
        at_one_event = hasattr(self.model, "event_path") and stays_at_its_event(shown, tree)
        return None if at_one_event else read_versions(floors)

    def tag(self, versions, tree, rows):
        """Made of what was counted before the rows were read, so that it may be too old but never too new.

        `rows` is a function: to answer that nothing has changed, nothing but the counters needs to be read.
        """
        user = self.request.user
        asker = [getattr(user, name) for name in WHO_ASKS] if user.is_authenticated else [""]
        clocks = [self.clock_mark(rows())] if self.clock_mark else []
        for serializer in resources_in(tree, self.serializer_class):
            view = registry.of(serializer.Meta.model).viewset
            if view.clock_mark:
                clocks.append(view.clock_mark(view.readable(user)))
        return make_tag(versions, *asker, *sorted(getattr(user, "unlocked_events", ())), *clocks)

    def unchanged(self, tag):
        known = self.request.META.get("HTTP_IF_NONE_MATCH", "")
        return tag in (each.strip().removeprefix("W/") for each in known.split(",")) or known.strip() == "*"

    def answer(self, tag, document):
        """The document (a function, for it may not be needed), or 304."""
        response = HttpResponse(status=304) if self.unchanged(tag) else document_response(document())
        response["ETag"] = tag
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        return response

    # ── Answers ──────────────────────────────────────────────────────────────────────────────────

    def list(self, request):
        tree = self.read_tree()
        return self.answer_rows(self.rows, tree, read_versions(self.floors_of(tree)), AT_MOST)

    def retrieve(self, request, key):
        tree = self.read_tree()
        floors = self.floors_of(tree)
        everywhere = self.versions_everywhere(floors, self.serializer_class, tree)
        if "HTTP_IF_NONE_MATCH" in request.META:  # most who ask so have what there is
            row = self.find(key, floors=floors, glance=True)
            tag = self.tag(row.versions if everywhere is None else everywhere, tree, lambda: self.alone(row))
            if self.unchanged(tag):
                return self.answer(tag, None)
        row = self.find(key, floors=floors)
        return self.answer_row(row, tree, row.versions if everywhere is None else everywhere)

    def alone(self, row):
        return self.model.objects.filter(pk=row.pk)

    def answer_row(self, row, tree, versions):
        tag = self.tag(versions, tree, lambda: self.alone(row))
        return self.answer(tag, lambda: self.row_document(row, tree))

    def row_document(self, row, tree):
        page = Page(self.request.user, fields=read_fields(self.request.GET), include=tree)
        [data] = page.objects(self.resource, [row])
        return self.document(data, page, {"self": data["links"]["self"]})

    def answer_rows(self, rows, tree, versions, at_most):
        query = self.request.GET
        fields, (size, number) = read_fields(query), read_page(query, at_most)
        condition = read_filter(query.get("filter") or "[]", self.serializer_class, self.request.user)
        ordering = read_sort(query.get("sort", ""), self.serializer_class, self.request.user)
        tag = self.tag(versions, tree, rows)

        def document():
            chosen = rows().filter(condition)
            shown = beside(chosen, self.serializer_class, tree, self.request.user)
            if ordering:
                found = list(shown.order_by(*ordering)[(number - 1) * size : number * size])
            else:
                found = self.page(shown, tag, size, number)
            count = len(found) if number == 1 and len(found) < size else self.count(chosen, tag)
            page = Page(self.request.user, fields=fields, include=tree)
            data = page.objects(self.resource, found)
            links = page_links(self.request, count, size, number)
            return self.document(data, page, links, meta={"count": count})

        return self.answer(tag, document)

    # What a tag stands for is equal rows, so what was found out about them holds for as long as the tag does.

    def count(self, rows, tag):
        """How many rows a list has in all its pages."""
        return cache.get_or_set(self.noted("count", tag), lambda: rows.count(), SECONDS_OF_A_NOTE)

    def page(self, rows, tag, size, number):
        """A page in the rows' own order. It begins after the last row of the page before, if that was asked for:
        to skip 50,000 rows costs more than to read 50."""
        own_order = {("pk",): "pk__gt", ("-pk",): "pk__lt"}.get(tuple(self.model._meta.ordering))
        last = cache.get(self.noted("end", tag, size, number - 1)) if own_order and number > 1 else None
        if last is None:
            found = list(rows[(number - 1) * size : number * size])
        else:
            found = list(rows.filter(**{own_order: last})[:size])
        if len(found) == size:
            cache.set(self.noted("end", tag, size, number), found[-1].pk, SECONDS_OF_A_NOTE)
        return found

    def noted(self, what, tag, *where):
        asked = sorted((name, value) for name, value in self.request.GET.items() if not name.startswith("page["))
        return f"{what}:{make_tag(tag, self.request.path, asked, *where)}"

    def document(self, data, page, links, **more):
        document = {"data": data, **more, "links": links, "jsonapi": {"version": "1.0"}}
        if page.tree:
            document["included"] = list(page.included.values())
        return document

    # ── Related rows ─────────────────────────────────────────────────────────────────────────────

    def relation(self, name):
        """A relation by its name in an address, and the resource at its far end."""
        for relation in self.serializer_class.relations().values():
            target = registry.of(relation.model)
            if target and name in (relation.json_name, relation.url_name, relation.name):
                return relation, target
        raise Http404

    def related(self, request, key, name, **only):
        """`/events/1/sponsors`: a list of the other resource; `/sponsors/1/event`: one row, as at its own home.

        An address that goes on says by one more column which rows: `/events/1/custom-forms/vip`.
        """
        relation, target = self.relation(name)
        if any("\x00" in value for value in only.values()):
            raise Http404
        view = self.sibling(target)
        verb = {"POST": "create", "PATCH": "partial_update", "DELETE": "destroy"}.get(request.method)
        if verb and (verb not in view.verbs or relation.many != (verb == "create")):
            raise MethodNotAllowed(request.method)
        if verb == "create":
            return view.create_under(relation, self.find(key))
        tree = view.read_tree() if request.method == "GET" else {}
        row, far_rows, versions = self.far_side(key, relation, view, tree, **only)
        if relation.many:
            return view.answer_rows(far_rows, tree, versions, AT_MOST_UNDER_A_PARENT)
        far_row = far_rows().first()
        if far_row is None:
            return self.answer_nothing(relation, row)
        if request.method == "GET":
            return view.answer_row(far_row, tree, versions)
        return getattr(view, verb)(request, str(view.key_of(far_row)))

    def far_side(self, key, relation, view, tree, **only):
        """The row at this address; the rows at the relation's far end (a function); the versions of both."""
        floors = sorted({*view.floors_of(tree), *self.floors_of({})})
        everywhere = self.versions_everywhere(floors, view.serializer_class, tree)
        row = self.find(key, floors=floors)

        def far_rows():
            return relation.narrow(relation.seen_by(self.request.user, view.rows()), row).filter(**only)

        return row, far_rows, row.versions if everywhere is None else everywhere

    def answer_nothing(self, relation, row):
        """Nothing stands there: null. Something that the asker may not see: not found; a row seen from another side,
        such as its statistics, is always there.
        """
        hidden = relation.lookup == "pk" or (relation.column and getattr(row, relation.column) is not None)
        if self.request.method != "GET" or hidden:
            raise Http404
        links = {"self": f"{self.resource.address(row)}/{relation.url_name}"}
        return document_response({"data": None, "links": links, "jsonapi": {"version": "1.0"}})

    def relationship(self, request, key, name):
        """`/sponsors/1/relationships/event`: the link itself."""
        relation, target = self.relation(name)
        if request.method != "GET":
            return self.write_relationship(key, relation, target)
        view = self.sibling(target)
        row, far_rows, versions = self.far_side(key, relation, view, {})

        def document():
            far = [identify(target, far_row) for far_row in far_rows()[:AT_MOST_UNDER_A_PARENT]]
            address = self.resource.address(row)
            links = {
                "self": f"{address}/relationships/{relation.json_name}",
                "related": f"{address}/{relation.url_name}",
            }
            data = far if relation.many else (far or [None])[0]
            return {"data": data, "links": links, "jsonapi": {"version": "1.0"}}

        return self.answer(view.tag(versions, {}, far_rows), document)
