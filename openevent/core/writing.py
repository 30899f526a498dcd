"""Writing resources: the document as sent, the rule, the checks, the row."""

from django.core.exceptions import ValidationError
from rest_framework.exceptions import PermissionDenied
from rest_framework.exceptions import ValidationError as FieldErrors

from openevent.core.atomic import atomic
from openevent.core.negotiation import document_response
from openevent.core.parameters import underscored
from openevent.core.policies import is_site_staff
from openevent.core.reading import Page
from openevent.core.refusals import Refused
from openevent.core.registry import registry
from openevent.core.rows import SoftDeleted
from openevent.core.serializers import fields_of, find_by_key
from openevent.core.versions import read_versions

DELETED = {"meta": {"message": "Object successfully deleted"}, "jsonapi": {"version": "1.0"}}


def bad_document(detail, pointer, status=400):
    return Refused("bad-document", detail, status=status, pointer=pointer)


class Writing:
    """The writing half of a resource's view set."""

    under = {}  # {relation: key} of a new row that its address says

    # ── Verbs ────────────────────────────────────────────────────────────────────────────────────

    def create_under(self, relation, parent):
        """`POST /custom-forms/1/custom-form-options`: the address says what a document need not."""
        if relation.lookup not in fields_of(self.serializer_class):
            raise PermissionDenied
        many = self.serializer_class.relations()[relation.lookup].many
        self.under = {relation.lookup: [parent.pk] if many else parent.pk}
        return self.create(self.request)

    def create(self, request):
        values = self.read_document()
        serializer = self.serializer_class(data=values, context=self.get_serializer_context())
        self.validate(serializer)
        with atomic():
            given = self.given(serializer.validated_data)
            unsaved = self.model(**self.columns_of(serializer.validated_data), **given)
            self.ask("add", unsaved)
            self.check_links(unsaved, serializer.validated_data)
            self.check_unique(unsaved)
            row = self.perform_create(serializer, given)
        self.after_create(row)
        row.refresh_from_db()
        response = document_response(self.row_document(row, self.read_tree()), 201)
        response["Location"] = self.resource.address(row)
        return response

    def partial_update(self, request, key):
        with atomic():
            row = self.find(key, lock=True)
            self.check_if_match(row)
            values = self.read_document(row)
            trash = self.read_trash(row)
            if trash is not None:
                self.move_to_trash(row) if trash else self.restore(row)
            else:
                self.ask("change", row)
            self.update(row, values)
        row.refresh_from_db()
        return document_response(self.row_document(row, self.read_tree()))

    def destroy(self, request, key):
        with atomic():
            row = self.find(key, lock=True)
            self.check_if_match(row)
            self.move_to_trash(row)
        return document_response(DELETED)

    # ── What is particular to a resource ─────────────────────────────────────────────────────────

    def given(self, values):
        """Attributes of a new row that its sender does not choose, such as its creator."""
        return {}

    def before_update(self, row, values):
        """The row as it is, and what is to change: refuse that, or take some of it out."""

    def perform_create(self, serializer, given):
        return serializer.save(**given)

    def after_create(self, row):
        """What follows once it is committed, such as asking somebody over the network."""

    def perform_update(self, serializer, row):
        return serializer.save()

    def perform_destroy(self, row):
        """Hide the row, or remove it where there is no trash (or staff ask for that)."""
        if isinstance(row, SoftDeleted) and not self.is_for_good:
            row.hide()
        else:
            row.delete()

    @property
    def is_for_good(self):
        return self.request.GET.get("permanent") == "true" and is_site_staff(self.request.user)

    # ── Steps ────────────────────────────────────────────────────────────────────────────────────

    def get_serializer_context(self):
        return {"request": self.request, "view": self}

    def columns_of(self, values):
        """The validated values that the row itself holds: not the to-many relations."""
        relations = self.serializer_class.relations()
        return {name: value for name, value in values.items() if name not in relations or not relations[name].many}

    def read_document(self, row=None):
        """{field: value} of what the document sets and this resource knows. The rest is not an error: old clients
        send back everything that they were given, with null where they had nothing."""
        body = self.request.data
        data = body.get("data") if isinstance(body, dict) else None
        if not isinstance(data, dict):
            raise bad_document("The document needs a data object.", "/data")
        self.check_identity(data, row)
        fields = fields_of(self.serializer_class)
        relations = self.serializer_class.relations()
        values = {}
        for name, value in self.read_object(data, "attributes").items():
            field = fields.get(underscored(name))
            if field is None or field.read_only or underscored(name) in relations:
                continue
            if value is None and not field.allow_null and not field.required:
                continue  # null where the column always has a value: keep that, or its default
            values[underscored(name)] = value
        for name, link in self.read_object(data, "relationships").items():
            relation = relations.get(underscored(name))
            if relation is None or underscored(name) not in fields:
                continue
            if not isinstance(link, dict) or "data" not in link:
                raise bad_document("A relationship needs data.", f"/data/relationships/{name}")
            values[underscored(name)] = self.read_linkage(relation, link["data"], f"/data/relationships/{name}/data")
        return self.without_fixed(values, row) if row is not None else {**values, **self.under}

    def read_object(self, data, member):
        found = data.get(member) or {}
        if not isinstance(found, dict):
            raise bad_document(f"{member} is an object.", f"/data/{member}")
        return found

    def check_identity(self, data, row):
        if "type" not in data:
            raise bad_document("The data needs a type.", "/data/type")
        if not same_type(data["type"], self.resource.type):
            raise bad_document(f"This address takes type {self.resource.type!r}.", "/data/type", 409)
        if row is not None:
            if "id" not in data:
                raise bad_document("The data needs the id of what it changes.", "/data/id")
            if str(data["id"]) not in (
                str(row.pk),
                str(self.key_of(row)),
                str(getattr(row, "identifier", row.pk)),
            ):
                raise bad_document("The id is not that of the address.", "/data/id")

    def read_linkage(self, relation, data, pointer):
        """Ids at the far end: one or None, or a list."""
        if relation.many:
            if not isinstance(data, list):
                raise bad_document("This relationship takes a list.", pointer)
            return [self.read_identifier(relation, each, f"{pointer}/{n}") for n, each in enumerate(data)]
        return None if data is None else self.read_identifier(relation, data, pointer)

    def read_identifier(self, relation, identifier, pointer):
        target = registry.of(relation.model)
        if not isinstance(identifier, dict) or not isinstance(identifier.get("id"), str | int):
            raise bad_document("Name the row by its type and id.", pointer)
        if target and not same_type(identifier.get("type"), target.type):
            raise bad_document(f"This relationship takes type {target.type!r}.", f"{pointer}/type", 409)
        return identifier["id"]

    def without_fixed(self, values, row):
        """Relations to event, order, owner and user stay what they are; sending back what is set is fine."""
        fixed = self.serializer_class.ALWAYS_FIXED | set(self.serializer_class.option("fixed"))
        relations = self.serializer_class.relations()
        for name in fixed & values.keys() & relations.keys():  # a speaker's `order` is a number
            column = relations[name].column
            if not self.is_current(row, name, column, values.pop(name)):
                raise Refused(
                    "fixed-relation",
                    "This cannot be moved.",
                    status=403,
                    pointer=f"/data/relationships/{name}",
                )
        return values

    def is_current(self, row, name, column, key):
        current = getattr(row, column)
        if key is None or current is None:
            return key is current or key is None
        return str(key) == str(current) or str(key) == str(getattr(getattr(row, name), "identifier", current))

    def validate(self, serializer):
        """DRF's checks; errors point at the attribute or relationship that they are about."""
        if serializer.is_valid():
            return
        relations = self.serializer_class.relations()
        errors = {"attributes": {}, "relationships": {}}
        for name, detail in serializer.errors.items():
            if name == "non_field_errors":
                errors[name] = detail
            elif name in relations:
                if any(getattr(each, "code", "") == "does_not_exist" for each in detail):
                    pointer = f"/data/relationships/{name.replace('_', '-')}"
                    raise Refused("not-found", str(detail[0]), status=404, pointer=pointer)
                errors["relationships"][name.replace("_", "-")] = detail
            else:
                errors["attributes"][name.replace("_", "-")] = detail
        raise FieldErrors(errors)

    def update(self, row, values):
        serializer = self.serializer_class(row, data=values, partial=True, context=self.get_serializer_context())
        self.validate(serializer)
        self.before_update(row, serializer.validated_data)
        self.check_links(row, serializer.validated_data)
        for name, value in self.columns_of(serializer.validated_data).items():
            setattr(row, name, value)
        self.check_unique(row)
        self.perform_update(serializer, row)

    def check_links(self, row, values):
        """What is newly linked belongs to the same event, and its own policy lets the asker link it."""
        for name, relation in self.serializer_class.relations().items():
            if not values.get(name) or (not relation.many and relation.column not in vars(row)):
                continue
            pointer = f"/data/relationships/{relation.json_name}"
            there = set(getattr(row, name).values_list("pk", flat=True)) if relation.many and row.pk else set()
            if not relation.many and row.pk:
                there = {getattr(row, relation.column)}
            for target in values[name] if relation.many else [values[name]]:
                if target.pk in there:
                    continue
                if None not in (target.event_key(), row.event_key()) and target.event_key() != row.event_key():
                    raise Refused("other-event", "This belongs to another event.", pointer=pointer)
                if not self.may_link(target):
                    raise Refused("may-not-link", "You may not link this.", status=403, pointer=pointer)

    def may_link(self, target):
        """Whether the asker may tie a row to this one, for that may change it: its own policy says so."""
        return target.policy.get("link", always)(self.request.user, target)

    def check_unique(self, row):
        """What must be unique is a conflict, 409, that names the field."""
        try:
            row.validate_unique()
            row.validate_constraints()
        except ValidationError as problem:
            name = next(iter(problem.message_dict))
            pointer = "/data" if name == "__all__" else f"/data/attributes/{name.replace('_', '-')}"
            raise Refused("already-there", problem.messages[0], status=409, pointer=pointer) from None

    def check_if_match(self, row):
        """Before the write, while the row is locked: a tag of an older state is refused."""
        wanted = self.request.META.get("HTTP_IF_MATCH")
        if wanted is None or wanted.strip() == "*":
            return
        floors = self.floors_of({})
        versions = read_versions(floors, row.event_key() if hasattr(self.model, "event_path") else None)
        tag = self.tag(versions, {}, lambda: self.alone(row))
        if tag not in (each.strip() for each in wanted.split(",")):
            raise Refused("changed-meanwhile", "This was changed by somebody else. Read it again first.", status=412)

    # ── Trash ────────────────────────────────────────────────────────────────────────────────────

    def read_trash(self, row):
        """True to delete, False to restore, None when `deleted-at` says nothing new."""
        attributes = self.request.data["data"].get("attributes") or {}
        if not isinstance(row, SoftDeleted) or "deleted-at" not in attributes:
            return None
        wanted = attributes["deleted-at"] is not None
        return wanted if wanted != (row.deleted_at is not None) else None

    def move_to_trash(self, row):
        self.ask("delete", row)
        self.perform_destroy(row)

    def restore(self, row):
        if not is_site_staff(self.request.user):
            raise PermissionDenied
        row.deleted_at = None
        self.check_unique(row)
        row.save(update_fields=["deleted_at"])

    # ── Relationships ────────────────────────────────────────────────────────────────────────────

    def write_relationship(self, key, relation, target):
        """POST adds, PATCH replaces, DELETE removes; answers with the whole row, or 204 when nothing changed.

        Where there is room for one row, adding it is replacing what stands there, and removing it leaves nothing.
        """
        body = self.request.data
        if not isinstance(body, dict) or "data" not in body:
            raise bad_document("The document needs data.", "/data")
        sent = self.read_linkage(relation, body["data"], "/data")
        with atomic():
            row = self.find(key, lock=True)
            self.ask("change", row)
            if not relation.writable or (relation.name not in fields_of(self.serializer_class) and relation.column):
                raise PermissionDenied
            if relation.many:
                changed = self.replace_links(row, relation, target, sent)
            else:
                before = getattr(row, relation.column)
                self.update(row, self.without_fixed({relation.name: self.replaced(row, relation, sent)}, row))
                changed = getattr(row, relation.column) != before
        if not changed:
            return document_response(None, 204)
        page = Page(self.request.user, include={relation.name: {}})
        [data] = page.objects(self.resource, [row])
        return document_response(self.document(data, page, {"self": data["links"]["self"]}))

    def replaced(self, row, relation, sent):
        """The key that a to-one relation is to have: none after removing the one that it has."""
        if self.request.method != "DELETE":
            return sent
        current = getattr(row, relation.column)
        return None if self.is_current(row, relation.name, relation.column, sent) else current

    def replace_links(self, row, relation, target, keys):
        pointer = "/data"
        far_rows = []
        for key in keys:
            far = find_by_key(target.viewset.readable(self.request.user), key)
            if far is None:
                raise Refused(
                    "not-found",
                    "There is no such row, or none that you may see.",
                    status=404,
                    pointer=pointer,
                )
            far_rows.append(far)
        links = getattr(row, relation.name)
        before = {far.pk for far in links.all()}
        named = {far.pk for far in far_rows}
        after = {"POST": before | named, "PATCH": named, "DELETE": before - named}[self.request.method]
        self.check_links(row, {relation.name: far_rows})
        if relation.name in fields_of(self.serializer_class):
            values = {relation.name: list(relation.model.objects.filter(pk__in=after))}
            self.serializer_class(row, context=self.get_serializer_context()).validate(values)
            self.before_update(row, values)
            if relation.name not in values:
                raise PermissionDenied
            links.set(values[relation.name])
        else:
            self.move_rows(row, relation, target, before, after)
        return before != after

    def move_rows(self, row, relation, target, before, after):
        """To-many by the other side's key: each far row is changed, by the rule for changing it."""
        serializer = target.serializer
        column = relation.model._meta.get_field(relation.lookup)
        fixed = serializer.ALWAYS_FIXED | set(serializer.option("fixed"))
        if relation.lookup in fixed or not column.null or relation.lookup not in fields_of(serializer):
            raise PermissionDenied
        for far in target.viewset.readable(self.request.user).filter(pk__in=before ^ after):
            if not far.policy["change"](self.request.user, far):
                raise PermissionDenied
            setattr(far, relation.lookup, row if far.pk in after else None)
            far.save()


def always(user, row):
    return True


def same_type(sent, expected):
    """Clients write types with dashes or underscores, singular or plural."""
    return isinstance(sent, str) and sent.replace("_", "-").rstrip("s") == expected.replace("_", "-").rstrip("s")
