"""Relations between resources: which rows stand at the other end, for one row or for a page of them."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q
from django.db.models.fields.related import ForeignKey


@dataclass
class Relation:
    """`name` of a resource leads to rows of `model`.

    A forward relation is a foreign key of the row itself (`column`). Every other one is found from the far end:
    rows of `model` whose `lookup` is this row, and that also fulfil `where`; with `own`, which names a column of
    theirs, only those of whoever asks. Without a model, the type at the far end is not served: there is a link, and
    nothing behind it.
    """

    model: type[Model] | None = None
    lookup: str | None = None
    many: bool = True
    where: Q = field(default_factory=Q)
    own: str | None = None
    path: str | None = None  # the last part of the related link, where it is not the name
    column: str | None = None
    writable: bool = False
    name: str = ""

    @property
    def json_name(self):
        return self.name.replace("_", "-")

    @property
    def url_name(self):
        return self.path or self.json_name

    def seen_by(self, user, queryset):
        """Which of the rows that a user may see this relation is about: all of them, or that user's own."""
        return queryset.filter(**{self.own: user.pk}).exclude(**{self.own: None}) if self.own else queryset

    def narrow(self, queryset, row):
        """Those rows of a queryset that stand at the far end of one row."""
        if self.column:
            return queryset.filter(pk=getattr(row, self.column))
        if "__" not in self.lookup:
            return queryset.filter(self.where, **{self.lookup: row.pk})
        met = self.model.objects.filter(self.where, **{self.lookup: row.pk})
        return queryset.filter(pk__in=met.values("pk"))

    def fetch(self, rows, queryset):
        """The far ends of a page of rows, taken from this queryset with one query: {row's id: [far rows]}."""
        found = defaultdict(list)
        if self.column:
            keys = {key for row in rows if (key := getattr(row, self.column)) is not None}
            targets = {target.pk: target for target in queryset.filter(pk__in=keys)} if keys else {}
            for row in rows:
                if target := targets.get(getattr(row, self.column)):
                    found[row.pk].append(target)
        elif rows:
            near = {f"{self.lookup}__in": [row.pk for row in rows]}
            targets = queryset.filter(self.where, **near).annotate(near_id=F(self.lookup))
            # Somebody with two roles at an event is met twice on the way from the event, and shown once.
            for near_id, target in {(target.near_id, target.pk): target for target in targets}.items():
                found[near_id[0]].append(target)
        return found

    def filter_by(self, targets):
        """Q over the near rows: at least one of these rows stands at the far end."""
        if self.column:
            return Q(**{f"{self.column}__in": targets.values("pk")})
        return Q(pk__in=targets.filter(self.where).exclude(**{self.lookup: None}).values(self.lookup))


def not_served(*names, many=True):
    """Relations that clients know, to types that are not served: the links are there, and answer 404."""
    return {name: Relation(many=many) for name in names}


def relation_of(model, name):
    """The relation that a model's own field or reverse accessor describes, or None for an attribute."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        found = next((rel for rel in model._meta.related_objects if rel.get_accessor_name() == name), None)
    if found is None or not found.is_relation:
        return None
    if isinstance(found, ForeignKey):
        if found.name != name:
            return None  # the key's own column, `ticket_id`, is an attribute
        return Relation(found.related_model, many=False, column=found.attname, writable=True, name=name)
    if found.many_to_many:
        far_name = found.remote_field.name if found.auto_created else found.related_query_name()
        return Relation(found.related_model, far_name, writable=True, name=name)
    return Relation(found.related_model, found.field.name, many=found.one_to_many, writable=True, name=name)
