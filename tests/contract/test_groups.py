"""Groups through the API: what the web front end asks of them, and what it may."""

import json
import re

import pytest

from events.models import Group, Role, UserFollowGroup, UsersGroupsRoles
from events.services.groups import create_group, follow
from events.tests.factories import make_event
from notifications.models import Mail
from tests.contract.world import resource_document


@pytest.fixture
def group(world):
    return world.rows["ours"]["group"]


def post_plain(api, path, document=None):
    return api.client.post(path, document or {}, content_type="application/json", headers=api.headers)


def offer_of(world, group, who):
    document = resource_document(
        "users-groups-role",
        email=world.people[who].email,
        relationships={"group": group, "role": Role.objects.get(name="organizer")},
    )
    return world.api("owner").post("/v1/users-groups-roles", document)


def accept(world, who):
    mail = Mail.objects.filter(recipient=world.people[who].email, kind="group-role").first()
    token = re.search(r"/group-invites/(\S+)", mail.text).group(1)
    return post_plain(world.api(who), "/v1/users-groups-roles/accept-invite", {"data": {"token": token}})


# ── Making and changing ──────────────────────────────────────────────────────────────────────────


def test_a_group_is_made_with_events_of_ones_own(world):
    document = resource_document(
        "group",
        name="Fair people",
        about="<p>Hello<script>x</script></p>",
        social_links=[{"name": "Web", "link": "https://example.org", "is_custom": False}],
        is_promoted=True,
        relationships={"events": [world.event]},
    )
    answer = world.api("owner").post("/v1/groups?include=user,events,roles,follower", document)
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert data["attributes"]["about"] == "<p>Hello</p>"
    assert data["attributes"]["is-promoted"] is False  # that is the site's choice
    assert [event["id"] for event in data["relationships"]["events"]["data"]] == [str(world.event.pk)]
    assert data["relationships"]["user"]["data"]["id"] == str(world.people["owner"].pk)
    assert data["relationships"]["follower"]["data"] is None
    assert len(data["relationships"]["roles"]["data"]) == 1


@pytest.mark.parametrize("who", ["organizer", "co-organizer", "eve"])
def test_events_of_others_do_not_come_along(world, who):
    document = resource_document("group", name="Mine", relationships={"events": [world.event]})
    answer = world.api(who).post("/v1/groups", document)
    assert answer.status_code == 403
    assert not Group.objects.filter(name="Mine").exists()


def test_an_address_that_is_not_proven_makes_no_group(world):
    type(world.people["eve"]).objects.filter(pk=world.people["eve"].pk).update(is_verified=False)
    assert world.api("eve").post("/v1/groups", resource_document("group", name="Mine")).status_code == 403


@pytest.mark.parametrize("links", ["x", [1], [{"name": "Web"}], [{"name": "", "link": "x"}], {"name": "x"}], ids=str)
def test_links_have_a_name_and_a_link(world, group, links):
    document = resource_document("group", key=group.pk, social_links=links)
    answer = world.api("owner").patch(f"/v1/groups/{group.pk}", document)
    assert (answer.status_code, answer.json()["errors"][0]["source"]["pointer"]) == (
        422,
        "/data/attributes/social-links",
    )


def test_a_relationship_takes_events_out_and_in_again(world, group):
    address, link = f"/v1/groups/{group.pk}/relationships/events", {"data": [{"type": "event", "id": world.event.pk}]}
    assert world.api("co-organizer").delete(address, link).status_code == 403
    assert world.api("owner").delete(address, link).status_code == 200
    assert not group.events.exists()
    assert world.api("owner").post(address, link).status_code == 200
    assert group.events.get() == world.event


def test_an_event_names_its_group_and_only_its_owner_changes_that(world, group):
    event = f"/v1/events/{world.event.pk}"
    same = resource_document("event", key=world.event.pk, name="New name", relationships={"group": group})
    assert world.api("co-organizer").patch(event, same).status_code == 200  # clients send back what they have
    none = {"data": {"type": "event", "id": str(world.event.pk), "relationships": {"group": {"data": None}}}}
    assert world.api("organizer").patch(event, none).status_code == 403
    assert world.api("owner").patch(event, none).status_code == 200


