"""The programme's list and form pages: one mechanism for nine kinds of row."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import Activity
from events.models import Faq, FaqType, Microlocation, Session, SessionType, SocialLink, Speaker, Sponsor, Track
from events.pages.manage.programme_kinds import KINDS
from events.tests.factories import give_role, make_event
from media_pipeline.storing import url_of

pytestmark = pytest.mark.django_db
MORNING = datetime(2027, 4, 24, 7, tzinfo=UTC)


@pytest.fixture
def event(ada, cora):
    return make_event(owner=ada, coorganizer=cora, is_sessions_speakers_enabled=True)


def words(answer):
    return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.S)).split())


def at(event, name, *more):
    return reverse(f"manage-{name}", args=[event.identifier, *more])


def seen(form_page):
    """The hidden field in which a form remembers what it was drawn with."""
    return re.search(r'name="seen"[^>]*value="([^"]+)"', form_page.content.decode()).group(1)


def make_session(event, title="Offline first", *, hours=0, **attributes):
    starts = MORNING + timedelta(hours=hours)
    values = {"state": "accepted", "starts_at": starts, "ends_at": starts + timedelta(minutes=45), **attributes}
    return Session.objects.create(event=event, title=title, **values)


ROWS = {
    "sessions": (lambda event: make_session(event), {"title": "Ferries", "state": "accepted"}),
    "session-types": (
        lambda event: SessionType.objects.create(event=event, name="Fireside", length="00:30"),
        {"name": "Workshop", "length": "01:30", "position": 1},
    ),
    "tracks": (
        lambda event: Track.objects.create(event=event, name="Sea", color="#3f45c9"),
        {"name": "Land", "color": "#11663f", "position": 2},
    ),
    "speakers": (
        lambda event: Speaker.objects.create(event=event, name="Ines Varga"),
        {"name": "Otto Meer", "email": "otto@example.org", "order": 0},
    ),
    "rooms": (
        lambda event: Microlocation.objects.create(event=event, name="Hall"),
        {"name": "Attic", "floor": -1, "position": 1},
    ),
    "sponsors": (
        lambda event: Sponsor.objects.create(event=event, name="Quay Bank"),
        {"name": "Rope Works", "level": 1, "url": "example.org"},
    ),
    "faqs": (
        lambda event: Faq.objects.create(event=event, question="May I bring a dog?", answer="<p>Yes.</p>"),
        {"question": "Is there lunch?", "answer": "Yes.\n\nFor all."},
    ),
    "faq-types": (lambda event: FaqType.objects.create(event=event, name="Animals"), {"name": "Food"}),
    "links": (
        lambda event: SocialLink.objects.create(event=event, name="Web", link="https://example.org"),
        {"name": "Mastodon", "link": "https://example.social/@harbour"},
    ),
}


def test_every_kind_is_tried_here():
    assert ROWS.keys() == KINDS.keys()


@pytest.mark.parametrize("key", ROWS)
def test_a_row_is_added_shown_changed_deleted_and_taken_back(client, cora, event, key):
    typed = ROWS[key][1]
    model, title = KINDS[key].model, next(iter(typed.values()))
    client.force_login(cora)
    assert "None yet" in words(client.get(at(event, key)))

    added = client.post(at(event, f"{key}-new"), typed, follow=True)
    assert f"{title} is added." in words(added)
    row = model.objects.get(event=event)
    page = client.get(at(event, f"{key}-edit", row.pk))
    name = next(iter(typed))
    client.post(at(event, f"{key}-edit", row.pk), {**typed, name: "Another", "seen": seen(page)})
    assert "Another" in words(client.get(at(event, key)))

    asked = client.get(at(event, f"{key}-delete", row.pk))
    assert "Delete Another?" in words(asked)
    assert model.objects.filter(**_live(model)).count() == 1
    gone = client.post(at(event, f"{key}-delete", row.pk), follow=True)
    assert "Another is deleted." in words(gone)
    assert model.objects.filter(**_live(model)).count() == 0
    if KINDS[key].can_be_restored:
        assert "Another is back." in words(client.post(at(event, f"{key}-restore", row.pk), follow=True))
        assert model.objects.filter(**_live(model)).count() == 1


def _live(model):
    return {"deleted_at": None} if hasattr(model, "deleted_at") else {}


TEAM_ALONE = ("session-types", "speakers", "rooms", "sponsors", "faqs", "faq-types", "links")


@pytest.mark.parametrize("key", ROWS)
@pytest.mark.parametrize(
    ("role", "lists", "adds", "edits"),
    [
        (None, set(), set(), set()),
        ("registrar", set(), set(), set()),
        ("moderator", {"sessions"}, set(), set()),
        ("track_organizer", {"sessions", "tracks"}, {"sessions", "tracks"}, {"sessions", "tracks"}),
        ("coorganizer", set(ROWS), set(ROWS), set(ROWS)),
    ],
)
def test_who_may_do_what(client, eve, event, key, role, lists, adds, edits):
    make, typed = ROWS[key]
    row = make(event)
    if role:
        give_role(eve, event, role)
    client.force_login(eve)
    refused = 403 if role else 404
    count = KINDS[key].model.objects.count()
    assert client.get(at(event, key)).status_code == (200 if key in lists else refused)
    assert client.post(at(event, f"{key}-new"), typed).status_code == (302 if key in adds else refused)
    assert KINDS[key].model.objects.count() == count + (key in adds)
    answer = client.post(at(event, f"{key}-edit", row.pk), {**typed, "seen": ""})
    assert answer.status_code in ((302, 200) if key in edits else (refused,))


@pytest.mark.parametrize("key", ROWS)
def test_a_row_of_another_event_is_not_there(client, ada, event, key):
    other = make_event(owner=ada, is_sessions_speakers_enabled=True)
    theirs = ROWS[key][0](other)
    client.force_login(ada)
    pages = [f"{key}-edit", f"{key}-delete"]
    assert [client.get(at(event, page, theirs.pk)).status_code for page in pages] == [404, 404]
    assert str(theirs) not in words(client.get(at(event, key)))
    assert client.get(at(event, f"{key}-edit", 10**30)).status_code == 404


@pytest.mark.parametrize("query", ["?page=9999999", "?page=x%00", "?q=%00", "?q=" + "a" * 3000, "?state=%00&page=-1"])
@pytest.mark.parametrize("key", ["sessions", "rooms", "speakers"])
def test_junk_in_a_query_is_no_fault(client, cora, event, key, query):
    ROWS[key][0](event)
    client.force_login(cora)
    assert client.get(at(event, key) + query).status_code == 200


@pytest.mark.parametrize("key", ROWS)
def test_three_rows_cost_as_many_queries_as_one(client, cora, event, key, django_assert_num_queries):
    client.force_login(cora)
    counts = []
    for number in (1, 2, 3):
        row = ROWS[key][0](event)
        if key == "sessions":
            row.speakers.add(Speaker.objects.create(event=event, name=f"Person {number}"))
        if number != 2:
            with django_assert_num_queries(15, exact=False) as asked:
                client.get(at(event, key))
            counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


def test_lists_are_searched_by_every_word(client, cora, event):
    session = make_session(event, "Ferries at night")
    session.speakers.add(Speaker.objects.create(event=event, name="Ines Varga"))
    make_session(event, "Trains at night")
    client.force_login(cora)
    found = words(client.get(at(event, "sessions") + "?q=night varga"))
    assert ("Ferries at night" in found, "Trains at night" in found) == (True, False)
    assert "Nothing is found" in words(client.get(at(event, "sessions") + "?q=night+nobody"))


def test_sessions_are_listed_by_state(client, cora, event):
    make_session(event, "Yes")
    make_session(event, "Perhaps", state="pending")
    client.force_login(cora)
    found = words(client.get(at(event, "sessions") + "?state=pending"))
    assert ("Perhaps" in found, "Yes" in found) == (True, False)


def test_counts_leave_out_what_is_deleted(client, cora, event):
    room = Microlocation.objects.create(event=event, name="Hall")
    make_session(event, microlocation=room)
    make_session(event, microlocation=room).hide()
    client.force_login(cora)
    assert "Hall Sessions 1" in words(client.get(at(event, "rooms")))
    assert "1 session stays, without a room." in words(client.get(at(event, "rooms-delete", room.pk)))


def test_a_deleted_room_and_track_are_not_shown_and_come_back_with_their_sessions(client, cora, event):
    room = Microlocation.objects.create(event=event, name="Old Hall")
    track = Track.objects.create(event=event, name="Old Track", color="#123456")
    session = make_session(event, microlocation=room, track=track)
    client.force_login(cora)
    client.post(at(event, "tracks-delete", track.pk), follow=True)
    client.post(at(event, "rooms-delete", room.pk), follow=True)
    public = words(client.get(f"/e/{event.identifier}"))
    assert ("Offline first" in public, "Old Hall" in public, "Old Track" in public) == (True, False, False)
    client.post(at(event, "rooms-restore", room.pk))
    session.refresh_from_db()
    assert session.room == room
    assert "Old Hall" in words(client.get(f"/e/{event.identifier}"))


def test_only_ones_own_last_deletion_is_taken_back(client, ada, cora, event):
    first, second = ROWS["rooms"][0](event), ROWS["rooms"][0](event)
    client.force_login(cora)
    client.post(at(event, "rooms-delete", first.pk))
    client.post(at(event, "rooms-delete", second.pk))
    assert client.post(at(event, "rooms-restore", first.pk)).status_code == 404
    client.force_login(ada)
    assert client.post(at(event, "rooms-restore", second.pk)).status_code == 404
    assert Microlocation.objects.filter(deleted_at=None).count() == 0


def test_a_speaker_whose_address_was_taken_meanwhile_does_not_come_back(client, cora, event):
    first = Speaker.objects.create(event=event, name="Ines", email="ines@example.org")
    client.force_login(cora)
    client.post(at(event, "speakers-delete", first.pk))
    Speaker.objects.create(event=event, name="Ines again", email="ines@example.org")
    assert client.post(at(event, "speakers-restore", first.pk)).status_code == 409
    assert Speaker.objects.filter(deleted_at=None).count() == 1


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────────


def typed_session(**more):
    return {"title": "Ferries", "state": "accepted", **more}


def test_a_session_shows_on_the_public_page_with_its_speakers_on_the_clocks_of_the_event(client, cora, event):
    ines = Speaker.objects.create(event=event, name="Ines Varga")
    hall = Microlocation.objects.create(event=event, name="Main Hall")
    client.force_login(cora)
    times = {"starts_at": "2027-04-24T09:30", "ends_at": "2027-04-24T10:15"}
    more = {"speakers": [ines.pk], "microlocation": hall.pk, "short_abstract": "Boats.\n\nAnd <b>trains</b> & buses."}
    client.post(at(event, "sessions-new"), typed_session(**times, **more))
    session = Session.objects.get(event=event)
    assert (session.starts_at, session.creator, session.state) == (MORNING + timedelta(minutes=30), cora, "accepted")
    client.logout()
    public = words(client.get(f"/e/{event.identifier}/programme"))
    assert "09:30 Ferries Ines Varga · Main Hall · 45 min" in public


def test_the_first_session_of_the_team_opens_the_programme_and_others_wait_for_it(client, cora, eve):
    event = make_event(coorganizer=cora)
    give_role(eve, event, "track_organizer")
    client.force_login(eve)
    assert "This event takes no sessions." in words(client.post(at(event, "sessions-new"), typed_session()))
    client.force_login(cora)
    client.post(at(event, "sessions-new"), typed_session())
    event.refresh_from_db()
    assert event.is_sessions_speakers_enabled
    client.force_login(eve)
    client.post(at(event, "sessions-new"), typed_session(title="Theirs"))
    assert Session.objects.get(title="Theirs").state == "pending"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "Fill this in."),
        ({"title": "<b></b>"}, "Fill this in."),
        ({"starts_at": "2027-04-24T10:00", "ends_at": "2027-04-24T09:00"}, "The end must be after the start."),
        ({"starts_at": "0001-01-01T00:00"}, "Enter a day and a time"),
        ({"microlocation": "99999999999999999999"}, "not one of the available choices"),
        ({"speakers": ["99999999999999999999"]}, "Choose from the list."),
        ({"speakers": ["x\x00"]}, "Choose from the list."),
        ({"title": "a\x00b"}, "Null characters are not allowed."),
        ({"video_url": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_bad_input_is_told_beside_its_field_and_kept(client, cora, event, wrong, told):
    client.force_login(cora)
    answer = client.post(at(event, "sessions-new"), typed_session(language="Frisian", **wrong))
    assert answer.status_code == 200
    assert told in words(answer)
    assert 'value="Frisian"' in answer.content.decode()
    assert not Session.objects.exists()


def test_rows_of_another_event_cannot_be_linked(client, cora, event):
    other = make_event()
    room, person = (model.objects.create(event=other, name="Theirs") for model in (Microlocation, Speaker))
    client.force_login(cora)
    for link in ({"microlocation": room.pk}, {"speakers": [person.pk]}):
        assert client.post(at(event, "sessions-new"), typed_session(**link)).status_code == 200
    assert not Session.objects.exists()


def test_two_places_at_once_are_told_and_not_refused(client, cora, event):
    hall = Microlocation.objects.create(event=event, name="Main Hall")
    ines = Speaker.objects.create(event=event, name="Ines Varga")
    first = make_session(event, "First", microlocation=hall)
    first.speakers.add(ines)
    make_session(event, "Rejected", microlocation=hall, state="rejected")
    make_session(event, "Right after", microlocation=hall, hours=0.75)
    client.force_login(cora)
    times = {"starts_at": "2027-04-24T09:15", "ends_at": "2027-04-24T09:45"}
    answer = client.post(
        at(event, "sessions-new"), typed_session(**times, microlocation=hall.pk, speakers=[ines.pk]), follow=True
    )
    told = words(answer)
    assert "Main Hall is also in First at that time." in told
    assert "Ines Varga is also in First at that time." in told
    assert ("Rejected" in told, "Right after" in told) == (False, False)
    listed = words(client.get(at(event, "sessions")))
    assert listed.count("Clash") == 2


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("moderator", ["Back to pending", "Reject"]),
        ("track_organizer", ["Back to pending", "Reject"]),
        ("coorganizer", ["Back to pending", "Reject"]),
    ],
)
def test_states_move_by_the_table(client, eve, event, role, offered):
    session = make_session(event)
    give_role(eve, event, role)
    client.force_login(eve)
    page = words(client.get(at(event, "sessions-edit", session.pk)))
    assert [way for way in offered if way in page] == offered
    answer = client.post(at(event, "sessions-state", session.pk), {"state": "rejected"}, follow=True)
    assert "Offline first is rejected." in words(answer)
    session.refresh_from_db()
    assert session.state == "rejected"
    assert Activity.objects.filter(action="session.moved", detail__state="rejected").count() == 1
    for junk in ("draft", "", "x\x00"):
        assert client.post(at(event, "sessions-state", session.pk), {"state": junk}).status_code == 403


def test_a_moderator_reads_and_changes_no_words(client, eve, event):
    session = make_session(event, short_abstract="<p>What it says</p>")
    give_role(eve, event, "moderator")
    client.force_login(eve)
    page = client.get(at(event, "sessions-edit", session.pk))
    assert "What it says" in words(page)
    assert 'name="title"' not in page.content.decode()
    assert client.get(at(event, "sessions-delete", session.pk)).status_code == 403


def test_a_locked_session_is_the_organizers(client, ada, cora, event):
    session = make_session(event, is_locked=True)
    client.force_login(cora)
    page = client.get(at(event, "sessions-edit", session.pk))
    assert "This session is locked." in words(page)
    assert client.post(at(event, "sessions-edit", session.pk), typed_session()).status_code == 403
    assert client.post(at(event, "sessions-state", session.pk), {"state": "rejected"}).status_code == 403
    assert client.post(at(event, "sessions-delete", session.pk)).status_code == 403
    client.force_login(ada)
    page = client.get(at(event, "sessions-edit", session.pk))
    client.post(at(event, "sessions-edit", session.pk), {**typed_session(), "seen": seen(page)})
    session.refresh_from_db()
    assert (session.title, session.is_locked) == ("Ferries", False)


def test_a_track_organizer_leaves_the_room_to_the_team(client, eve, event):
    hall, attic = (Microlocation.objects.create(event=event, name=name) for name in ("Hall", "Attic"))
    session = make_session(event, microlocation=hall)
    give_role(eve, event, "track_organizer")
    client.force_login(eve)
    page = client.get(at(event, "sessions-edit", session.pk))
    typed = {"title": "By the track", "microlocation": attic.pk, "is_locked": "on", "seen": seen(page)}
    client.post(at(event, "sessions-edit", session.pk), typed)
    session.refresh_from_db()
    assert (session.title, session.microlocation, session.is_locked) == ("By the track", hall, False)


def test_what_somebody_may_not_change_is_no_news_to_them(client, eve, event):
    session = make_session(event)
    give_role(eve, event, "track_organizer")
    client.force_login(eve)
    page = client.get(at(event, "sessions-edit", session.pk))
    session.microlocation = Microlocation.objects.create(event=event, name="Attic")
    session.save()
    typed = {
        "title": "By the track",
        "starts_at": "2027-04-24T09:00",
        "ends_at": "2027-04-24T09:45",
        "seen": seen(page),
    }
    assert client.post(at(event, "sessions-edit", session.pk), typed).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.room.name) == ("By the track", "Attic")


def test_the_second_of_two_is_told_and_loses_nothing(client, cora, event):
    session = make_session(event)
    ines = Speaker.objects.create(event=event, name="Ines Varga")
    client.force_login(cora)
    page = client.get(at(event, "sessions-edit", session.pk))
    session.speakers.add(ines)
    session.starts_at -= timedelta(hours=1)
    session.save()
    typed = {
        "title": "Mine",
        "starts_at": "2027-04-24T09:10",
        "ends_at": "2027-04-24T09:45",
        "seen": seen(page),
    }
    second = client.post(at(event, "sessions-edit", session.pk), typed)
    told = words(second)
    assert "Speakers is now “Ines Varga”." in told
    assert "Start is now “24.04.2027, 08:00”." in told
    assert 'value="Mine"' in second.content.decode()
    assert Session.objects.get().title == "Offline first"
    client.post(at(event, "sessions-edit", session.pk), {**typed, "seen": seen(second)})
    assert Session.objects.get().title == "Mine"


# ── The others ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("colour", "told"), [("#ff0000", "Words on #ff0000 are hard to read."), ("red", "#RGB")])
def test_a_track_keeps_its_name_readable(client, cora, event, colour, told):
    client.force_login(cora)
    answer = client.post(at(event, "tracks-new"), {"name": "Sea", "color": colour, "position": 0})
    assert told in words(answer)
    assert not Track.objects.exists()


def test_two_speakers_of_an_event_have_two_addresses_or_none(client, cora, event):
    client.force_login(cora)
    for name in ("Ines", "Otto"):
        client.post(at(event, "speakers-new"), {"name": name, "order": 0})
    client.post(at(event, "speakers-new"), {"name": "Mira", "email": "mira@example.org", "order": 0})
    answer = client.post(at(event, "speakers-new"), {"name": "Mira 2", "email": "mira@example.org", "order": 0})
    assert "Mira has this address already." in words(answer)
    assert Speaker.objects.count() == 3


def picture(kind="PNG"):
    file = BytesIO()
    Image.new("RGB", (600, 600), "navy").save(file, kind)
    return SimpleUploadedFile("face.png", file.getvalue(), content_type="image/png")


def test_an_uploaded_photo_is_kept_here_in_every_size(client, cora, event, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cora)
    client.post(at(event, "speakers-new"), {"name": "Ines", "order": 0, "picture": picture()})
    ines = Speaker.objects.get()
    assert ines.photo_url.startswith("http") and ines.thumbnail_image_url != ines.photo_url
    kept = [default_storage.exists(url.removeprefix(url_of(""))) for url in (ines.photo_url, ines.thumbnail_image_url)]
    assert kept == [True, True]
    bad = SimpleUploadedFile("face.png", b"<svg onload=alert(1)>", content_type="image/png")
    answer = client.post(at(event, "speakers-new"), {"name": "Otto", "order": 0, "picture": bad})
    assert "not a JPEG, PNG, GIF or WebP" in words(answer)


def test_sponsors_questions_and_links_show_on_the_public_page(client, cora, event):
    group = FaqType.objects.create(event=event, name="Getting there")
    client.force_login(cora)
    client.post(at(event, "sponsors-new"), {"name": "Quay Bank", "level": 1, "url": "https://bank.example.org"})
    answer = "By boat.\n\nOr <script>alert(1)</script>on foot."
    client.post(at(event, "faqs-new"), {"question": "How do I come?", "answer": answer, "faq_type": group.pk})
    client.post(at(event, "faqs-new"), {"question": "Is there lunch?", "answer": "Yes."})
    client.post(at(event, "links-new"), {"name": "Mastodon", "link": "https://example.social/@harbour"})
    public = client.get(f"/e/{event.identifier}")
    text = words(public)
    assert "Is there lunch? Yes. Getting there How do I come? By boat." in text
    assert "alert(1)" not in public.content.decode()
    assert 'href="https://bank.example.org"' in public.content.decode()
    assert 'href="https://example.social/@harbour"' in public.content.decode()


def test_a_link_goes_to_the_web_alone(client, cora, event):
    client.force_login(cora)
    answer = client.post(at(event, "links-new"), {"name": "Bad", "link": "javascript:alert(1)"})
    assert "Enter a valid URL." in words(answer)
