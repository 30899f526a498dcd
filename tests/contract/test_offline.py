"""What clients ask for between two visits: versions of an event, work that is done for them, public events by words."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from events.models import Event, Session, Speaker, Sponsor, Track
from events.services.copy_event import copy_event
from media_pipeline.storing import store_private
from notifications.models import Job
from notifications.services.job_files import sign_link
from notifications.services.jobs import register_job
from openevent.core.atomic import atomic
from tests.contract.front_end import FrontEnd, Refusal

register_job("test-export", lambda job: "")
NAMES = ("event_ver", "tracks_ver", "session_ver", "speakers_ver", "sponsors_ver", "microlocations_ver")


@pytest.fixture
def versions(world):
    def ask(event=world.event):
        [found] = FrontEnd("superadmin@example.org").load("GET", f"/v1/events/{event.pk}/versions")
        assert list(found) == ["id", "event_id", *NAMES]
        assert found["event_id"] == event.pk
        return {name: found[name] for name in NAMES}

    return ask


CHANGES = {
    "saved": ("tracks_ver", lambda event: event.tracks.get().save()),
    "made": ("sponsors_ver", lambda event: Sponsor.objects.create(event=event, name="New")),
    "hidden": ("microlocations_ver", lambda event: event.microlocations.get().hide()),
    "removed": ("tracks_ver", lambda event: event.tracks.get().delete()),
    "changed in bulk": ("session_ver", lambda event: Session.objects.filter(event=event).update(title="Other")),
    "changed at the event": ("session_ver", lambda event: Session.objects.update_at(event.pk, title="Other")),
    "made in bulk": ("speakers_ver", lambda event: Speaker.objects.bulk_create([Speaker(event=event, name="New")])),
    "changed as rows": ("speakers_ver", lambda event: Speaker.objects.bulk_update(event.speakers.all(), ["name"])),
    "deleted in bulk": ("tracks_ver", lambda event: Track.objects.filter(event=event).delete()),
    "linked": ("session_ver", lambda event: event.sessions.get().speakers.clear()),
    "the event itself": ("event_ver", lambda event: event.save()),
}


@pytest.mark.parametrize(("name", "change"), CHANGES.values(), ids=CHANGES)
def test_the_version_of_a_kind_moves_with_its_rows_and_no_other(world, versions, name, change):
    before = versions()
    change(Event.objects.get(pk=world.event.pk))
    after = versions()
    moved = {each for each in NAMES if after[each] != before[each]}
    assert name in moved
    assert moved <= {name, "session_ver"}  # a track that is removed is taken out of its sessions
    assert after[name] > before[name]


def test_one_event_s_rows_do_not_move_another_s_versions(world, versions):
    theirs = world.rows["theirs"]["event"]
    before = versions(theirs)
    world.event.tracks.get().save()
    copy_event(world.event, by=world.people["owner"])
    assert versions(theirs) == before


def test_a_version_that_was_rolled_back_did_not_move(world, versions):
    before = versions()
    with pytest.raises(ZeroDivisionError):
        take_back(world.event)
    assert versions() == before


def take_back(event):
    with atomic():
        event.tracks.get().save()
        raise ZeroDivisionError


def test_versions_of_a_hidden_event_are_hidden(world):
    hidden = world.rows["theirs"]["event"]
    assert world.api("eve").get(f"/v1/events/{hidden.identifier}/versions").status_code == 404
    assert world.api("anonymous").get(f"/v1/events/{world.event.identifier}/versions").status_code == 200


# ── Work that is done for somebody ───────────────────────────────────────────────────────────────


@pytest.fixture
def job(world, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return Job.objects.create(user=world.people["owner"], kind="attendees-export", title="Attendees")


def finish(job, **values):
    for name, value in values.items():
        setattr(job, name, value)
    job.save()


@pytest.mark.parametrize("status", ["waiting", "running"])
def test_what_is_not_over_is_waiting(world, job, status):
    finish(job, status=status)
    assert FrontEnd("owner@example.org").load("GET", f"/v1/tasks/{job.pk}") == {"state": "WAITING"}


def test_a_failure_says_why(world, job):
    finish(job, status="failed", message="There was nothing to export.")
    answer = FrontEnd("owner@example.org").load("GET", f"/v1/tasks/{job.pk}")
    assert answer == {"state": "FAILURE", "result": "There was nothing to export."}


def test_a_job_without_a_file_says_what_came_of_it(world, job):
    finish(job, status="done", message="40 orders are cancelled.")
    answer = FrontEnd("owner@example.org").load("GET", f"/v1/tasks/{job.pk}")
    assert answer == {"state": "SUCCESS", "result": {"message": "40 orders are cancelled."}}


def test_a_job_is_its_owner_s_alone(world, job):
    for who in ("anonymous", "eve", "co-organizer", "superadmin"):
        assert world.api(who).get(f"/v1/tasks/{job.pk}").status_code == 404
    for key in ("1", "x", "00000000-0000-0000-0000-000000000000"):
        assert world.api("owner").get(f"/v1/tasks/{key}").status_code == 404


def with_file(job, content=b"name,email\n"):
    key = store_private(ContentFile(content), purpose="job-files")
    tomorrow = timezone.now() + timedelta(days=1)
    finish(job, status="done", file_key=key, file_name="attendees.csv", expires_at=tomorrow, kind="test-export")


def test_the_file_is_fetched_by_its_link_without_a_header(world, job, settings):
    with_file(job)
    answer = FrontEnd("owner@example.org").load("GET", f"/v1/tasks/{job.pk}")
    assert answer["state"] == "SUCCESS"
    link = answer["result"]["download_url"]
    assert link.startswith(f"{settings.BASE_URL}/v1/tasks/files/")
    path = link.removeprefix(settings.BASE_URL)
    found = fetched(world, path)
    assert (found.status_code, b"".join(found.streaming_content)) == (200, b"name,email\n")
    assert found["Content-Disposition"] == 'attachment; filename="attendees.csv"'
    assert world.api("anonymous").get(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 403


def fetched(world, path):
    return world.api("anonymous").get(path)


def test_a_link_ends_with_the_file_and_with_the_account(world, job):
    with_file(job)
    link = f"/v1/tasks/files/{sign_link(job)}"
    world.people["owner"].is_blocked = True
    world.people["owner"].save()
    assert fetched(world, link).status_code == 403
    world.people["owner"].is_blocked = False
    world.people["owner"].save()
    finish(job, expires_at=timezone.now())
    assert fetched(world, link).status_code == 410
    finish(job, file_key="")
    assert fetched(world, link).status_code == 410


def test_a_link_ends_when_its_minutes_are_over(world, job, monkeypatch):
    with_file(job)
    link = f"/v1/tasks/files/{sign_link(job)}"
    monkeypatch.setattr("notifications.services.job_files.SECONDS", -1)
    assert fetched(world, link).status_code == 410


def test_imports_are_rows_of_their_owner(world):
    buyer = FrontEnd("buyer@example.org")
    [row] = buyer.get("/v1/import-jobs")["data"]
    made = world.rows["ours"]["import-job"]
    assert row["id"] == row["attributes"]["task"] == str(made.pk)
    assert (row["attributes"]["result-status"], row["attributes"]["result"]) == ("SUCCESS", "ours was imported")
    assert buyer.load("GET", f"/v1/tasks/{row['id']}")["state"] == "SUCCESS"
    with pytest.raises(Refusal) as refused:
        buyer.get("/v1/import-jobs/nothing")
    assert refused.value.status == 404


# ── Search ───────────────────────────────────────────────────────────────────────────────────────


def test_public_events_are_found_by_their_words(world):
    Event.objects.update(owner_name="Ropeworks Collective", description="Boats &amp; tea", location_name="Pier 7")
    Event.objects.create(
        name="Fair of nobody", state="published", privacy="private", starts_at=timezone.now(), ends_at=timezone.now()
    )
    api = world.api("superadmin")

    def found(**query):
        return [event["name"] for event in api.get("/v1/search/events", query).json()]

    assert found() == found(name="fair OF") == found(**{"location-name": "pier"}) == ["Fair of ours"]
    assert found(owner_name="collective ropeworks") == found(description="tea") == ["Fair of ours"]
    assert found(name="fair", **{"owner-name": "else"}) == []
    assert found(name="\x00%' OR 1=1") == []
    assert found(page="2") == ["Fair of ours"]
    shown = api.get("/v1/search/events").json()[0]
    assert (shown["identifier"], shown["owner-name"]) == (world.event.identifier, "Ropeworks Collective")