def test_whoever_runs_a_group_changes_it_and_its_owner_deletes_it(world, group):
    offer_of(world, group, "eve")
    accept(world, "eve")
    document = resource_document("group", key=group.pk, name="Renamed")
    assert world.api("eve").patch(f"/v1/groups/{group.pk}", document).status_code == 200
    assert world.api("eve").delete(f"/v1/groups/{group.pk}").status_code == 403
    assert world.api("buyer").patch(f"/v1/groups/{group.pk}", document).status_code == 403
    assert world.api("owner").delete(f"/v1/groups/{group.pk}").status_code == 200
    assert world.api("eve").get(f"/v1/groups/{group.pk}").status_code == 404


# ── Who runs it ──────────────────────────────────────────────────────────────────────────────────


def test_an_invited_organizer_runs_the_events_of_the_group(world, group):
    assert offer_of(world, group, "eve").status_code == 201
    assert world.api("eve").get(f"{world.address('event')}/discount-codes").json()["data"] == []
    answer = accept(world, "eve")
    assert answer.json() == {
        "email": "eve@example.org",
        "group": str(group.pk),
        "name": group.name,
        "role": "organizer",
    }
    assert world.api("eve").get(f"{world.address('event')}/discount-codes").json()["data"] != []
    assert accept(world, "eve").status_code == 409


def test_the_token_is_never_sent_back(world, group):
    answer = offer_of(world, group, "eve")
    held = UsersGroupsRoles.objects.get(email="eve@example.org")
    assert answer.json()["data"]["attributes"]["token"] is None
    assert held.token_hash not in answer.content.decode()


def test_an_address_is_invited_once_and_to_organize(world, group):
    assert offer_of(world, group, "eve").status_code == 201
    again = offer_of(world, group, "eve")
    assert again.status_code == 409
    document = resource_document(
        "users-groups-role",
        email="new@example.org",
        relationships={"group": group, "role": Role.objects.get(name="owner")},
    )
    assert world.api("owner").post("/v1/users-groups-roles", document).status_code == 403
    for missing in ("group", "role"):
        short = json.loads(json.dumps(document))
        del short["data"]["relationships"][missing]
        answer = world.api("owner").post("/v1/users-groups-roles", short)
        pointer = answer.json()["errors"][0]["source"]["pointer"]
        assert (answer.status_code, pointer) == (422, f"/data/relationships/{missing}")


def test_nobody_steals_a_role_in_a_group(world, group):
    """In the original the relationships of these rows were open to everybody."""
    held = group.roles.get(role__name="owner")
    eve = {"data": {"type": "user", "id": str(world.people["eve"].pk)}}
    for who, status in (("anonymous", 401), ("eve", 404), ("owner", 403), ("superadmin", 403)):
        path = f"/v1/users-groups-roles/{held.pk}/relationships/user"
        assert world.api(who).patch(path, eve).status_code == status
    held.refresh_from_db()
    assert held.user == world.people["owner"]


def test_the_owner_stays_and_whoever_helps_may_leave(world, group):
    offer_of(world, group, "eve")
    accept(world, "eve")
    owner, hers = group.roles.get(role__name="owner"), group.roles.get(user=world.people["eve"])
    assert world.api("owner").delete(f"/v1/users-groups-roles/{owner.pk}").status_code == 403
    assert world.api("eve").delete(f"/v1/users-groups-roles/{hers.pk}").status_code == 200


def test_an_invitation_is_mailed_again_by_the_owner_alone(world, group):
    offer_of(world, group, "eve")
    offer = group.roles.get(email="eve@example.org")
    path = f"/v1/group-role-invites/{offer.pk}/resend-invite"
    found = [post_plain(world.api(who), path).status_code for who in ("anonymous", "eve", "organizer", "owner")]
    assert found == [401, 404, 404, 200]
    assert Mail.objects.filter(recipient=offer.email, kind="group-role").count() == 2


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {"token": 7}}, {"data": ["x"]}], ids=str)
def test_a_bad_token_is_a_bad_request(world, body):
    answer = post_plain(world.api("eve"), "/v1/users-groups-roles/accept-invite", body)
    assert (answer.status_code, answer.json()["errors"][0]["source"]["pointer"]) == (400, "/data/token")


