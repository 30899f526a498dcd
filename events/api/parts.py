"""Rows of a table of their own that a document carries as one attribute: a list of flat objects."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from openevent.core.describing import schema_of
from openevent.core.serializers import ResourceSerializer

MOST = 200


class PartSerializer(serializers.ModelSerializer):
    """One entry of the list: its columns, by the model's own names."""

    serializer_field_mapping = ResourceSerializer.serializer_field_mapping


@extend_schema_field(schema_of([dict]))
class Parts(serializers.Field):
    """`key` is where an entry says which row it is (a new one says none), `gone` where it says that the row goes.

    Rows that the list leaves out stay: clients name what they drop. Those of a new row are all new.
    """

    default_error_messages = {
        "not_a_list": f"This is a list of objects, {MOST} at most.",
        "unknown": "There is no such row here.",
    }

    def __init__(self, entry, *, key, gone, **options):
        self.entry, self.key, self.gone = entry, key, gone
        super().__init__(**{"required": False, **options})

    def to_representation(self, parts):
        names = self.entry.Meta.fields
        return [{self.key: part.pk} | {name: getattr(part, name) for name in names} for part in parts.all()]

    def to_internal_value(self, entries):
        if not isinstance(entries, list) or len(entries) > MOST or not all(isinstance(each, dict) for each in entries):
            self.fail("not_a_list")
        row = self.parent.instance
        there = {str(part.pk): part for part in getattr(row, self.source).all()} if row else {}
        checked, errors = [], []
        for entry in entries:
            part, problem = None, {}
            if row and entry.get(self.key) is not None and (part := there.get(str(entry[self.key]))) is None:
                problem = {self.key: [self.error_messages["unknown"]]}
            serializer = self.entry(part, data=entry, partial=part is not None)
            is_gone = entry.get(self.gone) is True
            if not problem and not is_gone and not serializer.is_valid():
                problem = serializer.errors
            checked.append((part, is_gone, serializer))
            errors.append(problem)
        if any(errors):
            raise serializers.ValidationError(errors)
        return checked

    def write(self, row, checked):
        """The caller is in a transaction."""
        manager = getattr(row, self.source)
        for part, is_gone, serializer in checked:
            if not is_gone:
                serializer.save(**{manager.field.name: row})
            elif part is not None:
                part.delete()


class SerializerWithParts(ResourceSerializer):
    """A resource with such lists among its fields."""

    def validate(self, values):
        lists = [field for field in self.fields.values() if isinstance(field, Parts) and field.source in values]
        self.parts = [(field, values.pop(field.source)) for field in lists]
        return values

    def save(self, **given):
        row = super().save(**given)
        for field, checked in self.parts:
            field.write(row, checked)
        return row
