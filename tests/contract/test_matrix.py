"""The whole URL map × methods × people × two events, against permissions.yaml and what follows from it.

The table says who sees and changes a row of each type, and has a line for every plain endpoint and every verb. Lists,
related rows and relationships follow: they show what one could also read at its own address, and take what the
rules for both ends take. Each test asks many questions of views directly, for there are tens of thousands.
"""

import re

import orjson
import pytest
from django.contrib.auth.models import AnonymousUser

from openevent.core.registry import registry
from tests.contract.conftest import undone
from tests.contract.test_permissions import TABLE, TYPES, allowed
from tests.contract.url_map import GAP, METHODS, concrete, methods_of, routes
from tests.contract.world import PEOPLE

pytestmark = pytest.mark.once

INSIDERS = {"organizer-elsewhere", *TABLE["people"]["staff"]}  # who sees the other event, a draft


def filled(world, text, tenant):
    """A text whose gaps name rows: `{order}` is the key of that event's order, `{order.identifier}` its identifier."""

    def value(gap):
        kind, _, name = gap[1].partition(".")
        row = world.rows[tenant].get(kind) or world.people[kind]
        return str(getattr(row, name or "pk"))

    return re.sub(GAP, value, text)


# ── Plain endpoints and verbs ────────────────────────────────────────────────────────────────────


def read_line(line):
    """(who gets in, what they are told, what the others are told, what is sent)."""
    found = TABLE["addresses"][line]
    found = found if isinstance(found, dict) else {"who": found}
    who = found["who"] if isinstance(found["who"], list) else TABLE["people"][found["who"]]
    method = line.split()[0]
    refusals = {"others": 403, "anonymous": found.get("others", 404) if method == "GET" else 401, **found}
    return set(who), found.get("answer"), refusals, found.get("send")


def names_an_event(line):
    kinds = {gap.partition(".")[0] for gap in re.findall(GAP, line)}
    return any(hasattr(registry.by_type[kind].model, "event_path") for kind in kinds & registry.by_type.keys())


def expected_there(line, who, tenant):
    named, answer, refusals, _ = read_line(line)
    if tenant == "theirs" and who not in INSIDERS:
        first_asked_to_sign_in = who == "anonymous" and who not in named and refusals[who] == 401
        return 401 if first_asked_to_sign_in else refusals.get("hidden", 404)
    part = "owner" if tenant == "theirs" and who == "organizer-elsewhere" else who
    if part in named:
        return answer or "2xx"
    return refusals.get(who, refusals["others"])


@pytest.mark.parametrize("line", TABLE["addresses"])
def test_who_is_let_in_at_an_address(world, line):
    method, path = line.split()
    *_, body = read_line(line)
    wrong = {}
    for tenant in ("ours", "theirs") if names_an_event(line) else ("ours",):
        address, document = (
            filled(world, path, tenant),
            orjson.loads(filled(world, orjson.dumps(body).decode(), tenant)),
        )
        for who in PEOPLE:
            status = undone(lambda: world.ask(who, method, address, document).status_code)  # noqa: B023
            wanted = expected_there(line, who, tenant)
            if status != wanted and not (wanted == "2xx" and 200 <= status < 300):
                wrong[tenant, who] = status, wanted
    assert wrong == {}


# ── What no address serves ───────────────────────────────────────────────────────────────────────


def test_methods_that_an_address_does_not_serve_are_405(world):
    wrong = {}
    for route, view in routes():
        address = concrete(route)
        for method in sorted({*METHODS} - methods_of(view)):
            status = world.ask("superadmin", method, address, {}).status_code
            if status != 405:
                wrong[f"{method} {address}"] = status
    assert wrong == {}


SECRET = {  # words of rows that these people may read nowhere
    "eve": ("theirs", "Hidden", "ours hidden", "ours-first", "OURS10", "OURSVIP", "+49 ours", '"buyer@', '"attendee@'),
    "owner": ("theirs", "Hidden"),
}
SECRET["anonymous"] = SECRET["eve"]
SECRET["organizer-elsewhere"] = tuple(word for word in SECRET["eve"] if word not in ("theirs", "Hidden"))
SECRET["buyer"] = SECRET["registrar"] = SECRET["speaker"] = SECRET["owner"]


def assert_no_secret(who, answer):
    body = answer.content.decode()
    assert [word for word in SECRET.get(who, ()) if word in body] == [], (who, body[:1000])


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────

LISTED = [kind for kind in TYPES if "list" in registry.by_type[kind].viewset.verbs]


def document_of(answer):
    return orjson.loads(answer.content) if answer.content else {}


def ids_in(document):
    data = document.get("data")
    return sorted(each["id"] for each in (data if isinstance(data, list) else [data] if data else []))


@pytest.mark.parametrize("kind", LISTED)
def test_a_list_shows_the_rows_that_one_reads_at_their_own_addresses(world, kind):
    address = f"/v1/{registry.by_type[kind].path}?page[size]=0"
    everything = ids_in(document_of(world.ask("superadmin", "GET", address)))
    shown_to_few = TABLE["listed"].get(kind)  # of what one may meet elsewhere, a list shows some
    for who in PEOPLE:
        answer = world.ask(who, "GET", address)
        if answer.status_code == 401:
            assert who == "anonymous" and registry.by_type[kind].viewset.sign_in_to_list
            continue
        assert answer.status_code == 200, who
        assert_no_secret(who, answer)
        found, readable = ids_in(document_of(answer)), [pk for pk in everything if world.reads(who, kind, pk)]
        assert set(found) <= set(readable), who
        assert found == readable or (shown_to_few and who not in TABLE["people"][shown_to_few]), who


