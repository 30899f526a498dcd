"""The query string: include, fields, page and sort, each an allow-list."""

from urllib.parse import urlencode

from django.db.models import Case, F, Value, When

from openevent.core.policies import EVERY_ROW, every_row
from openevent.core.refusals import refuse_parameter
from openevent.core.registry import registry
from openevent.core.serializers import fields_of

DEPTH = 3
PAGE_SIZE = 20
AT_MOST = 1_000  # rows in one answer at the top level
AT_MOST_UNDER_A_PARENT = 10_000


def underscored(name):
    return name.replace("-", "_")


def read_include(text, serializer):
    """`a,b.c` as a tree of relation names: {"a": {}, "b": {"c": {}}}."""
    tree = {}
    for path in filter(None, text.split(",")):
        steps, branch, at = path.strip().split("."), tree, serializer
        if len(steps) > DEPTH:
            raise refuse_parameter("include", f"{path!r} goes deeper than {DEPTH} steps.")
        for step in map(underscored, steps):
            if at is None:  # below a type that is not served there is nothing to follow
                break
            if step not in at.relations():
                raise refuse_parameter("include", f"{at.type_name()!r} has no relationship {step!r}.")
            branch = branch.setdefault(step, {})
            target = registry.of(at.relations()[step].model)
            at = target and target.serializer
    return tree


def resources_in(tree, serializer):
    """The serializers of everything that a tree reaches."""
    for name, subtree in tree.items():
        target = registry.of(serializer.relations()[name].model)
        if target:
            yield target.serializer
            yield from resources_in(subtree, target.serializer)


def stays_at_its_event(serializer, tree):
    """Whether what a tree reaches from a row of one event hangs by that event: people lead on to others."""
    model, relations = serializer.Meta.model, serializer.relations()
    if not hasattr(model, "event_path"):
        return not tree and model.policy["rows"] is every_row and not serializer.batches()  # as of a catalog
    targets = [(registry.of(relations[name].model), subtree) for name, subtree in tree.items()]
    return all(stays_at_its_event(target.serializer, subtree) for target, subtree in targets if target)


def read_fields(query):
    """{type: names} from `fields[type]=a,b`. A field that the type does not have is an error."""
    chosen = {}
    for key, text in query.items():
        if key.startswith("fields[") and key.endswith("]"):
            resource = registry.by_type.get(key[7:-1])
            if resource is None:
                continue
            names = frozenset(underscored(name.strip()) for name in text.split(",") if name.strip())
            known = {"id", *fields_of(resource.serializer), *resource.serializer.relations()}
            if unknown := names - known - set(resource.serializer.batches()):
                raise refuse_parameter(key, f"{key[7:-1]!r} has no field {min(unknown)!r}.")
            chosen[resource.type] = names
    return chosen


def read_page(query, at_most):
    """(size, number) from `page[size]` and `page[number]`. Size 0 is as much as one answer may hold."""
    size, number = PAGE_SIZE, 1
    for key, text in query.items():
        if not key.startswith("page["):
            continue
        if key not in ("page[size]", "page[number]"):
            raise refuse_parameter(key, "Pages are chosen with page[size] and page[number].")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise refuse_parameter(key, "Enter a whole number, 0 or more.")
        if key == "page[size]":
            size = min(int(text) or at_most, at_most)
        else:
            number = int(text)
    if number < 1:
        raise refuse_parameter("page[number]", "Pages are counted from 1.")
    return size, number


def page_links(request, count, size, number):
    """`self`, and the way to the other pages when there is more than one."""
    path, query = request.path, request.GET.dict()

    def link(page):
        return f"{path}?{urlencode({**query, 'page[number]': page})}"

    links = {"self": f"{path}?{urlencode(query)}" if query else path}
    last = max(-(-count // size), 1)
    if last > 1:
        links |= {"first": link(1), "last": link(last)}
        if number > 1:
            links["prev"] = link(number - 1)
        if number < last:
            links["next"] = link(number + 1)
    return links


def read_sort(text, serializer, user):
    """Orderings from `sort=a,-b,relation.c`; ties are broken by id, so that pages never overlap."""
    orderings = []
    for key in filter(None, (part.strip() for part in text.split(","))):
        expression = sort_expression(underscored(key.removeprefix("-")), serializer, user)
        orderings.append(expression.desc(nulls_last=True) if key.startswith("-") else expression.asc(nulls_last=True))
    return [*orderings, "pk"] if orderings else []


def sort_expression(name, serializer, user):
    first, _, rest = name.partition(".")
    if not rest:
        source, private_rows = attribute_source(serializer, name, user, "sort")
        if private_rows != EVERY_ROW:
            return Case(When(private_rows, then=source), default=Value(None))
        return source
    relation = serializer.relations().get(first)
    target = relation and relation.column and registry.of(relation.model)
    if not target:
        raise refuse_parameter("sort", f"Cannot sort by {name!r}.")
    source, private_rows = attribute_source(target.serializer, rest, user, "sort")
    if private_rows != EVERY_ROW or not isinstance(source, F):
        raise refuse_parameter("sort", f"Cannot sort by {name!r}.")
    return F(f"{first}__{source.name}")


def attribute_source(serializer, name, user, parameter):
    """(expression, rows of which this user may read it) for an attribute that can be filtered and sorted by."""
    if name == "id":
        return F("pk"), EVERY_ROW
    if expression := serializer.option("computed", {}).get(name):
        return expression(), EVERY_ROW
    if not is_stored(serializer, name) or name in serializer.option("secrets"):  # a search tells it letter by letter
        raise refuse_parameter(parameter, f"{serializer.type_name()!r} has no attribute {name!r} to {parameter} by.")
    policy, model = serializer.Meta.model.policy, serializer.Meta.model
    private = name in serializer.option("private_fields")
    source = fields_of(serializer)[name].source
    return F(source), policy["private_rows"](user, model) if private else EVERY_ROW


def is_stored(serializer, name):
    """Whether this is an attribute that is shown, and a column."""
    field = fields_of(serializer).get(name)
    if field is None or field.write_only or name in serializer.relations():
        return False
    return field.source in {column.name for column in serializer.Meta.model._meta.concrete_fields}


def sortable(serializer):
    """The attributes by which rows are sorted and filtered."""
    return [
        "id",
        *serializer.option("computed", {}),
        *filter(lambda name: is_stored(serializer, name), fields_of(serializer)),
    ]
