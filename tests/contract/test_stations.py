"""Stations through the API: who is met where, in agreement with the door; figures, lists, and coming from afar."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event, Microlocation, Session, Track
from orders.models import Attendee, Order, Scan, Station, StationStorePax, UserCheckIn, VirtualCheckIn
from orders.services.check_in import check_in
from orders.services.door import added_up, counts_by_ticket
from tests.contract.world import resource_document


@pytest.fixture(autouse=True)
def nobody_was_met(world):
    UserCheckIn.objects.all().delete()


@pytest.fixture
def attendee(world):
    return Attendee.objects.get(pk=world.rows["ours"]["attendee"].pk)


@pytest.fixture
def session(world):
    return world.rows["ours"]["session"]


@pytest.fixture
def stations(world):
    """One of each type, by its type; those at rooms in the session's room."""
    room = world.rows["ours"]["microlocation"]
    return {
        kind: Station.objects.create(
            event=world.event, station_name=kind.title(), station_type=kind, microlocation=room if " " in kind else None
        )
        for kind in ("registration", "daily", "check in", "check out")
    }


@pytest.fixture
def meet(world, attendee, session):
    """Meet our attendee at a station as the registrar does; the answer."""

    def call(station, *, who="registrar", **relationships):
        named = {"station": station, "ticket_holder": attendee, "session": session, **relationships}
        named = {name: row for name, row in named.items() if row is not None}
        return world.api(who).post("/v1/user-check-in", resource_document("user_check_in", relationships=named))

    return call


def error_of(answer):
    [error] = answer.json()["errors"]
    return answer.status_code, error["source"].get("pointer"), error.get("code")


def yesterday(*rows):
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=1))


ATTENDEE, SESSION = "/data/relationships/ticket-holder", "/data/relationships/session"


# ── Stations ─────────────────────────────────────────────────────────────────────────────────────


def test_a_station_is_made_at_the_old_address_and_listed_with_its_event_and_its_room(world):
    room = world.rows["ours"]["microlocation"]
    room.room = "H1"
    room.save()
    document = resource_document(
        "station",
        station_name="Hall",
        station_type="check in",
        relationships={"event": world.event, "microlocation": room},
    )
    answer = world.api("owner").post("/v1/station", document)
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert (data["attributes"]["microlocation-id"], data["attributes"]["room"]) == (str(room.pk), "H1")
    for parent in (f"/v1/events/{world.event.identifier}", f"/v1/microlocations/{room.pk}"):
        assert data["id"] in [row["id"] for row in world.api("registrar").get(f"{parent}/stations").json()["data"]]
        assert world.api("eve").get(f"{parent}/stations").json()["data"] == []


@pytest.mark.parametrize("kind", ["check in", "check out"])
def test_a_station_at_a_room_says_which(world, kind):
    document = resource_document(
        "station", station_name="Hall", station_type=kind, relationships={"event": world.event}
    )
    answer = world.api("owner").post("/v1/stations", document)
    assert error_of(answer)[:2] == (422, "/data/relationships/microlocation")


@pytest.mark.parametrize(("name", "value"), [("station-type", "exit"), ("station-name", ""), ("station-type", None)])
def test_a_station_has_a_name_and_one_of_four_types(world, name, value):
    document = resource_document(
        "station", station_name="Desk", station_type="registration", relationships={"event": world.event}
    )
    document["data"]["attributes"][name] = value
    answer = world.api("owner").post("/v1/stations", document)
    assert error_of(answer)[:2] == (422, f"/data/attributes/{name}")


def test_a_station_at_which_people_were_met_stays(world, stations, meet):
    meet(stations["check in"])
    assert world.api("owner").delete(f"/v1/stations/{stations['check in'].pk}").status_code == 409
    assert world.api("owner").delete(f"/v1/stations/{stations['daily'].pk}").status_code == 200


def test_what_is_counted_by_hand_is_listed_by_station_and_session(world, session):
    pax, station = world.rows["ours"]["station-store-pax"], world.rows["ours"]["station"]
    other = Session.objects.create(event=world.event, title="Other")
    StationStorePax.objects.create(station=station, session=other, current_pax=3)
    address = f"/v1/stations/{station.pk}/sessions/{session.pk}/station-store-paxs"
    assert [row["id"] for row in world.api("registrar").get(address).json()["data"]] == [str(pax.pk)]
    assert len(world.api("registrar").get(f"/v1/stations/{station.pk}/station-store-paxs").json()["data"]) == 2
    document = resource_document("station-store-pax", key=pax.pk, current_pax=-1)
    answer = world.api("registrar").patch(f"/v1/station-store-paxs/{pax.pk}", document)
    assert error_of(answer)[:2] == (422, "/data/attributes/current-pax")


