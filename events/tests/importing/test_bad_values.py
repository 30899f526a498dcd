"""A bad value never costs a row: it is kept as near as possible, and named."""

from datetime import UTC, datetime

import pytest

from events.models import Microlocation, Session, SocialLink, Speaker, SpeakersCall, Sponsor, Track
from events.tests.importing.exports import picture, tea_days, underscored

HOSTILE_TEXTS = [
    "",
    "   ",
    None,
    0,
    True,
    [],
    {},
    ["a", {"b": None}],
    {"name": {"name": "deep"}},
    " ".join(map(str, range(30_000))),
    "<script>alert(1)</script>",
    "\u0000\u202e\ud800\u001b[2J",
    "'; DROP TABLE events_event; --",
    "{0.__class__} {{7*7}}",
    "javascript:alert(1)",
    "../../etc/passwd",
    "file:///etc/passwd",
    "http://169.254.169.254/latest",
    1e308,
    float("nan"),
    float("inf"),
    -(10**18),
    10**400,
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00",
    "2030-02-30T00:00:00Z",
    1_900_000_000,
]


def named(report, *words):
    """Whether one line of the report has all of these words."""
    return any(all(word in line for word in words) for line in report.warnings)


@pytest.mark.parametrize("value", HOSTILE_TEXTS, ids=lambda value: ascii(value)[:30])
def test_any_value_in_any_field_of_a_row_costs_no_row(bring, value):
    documents = tea_days()
    for name in ("tracks", "microlocations", "sessions", "speakers", "sponsors"):
        first = documents[name][0]
        documents[name] += [first | {"id": n, field: value} for n, field in enumerate(first, start=1000)]
    counts = bring(documents).counts
    assert (counts["sessions"], counts["sponsors"]) == (len(documents["sessions"]), len(documents["sponsors"]))
    # There may be more of these: a session can name one that no list has.
    for name, kind in [("tracks", "tracks"), ("microlocations", "rooms"), ("speakers", "speakers")]:
        assert counts[kind] >= len(documents[name])


@pytest.mark.parametrize("value", HOSTILE_TEXTS, ids=lambda value: ascii(value)[:30])
def test_any_value_in_any_field_of_an_event_costs_no_event(bring, value):
    for where in ("event", "speakers-call", "social-links"):
        documents = tea_days()
        event = documents["event"]
        found = {"event": event, "speakers-call": event["speakers-call"], "social-links": event["social-links"][0]}
        found[where] |= dict.fromkeys(found[where], value)
        report = bring(documents)
        assert (report.counts["sessions"], report.event.state) == (2, "draft")
        assert where == "event" or report.counts["social links"] == report.counts["calls for speakers"] == 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("asia/singapore", "Asia/Singapore"),
        ("America/New York", "America/New_York"),
        ("US/Pacific", "US/Pacific"),
        ("Singapore Standard Time", "Etc/GMT-8"),
        ("../../../etc/passwd", "Etc/GMT-8"),
        (None, "Etc/GMT-8"),
    ],
)
def test_an_unknown_zone_becomes_the_nearest_and_no_time_moves(bring, said, kept):
    documents = tea_days()
    documents["event"]["timezone"] = said
    report = bring(documents)
    assert report.event.timezone == kept
    assert report.event.starts_at == datetime(2030, 3, 17, 1, tzinfo=UTC)
    assert Session.objects.first().starts_at == datetime(2030, 3, 17, 6, 25, tzinfo=UTC)
    assert named(report, "event: timezone", kept) == (said != "US/Pacific")


def test_a_time_without_an_offset_is_on_the_clocks_of_the_event(bring):
    documents = tea_days()
    documents["sessions"][0] |= {"starts-at": "2030-03-17T14:25:00", "ends-at": "2030-03-17 14:50"}
    bring(documents)
    session = Session.objects.first()
    assert (session.starts_at, session.ends_at) == (
        datetime(2030, 3, 17, 6, 25, tzinfo=UTC),
        datetime(2030, 3, 17, 6, 50, tzinfo=UTC),
    )


def test_a_time_that_is_none_is_left_out(bring):
    documents = tea_days()
    documents["sessions"][0] |= {"starts-at": "after lunch", "ends-at": "2030-13-01T00:00:00Z"}
    report = bring(documents)
    session = Session.objects.first()
    assert (session.starts_at, session.ends_at) == (None, None)
    assert named(report, "session: starts_at “after lunch” is not a time; left empty", "Leaves")


def test_a_session_that_ends_before_it_starts_lasts_as_long_as_its_kind(bring):
    documents = tea_days()
    documents["sessions"][0]["ends-at"] = "2030-03-17T04:50:00+08:00"
    report = bring(documents)
    assert Session.objects.first().ends_at == datetime(2030, 3, 17, 6, 50, tzinfo=UTC)
    assert named(report, "session: ends_at", "is before its start", "Leaves")


