"""The JSON filter grammar as Q objects: an allow-list of attributes, relations and operators.

A condition on a relation looks only at rows that the asker could read at the other end, and a condition on a
private attribute holds only for rows whose private attributes the asker could read: nothing can be found out by
filtering that could not be read.
"""

import re

import orjson
from django.core.exceptions import ValidationError
from django.db.models import CharField, F, Q, TextField
from rest_framework.exceptions import ValidationError as FieldError

from openevent.core.parameters import attribute_source, underscored
from openevent.core.policies import EVERY_ROW, NO_ROW
from openevent.core.refusals import refuse_parameter
from openevent.core.registry import registry
from openevent.core.serializers import fields_of

DEEPEST = 12
MOST_GAPS = 6  # in a pattern: each multiplies the work of matching a long text
COMPARISONS = {
    "eq": "exact",
    "lt": "lt",
    "le": "lte",
    "gt": "gt",
    "ge": "gte",
    "startswith": "startswith",
    "endswith": "endswith",
    "contains": "contains",
}
NEGATED = {"ne": "eq", "notlike": "like", "notilike": "ilike", "notin": "in", "isnot": "is"}
TEXT_ONLY = {"like", "ilike", "startswith", "endswith", "contains"}


def refuse(detail):
    return refuse_parameter("filter", detail)


def read_filter(text, serializer, user):
    """Q for a filter's text; no condition for an empty one."""
    try:
        entries = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise refuse("The filter is not valid JSON.") from None
    if isinstance(entries, dict):
        entries = [entries]
    if not isinstance(entries, list):
        raise refuse("The filter is a list of conditions.")
    return Conditions(user).all_of(entries, serializer, DEEPEST)


class Conditions:
    def __init__(self, user):
        self.user = user

    def all_of(self, entries, serializer, depth):
        condition = Q()
        for entry in entries:
            condition &= self.one(entry, serializer, depth)
        return condition

    def any_of(self, entries, serializer, depth):
        """An empty `or` is no condition: that is how clients send a search without a text."""
        condition = Q()
        for entry in entries:
            condition |= self.one(entry, serializer, depth)
        return condition

    def one(self, entry, serializer, depth):
        if not isinstance(entry, dict) or depth == 0:
            raise refuse("A condition is an object, and not nested too deeply.")
        for word, combine in (("and", self.all_of), ("or", self.any_of)):
            if word in entry:
                if not isinstance(entry[word], list):
                    raise refuse(f"{word!r} takes a list of conditions.")
                return combine(entry[word], serializer, depth - 1)
        if "not" in entry:
            return ~self.one(entry["not"], serializer, depth - 1)
        name, op = entry.get("name"), entry.get("op")
        if not (isinstance(name, str) and isinstance(op, str)) or not ("val" in entry or "field" in entry):
            raise refuse("A condition needs name, op, and val or field.")
        name, op = underscored(name), op.strip("_")
        head, _, tail = name.partition("__")
        if tail and op in ("has", "any"):
            inner = {"name": tail, "op": "eq", "val": entry.get("val")}
            return self.on_relation(serializer, head, op, inner, depth)
        if name in serializer.relations():
            return self.on_relation(serializer, name, op, entry.get("val"), depth)
        return self.on_attribute(serializer, name, op, entry)

    def on_relation(self, serializer, name, op, value, depth):
        relation = serializer.relations().get(name)
        if relation is None:
            raise refuse(f"{serializer.type_name()!r} has no relationship {name!r}.")
        if op in ("eq", "ne", "is", "isnot") and value is None:
            return self.none_there(relation, op in ("eq", "is"))
        if op not in ("has", "any"):
            raise refuse(f"A relationship is filtered with has, any, or compared with null; not with {op!r}.")
        target = registry.of(relation.model)
        if target is None:
            return NO_ROW
        inner = self.one(value, target.serializer, depth - 1)
        return relation.filter_by(self.far_rows(relation, target).filter(inner))

    def far_rows(self, relation, target):
        return relation.seen_by(self.user, target.viewset.readable(self.user))

    def none_there(self, relation, wanted):
        if relation.model is None:
            return EVERY_ROW if wanted else NO_ROW
        if relation.column:
            return Q(**{f"{relation.column}__isnull": wanted})
        target = registry.of(relation.model)
        rows = self.far_rows(relation, target) if target else relation.model.objects.none()
        some = relation.filter_by(rows)
        return ~some if wanted else some

    def on_attribute(self, serializer, name, op, entry):
        source, private_rows = attribute_source(serializer, name, self.user, "filter")
        if op in NEGATED:
            # As in SQL, a missing value is neither equal nor unequal to anything but null.
            condition = ~self.compare(serializer, name, source, NEGATED[op], entry)
            if entry.get("val") is not None:
                condition &= compared(source, "isnull", False)
        else:
            condition = self.compare(serializer, name, source, op, entry)
        return condition if private_rows == EVERY_ROW else condition & private_rows

    def compare(self, serializer, name, source, op, entry):
        if "field" in entry:
            if op not in COMPARISONS or not isinstance(entry["field"], str):
                raise refuse(f"Attributes cannot be compared with {op!r}.")
            other, private_rows = attribute_source(serializer, underscored(entry["field"]), self.user, "filter")
            return compared(source, COMPARISONS[op], other) & private_rows
        value = entry["val"]
        if op in ("eq", "is") and value is None:
            return compared(source, "isnull", True)
        if op == "between":
            low, high = value if isinstance(value, list) and len(value) == 2 else (None, None)
            return compared(source, "gte", self.convert(serializer, name, low)) & compared(
                source, "lte", self.convert(serializer, name, high)
            )
        if op == "in":
            if not isinstance(value, list):
                raise refuse("'in' takes a list.")
            return compared(source, "in", [self.convert(serializer, name, each) for each in value])
        if op in TEXT_ONLY and not (isinstance(value, str) and holds_text(serializer, source)):
            raise refuse(f"{op!r} compares a text with a text.")
        if op in ("like", "ilike"):
            return like(source, value, op == "ilike")
        if op == "is":
            op = "eq"
        if op not in COMPARISONS:
            raise refuse(f"There is no operator {op!r}.")
        if op not in TEXT_ONLY:
            value = self.convert(serializer, name, value)
        else:
            value = checked_text(value)
        return compared(source, COMPARISONS[op], value)

    def convert(self, serializer, name, value):
        """The value as the attribute's own type: clients send "true" for a flag and "12" for a number."""
        if value is None or isinstance(value, dict | list):
            raise refuse(f"{name!r} cannot be compared with this value.")
        if name == "id":
            text = checked_text(value)
            if not (text.isascii() and text.isdigit() and len(text) < 19):
                raise refuse("An id is a number.")
            return int(text)
        columns = {each: column for column in columns_of(serializer) for each in (column.name, column.attname)}
        field = fields_of(serializer).get(name)
        try:
            column = field and columns.get(field.source)
            if column is None:
                return worked_out(serializer, name, checked_text(value))
            if column.get_internal_type() in (
                "CharField",
                "TextField",
                "SlugField",
                "URLField",
                "EmailField",
            ):
                return checked_text(value)
            return field.to_internal_value(value)
        except (FieldError, ValidationError):
            raise refuse(f"{name!r} cannot be compared with {value!r}.") from None


