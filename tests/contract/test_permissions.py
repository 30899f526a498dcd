"""Every resource × method × person, against a table that a person can read (permissions.yaml)."""

from pathlib import Path

import pytest
import yaml

from events.models import UserFavouriteSession
from openevent.core.registry import registry
from tests.contract.conftest import undone
from tests.contract.url_map import LISTED_BY_HAND, route_of
from tests.contract.world import PEOPLE

TABLE = yaml.safe_load((Path(__file__).parent / "permissions.yaml").read_text())
TYPES = sorted(registry.by_type)
SENT_AGAIN = {  # what must not be there twice
    *("name", "title", "code", "email", "email-address", "identifier", "field-identifier", "badge-id", "country"),
}
ONE_EACH = (
    "email-notification",
    "video-stream",
    "tax",
    "speakers-call",
    "speaker",
    "event-copyright",
    "user-favourite-event",
    "feedback",
    "stripe-authorization",
)  # of an event, or a person


def row_of(kind):
    found = TABLE["types"][kind]
    return TABLE["policies"][found] if isinstance(found, str) else found


def allowed(kind, verb):
    """The people who may; None where there is no such address, or it has tests of its own."""
    named = row_of(kind)[verb]
    return set(named) if isinstance(named, list) else TABLE["people"].get(named) and set(TABLE["people"][named])


def expected(kind, verb, who, done):
    if who in (allowed(kind, verb) or ()):
        return done
    if who == "anonymous":
        return 401
    # A new row is refused at an event that everybody sees; an old one is there only for those who see it.
    there = row_of(kind).get("under") if verb == "add" else kind
    return 403 if there is None or who in allowed(there, "see") else 404


def statuses(call):
    """{person: status}, each asking of the same world."""
    return {who: undone(lambda: call(who).status_code) for who in PEOPLE}  # noqa: B023


def test_every_resource_has_its_row_in_the_table():
    assert sorted(TABLE["types"]) == TYPES


def test_every_address_has_its_row_in_the_table():
    """`addresses` in permissions.yaml: one line for each method of a plain endpoint and of a verb (`@action`)."""
    written = {route_of(line) for line in TABLE["addresses"]}
    assert sorted(LISTED_BY_HAND - written) == []
    assert sorted(written - LISTED_BY_HAND) == []


@pytest.mark.parametrize("kind", TYPES)
def test_who_sees_a_row(world, kind):
    found = statuses(lambda who: world.api(who).get(world.address(kind)))
    assert found == {who: 200 if who in allowed(kind, "see") else 404 for who in PEOPLE}


@pytest.mark.parametrize("kind", TYPES)
def test_head_asks_the_rule_of_get(world, kind):
    found = statuses(lambda who: world.ask(who, "HEAD", world.address(kind)))
    assert found == {who: 200 if who in allowed(kind, "see") else 404 for who in PEOPLE}


OF_AN_EVENT = [kind for kind in TYPES if hasattr(registry.by_type[kind].model, "event_path")]


@pytest.mark.parametrize("kind", OF_AN_EVENT)
def test_nobody_else_sees_a_row_of_a_draft(world, kind):
    found = statuses(lambda who: world.ask(who, "GET", world.address(kind, "theirs")))
    insiders = {"organizer-elsewhere", *TABLE["people"]["staff"]}
    if row_of(kind) == TABLE["policies"]["SEEN_BY_STAFF"]:
        insiders.remove("organizer-elsewhere")
    assert found == {who: 200 if who in insiders else 404 for who in PEOPLE}


@pytest.mark.parametrize("kind", [kind for kind in TYPES if allowed(kind, "change")])
def test_who_changes_a_row(world, kind):
    row = world.rows["ours"][kind]
    document = {"data": {"type": kind, "id": str(row.pk), "attributes": {}}}
    found = statuses(lambda who: world.api(who).patch(world.address(kind), document))
    assert found == {who: expected(kind, "change", who, 200) for who in PEOPLE}


@pytest.mark.parametrize("kind", [kind for kind in TYPES if allowed(kind, "delete") is not None])
def test_who_deletes_a_row(world, kind):
    world.let_go(kind)
    found = statuses(lambda who: world.ask(who, "DELETE", world.address(kind)))
    assert found == {who: expected(kind, "delete", who, 200) for who in PEOPLE}


@pytest.mark.parametrize("kind", [kind for kind in TYPES if allowed(kind, "add") and kind != "user"])
def test_who_adds_a_row(world, kind):
    document = another(world, kind)
    if kind in ONE_EACH:  # of an event, or of each person
        type(world.rows["ours"][kind]).objects.filter(event=world.event).delete()
    if kind == "user-favourite-session":
        UserFavouriteSession.objects.all().delete()
    if kind == "user_check_in":  # in once, then out
        type(world.rows["ours"][kind]).objects.all().delete()
    if kind == "user-follow-group":
        world.rows["ours"]["group"].followers.all().delete()
    found = statuses(lambda who: world.ask(who, "POST", f"/v1/{registry.by_type[kind].path}", document))
    assert found == {who: expected(kind, "add", who, 201) for who in PEOPLE}


def another(world, kind):
    """The row as its owner reads it, with another name: a document that makes one more."""
    model, serializer = registry.by_type[kind].model, registry.by_type[kind].serializer
    attributes = world.api("superadmin").get(world.address(kind)).json()["data"]["attributes"]
    for name in SENT_AGAIN & attributes.keys():
        attributes[name] = f"new{attributes[name]}"
    if kind == "session":
        attributes["state"] = "pending"  # a submission; who decides on it is another question
    if kind == "stripe-authorization":
        attributes["stripe-auth-code"] = "ac_1"  # which is never read
    row, relationships = world.rows["ours"][kind], {}
    for name, relation in serializer.relations().items():
        key = relation.column and getattr(row, relation.column)
        has_one = kind not in ONE_EACH and key and model._meta.get_field(name).unique
        if not key or has_one or (kind, name) == ("event", "group"):
            continue  # an event is taken into a group only by who runs it
        if not (name in ("user", "creator") and model._meta.get_field(name).null):
            target = registry.of(relation.model)
            relationships[relation.json_name] = {"data": {"type": target.type, "id": str(key)}}
    if kind == "feedback":
        del relationships["user"]  # everybody speaks for themself
    return {"data": {"type": kind, "attributes": attributes, "relationships": relationships}}