def test_an_event_without_times_has_those_of_its_sessions(bring):
    documents = tea_days()
    documents["event"] |= {"starts-at": None, "ends-at": "soon"}
    report = bring(documents)
    assert (report.event.starts_at, report.event.ends_at) == (
        datetime(2030, 3, 17, 6, 25, tzinfo=UTC),
        datetime(2030, 3, 18, 6, 25, tzinfo=UTC),
    )
    assert named(report, "starts_at is missing")
    assert named(report, "ends_at is missing")


def test_an_event_that_ends_before_it_starts_is_turned_round(bring):
    documents = tea_days()
    event = documents["event"]
    event["starts-at"], event["ends-at"] = event["ends-at"], event["starts-at"]
    report = bring(documents)
    assert report.event.starts_at < report.event.ends_at
    assert named(report, "both were exchanged")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Accepted", "accepted"),
        ("cancelled", "canceled"),
        ("under review", "pending"),
        ("published", "pending"),
        (7, "pending"),
    ],
)
def test_an_unknown_state_becomes_the_nearest_and_never_a_public_one(bring, said, kept):
    documents = tea_days()
    documents["sessions"][0]["state"] = said
    report = bring(documents)
    assert Session.objects.first().state == kept
    assert named(report, "session: state", kept) == (said != "Accepted")


def test_an_unknown_privacy_is_private(bring):
    documents = tea_days()
    documents["event"]["privacy"] = "friends only"
    assert bring(documents).event.privacy == "private"


def test_a_blank_name_gets_a_plain_one(bring):
    documents = tea_days()
    documents["event"]["name"] = " "
    for name, field in [("sessions", "title"), ("speakers", "name"), ("tracks", "name")]:
        documents[name][0][field] = ""
    documents["sponsors"][0]["name"] = documents["microlocations"][0]["name"] = None
    report = bring(documents)
    assert report.event.name == "Untitled event"
    assert Session.objects.first().title == "Untitled session"
    assert Speaker.objects.first().name == "Unnamed speaker"
    assert Track.objects.first().name == "Unnamed track"
    assert Sponsor.objects.first().name == "Unnamed sponsor"
    assert Microlocation.objects.first().name == "Unnamed room"
    assert named(report, "speaker: name “” is blank; kept as “Unnamed speaker” (“9”)")
    assert Session.objects.first().track.name == "Unnamed track"


def test_an_id_that_two_rows_have_costs_neither_of_them(bring):
    documents = tea_days()
    for name in ("tracks", "microlocations", "speakers", "sessions"):
        for row in documents[name]:
            row["id"] = 1
    documents["sessions"][0]["track"]["id"] = documents["sessions"][1]["track"]["id"] = 1
    documents["sessions"][0]["speakers"] = [{"id": 1, "name": "Li Wei"}]
    documents["sessions"][1]["speakers"] = [{"id": 1, "name": "Zoë Ångström"}]
    documents["speakers"][0]["sessions"], documents["speakers"][1]["sessions"] = [], []
    report = bring(documents)
    assert [(row.track.name, [who.name for who in row.speakers.all()]) for row in Session.objects.all()] == [
        ("Green", ["Li Wei"]),
        ("Black", ["Zoë Ångström"]),
    ]
    assert named(report, "track: the id “1” is there twice; both are kept", "Black")


def test_ids_may_be_texts_in_one_place_and_numbers_in_another(bring):
    documents = tea_days()
    documents["sessions"][0]["track"] = "1"
    documents["sessions"][0]["microlocation"] = 5
    documents["sessions"][0]["speakers"] = ["Zoë Ångström", {"id": "9"}]
    documents["sessions"][1]["track"] = "green"
    report = bring(documents)
    first, second = Session.objects.all()
    assert (first.track.name, first.microlocation.name, second.track.name) == ("Green", "Boiler room", "Green")
    assert first.speakers.count() == 2
    assert report.counts["tracks"] == 2


def test_a_row_that_is_only_named_is_made_from_its_name(bring):
    documents = tea_days()
    del documents["tracks"], documents["microlocations"], documents["speakers"]
    report = bring(documents)
    assert (report.counts["tracks"], report.counts["rooms"], report.counts["speakers"]) == (2, 2, 2)
    assert Session.objects.first().track.color == "#3a3"
    assert Speaker.objects.get(name="Li Wei").city == "Kunming"
    assert named(report, "track: only named by a session, made from that", "Green")