# ── Meeting people ───────────────────────────────────────────────────────────────────────────────


def test_registering_is_what_old_apps_read_in_the_register_times(world, stations, meet, attendee):
    answer = meet(stations["registration"], session=None)
    assert answer.status_code == 201
    assert answer.json()["data"]["attributes"] == {"success": True, "message": "Registered."}
    attendee.refresh_from_db()
    assert attendee.is_registered
    assert attendee.register_times.endswith("Z")
    assert not attendee.is_checked_in
    query = {"event_id": world.event.pk, "attendee_id": attendee.pk}
    states = world.api("registrar").get("/v1/states", query).json()
    assert states == {"is_registered": True, "register_times": attendee.register_times}


def test_one_is_registered_once_a_day_by_whichever_door(world, stations, meet, attendee):
    document = resource_document("attendee", key=attendee.pk, register_times=timezone.now().isoformat())
    assert world.api("registrar").patch(f"/v1/attendees/{attendee.pk}", document).status_code == 200
    assert error_of(meet(stations["registration"], session=None)) == (422, ATTENDEE, "registered")
    before = (timezone.now() - timedelta(days=1)).isoformat()
    Attendee.objects.filter(pk=attendee.pk).update(register_times=before)
    assert meet(stations["registration"], session=None).status_code == 201
    attendee.refresh_from_db()
    assert len(attendee.register_times.split(",")) == 2


def test_a_daily_check_in_is_an_entry_at_the_door(world, stations, meet, attendee):
    assert meet(stations["daily"]).status_code == 201
    attendee.refresh_from_db()
    assert attendee.is_checked_in
    assert list(attendee.scans.values_list("verdict", "gate")) == [("in", "Daily")]
    assert added_up(counts_by_ticket(world.event)).inside == 1
    assert error_of(meet(stations["daily"])) == (422, ATTENDEE, "checked-in")
    yesterday(*UserCheckIn.objects.all())
    assert meet(stations["daily"]).status_code == 201


def test_who_is_in_already_is_let_in_for_the_day(world, stations, meet, attendee):
    check_in(attendee, by=world.people["owner"], gate="Quay")
    assert meet(stations["daily"]).status_code == 201
    assert list(attendee.scans.values_list("reason", flat=True)) == ["again", ""]


def test_people_come_to_a_session_and_leave_it_in_turns(world, stations, meet, attendee):
    assert error_of(meet(stations["check out"])) == (422, ATTENDEE, "not-checked-in")
    for _ in range(2):
        assert meet(stations["check in"]).status_code == 201
        assert error_of(meet(stations["check in"])) == (422, ATTENDEE, "checked-in")
        assert meet(stations["check out"]).status_code == 201
    row = UserCheckIn.objects.last()
    assert (row.session_name, row.track_name, row.speaker_name) == ("ours session", "ours track", "ours speaker")
    assert not Scan.objects.filter(attendee=attendee).exists()  # the doors of rooms are not the event's


@pytest.mark.parametrize("kind", ["registration", "daily", "check in"])
def test_a_ticket_that_is_not_valid_is_turned_away_as_at_every_door(world, stations, meet, attendee, kind):
    Order.objects.filter(pk=attendee.order_id).update(status="cancelled")
    answer = meet(stations[kind])
    assert (answer.status_code, error_of(answer)[2]) == (409, "ticket-not-valid")
    assert not UserCheckIn.objects.exists()
    line = Scan.objects.get(attendee=attendee)
    assert (line.verdict, line.reason, line.gate) == ("refused", "order-cancelled", kind.title())


def test_what_does_not_belong_together_is_refused(world, stations, meet, attendee, session):
    elsewhere = Session.objects.create(event=world.event, title="Elsewhere", state="accepted")
    theirs = world.rows["theirs"]
    assert error_of(meet(stations["check in"], session=elsewhere)) == (422, SESSION, "other-room")
    assert error_of(meet(stations["check in"], session=None)) == (422, SESSION, "session-missing")
    assert error_of(meet(stations["check in"], session=theirs["session"]))[:2] == (404, SESSION)
    answer = meet(stations["check in"], who="superadmin", ticket_holder=theirs["attendee"])
    assert error_of(answer) == (422, ATTENDEE, "other-event")
    assert error_of(meet(stations["check in"], ticket_holder=None))[:2] == (422, ATTENDEE)
    assert error_of(meet(None))[:2] == (422, "/data/relationships/station")
    assert not UserCheckIn.objects.exists()