# ── Tags ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("end", ["role", "group", "event"])
def test_no_tag_outlives_a_right_that_came_by_a_group(world, group, end):
    api, address = world.api("eve"), f"{world.address('event')}/speakers"
    before = api.get(address)["ETag"]
    offer_of(world, group, "eve")
    accept(world, "eve")
    answer = api.get(address, **{"If-None-Match": before})
    assert answer.status_code == 200
    assert "email" in answer.json()["data"][0]["attributes"]
    if end == "role":
        group.roles.get(user=world.people["eve"]).delete()
    elif end == "group":
        world.api("owner").delete(f"/v1/groups/{group.pk}")
    else:
        none = {"data": {"type": "event", "id": str(world.event.pk), "relationships": {"group": {"data": None}}}}
        world.api("owner").patch(world.address("event"), none)
    answer = api.get(address, **{"If-None-Match": answer["ETag"]})
    assert answer.status_code == 200
    assert "email" not in answer.json()["data"][0]["attributes"]


# ── Following ────────────────────────────────────────────────────────────────────────────────────


def test_somebody_follows_and_stops_following(world, group):
    document = resource_document("user-follow-group", relationships={"group": group})
    answer = world.api("eve").post("/v1/user-follow-groups", document)
    assert answer.status_code == 201
    assert world.api("eve").post("/v1/user-follow-groups", document).status_code == 409
    count = world.api("anonymous").get(f"/v1/groups/{group.pk}").json()["data"]["attributes"]["follower-count"]
    assert count == 2
    address = f"/v1/user-follow-groups/{answer.json()['data']['id']}"
    assert [world.api(who).delete(address).status_code for who in ("buyer", "eve")] == [404, 200]
    group.refresh_from_db()
    assert group.follower_count == 1


def test_a_follow_needs_a_group(world):
    answer = world.api("eve").post("/v1/user-follow-groups", resource_document("user-follow-group"))
    assert (answer.status_code, answer.json()["errors"][0]["source"]["pointer"]) == (422, "/data/relationships/group")


def test_whoever_asks_finds_themselves_as_the_follower_and_nobody_else(world, group):
    mine = follow(group, by=world.people["admin"])
    for who, expected in (("admin", {"type": "user-follow-group", "id": str(mine.pk)}), ("superadmin", None)):
        data = world.api(who).get(f"/v1/groups/{group.pk}", {"include": "follower"}).json()["data"]
        assert data["relationships"]["follower"]["data"] == expected
        assert (world.api(who).get(f"/v1/groups/{group.pk}/follower").json()["data"] or {}).get("id") == (
            expected and expected["id"]
        )
    listed = world.api("admin").get("/v1/groups", {"filter": '[{"name":"follower","op":"ne","val":null}]'}).json()
    assert [row["id"] for row in listed["data"]] == [str(group.pk)]


# ── What the front end asks ──────────────────────────────────────────────────────────────────────


def test_home_shows_promoted_groups(world, group):
    Group.objects.filter(pk=group.pk).update(is_promoted=True)
    query = {"include": "user,follower", "page[size]": 12, "public": "true", "cache": "true"}
    query["filter"] = '[{"name":"is-promoted","op":"eq","val":true}]'
    answer = world.api("anonymous").get("/v1/groups", query).json()
    assert [row["id"] for row in answer["data"]] == [str(group.pk)]
    assert [row["type"] for row in answer["included"]] == ["user"]
    assert "email" not in answer["included"][0]["attributes"]


def test_the_groups_tab_finds_a_name(world, group):
    Group.objects.filter(pk=group.pk).update(name="Quay friends")
    query = {"page[size]": 6, "page[number]": 1, "include": "events", "sort": "name"}
    query["filter"] = '[{"name":"name","op":"ilike","val":"%quay%"}]'
    answer = world.api("anonymous").get("/v1/groups", query).json()
    assert [row["attributes"]["name"] for row in answer["data"]] == ["Quay friends"]
    assert [row["attributes"]["name"] for row in answer["included"]] == [world.event.name]


