"""A resource's attributes and relations: declared once, checked by DRF when written, compiled when read."""

import json
import math
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import models
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from openevent.core.prepared import find_row
from openevent.core.relations import relation_of
from openevent.core.rows import SoftDeleted


class FiniteFloatField(serializers.FloatField):
    def to_internal_value(self, value):
        number = super().to_internal_value(value)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class PlainJSONField(serializers.JSONField):
    """Nested JSON that every database holds and every client reads: not deep, not long, no number beyond exactness."""

    DEEPEST, LONGEST, LARGEST = 20, 100_000, 2**53

    def to_internal_value(self, value):
        if not self.is_plain(value, self.DEEPEST) or len(json.dumps(value)) > self.LONGEST:
            self.fail("invalid")
        return super().to_internal_value(value)

    def is_plain(self, value, depth):
        if isinstance(value, dict | list):
            inner = [*value, *value.values()] if isinstance(value, dict) else value
            return depth > 0 and all(self.is_plain(each, depth - 1) for each in inner)
        if isinstance(value, str):
            return "\x00" not in value
        return not isinstance(value, int | float) or abs(value) <= self.LARGEST


IS_SET = "(set)"


class SecretField(serializers.CharField):
    """Written, never sent back: staff read only whether it is set. A form that returns that changes nothing."""

    def to_internal_value(self, value):
        if value == IS_SET:
            raise serializers.SkipField
        return super().to_internal_value(value)

    def to_representation(self, value):
        return IS_SET if value else None


class ResourceSerializer(serializers.ModelSerializer):
    """What a resource is made of. `Meta` says, besides DRF's own options:

    fields          attributes and relations, by the names of the model; `deleted_at` comes by itself
    relations       {name: Relation} that the model does not describe itself
    type            the JSON:API type, where it is not the model's name with dashes
    private_fields  attributes left out unless the policy's `sees_private` holds for the row
    secrets         attributes that are written and never sent back
    sets            to-many relations by the other side's key that a document may set
    fixed           relations that cannot change once made (event, order and user never do)
    always          attributes that stay in sparse answers
    needs           foreign keys that the policy looks at, fetched with the rows
    beside          foreign keys to small rows, which are read in the rows' own query when they are included
    parts           rows of other tables that attributes are made of, fetched with the page
    depends         further apps whose changes show in these documents (for tags)
    computed        {attribute: function of (query's expression for filters and sorting)} see `expression_of`
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.FloatField: FiniteFloatField,
        models.JSONField: PlainJSONField,
    }
    ALWAYS_FIXED = frozenset({"event", "order", "user"})

    @classmethod
    def option(cls, name, default=()):
        return getattr(cls.Meta, name, default)

    @classmethod
    def type_name(cls):
        return cls.option("type", None) or cls.Meta.model._meta.verbose_name.replace(" ", "-")

    @classmethod
    def relations(cls):
        """{name: Relation}: the model's own among the fields, those declared, and those added from above."""
        if "_relations" not in cls.__dict__:
            own = {name: found for name in cls.Meta.fields if (found := cls.own_relation(name))}
            cls._relations = own
            for name, relation in {**cls.option("relations", {}), **cls.__dict__.get("_added", {})}.items():
                relation.name = name
                cls._relations[name] = relation
        return cls._relations

    @classmethod
    def own_relation(cls, name):
        """The model's relation of this name; what a serializer declares itself is an attribute."""
        return None if name in cls._declared_fields else relation_of(cls.Meta.model, name)

    @classmethod
    def extend(cls, *, batches=None, depends=(), **relations):
        """What a higher floor adds to a resource: relations to its own types, and attributes only it can work out.

        `batches` says {attribute: function}. The function takes a list of rows and answers {row's id: {attribute:
        value}}, for as many attributes as it knows; such attributes are private.
        """
        cls._added = {**cls.__dict__.get("_added", {}), **relations}
        cls._batches = {**cls.batches(), **(batches or {})}
        cls._private_depends = {*cls.private_depends(), *depends}
        cls.__dict__.get("_relations") and delattr(cls, "_relations")

    @classmethod
    def batches(cls):
        return cls.__dict__.get("_batches", {})

    @classmethod
    def private_depends(cls):
        return cls.__dict__.get("_private_depends", set())

    @classmethod
    def floors(cls, signed_in):
        """The apps whose rows these documents are made of, or that decide who sees them."""
        floors = {cls.Meta.model._meta.app_label, "events", *cls.option("depends")}
        return floors | cls.private_depends() if signed_in else floors

    def get_field_names(self, declared_fields, info):
        attributes = [name for name in self.Meta.fields if self.own_relation(name) is None]
        if issubclass(self.Meta.model, SoftDeleted):
            attributes.append("deleted_at")
        writable = [name for name, relation in self.relations().items() if self.takes(name, relation)]
        return [*attributes, *writable]

    def takes(self, name, relation):
        """Whether a document may set this relation: a key, a many-to-many or one of `sets`, among the model's own."""
        if not (relation.writable and name in self.Meta.fields):
            return False
        if relation.column is not None or name in self.option("sets"):
            return True
        return self.Meta.model._meta.get_field(name).many_to_many

    def build_standard_field(self, field_name, model_field):
        """Uniqueness is checked with the whole row (it is a conflict, 409), not field by field."""
        field_class, options = super().build_standard_field(field_name, model_field)
        field_class = SecretField if field_name in self.option("secrets") else field_class
        checks = [check for check in options.pop("validators", ()) if not isinstance(check, UniqueValidator)]
        return field_class, {**options, "validators": checks} if checks else options

    def get_unique_together_validators(self):
        return []

    def is_changed(self, values, *names):
        """Whether any of these becomes another than it is: what is only sent back was accepted once, and stays."""
        if self.instance is None:
            return True
        return any(name in values and is_other(getattr(self.instance, name), values[name]) for name in names)

    def build_relational_field(self, field_name, relation_info):
        """Any row that the asker sees may be named; what is not seen is not there."""
        column, options = relation_info.model_field, {"queryset": relation_info.related_model.objects.all()}
        if relation_info.to_many:
            return VisibleRowField, {**options, "many": True, "required": False}
        if column.null:
            return VisibleRowField, {**options, "required": False, "allow_null": True}
        return VisibleRowField, options


