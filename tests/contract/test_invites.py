"""Invitations through the API: offered by rank, taken by the invited address, never by looking at a link."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.people import make_person
from events.models import Role, RoleInvite, Session, Speaker, SpeakerInvite, UsersEventsRoles
from notifications.models import Mail, Notification
from tests.contract.front_end import FrontEnd, Refusal
from tests.contract.world import API, resource_document


@pytest.fixture(autouse=True)
def _nothing_told_yet(world):
    Mail.objects.all().delete()
    Notification.objects.all().delete()


@pytest.fixture
def guest(world):
    """Somebody who is to be invited, in the browser."""
    make_person("guest")
    return FrontEnd("guest@example.org")


def invitation(world, role, email="guest@example.org", **more):
    """Word for word what the dialog sends."""
    named = Role.objects.get(name=role)
    attributes = {"email": email, "hash": None, "status": "pending", "created_at": "2026-11-21T03:04:05.678Z"}
    relationships = {"event": world.event, "role": named}
    return resource_document("role-invite", relationships=relationships, **attributes | {"role_name": role} | more)


def token_for(email):
    mail = Mail.objects.filter(recipient=email, kind="event-role").first()
    return re.search(r"/invites/(\S+)", mail.text).group(1)


def roles_of(world, email):
    held = UsersEventsRoles.objects.filter(event=world.event, user__email=email)
    return set(held.values_list("role__name", flat=True))


def test_an_organizer_is_invited_and_takes_the_role_in_the_browser(world, guest):
    owner = FrontEnd("owner@example.org")
    answer = world.api("owner").post("/v1/role-invites", invitation(world, "organizer"))
    assert answer.status_code == 201
    made = answer.json()["data"]["attributes"]
    assert (made["role-name"], made["status"], made["hash"]) == ("organizer", "pending", None)
    listed = owner.get(f"/v1/events/{world.event.identifier}/role-invites", include="role")
    assert "guest@example.org" in [row["attributes"]["email"] for row in listed["data"]]
    body = {"data": {"token": token_for("guest@example.org")}}
    assert FrontEnd().load("POST", "/v1/role_invites/user", body) == {"email": "guest@example.org"}
    assert guest.load("POST", "/v1/role_invites/accept-invite", body) == {
        "email": "guest@example.org",
        "event": world.event.pk,
        "event_identifier": world.event.identifier,
        "name": "Guest",
        "role": "organizer",
    }
    assert roles_of(world, "guest@example.org") == {"organizer"}


def test_ownership_is_offered_by_the_owner_alone_and_the_options_page_finds_the_offer(world, guest):
    statuses = {
        who: world.api(who).post("/v1/role-invites", invitation(world, "owner")).status_code
        for who in ("eve", "co-organizer", "organizer")
    }
    assert statuses == {"eve": 403, "co-organizer": 403, "organizer": 403}
    assert world.api("owner").post("/v1/role-invites", invitation(world, "owner")).status_code == 201
    standing = [
        {
            "and": [
                {"name": "role-name", "op": "eq", "val": "owner"},
                {"name": "status", "op": "eq", "val": "pending"},
            ]
        }
    ]
    owner = FrontEnd("owner@example.org")
    found = owner.get(f"/v1/events/{world.event.identifier}/role-invites", filter=standing)
    assert [row["attributes"]["email"] for row in found["data"]] == ["guest@example.org"]
    guest.load("POST", "/v1/role_invites/accept-invite", {"data": {"token": token_for("guest@example.org")}})
    assert roles_of(world, "guest@example.org") == {"owner"}
    assert roles_of(world, "owner@example.org") == {"organizer"}


def test_nobody_else_takes_an_invitation_and_nobody_who_is_not_signed_in(world):
    world.api("owner").post("/v1/role-invites", invitation(world, "moderator"))
    body = {"data": {"token": token_for("guest@example.org")}}
    for who, status in (("eve@example.org", 403), (None, 401)):
        with pytest.raises(Refusal) as refused:
            FrontEnd(who).load("POST", "/v1/role_invites/accept-invite", body)
        assert refused.value.status == status
    assert roles_of(world, "eve@example.org") == set()


def test_an_unknown_token_and_none_at_all_are_told_apart(world, guest):
    for body, status in (({"data": {"token": "x"}}, 404), ({}, 422), ({"data": {"token": 7}}, 422)):
        for address in ("user", "accept-invite"):
            with pytest.raises(Refusal) as refused:
                guest.load("POST", f"/v1/role_invites/{address}", body)
            assert refused.value.status == status


def test_the_name_of_another_role_and_a_second_invitation_are_refused(world):
    wrong = world.api("owner").post("/v1/role-invites", invitation(world, "moderator", role_name="organizer"))
    assert (wrong.status_code, wrong.json()["errors"][0]["source"]) == (422, {"pointer": "/data/attributes/role-name"})
    document = invitation(world, "moderator")
    assert [world.api("owner").post("/v1/role-invites", document).status_code for _ in range(2)] == [201, 409]
    RoleInvite.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert world.api("owner").post("/v1/role-invites", document).status_code == 201


def test_a_hash_that_is_sent_is_no_key(world):
    document = invitation(world, "moderator", hash="mine", status="accepted")
    made = world.api("owner").post("/v1/role-invites", document).json()["data"]["attributes"]
    assert (made["hash"], made["status"]) == (None, "pending")


def test_an_invitation_is_sent_again_by_those_who_may_give_the_role_and_not_without_end(world):
    invite = world.rows["ours"]["role-invite"]
    address = f"/v1/role-invites/{invite.pk}/resend-invite"
    assert world.api("eve").post(address, {}).status_code == 404
    assert world.api("anonymous").post(address, {}).status_code == 401
    owner = FrontEnd("owner@example.org")
    assert owner.load("POST", address)["success"] is True
    assert Mail.objects.filter(recipient=invite.email).count() == 1
    statuses = [world.api("owner").post(address, {}).status_code for _ in range(6)]
    assert statuses == [200, 200, 200, 200, 429, 429]


def test_cancelling_ends_the_link_and_an_accepted_one_stays(world, guest):
    world.api("owner").post("/v1/role-invites", invitation(world, "moderator"))
    token = token_for("guest@example.org")
    address = f"/v1/role-invites/{RoleInvite.objects.get(email='guest@example.org').pk}"
    assert world.api("owner").delete(address).status_code == 200
    with pytest.raises(Refusal) as refused:
        guest.load("POST", "/v1/role_invites/accept-invite", {"data": {"token": token}})
    assert refused.value.status == 404
    RoleInvite.objects.update(status="accepted")
    assert world.api("owner").delete(world.address("role-invite")).status_code == 409


# ── Speaking too ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def offer(world):
    """The speaker asks the guest to join their session, which nobody has accepted yet."""
    session = world.rows["ours"]["session"]
    Session.objects.filter(pk=session.pk).update(state="pending")
    document = resource_document(
        "speaker-invite",
        relationships={"session": session, "event": world.event},
        email="Guest@example.org",
        status="pending",
    )
    answer = API(world.people["speaker"]).post("/v1/speaker-invites", document)
    assert answer.status_code == 201
    return SpeakerInvite.objects.get(pk=answer.json()["data"]["id"])


def test_the_invited_reads_the_offer_with_its_session_and_accepts(world, guest, offer):
    assert Mail.objects.get(kind="speaker-invite").recipient == "guest@example.org"
    mine = [
        {
            "and": [
                {"name": "email", "op": "eq", "val": "guest@example.org"},
                {"name": "status", "op": "eq", "val": "pending"},
            ]
        }
    ]
    address = f"/v1/events/{world.event.identifier}/speaker-invites"
    found = guest.get(address, filter=mine, include="event,session")
    assert {row["type"] for row in found["included"]} == {"event", "session"}
    accept = f"/v1/speaker-invites/{offer.pk}/accept-invite"
    with pytest.raises(Refusal) as refused:
        guest.load("POST", accept)
    assert refused.value.status == 404  # there is no profile yet
    profile = Speaker.objects.create(event=world.event, name="Guest", email="guest@example.org")
    assert guest.load("POST", accept) == {
        "email": "guest@example.org",
        "event": world.event.pk,
        "event_identifier": world.event.identifier,
        "session": offer.session_id,
        "speaker": profile.pk,
        "name": "Guest",
    }
    assert profile in offer.session.speakers.all()
    with pytest.raises(Refusal) as refused:
        guest.load("POST", accept)
    assert refused.value.status == 409


def test_the_invited_may_decline(world, guest, offer):
    assert guest.load("POST", f"/v1/speaker-invites/{offer.pk}/reject-invite")["success"] is True
    offer.refresh_from_db()
    assert offer.status == "rejected"
    assert guest.get(f"/v1/events/{world.event.identifier}/sessions", filter=[])["data"] == []


def test_looking_at_an_answer_changes_nothing(world, guest, offer):
    for verb in ("accept-invite", "reject-invite"):
        answer = guest.raw("GET", f"/v1/speaker-invites/{offer.pk}/{verb}")
        assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
        assert "POST" in json.loads(answer.content)["errors"][0]["detail"]
    offer.refresh_from_db()
    assert offer.status == "pending"


def test_who_may_answer_an_offer(world, offer):
    accept = f"/v1/speaker-invites/{offer.pk}/accept-invite"
    statuses = {who: world.api(who).post(accept, {}).status_code for who in ("anonymous", "eve", "owner", "speaker")}
    assert statuses == {"anonymous": 401, "eve": 404, "owner": 403, "speaker": 403}


def test_offers_that_make_no_sense(world, offer):
    def post(who="speaker", **more):
        parts = {"session": offer.session, "event": world.event}
        document = resource_document("speaker-invite", relationships=parts, **{"email": "new@example.org"} | more)
        return world.api(who).post("/v1/speaker-invites", document).status_code

    assert post(email="guest@example.org") == 409
    assert post(email="speaker@example.org") == 403
    assert post(status="accepted") == 403
    assert post(email="no address") == 422
    Session.objects.filter(pk=offer.session_id).update(is_locked=True)
    assert [post(), post("co-organizer"), post("organizer")] == [403, 403, 201]


def test_an_accepted_offer_is_not_withdrawn(world, offer):
    SpeakerInvite.objects.filter(pk=offer.pk).update(status="accepted")
    assert world.api("speaker").delete(f"/v1/speaker-invites/{offer.pk}").status_code == 409
    SpeakerInvite.objects.filter(pk=offer.pk).update(status="pending")
    assert world.api("speaker").delete(f"/v1/speaker-invites/{offer.pk}").status_code == 200
