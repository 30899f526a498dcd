"""Video through the API: who may join, what a stream belongs to, and what is never sent back."""

import pytest

from events.models import Event, VideoChannel, VideoStream, VideoStreamModerator
from notifications.models import Mail
from tests.contract.world import linkage, resource_document


@pytest.fixture
def stream(world):
    return world.rows["ours"]["video-stream"]


@pytest.fixture
def room(world):
    return world.rows["ours"]["microlocation"]


def new_stream(**relationships):
    return resource_document(
        "video-stream", name="Side stage", url="https://video.example.org/y", relationships=relationships
    )


def error_of(answer):
    [error] = answer.json()["errors"]
    return answer.status_code, error["source"].get("pointer")


def streams_of(world, who):
    return world.api(who).get(f"{world.address('event')}/has-streams").json()


# ── Who may join ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", ["completed", "placed", "pending", "cancelled", "expired"])
def test_a_ticket_opens_the_stream_once_it_is_ordered(world, stream, status):
    type(world.rows["ours"]["order"]).objects.filter(event=world.event).update(status=status)
    wanted = 200 if status in ("completed", "placed") else 404
    assert [world.api(who).get(world.address("video-stream")).status_code for who in ("attendee", "buyer")] == [
        wanted
    ] * 2


@pytest.mark.parametrize("state", ["accepted", "confirmed", "pending", "rejected"])
def test_a_speaker_joins_once_the_session_is_accepted(world, state):
    type(world.rows["ours"]["session"]).objects.filter(event=world.event).update(state=state)
    wanted = 200 if state in ("accepted", "confirmed") else 404
    assert world.api("speaker").get(world.address("video-stream")).status_code == wanted


def test_a_moderator_joins_with_a_proven_address(world, stream):
    eve = world.people["eve"]
    VideoStreamModerator.objects.create(video_stream=stream, email=eve.email)
    assert world.api("eve").get(world.address("video-stream")).status_code == 200
    type(eve).objects.filter(pk=eve.pk).update(is_verified=False)
    assert world.api("eve").get(world.address("video-stream")).status_code == 404


def test_no_tag_outlives_the_ticket_that_opened_a_stream(world):
    api, address = world.api("buyer"), f"{world.address('microlocation')}?include=video-stream"
    before = api.get(address)
    assert [row["type"] for row in before.json()["included"]] == ["video-stream"]
    type(world.rows["ours"]["order"]).objects.get(event=world.event).attendees.get().hide()
    after = api.get(address, **{"If-None-Match": before["ETag"]})
    assert (after.status_code, after.json()["included"]) == (200, [])


def test_whether_there_is_video_is_no_secret_and_where_it_is_is(world):
    found = {who: streams_of(world, who) for who in ("anonymous", "eve", "registrar", "attendee", "owner")}
    joins = {"attendee", "owner"}
    assert found == {who: {"exists": True, "can_access": who in joins} for who in found}
    VideoStream.objects.filter(event=world.event).delete()
    assert streams_of(world, "owner") == {"exists": False, "can_access": False}


def test_a_schedule_shows_streams_to_those_who_may_join(world):
    query = {"include": "track,speakers,session-type,microlocation.video-stream", "sort": "starts-at,id"}
    for who, seen in (("anonymous", False), ("attendee", True)):
        answer = world.api(who).get(f"{world.address('event')}/sessions", query)
        assert answer.status_code == 200
        assert ("video-stream" in [row["type"] for row in answer.json()["included"]]) is seen


def test_nobody_lists_streams_with_their_passwords(world):
    for who in ("anonymous", "eve", "registrar", "organizer-elsewhere"):
        assert "ours-secret" not in world.api(who).get("/v1/video-streams").content.decode()


# ── What a stream belongs to ─────────────────────────────────────────────────────────────────────


def test_a_stream_is_of_an_event_or_of_rooms(world, room):
    for document in (new_stream(), new_stream(event=world.event, rooms=[room])):
        assert error_of(world.api("owner").post("/v1/video-streams", document)) == (422, "/data/relationships/rooms")
    answer = world.api("owner").post("/v1/video-streams?include=rooms,event", new_stream(rooms=[room]))
    data = answer.json()["data"]
    assert data["relationships"]["rooms"]["data"] == [linkage(room)]
    assert data["relationships"]["event"]["data"] == linkage(world.event)
    room.refresh_from_db()
    assert str(room.video_stream_id) == data["id"]


def test_an_event_has_one_stream(world):
    answer = world.api("owner").post("/v1/video-streams", new_stream(event=world.event))
    assert answer.status_code == 409
    assert VideoStream.objects.filter(event=world.event, is_of_event=True).count() == 1


def test_an_event_leads_to_its_own_stream_and_not_to_those_of_rooms(world):
    data = world.api("attendee").get(f"{world.address('event')}/video-stream").json()["data"]
    assert data["attributes"]["name"] == "ours stage"
    assert world.api("eve").get(f"{world.address('event')}/video-stream").json()["data"] is None


def test_rooms_of_different_events_share_no_stream(world, room):
    other = Event.objects.create(name="Other", starts_at=world.event.starts_at, ends_at=world.event.ends_at)
    there = type(room).objects.create(name="Elsewhere", event=other)
    answer = world.api("superadmin").post("/v1/video-streams", new_stream(rooms=[room, there]))
    assert error_of(answer) == (403, "/data/relationships/rooms")


def test_a_room_that_one_does_not_see_is_not_there(world):
    theirs = world.rows["theirs"]["microlocation"]
    answer = world.api("owner").post("/v1/video-streams", new_stream(rooms=[theirs]))
    assert error_of(answer) == (404, "/data/relationships/rooms")