def test_a_reference_to_nothing_is_named(bring):
    documents = tea_days()
    documents["sessions"][0] |= {"track": {"id": 99}, "speakers": [{"id": 98}, None, 5.5]}
    documents["speakers"][0]["sessions"] = [{"id": 97, "title": "Gone"}]
    report = bring(documents)
    assert (Session.objects.first().speakers.count(), report.counts["sessions"]) == (0, 2)
    assert Session.objects.first().track.name == "Green"  # the track lists it, too
    assert named(report, "session: its track is not in the export", "Leaves")
    assert named(report, "speaker: names a session that is not in the export", "Li Wei")


def test_links_that_only_one_side_says_are_kept(bring):
    documents = tea_days()
    for session in documents["sessions"]:
        session |= {"speakers": None, "track": None}
    bring(documents)
    assert [(row.track.name, row.speakers.count()) for row in Session.objects.all()] == [("Green", 1), ("Black", 2)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("/images/gone.png", None),
        ("images/../../../etc/passwd", None),
        ("logo.png", None),
        ("//pictures.example.org/logo.png", "https://pictures.example.org/logo.png"),
        ("pictures.example.org/a b.png", "https://pictures.example.org/a%20b.png"),
        ("javascript:alert(1)", None),
        ("data:text/html,<script>alert(1)</script>", None),
        ("file:///etc/passwd", None),
        (["https://pictures.example.org"], None),
    ],
)
def test_a_picture_that_cannot_be_had_is_named(bring, said, kept):
    documents = tea_days()
    documents["event"]["logo-url"] = documents["speakers"][0]["photo-url"] = said
    report = bring(documents)
    assert (report.event.logo_url, Speaker.objects.first().photo_url) == (kept, kept)
    assert named(report, "event: logo_url")
    assert named(report, "speaker: photo_url")


def test_a_file_that_is_no_picture_is_named_and_the_rest_is_kept(bring, media):
    documents = tea_days()
    documents["event"]["logo-url"] = "/images/logo.png"
    documents["sponsors"][0]["logo-url"] = "/images/cups.png"
    files = {"images/logo.png": b"<svg onload='alert(1)'/>", "images/cups.png": picture(), "images/x.png": b"?"}
    report = bring(documents, files)
    assert (report.event.logo_url, report.counts["pictures"]) == (None, 1)
    assert named(report, "event: logo_url “/images/logo.png” was not kept")
    assert named(report, "1 picture that nothing names was not kept")


def test_addresses_on_the_web_are_completed_or_left_out(bring):
    documents = tea_days()
    documents["speakers"][0] |= {
        "twitter": "@li",
        "website": "www.li.example.org",
        "github": "javascript:alert(1)",
        "facebook": "none",
    }
    report = bring(documents)
    li = Speaker.objects.get(name="Li Wei")
    assert (li.twitter, li.website, li.github, li.facebook) == (
        "https://twitter.com/li",
        "https://www.li.example.org",
        None,
        None,
    )
    assert named(report, "speaker: github “javascript:alert(1)” is not a web address; left empty", "Li Wei")


def test_a_social_link_that_leads_nowhere_stays_with_its_name(bring):
    documents = tea_days()
    documents["event"]["social-links"] = [{"name": "Blog", "link": "javascript:alert(1)"}, {"name": "Chat"}]
    bring(documents)
    assert list(SocialLink.objects.values_list("name", "link")) == [("Blog", ""), ("Chat", "")]


def test_an_address_of_two_speakers_stays_with_the_first(bring):
    documents = tea_days()
    documents["speakers"][1]["email"] = "LI@tea.example.org"
    documents["speakers"].append({"id": 11, "name": "Nobody", "email": "not an address"})
    report = bring(documents)
    assert [row.email for row in Speaker.objects.all()] == ["li@tea.example.org", None, None]
    assert named(report, "belongs to another speaker", "Zoë Ångström")
    assert named(report, "speaker: email “not an address” is not an e-mail address", "Nobody")


@pytest.mark.parametrize(
    ("said", "kept"),
    [("#a1B2c3", "#a1B2c3"), ("a1b2c3", "#a1b2c3"), ("red", "#ff0000"), ("bright", "#546e7a"), (None, "#546e7a")],
)
def test_a_colour_becomes_one_that_can_be_shown(bring, said, kept):
    documents = tea_days()
    documents["tracks"][0]["color"] = said
    bring(documents)
    assert Track.objects.first().color == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [("00.30", "00:30"), ("90", "01:30"), (45, "00:45"), ("1:5", "01:05"), ("1:30:00", "01:30"), ("long", "00:30")],
)
def test_a_length_becomes_hours_and_minutes(bring, said, kept):
    documents = tea_days()
    documents["sessions"][0]["session-type"]["length"] = said
    assert bring(documents).event.session_types.first().length == kept