def test_only_those_at_the_door_meet_people(stations, meet):
    found = {who: meet(stations["registration"], session=None, who=who).status_code for who in ("anonymous", "eve")}
    assert found == {"anonymous": 401, "eve": 404}
    assert not UserCheckIn.objects.exists()


def test_who_was_met_is_listed_at_the_event_and_the_room_for_the_door_alone(world, stations, meet):
    meet(stations["check in"])
    room = world.rows["ours"]["microlocation"]
    for parent in (f"/v1/events/{world.event.pk}", f"/v1/microlocations/{room.pk}"):
        assert len(world.api("registrar").get(f"{parent}/user-check-in").json()["data"]) == 1
        assert world.api("attendee").get(f"{parent}/user-check-in").json()["data"] == []


# ── Plain endpoints ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("event", "attendee"), [("", ""), ("x", "1"), ("1", "9" * 20), ("1", "²")])
def test_states_are_asked_of_a_number(world, event, attendee):
    query = {"event_id": event, "attendee_id": attendee}
    assert world.api("registrar").get("/v1/states", query).status_code == 422


def test_states_are_told_to_those_who_see_the_attendee(world, attendee):
    query = {"event_id": world.event.pk, "attendee_id": attendee.pk}
    people = ("anonymous", "eve", "moderator", "attendee", "registrar")
    assert [world.api(who).get("/v1/states", query).status_code for who in people] == [404, 404, 404, 200, 200]
    query["event_id"] = world.rows["theirs"]["event"].pk
    assert world.api("superadmin").get("/v1/states", query).status_code == 404


def test_figures_of_today(world, stations, meet, session):
    meet(stations["registration"], session=None)
    meet(stations["check in"])
    meet(stations["check out"])
    meet(stations["check in"])
    old = UserCheckIn.objects.filter(station=stations["check in"]).first()
    yesterday(old)
    Session.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=1)
    )
    address = f"/v1/user-check-in/stats/event/{world.event.identifier}"
    found = world.api("registrar").get(address).json()
    assert {name: value for name, value in found.items() if name.startswith("total")} == {
        "total_attendee": 1,
        "total_registered": 1,
        "total_not_checked_in": 1,
        "total_track_checked_in": 1,
        "total_track_checked_out": 1,
        "total_session_checked_in": 1,
        "total_session_checked_out": 1,
    }
    assert found["session_stats"] == [
        {
            "session_id": session.pk,
            "session_name": "ours session",
            "track_name": "ours track",
            "speakers": "ours speaker",
            "check_in": 1,
            "check_out": 1,
            "manual_count": 12,
        }
    ]
    assert found["track_stats"] == [
        {
            "track_id": world.rows["ours"]["track"].pk,
            "track_name": "ours track",
            "current_speakers": "ours speaker",
            "current_session": "ours session",
            "check_in": 1,
            "check_out": 1,
        }
    ]
    Session.objects.create(event=world.event, title="Other")
    Track.objects.create(event=world.event, name="Other", color="#000000")
    query = {"session_ids": f"{session.pk}, {world.rows['theirs']['session'].pk}", "track_ids": "0"}
    narrow = world.api("registrar").get(address, query).json()
    assert ([row["session_id"] for row in narrow["session_stats"]], narrow["track_stats"]) == ([session.pk], [])
    for bad in ("x", "1,-2", "9" * 20):
        assert world.api("registrar").get(address, {"session_ids": bad}).status_code == 400


def test_figures_cost_the_same_for_one_session_and_for_three(world, stations, meet):
    address = f"/v1/user-check-in/stats/event/{world.event.pk}"
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            world.api("registrar").get(address)
        counts.append(len(queries))
        track = Track.objects.create(event=world.event, name=f"T{number}", color="#000000")
        for title in "ab":
            Session.objects.create(event=world.event, title=title, track=track)
    assert counts[0] == counts[1]


