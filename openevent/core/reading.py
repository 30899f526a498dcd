"""Documents from rows. A serializer is compiled once per set of fields; a page is then read by attrgetter.

What costs time in a general serializer is asking every field of every row how it wants to be shown. Here the
questions are asked once: fields whose value JSON knows are read straight from the row, the rest keep their field's
own `to_representation`, and the relationships of a row, which differ by its id alone, are one text with a gap.
"""

from functools import lru_cache
from operator import attrgetter

import orjson
from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects
from rest_framework import serializers

from openevent.core.negotiation import dump
from openevent.core.registry import registry
from openevent.core.serializers import fields_of

# Fields whose attribute is the value on the wire: orjson writes texts, numbers, flags, times and nested JSON.
AS_THEY_ARE = {
    kind.to_representation
    for kind in (
        serializers.CharField,
        serializers.BooleanField,
        serializers.IntegerField,
        serializers.FloatField,
        serializers.DecimalField,
        serializers.DateTimeField,
        serializers.JSONField,
        serializers.ChoiceField,
        serializers.ReadOnlyField,
    )
}
GAP = "\x00"


class Reader:
    """Turns rows of one resource into resource objects, for one choice of fields."""

    def __init__(self, serializer_class, fields, private):
        hidden = () if private else serializer_class.option("private_fields")
        shown = {
            name: field
            for name, field in fields_of(serializer_class).items()
            if not field.write_only and name not in serializer_class.relations() and name not in hidden
        }
        always = serializer_class.option("always")
        if fields is not None:
            shown = {name: field for name, field in shown.items() if name in fields or name in always}
        plain = {name: field for name, field in shown.items() if type(field).to_representation in AS_THEY_ARE}
        self.type = serializer_class.type_name()
        self.names = [name.replace("_", "-") for name in plain]
        self.read = getter([field.source for field in plain.values()])
        self.others = [(name.replace("_", "-"), field) for name, field in shown.items() if name not in plain]
        self.batches = {
            name: batch
            for name, batch in (serializer_class.batches() if private else {}).items()
            if fields is None or name in fields
        }
        self.relations = {
            name: relation
            for name, relation in serializer_class.relations().items()
            if fields is None or name in fields or name in always
        }
        self.link_texts = {name: link_text(relation) for name, relation in self.relations.items()}
        self.all_links = ",".join(self.link_texts.values())

    def resource_object(self, row, address, linkage, values):
        """`linkage` holds the ids at the far end of included relations, `values` the batched attributes."""
        attributes = dict(zip(self.names, self.read(row), strict=True))
        for name, field in self.others:
            value = field.get_attribute(row)
            attributes[name] = None if value is None else field.to_representation(value)
        for name, batch in self.batches.items():
            attributes[name.replace("_", "-")] = values[batch][row.pk][name]
        return {
            "type": self.type,
            "id": str(row.pk),
            "attributes": attributes,
            "relationships": orjson.Fragment(self.relationships(address, linkage)),
            "links": {"self": address},
        }

    def relationships(self, address, linkage):
        if not linkage:
            return "{" + self.all_links.replace(GAP, address) + "}"
        texts = dict(self.link_texts)
        for name, data in linkage.items():
            if name in texts:
                texts[name] = texts[name][:-1] + ',"data":' + dump(data).decode() + "}"
        return "{" + ",".join(texts.values()).replace(GAP, address) + "}"


def getter(sources):
    """attrgetter for any number of them: it alone answers one value without a tuple around it, and refuses none."""
    if len(sources) > 1:
        return attrgetter(*sources)
    each = [attrgetter(source) for source in sources]
    return lambda row: [get(row) for get in each]


def link_text(relation):
    links = f'{{"self":"{GAP}/relationships/{relation.json_name}","related":"{GAP}/{relation.url_name}"}}'
    return f'"{relation.json_name}":{{"links":{links}}}'


@lru_cache(maxsize=4000)
def reader_of(serializer_class, fields, private):
    return Reader(serializer_class, fields, private)


class Page:
    """Reads rows into one document: the primary data, and what was asked to be included, each row once."""

    def __init__(self, user, *, fields=None, include=None):
        self.user, self.fields, self.tree = user, fields or {}, include or {}
        self.included = {}

    def objects(self, resource, rows, tree=None):
        """The resource objects of these rows; what their include tree reaches is collected on the way."""
        tree = self.tree if tree is None else tree
        serializer = resource.serializer
        chosen = self.fields.get(resource.type)
        if parts := serializer.option("parts"):
            prefetch_related_objects(rows, *parts)
        sees_private = resource.model.policy["sees_private"]
        open_to_all = not (serializer.option("private_fields") or serializer.batches())
        linkage = self.follow(serializer, rows, tree)
        readers = {private: reader_of(serializer, chosen, private) for private in (True, False)}
        seen = {row.pk: open_to_all or sees_private(self.user, row) for row in rows}
        private_rows = [row for row in rows if seen[row.pk]]
        values = {batch: batch(private_rows) for batch in set(readers[True].batches.values())} if private_rows else {}
        return [
            readers[seen[row.pk]].resource_object(
                row,
                resource.address(row),
                {name: far.get(row.pk, empty) for name, (far, empty) in linkage.items()},
                values,
            )
            for row in rows
        ]

    def follow(self, serializer, rows, tree):
        """One query a relation of the tree, none where the far rows came beside the rows.

        Answers {relation: ({row's id: linkage}, linkage where there is none)}.
        """
        linkage = {}
        for name, subtree in tree.items():
            relation = serializer.relations()[name]
            resource = registry.of(relation.model)
            empty = [] if relation.many else None
            if resource is None:  # a type that is not served: nothing stands there
                linkage[name] = ({}, empty)
                continue
            far_rows = met_beside(rows, relation)
            if far_rows is None:
                far_rows = relation.fetch(rows, relation.seen_by(self.user, resource.viewset.readable(self.user)))
            targets = {target.pk: target for found in far_rows.values() for target in found}
            self.include(resource, list(targets.values()), subtree)
            linkage[name] = (
                {
                    pk: [identify(resource, target) for target in found]
                    if relation.many
                    else identify(resource, found[0])
                    for pk, found in far_rows.items()
                },
                empty,
            )
        return linkage

    def include(self, resource, targets, subtree):
        for found in self.objects(resource, targets, subtree):
            # The same row may be reached twice, once with relations of its own included: the fuller one stays.
            if subtree or (found["type"], found["id"]) not in self.included:
                self.included[found["type"], found["id"]] = found


def identify(resource, row):
    return {"type": resource.type, "id": str(row.pk)}


def beside(rows: QuerySet, serializer, tree, user) -> QuerySet:
    """The rows, and with each the far rows of the tree that its serializer reads beside it: `met_beside` finds them.

    Whether the user sees a far row is asked in the same query.
    """
    for name in sorted(tree.keys() & set(serializer.option("beside"))):
        relation = serializer.relations()[name]
        target = registry.of(relation.model)
        seen = relation.seen_by(user, target.viewset.readable(user)).filter(pk=OuterRef(relation.column))
        needed = (f"{name}__{need}" for need in target.serializer.option("needs"))
        rows = rows.select_related(name, *needed).annotate(**{f"sees_{name}": Exists(seen)})
    return rows


def met_beside(rows, relation):
    """{row's id: [its far row]} of rows that were read so; None of others."""
    mark = f"sees_{relation.name}"
    if not (rows and hasattr(rows[0], mark)):
        return None
    return {row.pk: [getattr(row, relation.name)] for row in rows if getattr(row, mark)}