def is_other(old, new):
    """Clients send moments back in milliseconds."""
    if isinstance(old, datetime) and isinstance(new, datetime):
        return abs(old - new) >= timedelta(milliseconds=1)
    return old != new


class VisibleRowField(serializers.PrimaryKeyRelatedField):
    """A row named by number or identifier; one that the asker may not see does not exist."""

    default_error_messages = {
        "does_not_exist": "There is no such row, or none that you may see.",
        "incorrect_type": "Name the row by its id.",
    }

    def get_queryset(self):
        return super().get_queryset().model.objects.visible_to(self.context["request"].user)

    def to_internal_value(self, key):
        row = find_by_key(self.get_queryset(), key)
        if row is None:
            self.fail("does_not_exist")
        return row

    def to_representation(self, row):
        return row.pk


def find_by_key(rows, key, *, floors=()):
    """The row with this number, or with this identifier where the model has one; else None."""
    key = str(key)
    if isinstance(rows.model._meta.pk, models.UUIDField):
        return rows.filter(pk=key).first() if is_uuid(key) else None
    if key.isascii() and key.isdigit():
        return find_row(rows, "pk", int(key), floors=floors) if len(key) < 19 else None
    if hasattr(rows.model, "identifier") and "\x00" not in key:
        return find_row(rows, "identifier", key, floors=floors)
    return None


def is_uuid(text):
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@lru_cache(maxsize=500)
def fields_of(serializer_class):
    """A serializer's fields, built once; for looking at, not for validating with."""
    return serializer_class().fields
