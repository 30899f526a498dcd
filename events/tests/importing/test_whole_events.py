"""A sound export arrives whole, in whichever dialect."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from accounts.models import Activity
from events.models import Event, EventTopic, Session, SocialLink, Speaker, SpeakersCall, Sponsor
from events.services.import_event import import_event
from events.tests.importing.exports import picture, tea_days, underscored, zipped


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


DIALECTS = {"dashed": tea_days, "underscored": lambda: underscored(tea_days())}


@pytest.fixture(params=DIALECTS)
def documents(request):
    return DIALECTS[request.param]()


def test_everything_of_an_event_arrives(bring, documents):
    report = bring(documents, may_add_kinds=True)
    assert report.warnings == []
    assert report.counts == {
        "tracks": 2,
        "rooms": 2,
        "session types": 2,
        "sessions": 2,
        "speakers": 2,
        "speakers in sessions": 3,
        "sponsors": 1,
        "social links": 1,
        "calls for speakers": 1,
        "pictures": 0,
    }
    event = Event.objects.get()
    assert (event.name, event.timezone, event.location_name) == ("Tea Days", "Asia/Singapore", "Old Dock 3")
    assert (event.starts_at, event.ends_at) == (at(2030, 3, 17, 1), at(2030, 3, 18, 10))
    assert (event.owner_name, event.has_owner_info) == ("The Kettle Club", True)
    assert (event.external_event_url, event.logo_url) == (
        "https://tea.example.org",
        "https://pictures.example.org/logo",
    )
    assert (event.event_type.name, event.event_topic.name) == ("Tea party", "Food & Drink")
    assert event.schedule_published_on == at(2030, 3, 1, 10, 36, 1, 824511)
    assert (event.is_sessions_speakers_enabled, event.is_sponsors_enabled, event.is_cfs_enabled) == (True,) * 3
    call = SpeakersCall.objects.get(event=event)
    assert (call.starts_at, call.ends_at) == (at(2029, 11, 1, 8), at(2030, 1, 20, 9))
    sponsor = Sponsor.objects.get(event=event)
    assert (sponsor.name, sponsor.level, sponsor.type) == ("Cups & Co", 2, "Gold")
    assert SocialLink.objects.values_list("name", "link").get(event=event) == (
        "Blog",
        "https://blog.tea.example.org",
    )


def test_every_link_and_every_time_is_right(bring, documents):
    event = bring(documents).event
    seen = [
        {
            "title": session.title,
            "starts": f"{session.starts_at.astimezone(event.zone):%d %H:%M}",
            "ends": session.ends_at,
            "track": session.track.name,
            "room": session.microlocation.name,
            "kind": (session.session_type.name, session.session_type.length),
            "speakers": sorted(speaker.name for speaker in session.speakers.all()),
        }
        for session in Session.objects.filter(event=event)
    ]
    assert seen == [
        {
            "title": "Leaves",
            "starts": "17 14:25",
            "ends": at(2030, 3, 17, 6, 50),
            "track": "Green",
            "room": "Boiler room",
            "kind": ("Talk", "00:25"),
            "speakers": ["Li Wei"],
        },
        {
            "title": "Smoke",
            "starts": "18 09:00",
            "ends": at(2030, 3, 18, 2),
            "track": "Black",
            "room": "Attic",
            "kind": ("Talk", "01:00"),
            "speakers": ["Li Wei", "Zoë Ångström"],
        },
    ]


def test_what_only_a_session_says_of_a_speaker_is_not_lost(bring, documents):
    bring(documents)
    speaker = Speaker.objects.get(name="Li Wei")
    assert (speaker.heard_from, speaker.city, speaker.country) == ("a friend", "Kunming", "China")


def test_an_imported_event_is_a_draft_of_its_owner_under_a_new_address(bring, documents, ada):
    first, second = bring(documents).event, bring(documents).event
    for event in (first, second):
        assert event.state == "draft"
        assert [(row.user, row.role.name) for row in event.roles.all()] == [(ada, "owner")]
    assert "45da88b7" not in (first.identifier, second.identifier)
    assert first.identifier != second.identifier


def test_an_import_is_written_down(bring, ada):
    event = bring(tea_days()).event
    line = Activity.objects.get()
    assert (line.actor, line.action, line.event_id) == (ada, "event.imported", event.pk)


@pytest.mark.parametrize(
    "packing", [{"ending": ".json"}, {"folder": "TeaDays/"}, {"folder": "Tea Days/", "ending": ".JSON"}]
)
def test_file_names_may_have_an_ending_and_lie_in_a_folder(ada, packing):
    archive = zipped(tea_days(), {"images/logo.png": picture()}, **packing)
    assert import_event(archive, by=ada).counts["sessions"] == 2


def test_an_export_with_nothing_but_an_event_is_an_event(bring):
    report = bring({"event": tea_days()["event"]})
    assert (report.event.name, report.counts["sessions"]) == ("Tea Days", 0)


def test_a_list_of_session_types_is_read_where_there_is_one(bring):
    documents = underscored(tea_days())
    documents["session_types"] = [
        {"id": 20, "name": "Long talk", "length": "00:45"},
        {"id": 21, "name": "Lecture", "length": "01:00"},
        {"id": 22, "name": "Party", "length": "05:00"},
    ]
    report = bring(documents)
    assert report.counts["session types"] == 3
    assert [row.session_type.name for row in report.event.sessions.all()] == ["Long talk", "Lecture"]


def test_names_of_the_oldest_servers_are_known(bring):
    event = {"name": "Old", "start_time": "2016-03-18T09:00:00", "end_time": "2016-03-18T18:00:00"}
    event |= {"timezone": "Asia/Singapore", "background_image": "/images/back.png", "logo": None}
    event |= {"call_for_papers": {"start_date": "2015-01-01T00:00:00", "end_date": "2016-01-01T00:00:00"}}
    session = {"id": 1, "title": "Talk", "start_time": "2016-03-18T10:00:00", "slides": "https://s.example.org"}
    documents = {
        "event": event,
        "sessions": [session | {"video": "https://v.example.org"}],
        "speakers": [{"id": 1, "name": "Li", "photo": "https://p.example.org/li"}],
        "sponsors": [{"id": 1, "name": "Cups", "sponsor_type": "Gold", "logo": "https://p.example.org/cups"}],
    }
    report = bring(documents, {"images/back.png": picture()})
    assert report.warnings == []
    assert report.event.starts_at == at(2016, 3, 18, 1)
    assert report.event.original_image_url.startswith("http://127.0.0.1")
    talk = Session.objects.get()
    assert (talk.starts_at, talk.slides_url) == (at(2016, 3, 18, 2), "https://s.example.org")
    assert Speaker.objects.get().photo_url == "https://p.example.org/li"
    assert Sponsor.objects.get().type == "Gold"
    assert SpeakersCall.objects.get().ends_at == at(2015, 12, 31, 16)


def test_pictures_of_the_archive_are_made_anew_and_kept_in_every_size(bring, media):
    documents = tea_days()
    documents["event"] |= {"original-image-url": "/images/back.jpg", "logo-url": "images/Logo%201.png"}
    documents["speakers"][0]["photo-url"] = "/images/speakers/li.jpg"
    documents["speakers"][1]["photo-url"] = "./images/speakers/li.jpg"
    documents["sponsors"][0]["logo-url"] = "/images/cups.png"
    files = {
        "images/back.jpg": picture("JPEG", (2000, 1000)) + b"<script>alert(1)</script>",
        "images/Logo 1.png": picture(),
        "images/speakers/li.jpg": picture("JPEG", (600, 600)),
        "images/cups.png": picture("GIF"),
        "images/": b"",
    }
    report = bring(documents, files)
    assert (report.warnings, report.counts["pictures"]) == (NO_KINDS, 4)
    event = report.event
    sizes = [
        image_at(url, media).size
        for url in (event.original_image_url, event.large_image_url, event.thumbnail_image_url, event.icon_image_url)
    ]
    assert sizes == [(2000, 1000), (1000, 500), (400, 200), (60, 30)]
    li, zoe = Speaker.objects.filter(event=event)
    assert image_at(li.icon_image_url, media).size == (35, 35)
    assert zoe.photo_url == li.photo_url  # one picture is kept once
    assert image_at(Sponsor.objects.get().logo_url, media).format == "PNG"
    assert not any(b"<script>" in path.read_bytes() for path in media.rglob("*.*"))


def test_a_staff_list_is_not_extended_by_an_import_unless_it_may(bring):
    EventTopic.objects.create(name="FOOD & drink")
    report = bring(tea_days())
    assert report.event.event_topic.name == "FOOD & drink"
    assert report.event.event_type is None
    assert report.warnings == NO_KINDS[:1]


NO_KINDS = [
    "event: event_type “Tea party” is not in this site's list; left empty (“Tea Days”)",
    "event: event_topic “Food & Drink” is not in this site's list; left empty (“Tea Days”)",
]


def image_at(url, media):
    return Image.open(io.BytesIO((media / url.partition("/media/")[2]).read_bytes()))
