"""A copy of an event: what goes along and what does not, for every model that an event has rows of."""

import io

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import Activity
from events.models import CustomForm, CustomFormOption, EmailNotification, Event, Session, Speaker, UsersEventsRoles
from events.services.copy_event import COPIED, LEFT_BEHIND, copy_event
from media_pipeline.storing import store_image
from orders.models import DiscountCode, Ticket
from tests.contract.front_end import FrontEnd

GOES_ALONG = {part.model for part in COPIED}


def models_of_events():
    """Every model whose rows belong to an event, by its own word or by a key."""
    for model in apps.get_models():
        leads_there = any(field.related_model is Event for field in model._meta.concrete_fields if field.is_relation)
        if (leads_there or hasattr(model, "event_path")) and model is not Event and not model._meta.proxy:
            yield model


def has_event(model):
    return any(column.name == "event" for column in model._meta.concrete_fields)


def rows_of(model, event):
    return model.objects.filter(**{f"{model.event_path}id": event.pk})


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def event(world):
    return world.event


def copied(world, **body):
    made = FrontEnd("owner@example.org").load("POST", f"/v1/events/{world.event.identifier}/copy", body)
    assert set(made) == {"id", "identifier", "copied"}
    return Event.objects.get(pk=made["id"], identifier=made["identifier"])


def test_of_every_model_it_is_said_whether_it_goes_along():
    unsaid = set(models_of_events()) - GOES_ALONG - set(LEFT_BEHIND)
    assert unsaid == set(), "Name it in COPIED or LEFT_BEHIND (events/services/copy_event.py, or its floor's)."
    assert not GOES_ALONG & set(LEFT_BEHIND)


def test_what_goes_along_is_there_and_what_does_not_is_not(world, event):
    copy = copied(world)
    for model in GOES_ALONG:
        gone = 1 if model is DiscountCode else 0  # the site's gift to this event alone
        assert (model, rows_of(model, copy).count()) == (model, rows_of(model, event).count() - gone)
    for model in set(LEFT_BEHIND) - {UsersEventsRoles, EmailNotification}:  # the caller begins with their own
        found = [str(row) for row in rows_of(model, copy)] if hasattr(model, "event_path") else []
        assert (model, found) == (model, [])
    assert [(held.user, held.role.name) for held in copy.roles.all()] == [(world.people["owner"], "owner")]


def test_every_kind_is_tried(world, event):
    assert {model for model in GOES_ALONG if not rows_of(model, event).exists()} == set()


def test_the_copy_is_a_draft_that_nobody_shows(world, event):
    Event.objects.filter(pk=event.pk).update(
        is_featured=True, is_promoted=True, is_announced=True, schedule_published_on=event.starts_at, privacy="private"
    )
    copy = copied(world)
    assert (copy.state, copy.is_featured, copy.is_promoted, copy.is_announced) == ("draft", False, False, False)
    assert (copy.schedule_published_on, copy.privacy, copy.name) == (None, "private", event.name)
    assert copy.identifier != event.identifier
    assert Activity.objects.get(action="event.copied").event_id == copy.pk
    event.refresh_from_db()
    assert event.state == "published"


def test_copied_rows_lead_to_copied_rows(world, event):
    copy = copied(world)
    session = copy.sessions.get()
    near = (session.track, session.microlocation, session.session_type, *session.speakers.all())
    assert {row.event for row in near} == {copy}
    assert [row.name for row in near] == ["ours track", "ours room", "ours talk", "ours speaker"]
    ticket = copy.tickets.get(name="ours ticket")
    assert [tag.event for tag in ticket.ticket_tags.all()] == [copy]
    assert list(copy.discount_codes.get().tickets.all()) == [ticket]
    assert CustomFormOption.objects.get(custom_form__event=copy).custom_form == copy.custom_forms.get()
    assert list(copy.exhibitors.get().sessions.all()) == [session]


def test_counters_begin_anew(world, event):
    Session.objects.filter(event=event).update(
        average_rating=4, rating_count=3, favourite_count=9, is_mail_sent=True, state="confirmed"
    )
    Ticket.objects.filter(event=event).update(reserved=7)
    DiscountCode.objects.filter(event=event).update(used=5)
    copy = copied(world)
    session = copy.sessions.get()
    assert (session.average_rating, session.rating_count, session.favourite_count) == (0, 0, 0)
    assert (session.is_mail_sent, session.state) == (False, "confirmed")
    assert {ticket.reserved for ticket in copy.tickets.all()} == {0}
    assert copy.discount_codes.get().used == 0
    assert copy.social_links.get().identifier != event.social_links.get().identifier