def test_an_event_comes_with_its_group_and_whether_one_follows_it(world, group):
    follow(group, by=world.people["eve"])
    query = {"include": "owner,organizers,group,group.followers,group.followers.user"}
    answer = world.api("eve").get(world.address("event"), query).json()
    found = [row for row in answer["included"] if row["type"] in ("group", "user-follow-group")]
    assert [row["type"] for row in found] == ["user-follow-group", "group"]
    assert len(found[1]["relationships"]["followers"]["data"]) == 1
    assert str(world.people["eve"].pk) in [row["id"] for row in answer["included"] if row["type"] == "user"]


def test_my_groups_are_those_one_runs_and_those_one_follows(world, group):
    run = create_group(by=world.people["eve"], name="Eve's")
    follow(group, by=world.people["eve"])
    eve, api = world.people["eve"].pk, world.api("eve")
    query = {"page[size]": 10, "page[number]": 1, "include": "follower,user,events", "filter": "[]"}
    mine = api.get(f"/v1/users/{eve}/groups", query).json()
    assert [row["id"] for row in mine["data"]] == [str(run.pk)]
    who = {"name": "user", "op": "has", "val": {"name": "id", "op": "eq", "val": str(eve)}}
    query["filter"] = json.dumps([{"name": "followers", "op": "any", "val": who}])
    assert [row["id"] for row in api.get("/v1/groups", query).json()["data"]] == [str(group.pk)]
    followed = api.get(f"/v1/users/{eve}/followed-groups", {"include": "group,user"}).json()
    assert {row["type"] for row in followed["included"]} == {"group", "user"}


def test_nobody_finds_out_who_follows(world, group):
    follow(group, by=world.people["eve"])
    for who in ("anonymous", "buyer", "organizer"):
        assert world.api(who).get(f"/v1/groups/{group.pk}/followers").json()["data"] == []
        val = {"name": "user", "op": "has", "val": {"name": "id", "op": "eq", "val": str(world.people["eve"].pk)}}
        condition = json.dumps([{"name": "followers", "op": "any", "val": val}])
        assert world.api(who).get("/v1/groups", {"filter": condition}).json()["data"] == []


def test_an_event_is_announced_by_the_groups_owner(world, group):
    path = f"/v1/groups/{group.pk}/events/{world.event.identifier}/announce"
    assert world.api("owner").get(path).status_code == 405
    people = ("anonymous", "eve", "organizer", "owner", "owner")
    found = [post_plain(world.api(who), path).status_code for who in people]
    assert found == [401, 403, 403, 200, 403]
    data = world.api("anonymous").get(world.address("event")).json()["data"]
    assert data["attributes"]["is-announced"] is True


def test_a_draft_of_somebody_else_is_not_there_to_be_announced(world, group):
    theirs = world.rows["theirs"]["event"]
    path = f"/v1/groups/{group.pk}/events/{theirs.pk}/announce"
    assert post_plain(world.api("owner"), path).status_code == 404


def test_anybody_signed_in_writes_to_the_organizers(world, group):
    path = f"/v1/groups/{group.pk}/contact-organizer"
    answer = post_plain(world.api("eve"), path, {"email": "When is the next one?"})
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert post_plain(world.api("anonymous"), path, {"email": "Hi"}).status_code == 401
    bad = post_plain(world.api("eve"), path, {"email": ["Hi"]})
    assert (bad.status_code, bad.json()["errors"][0]["source"]["pointer"]) == (422, "/email")


def test_events_with_a_role_are_also_those_of_ones_groups(world, group):
    create_group(by=world.people["eve"], name="Eve's", events=())
    event = make_event(name="By others", group=Group.objects.get(name="Eve's"), state="draft")
    listed = world.api("eve").get("/v1/events", {"withRole": "true"}).json()
    assert [row["id"] for row in listed["data"]] == [str(event.pk)]
    assert not UserFollowGroup.objects.filter(user=world.people["eve"]).exists()