def test_numbers_out_of_range_are_left_out(bring):
    documents = tea_days()
    documents["event"] |= {"latitude": 91, "longitude": "103.7"}
    documents["microlocations"][0]["floor"] = "ground"
    documents["sponsors"][0]["level"] = 10**12
    report = bring(documents)
    assert (report.event.latitude, report.event.longitude) == (None, 103.7)
    assert Microlocation.objects.first().floor is None
    assert Sponsor.objects.get().level is None
    assert named(report, "event: latitude “91” is out of range; left empty")


def test_a_text_that_is_too_long_is_cut_and_named(bring):
    documents = tea_days()
    documents["sessions"][0]["title"] = "Tea " * 200
    report = bring(documents)
    assert len(Session.objects.first().title) <= 400
    assert named(report, "session: title", "has more than 400 characters")


def test_nothing_active_is_kept_in_a_text(bring):
    documents = tea_days()
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script><a href='javascript:alert(3)'>x</a>Tea"
    documents["event"] |= {"name": attack, "description": attack, "organizer-name": attack}
    documents["sessions"][0] |= {"title": attack, "short-abstract": attack}
    documents["speakers"][0] |= {"name": attack, "short-biography": attack}
    event = bring(documents).event
    event.refresh_from_db()
    session, speaker = Session.objects.first(), Speaker.objects.first()
    texts = [event.name, event.description, event.owner_name, session.title, session.short_abstract]
    for text in [*texts, speaker.name, speaker.short_biography]:
        assert not any(word in text for word in ("<script", "onerror", "javascript:"))


def test_a_call_for_speakers_without_times_has_some(bring):
    documents = tea_days()
    documents["event"]["speakers-call"] = {"announcement": "Come", "starts-at": "x", "ends-at": None}
    report = bring(documents)
    call = SpeakersCall.objects.get()
    assert call.starts_at < call.ends_at == report.event.starts_at
    assert named(report, "call for speakers: its start or its end is missing")


def test_unknown_fields_and_files_are_named(bring):
    documents = underscored(tea_days())
    documents |= {"config.json": {"app_name": "Tea"}, "forms": [{"id": 1}], "meta": {"root_url": "x"}}
    documents["event"] |= {"event_copyright": {"licence": "CC"}, "favourite_cup": "blue", "empty_cup": ""}
    documents["speakers"][0]["shoe_size"] = 41
    report = bring(documents)
    assert named(report, "event: the field “event_copyright” is not kept")
    assert named(report, "event: the field “favourite_cup” is not kept")
    assert named(report, "speaker: the field “shoe_size” is not kept", "Li Wei")
    assert not named(report, "empty_cup")
    for name in ("config.json", "forms", "meta"):
        assert named(report, f"archive: “{name}” is not part of an event here and was not kept")


def test_what_is_not_an_export_s_to_say_is_not_taken_from_it(bring):
    documents = tea_days()
    documents["event"] |= {"is-featured": True, "is-stripe-linked": True, "paypal-email": "eve@example.org"}
    event = bring(documents).event
    assert (event.is_featured, event.is_stripe_linked, event.paypal_email) == (False, False, None)


def test_entries_that_are_no_objects_are_named(bring):
    documents = tea_days()
    documents["sessions"] += [None, 7, [], "A title alone"]
    documents["sponsors"] = {"sponsors": documents["sponsors"]}
    documents["tracks"] = 5
    report = bring(documents)
    assert (report.counts["sessions"], report.counts["sponsors"], report.counts["tracks"]) == (3, 1, 2)
    assert named(report, "session: 3 entries of the list are not objects")
    assert named(report, "track: a list was expected")


def test_equal_findings_are_one_line_that_names_some(bring):
    documents = tea_days()
    row = documents["sessions"][0]
    documents["sessions"] = [row | {"id": n, "title": f"Talk {n}", "level": "Wizard"} for n in range(9)]
    report = bring(documents)
    expected = "session: level “Wizard” is not a level here; left empty"
    assert f"{expected} (9 times: “Talk 0”, “Talk 1”, “Talk 2”, …)" in report.warnings


def test_a_summary_has_an_end(bring):
    documents = tea_days()
    documents["speakers"][0] |= {f"field_{n}": "x" for n in range(600)}
    report = bring(documents, may_add_kinds=True)
    assert (len(report.warnings), report.warnings[-1]) == (501, "and 100 more of the kind")


def test_letters_in_another_encoding_cost_no_row(bring):
    documents = tea_days()
    documents["tracks"] = '[{"id": 1, "name": "Grün"}]'.encode("latin-1")
    report = bring(documents)
    assert Track.objects.first().name == "Gr\ufffdn"
    assert named(report, "tracks: some letters are not UTF-8")


def test_a_deleted_session_stays_deleted(bring):
    documents = tea_days()
    documents["sessions"][0]["deleted-at"] = "2030-01-01T00:00:00Z"
    bring(documents)
    assert Session.objects.first().deleted_at == datetime(2030, 1, 1, tzinfo=UTC)