def test_the_call_of_the_copy_is_closed(world, event):
    copy = copied(world)
    call = copy.speakers_calls.get()
    assert not copy.call_is_open
    assert call.starts_at < call.ends_at
    assert event.call_is_open


def test_sessions_and_speakers_are_a_choice(world, event):
    copy = copied(world, **{"sessions-speakers": False})
    assert not copy.sessions.exists()
    assert not copy.speakers.exists()
    assert copy.tracks.exists()
    answer = world.api("owner").post(f"/v1/events/{event.pk}/copy", {"sessions-speakers": "no"})
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/sessions-speakers"})


def test_what_is_deleted_stays_deleted(world, event):
    world.rows["ours"]["track"].hide()
    world.rows["ours"]["speaker"].hide()
    copy = copied(world)
    assert not copy.tracks.exists()
    assert copy.sessions.get().track is None
    assert not copy.sessions.get().speakers.exists()


def picture():
    target = io.BytesIO()
    Image.new("RGB", (60, 60), "red").save(target, "PNG")
    return target.getvalue()


def test_files_are_copies_and_addresses_elsewhere_stay(world, event):
    kept = store_image(picture(), purpose="speaker-photo")
    Speaker.objects.filter(event=event).update(photo_url=kept.url, website="https://example.org/me")
    Session.objects.filter(event=event).update(slides=[{"name": "Talk", "link": kept.url}])
    copy = copied(world)
    speaker = copy.speakers.get()
    assert speaker.photo_url != kept.url
    assert speaker.website == "https://example.org/me"
    assert copy.sessions.get().slides == [{"name": "Talk", "link": speaker.photo_url}]  # one file, copied once
    default_storage.delete(kept.sizes["original"].name)
    name = speaker.photo_url.rpartition("/media/")[2]
    assert default_storage.exists(name)


def test_a_copy_that_fails_leaves_nothing(world, event, monkeypatch):
    kept = store_image(picture(), purpose="speaker-photo")
    Speaker.objects.filter(event=event).update(photo_url=kept.url)
    before, files = Event.objects.count(), len(default_storage.listdir("speaker-photo")[1])
    monkeypatch.setitem(vars(COPIED[-1]), "model", None)
    with pytest.raises(AttributeError):
        copy_event(event, by=world.people["owner"])
    assert Event.objects.count() == before
    assert len(default_storage.listdir("speaker-photo")[1]) == files


def test_nobody_reaches_another_s_file_by_copying(world, event):
    for address in ("/media/job-files/secret.bin", "/media/../openevent/settings.py", "/media/speaker-photo/../x.py"):
        Speaker.objects.filter(event=event).update(photo_url=f"http://127.0.0.1:8000{address}")
        assert copied(world).speakers.get().photo_url == f"http://127.0.0.1:8000{address}"


def test_a_copy_takes_as_many_queries_for_twenty_sessions_as_for_one(world, event):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            copy_event(event, by=world.people["owner"])
        return [query["sql"] for query in asked]

    copy_event(event, by=world.people["owner"])
    few = queries()
    for number in range(20):  # SQLite takes so many at once
        session = Session.objects.create(event=event, title=f"Talk {number}")
        session.speakers.add(Speaker.objects.create(event=event, name=f"Speaker {number}"))
        question = CustomForm.objects.create(event=event, form="speaker", field_identifier=f"q{number}")
        CustomFormOption.objects.create(custom_form=question, value="x")
    many = queries()
    assert len(many) == len(few)


def test_who_copies_needs_to_be_on_the_team_and_verified(world, event):
    cora = world.people["co-organizer"]
    type(cora).objects.filter(pk=cora.pk).update(is_verified=False)
    statuses = {
        who: world.api(who).post(f"/v1/events/{event.pk}/copy", {}).status_code
        for who in ("anonymous", "eve", "registrar", "co-organizer", "organizer", "superadmin")
    }
    assert statuses == {
        "anonymous": 401,
        "eve": 403,
        "registrar": 403,
        "co-organizer": 403,
        "organizer": 200,
        "superadmin": 200,
    }
    hidden = world.rows["theirs"]["event"].identifier
    assert world.api("owner").post(f"/v1/events/{hidden}/copy", {}).status_code == 404