def lines(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def take_away(world, who="registrar", **body):
    api = world.api(who)
    return api.client.post(
        "/v1/export/user-check-in/csv", json.dumps(body), content_type="application/json", headers=api.headers
    )


def test_a_list_of_who_was_met_is_taken_away_without_formulas(world, stations, meet, attendee, session):
    Attendee.objects.filter(pk=attendee.pk).update(firstname="=cmd|' /C calc'!A0", lastname=None)
    meet(stations["check in"])
    answer = take_away(world, session_id=session.pk)
    assert answer["Content-Type"].startswith("text/csv")
    [headings, row] = lines(answer)
    assert headings[:2] == ["Name", "E-mail"]
    assert row[0] == "'=cmd|' /C calc'!A0"
    assert row[3:6] == ["Check In", "check in", "ours session"]


def test_a_list_is_narrowed_to_a_day_a_kind_and_a_track(world, stations, meet, session):
    other = Session.objects.create(
        event=world.event, title="Next", state="accepted", track=session.track, microlocation=session.microlocation
    )
    meet(stations["check in"])
    meet(stations["check out"])
    meet(stations["check in"], session=other)
    today = timezone.now().astimezone(world.event.zone).date()

    def count(**body):
        return len(lines(take_away(world, session_id=session.pk, **body))) - 1

    assert count() == 2
    assert count(track_type="check out") == 1
    assert count(type="track") == 3
    assert count(date=today.isoformat()) == 2
    assert count(date=(today - timedelta(days=1)).isoformat()) == 0


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"session_id": None}, 404, None),
        ({"session_id": {"a": 1}}, 404, None),
        ({"date": "yesterday"}, 422, "/date"),
        ({"date": "2026-02-31"}, 422, "/date"),
        ({"date": 7}, 422, "/date"),
        ({"type": "event"}, 422, "/type"),
        ({"track_type": ["check in"]}, 422, "/track_type"),
    ],
    ids=str,
)
def test_what_is_to_be_taken_away_is_said_clearly(world, session, body, status, pointer):
    answer = take_away(world, **{"session_id": session.pk, **body})
    assert error_of(answer)[:2] == (status, pointer)


# ── From afar ────────────────────────────────────────────────────────────────────────────────────


def from_afar(world, who="attendee", **body):
    api = world.api(who)
    path = f"/v1/events/{world.event.identifier}/virtual/check-in"
    return api.client.post(path, json.dumps(body), content_type="application/json", headers=api.headers)


def test_whoever_has_a_ticket_comes_from_afar_and_leaves_again(world, attendee):
    room = world.rows["ours"]["microlocation"]
    for where in ({"check_in_type": "event"}, {"check_in_type": "room", "microlocation_id": room.pk}):
        assert from_afar(world, is_check_in=True, **where).json() == {"message": "1 ticket checked in."}
        assert from_afar(world, is_check_in=True, **where).json() == {"message": "0 tickets checked in."}
        assert from_afar(world, is_check_in=False, **where).json() == {"message": "1 ticket checked out."}
    assert VirtualCheckIn.objects.exclude(check_out_at=None).count() == 2
    attendee.refresh_from_db()
    assert not attendee.is_checked_in  # they did not come through a door


def test_without_a_ticket_nobody_comes_from_afar(world, attendee):
    body = {"check_in_type": "event", "is_check_in": True}
    assert from_afar(world, "eve", **body).status_code == 422
    Order.objects.filter(pk=attendee.order_id).update(status="cancelled")
    assert from_afar(world, **body).status_code == 422
    assert not VirtualCheckIn.objects.exists()


def test_a_room_from_afar_is_one_of_the_event(world):
    other = Event.objects.create(name="Other", starts_at=world.event.starts_at, ends_at=world.event.ends_at)
    elsewhere = Microlocation.objects.create(name="Elsewhere", event=other)
    for room, status in ((None, 422), (elsewhere.pk, 404), (world.rows["theirs"]["microlocation"].pk, 404), ("x", 404)):
        answer = from_afar(world, check_in_type="room", is_check_in=True, microlocation_id=room)
        assert error_of(answer)[:2] == (status, "/microlocation_id")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/check_in_type"),
        ({"check_in_type": "moon", "is_check_in": True}, "/check_in_type"),
        ({"check_in_type": "event"}, "/is_check_in"),
        ({"check_in_type": "event", "is_check_in": "yes"}, "/is_check_in"),
    ],
    ids=str,
)
def test_coming_from_afar_is_said_clearly(world, body, pointer):
    assert error_of(from_afar(world, **body))[:2] == (422, pointer)