def columns_of(serializer):
    return serializer.Meta.model._meta.concrete_fields


def worked_out(serializer, name, text):
    """A value for an attribute that is no column: as a form would read it for what the database makes of it."""
    expression = serializer.option("computed")[name]()
    return text if isinstance(expression, F) else expression.output_field.formfield().clean(text)


def holds_text(serializer, source):
    """Whether an attribute's column is of letters; `pk` is none."""
    if not isinstance(source, F):
        return isinstance(source.output_field, CharField | TextField)
    return any(
        column.name == source.name and isinstance(column, CharField | TextField) for column in columns_of(serializer)
    )


def checked_text(value):
    if "\x00" in str(value):
        raise refuse("A text cannot hold a null character.")
    return str(value)


def compared(source, lookup, value):
    """Q for a lookup on a column, or on an expression."""
    if isinstance(source, F):
        return Q(**{f"{source.name}__{lookup}": value})
    return Q(source.output_field.get_lookup(lookup)(source, value))


def like(source, pattern, any_case):
    """SQL's LIKE: `%` is any text. The usual shapes become Django's own lookups, the rest a regular expression."""
    prefix = "i" if any_case else ""
    inner = checked_text(pattern).strip("%")
    if pattern.count("%") > MOST_GAPS:
        raise refuse(f"A pattern has {MOST_GAPS} wildcards at most.")
    if "%" in inner or "_" in inner:
        text = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in pattern)
        return compared(source, f"{prefix}regex", f"^{text}$")
    open_start, open_end = pattern.startswith("%"), pattern.endswith("%")
    if not inner:
        return compared(source, "isnull", False) if pattern else compared(source, "exact", "")
    lookup = {(True, True): "contains", (False, True): "startswith", (True, False): "endswith"}.get(
        (open_start, open_end), "exact"
    )
    return compared(source, f"{prefix}{lookup}", inner)