# ── Related rows and relationships ───────────────────────────────────────────────────────────────


def served_relations(kind):
    relations = registry.by_type[kind].serializer.relations().values()
    return [relation for relation in relations if registry.of(relation.model)]


RELATED = [kind for kind in TYPES if served_relations(kind) and "retrieve" in registry.by_type[kind].viewset.verbs]


def places(world, kind):
    """Our row, and theirs where it is another, with their addresses."""
    rows = [world.rows[tenant][kind] for tenant in ("ours", "theirs")]
    return {registry.by_type[kind].address(row): row for row in rows}


def ids_there(world, relation, address, row, who):
    """The rows at the far end, whoever reads them; some relations lead everybody to their own."""
    if not relation.own:
        return ids_in(document_of(world.ask("superadmin", "GET", f"{address}/relationships/{relation.json_name}")))
    own = relation.seen_by(world.people.get(who, AnonymousUser()), relation.model.objects.all())
    return sorted(str(pk) for pk in relation.narrow(own, row).values_list("pk", flat=True))


@pytest.mark.parametrize("kind", RELATED)
def test_related_rows_are_those_that_one_reads_at_their_own_addresses(world, kind):
    """By an include, by the relationship and by the related address; and the answers tell no secret."""
    relations = served_relations(kind)
    for address, row in places(world, kind).items():
        together = f"{address}?include={','.join(relation.json_name for relation in relations)}"
        near = {who: world.ask(who, "GET", together) for who in PEOPLE}
        for who in SECRET:
            assert_no_secret(who, near[who])
        for relation in relations:
            by_link, by_name = f"{address}/relationships/{relation.json_name}", f"{address}/{relation.url_name}"
            everything = ids_there(world, relation, address, row, "superadmin")
            asked = set()  # what is the same for two people by an include is asked by the other ways once
            for who in PEOPLE:
                if relation.own:
                    everything = ids_there(world, relation, address, row, who)
                if near[who].status_code == 404:
                    assert world.ask(who, "GET", by_link).status_code == 404, (who, by_link)
                    readable = None
                else:
                    linked = document_of(near[who])["data"]["relationships"][relation.json_name]
                    readable = [pk for pk in everything if world.reads(who, registry.of(relation.model).type, pk)]
                    assert ids_in(linked) == readable, (who, together)
                if str(readable) in asked:
                    continue
                asked.add(str(readable))
                assert ids_in(document_of(world.ask(who, "GET", by_link))) == (readable or []), (who, by_link)
                answer = world.ask(who, "GET", by_name)
                always = relation.column or relation.lookup == "pk"  # something stands there, seen or not
                hidden = readable is None or (always and everything and not readable)
                assert answer.status_code == (404 if hidden else 200), (who, by_name)
                assert ids_in(document_of(answer)) == (readable or []), (who, by_name)
                assert_no_secret(who, answer)


def expected_of_a_link(kind, relation, who):
    """What somebody is told who sends back the links that are there."""
    if who == "anonymous":
        return {401}
    if who not in allowed(kind, "see"):
        return {404}
    if who not in (allowed(kind, "change") or ()):
        return {403}
    return {200, 204, 403, 404, 409, 422}  # by the rule at the other end


@pytest.mark.parametrize("kind", RELATED)
def test_links_are_changed_by_those_who_change_the_row(world, kind):
    address, wrong = world.address(kind), {}
    for relation in served_relations(kind):
        by_link = f"{address}/relationships/{relation.json_name}"
        linkage = {"data": document_of(world.ask("superadmin", "GET", by_link))["data"]}
        for who in PEOPLE:
            for method in ("PATCH",) if who not in ("anonymous", "eve", "registrar") else ("PATCH", "POST", "DELETE"):
                status = undone(lambda: world.ask(who, method, by_link, linkage).status_code)  # noqa: B023
                if status not in expected_of_a_link(kind, relation, who):
                    wrong[method, relation.name, who] = status
    assert wrong == {}


TO_ONE = [kind for kind in RELATED if any(not relation.many for relation in served_relations(kind))]


@pytest.mark.parametrize("kind", TO_ONE)
def test_a_related_row_is_changed_as_at_its_own_address(world, kind):
    """`PATCH` and `DELETE` of `/sessions/1/event` are those of the event."""
    for relation in served_relations(kind):
        [data] = [
            document_of(world.ask("superadmin", "GET", f"{world.address(kind)}/relationships/{relation.json_name}"))[
                "data"
            ]
        ]
        if relation.many or data is None:
            continue
        target = registry.of(relation.model)
        own, related = f"/v1/{target.path}/{data['id']}", f"{world.address(kind)}/{relation.url_name}"
        for method, verb in (("PATCH", "partial_update"), ("DELETE", "destroy")):
            for who in ("anonymous", "eve", "registrar", "owner", "organizer-elsewhere", "superadmin"):
                document = {"data": {**data, "attributes": {}}}
                if verb not in target.viewset.verbs:
                    wanted = 401 if who == "anonymous" else 405
                elif who != "anonymous" and who not in allowed(kind, "see"):
                    wanted = 404
                else:
                    wanted = undone(lambda: world.ask(who, method, own, document).status_code)  # noqa: B023
                found = undone(lambda: world.ask(who, method, related, document).status_code)  # noqa: B023
                assert found == wanted, (method, related, who)