def test_a_stream_of_rooms_keeps_one_and_one_of_the_event_takes_none(world, stream, room):
    address = f"/v1/video-streams/{stream.pk}/relationships/rooms"
    assert world.api("owner").delete(address, {"data": [linkage(room)]}).status_code == 422
    stage = VideoStream.objects.get(event=world.event, is_of_event=True)
    address = f"/v1/video-streams/{stage.pk}/relationships/rooms"
    assert world.api("owner").post(address, {"data": [linkage(room)]}).status_code == 422


def test_a_stream_is_changed_with_all_that_was_read(world, stream):
    read = (
        world.api("owner").get(world.address("video-stream"), {"include": "rooms,event,video-channel"}).json()["data"]
    )
    document = {"data": {name: read[name] for name in ("type", "id", "attributes", "relationships")}}
    document["data"]["attributes"] |= {"name": "Renamed", "extra": {"autoplay": True, "bbb_options": {"record": 1}}}
    assert world.api("owner").patch(world.address("video-stream"), document).status_code == 200
    stream.refresh_from_db()
    assert (stream.name, stream.extra) == ("Renamed", {"autoplay": True, "bbb_options": {"record": 1}})


@pytest.mark.parametrize("extra", ["x", [1], {"loop": "yes"}, 7], ids=str)
def test_what_a_player_is_told_is_an_object(world, stream, extra):
    document = resource_document("video-stream", key=stream.pk, extra=extra)
    answer = world.api("owner").patch(world.address("video-stream"), document)
    assert error_of(answer) == (422, "/data/attributes/extra")


def test_the_old_address_of_a_public_video_room_asks_the_same_rule(world):
    """In the original anybody could delete it."""
    address = f"/v1/events/{world.event.identifier}/chatmosphere"
    assert world.api("attendee").get(address).json()["data"]["attributes"]["name"] == "ours stage"
    assert [world.api(who).delete(address).status_code for who in ("anonymous", "attendee", "owner")] == [401, 403, 200]


# ── Moderators ───────────────────────────────────────────────────────────────────────────────────


def test_a_moderator_is_told_by_mail_and_once(world, stream):
    document = resource_document(
        "video-stream-moderator", email="EVE@example.org", relationships={"video-stream": stream}
    )
    answer = world.api("owner").post("/v1/video-stream-moderators?include=user", document)
    assert answer.status_code == 201
    assert VideoStreamModerator.objects.get(pk=answer.json()["data"]["id"]).user == world.people["eve"]
    mail = Mail.objects.get(kind="video-moderator")
    assert (mail.recipient, mail.asked_by) == ("eve@example.org", world.people["owner"])
    assert "ours stream" in mail.subject
    assert world.api("owner").post("/v1/video-stream-moderators", document).status_code == 409
    assert Mail.objects.filter(kind="video-moderator").count() == 1


def test_another_address_is_another_moderator(world):
    moderator = world.rows["ours"]["video-stream-moderator"]
    for email, mails in ((moderator.email, 0), ("eve@example.org", 1)):
        document = resource_document("video-stream-moderator", key=moderator.pk, email=email)
        assert world.api("owner").patch(world.address("video-stream-moderator"), document).status_code == 200
        assert Mail.objects.filter(kind="video-moderator").count() == mails
    moderator.refresh_from_db()
    assert moderator.user == world.people["eve"]


def test_a_moderator_needs_a_stream(world):
    document = resource_document("video-stream-moderator", email="eve@example.org")
    answer = world.api("owner").post("/v1/video-stream-moderators", document)
    assert error_of(answer) == (422, "/data/relationships/video-stream")


# ── Recordings and providers ─────────────────────────────────────────────────────────────────────


def test_a_recording_ends_after_it_began(world):
    recording = world.rows["ours"]["video-recording"]
    document = resource_document("video-recording", key=recording.pk, end_time="2020-01-01T00:00:00Z")
    assert error_of(world.api("owner").patch(world.address("video-recording"), document)) == (
        422,
        "/data/attributes/end-time",
    )


def test_the_key_of_a_provider_is_never_sent_back(world):
    channel, address = world.rows["ours"]["video-channel"], world.address("video-channel")
    assert world.api("superadmin").get(address).json()["data"]["attributes"]["api-key"] == "(set)"
    for who in ("anonymous", "owner"):
        attributes = world.api(who).get(address).json()["data"]["attributes"]
        assert not {"api-key", "extra"} & attributes.keys()
    for sent, stored in (("(set)", "key-of-the-house"), ("another", "another")):
        document = resource_document("video-channel", key=channel.pk, api_key=sent)
        assert "another" not in world.api("admin").patch(address, document).content.decode()
        channel.refresh_from_db()
        assert channel.api_key == stored


def test_nobody_finds_a_key_letter_by_letter(world):
    condition = '[{"name":"api-key","op":"startswith","val":"key"}]'
    for query in ({"filter": condition}, {"sort": "api-key"}):
        assert world.api("superadmin").get("/v1/video-channels", query).status_code == 400


def test_the_providers_that_everybody_knows_are_there_from_the_start(world):
    seeded = {"jitsi", "youtube", "vimeo", "3cx", "chatmosphere", "libre", "youtube_privacy"}
    assert seeded <= set(VideoChannel.objects.values_list("provider", flat=True))


@pytest.mark.parametrize("extra", ["x", [1], {"a": {}}, {"a": [1]}], ids=str)
def test_what_a_provider_needs_besides_is_flat(world, extra):
    channel = world.rows["ours"]["video-channel"]
    document = resource_document("video-channel", key=channel.pk, extra=extra)
    answer = world.api("admin").patch(world.address("video-channel"), document)
    assert error_of(answer) == (422, "/data/attributes/extra")
