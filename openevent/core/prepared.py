"""Queries whose SQL is written once and kept: Django takes ten times longer to write it than the database to answer."""

from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.query import get_related_populators

from openevent.core.versions import versions_column

NUMBER, TEXT = 2**62 + 1, "\x01slot"  # stand in the SQL where a value will be; no row has either
SIMPLE = (str, int, bool, type(None))


class Prepared:
    """A query with one slot for a value: `by_pk = Prepared(lambda slot: User.objects.filter(pk=slot))`.

    `by_pk(7)` gives what the query gives (rows of the model, or tuples of `values_list`). For queries that always
    have the same shape; whatever else they compare with is kept as it was when the first one ran.
    """

    def __init__(self, build, slot=NUMBER):
        self.build, self.slot, self.plan = build, slot, None

    def __call__(self, value):
        if self.plan is None:
            self.plan = Plan(self.build(self.slot), self.slot)
        return self.plan.run(value)


class Plan:
    """The SQL of a queryset, and how to make its rows from what the database answers."""

    def __init__(self, queryset, slot):
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.sql, self.params = compiler.as_sql()
        except EmptyResultSet:  # nobody sees anything: Django asks no question, so neither do we
            self.sql = None
            return
        self.slot = slot
        selected = [expression for expression, _, _ in compiler.select]
        self.converters = list(compiler.get_converters(selected).items())
        self.model = None if queryset.query.values_select else queryset.model
        own = compiler.klass_info["select_fields"] if self.model else []
        self.columns = [selected[place].target.attname for place in own]
        self.related = get_related_populators(compiler.klass_info, compiler.select, queryset.db) if self.model else []
        self.annotations = list(compiler.annotation_col_map.items()) if self.model else []

    def run(self, value):
        if self.sql is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [value if param == self.slot else param for param in self.params])
            return [self.row_of(answer) for answer in cursor.fetchall()]

    def row_of(self, answer):
        answer = list(answer)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                answer[place] = convert(answer[place], expression, connection)
        if self.model is None:
            return tuple(answer)
        row = self.model.from_db(connection.alias, self.columns, answer[: len(self.columns)])
        for related in self.related:
            related.populate(answer, row)
        for name, place in self.annotations:
            setattr(row, name, answer[place])
        return row


def find_row(rows, column, value, *, floors=()):
    """The row of a queryset with this number or text in a column, or None; with floors, with its `versions`.

    The rows may be narrowed in any way: the SQL is kept for each shape of their conditions.
    """
    shape = shape_of(rows.query)
    if shape is None:
        return with_versions(rows, floors).filter(**{column: value}).first()
    found = plan_for(Shaped(rows, shape), column, tuple(floors)).run(value)
    return found[0] if found else None


def with_versions(rows, floors):
    return rows.annotate(versions=versions_column(floors, rows.model.event_path)) if floors else rows


class Shaped:
    """A queryset that is equal to every other one of the same shape."""

    def __init__(self, rows, shape):
        self.rows, self.shape = rows, (rows.model, shape)

    def __hash__(self):
        return hash(self.shape)

    def __eq__(self, other):
        return self.shape == other.shape


@lru_cache(maxsize=1000)
def plan_for(shaped, column, floors):
    slot = NUMBER if column == "pk" else TEXT
    rows = with_versions(shaped.rows, floors).order_by().filter(**{column: slot})
    return Plan(rows, slot)


def shape_of(query):
    """What tells the conditions of one query from those of another; None if it is more than plain comparisons."""
    if query.select_related or query.annotations or query.combinator or query.select_for_update or query.distinct:
        return None
    try:
        names, defer = query.deferred_loading
        return tuple(query.alias_map), frozenset(names), defer, shape_of_node(query.where)
    except (AttributeError, TypeError):  # an expression, a subquery, a moment: this query is written anew
        return None


def shape_of_node(node):
    if hasattr(node, "children"):
        return node.connector, node.negated, tuple(map(shape_of_node, node.children))
    value = node.rhs
    if isinstance(value, list | tuple):
        value = tuple(value)
    if not all(isinstance(each, SIMPLE) for each in (value if isinstance(value, tuple) else (value,))):
        raise TypeError("a condition that another query may not share")
    return type(node), node.lhs.alias, node.lhs.target.name, value
