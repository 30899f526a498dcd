"""What becomes of a session: the table, the mails, who may write to speakers; and what people say of it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import CustomForm, EmailNotification, Feedback, Session, Speaker, SpeakersCall, UserFavouriteSession
from events.models.programme import SESSION_STATES
from events.services.session_mails import STATE_MAILS
from notifications.models import Mail, Notification
from orders.models import Order
from tests.contract.front_end import FrontEnd, Refusal
from tests.contract.world import resource_document


@pytest.fixture(autouse=True)
def _nothing_told_yet(world):
    Mail.objects.all().delete()
    EmailNotification.objects.all().delete()
    Notification.objects.all().delete()


@pytest.fixture
def session(world):
    return world.rows["ours"]["session"]


def move(world, who, session, state, **more):
    document = resource_document("session", key=session.pk, state=state, **more)
    return world.api(who).patch(f"/v1/sessions/{session.pk}", document)


def test_the_table_that_is_served_is_the_one_that_is_asked(world, session):
    table = FrontEnd().load("GET", "/v1/sessions/states")
    assert set(table) == {"organizer", "speaker"}
    for who, name in (("co-organizer", "organizer"), ("speaker", "speaker")):
        assert set(table[name]) == set(SESSION_STATES)
        for before in SESSION_STATES:
            for after in SESSION_STATES:
                if before == after:
                    continue
                Session.objects.filter(pk=session.pk).update(state=before)
                wanted = 200 if table[name][before].get(after) else 403
                assert (before, after, move(world, who, session, after).status_code) == (before, after, wanted)


def test_there_are_words_for_every_state_that_speakers_are_told_of(world):
    mails = FrontEnd().load("GET", "/v1/sessions/mails")
    assert mails.keys() == {"recipient", *SESSION_STATES} - {"draft"}
    assert all(set(mail) == {"subject", "message"} for state, mail in mails.items() if state != "recipient")


def test_a_decision_is_mailed_only_if_asked(world, session):
    move(world, "co-organizer", session, "rejected", send_email=False)
    assert not Mail.objects.exists()
    assert move(world, "co-organizer", session, "accepted", send_email=True).status_code == 200
    told = Mail.objects.filter(kind="session-state-change")
    team = {f"{name}@example.org" for name in ("owner", "organizer", "co-organizer")}
    assert {mail.recipient for mail in told} == {"speaker@example.org", *team}
    mail = told.get(recipient="speaker@example.org")
    assert mail.subject.startswith("Accepted! Congratulations, your submission for Fair of ours titled ours session")
    assert mail.asked_by == world.people["co-organizer"]
    session.refresh_from_db()
    assert session.is_mail_sent
    assert Notification.objects.get(kind="session_state_change").user == world.people["speaker"]
    move(world, "co-organizer", session, "accepted", send_email=True)  # nothing new
    assert told.count() == 4


def test_placeholders_are_filled_once_and_nothing_else_is_read(world, session):
    Session.objects.filter(pk=session.pk).update(title="{event_link} {{7*7}} {0.__class__}")
    words = {"subject": "About {session_name}", "message": "{user.password} {nothing} {event_name} {{ 7|add:7 }}"}
    FrontEnd("owner@example.org").load("POST", f"/v1/sessions/{session.pk}/notify", words)
    mail = Mail.objects.filter(kind="session-state-change").first()
    assert mail.subject == "About {event_link} {{7*7}} {0.__class__}"
    assert "{user.password} {nothing} Fair of ours {{ 7|add:7 }}" in mail.text


def test_markup_in_a_message_is_only_text(world, session):
    words = {"subject": "Hello", "message": "<script>alert(1)</script>"}
    FrontEnd("owner@example.org").load("POST", f"/v1/sessions/{session.pk}/notify", words)
    assert "<script>" not in Mail.objects.first().html


def test_only_the_team_writes_in_its_own_words(world, session):
    address = f"/v1/sessions/{session.pk}/notify"
    for words in ({"subject": "Win a prize"}, {"message": "Click here"}, {"bcc": ["x@example.org"]}):
        for who in ("speaker", "moderator"):
            with pytest.raises(Refusal) as refused:
                FrontEnd(f"{who}@example.org").load("POST", address, words)
            assert refused.value.status == 403
    assert FrontEnd("speaker@example.org").load("POST", address, {}) == {"success": True}
    assert FrontEnd("owner@example.org").load("POST", address, {"bcc": ["x@example.org"]}) == {"success": True}
    assert Mail.objects.filter(recipient="x@example.org").count() == 1


def test_nobody_else_writes_to_speakers_at_all(world, session):
    statuses = {}
    for who in ("anonymous", "eve", "buyer", "registrar", "organizer-elsewhere"):
        statuses[who] = world.api(who).post(f"/v1/sessions/{session.pk}/notify", {}).status_code
    assert statuses == {"anonymous": 401, "eve": 403, "buyer": 403, "registrar": 403, "organizer-elsewhere": 403}
    hidden = world.rows["theirs"]["session"]
    assert world.api("owner").post(f"/v1/sessions/{hidden.pk}/notify", {}).status_code == 404


@pytest.mark.parametrize(
    ("words", "pointer"),
    [
        ({"subject": "x" * 251}, "/subject"),
        ({"subject": "one\r\nBcc: victim@example.org"}, "/subject"),
        ({"subject": 7}, "/subject"),
        ({"message": "x" * 5001}, "/message"),
        ({"bcc": "x@example.org"}, "/bcc"),
        ({"bcc": ["x@example.org\r\nTo: y@example.org"]}, "/bcc/0"),
        ({"bcc": [f"{n}@example.org" for n in range(21)]}, "/bcc"),
    ],
)
def test_words_that_do_not_fit_a_mail_are_refused_at_their_place(world, session, words, pointer):
    with pytest.raises(Refusal) as refused:
        FrontEnd("owner@example.org").load("POST", f"/v1/sessions/{session.pk}/notify", words)
    assert (refused.value.status, refused.value.body["errors"][0]["source"]["pointer"]) == (422, pointer)
    assert not Mail.objects.exists()


def test_a_draft_has_no_words_of_the_house(world, session):
    Session.objects.filter(pk=session.pk).update(state="draft")
    assert world.api("owner").post(f"/v1/sessions/{session.pk}/notify", {}).status_code == 422
    assert "draft" not in STATE_MAILS


def test_the_team_hears_of_a_submission_when_it_is_one(world):
    document = resource_document("session", relationships={"event": world.event}, title="A talk", state="draft")
    made = world.api("eve").post("/v1/sessions", document).json()["data"]["id"]
    assert not Mail.objects.exists()
    session = Session.objects.get(pk=made)
    assert move(world, "eve", session, "pending").status_code == 200
    assert Mail.objects.get(kind="new-session").recipient == "owner@example.org"
    told = Notification.objects.filter(kind="new_session")
    assert {each.user for each in told} == {world.people["owner"], world.people["organizer"]}


def test_what_has_taken_place_is_not_withdrawn(world, session):
    Session.objects.filter(pk=session.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    assert move(world, "speaker", session, "withdrawn").status_code == 403
    assert move(world, "co-organizer", session, "withdrawn").status_code == 200


@pytest.fixture
def questions(world):
    CustomForm.objects.filter(event=world.event).delete()
    for form, name in (("session", "shortAbstract"), ("session", "diet"), ("session", "track"), ("speaker", "city")):
        CustomForm.objects.create(
            event=world.event, form=form, field_identifier=name, name=name, is_included=True, is_required=True
        )


def pointers(answer):
    return answer.status_code, answer.json()["errors"][0]["source"]["pointer"]


def test_a_submission_answers_what_is_asked_and_a_draft_may_wait(world, questions):
    def propose(who="eve", **more):
        parts = {"event": world.event} | more.pop("parts", {})
        document = resource_document("session", relationships=parts, **{"title": "A talk", "state": "pending"} | more)
        return world.api(who).post("/v1/sessions", document)

    told = {"short_abstract": "", "complex_field_values": {}}
    assert pointers(propose(**told)) == (422, "/data/attributes/short-abstract")
    told |= {"short_abstract": "Boats"}
    assert pointers(propose(**told)) == (422, "/data/attributes/complex-field-values/diet")
    told |= {"complex_field_values": {"diet": "None"}}
    assert pointers(propose(**told)) == (422, "/data/relationships/track")
    assert propose(**told, parts={"track": world.rows["ours"]["track"]}).status_code == 201
    assert propose("track-organizer").status_code == 201
    draft = Session.objects.get(pk=propose(state="draft").json()["data"]["id"])
    assert pointers(move(world, "eve", draft, "pending")) == (422, "/data/attributes/short-abstract")
    profile = resource_document("speaker", relationships={"event": world.event}, name="Eve")
    assert pointers(world.api("eve").post("/v1/speakers", profile)) == (422, "/data/attributes/city")
    profile["data"]["attributes"]["city"] = "Norrhaven"
    assert world.api("eve").post("/v1/speakers", profile).status_code == 201


def test_answers_are_flat(world, session):
    document = resource_document("session", key=session.pk, complex_field_values={"a": {"b": 1}})
    answer = world.api("owner").patch(f"/v1/sessions/{session.pk}", document)
    assert pointers(answer) == (422, "/data/attributes/complex-field-values")


def test_only_organizers_take_a_speaker_s_address_away(world):
    speaker = world.rows["ours"]["speaker"]
    document = resource_document("speaker", key=speaker.pk, is_email_overridden=True)
    address = f"/v1/speakers/{speaker.pk}"
    assert [world.api(who).patch(address, document).status_code for who in ("speaker", "co-organizer")] == [403, 403]
    assert world.api("organizer").patch(address, document).status_code == 200
    speaker.refresh_from_db()
    assert (speaker.is_email_overridden, speaker.email) == (True, None)


def test_a_private_call_is_there_for_its_team_and_by_the_hash_of_its_link(world):
    SpeakersCall.objects.filter(event=world.event).update(privacy="private", hash="s3cret")
    address = f"/v1/events/{world.event.identifier}/speakers-call"
    assert world.api("owner").get(address).json()["data"]["attributes"]["hash"] == "s3cret"
    for who in ("anonymous", "eve"):
        assert world.api(who).get(address).json()["data"] is None
        assert world.api(who).get(address, {"hash": "other"}).json()["data"] is None
        shown = world.api(who).get(address, {"hash": "s3cret"}).json()["data"]["attributes"]
        assert (shown["privacy"], "hash" in shown) == ("private", False)
        assert world.api(who).get(world.address("speakers-call")).status_code == 404


# ── The plain endpoints ──────────────────────────────────────────────────────────────────────────


def test_days_and_languages_are_those_of_the_sessions_that_are_shown(world, session):
    Session.objects.filter(pk=session.pk).update(language="German")
    Session.objects.create(
        event=world.event, title="Later", state="pending", language="Dutch", starts_at=world.event.ends_at
    )
    visitor, identifier = FrontEnd(), world.event.identifier
    day = session.starts_at.astimezone(world.event.zone).date().isoformat()
    assert visitor.load("GET", f"/v1/events/{identifier}/sessions/dates") == [day]
    assert visitor.load("GET", f"/v1/events/{world.event.pk}/sessions/languages") == ["German"]
    hidden = world.rows["theirs"]["event"].identifier
    for name in ("dates", "languages"):
        assert world.api("eve").get(f"/v1/events/{hidden}/sessions/{name}").status_code == 404


def test_a_question_reaches_the_team_and_its_writer(world):
    address = f"/v1/events/{world.event.identifier}/contact-organizer"
    assert FrontEnd("eve@example.org").load("POST", address, {"email": "Is there <b>tea</b>?"}) == {"success": True}
    mails = Mail.objects.filter(kind="contact-organizers")
    assert {mail.recipient for mail in mails} == {
        f"{name}@example.org" for name in ("owner", "organizer", "co-organizer", "eve")
    }
    assert mails.get(recipient="owner@example.org").reply_to == "eve@example.org"
    assert "<b>tea" not in mails.get(recipient="owner@example.org").html
    assert world.api("anonymous").post(address, {"email": "x"}).status_code == 401
    assert world.api("eve").post(address, {"email": " "}).status_code == 422
    hidden = world.rows["theirs"]["event"].identifier
    assert world.api("eve").post(f"/v1/events/{hidden}/contact-organizer", {"email": "x"}).status_code == 404


def test_speakers_are_given_places_all_or_none(world):
    speaker, other = world.rows["ours"]["speaker"], world.rows["theirs"]["speaker"]
    second = Speaker.objects.create(event=world.event, name="Second")
    address = f"/v1/events/{world.event.identifier}/reorder-speakers"
    places = [{"speaker": str(speaker.pk), "order": 2}, {"speaker": second.pk, "order": 1}]
    owner = FrontEnd("owner@example.org")
    assert owner.load("POST", address, places) == {"success": True, "updates": 2}
    orders = dict(world.event.speakers.values_list("name", "order"))
    assert orders == {"ours speaker": 2, "Second": 1}
    foreign = [{"speaker": second.pk, "order": 9}, {"speaker": other.pk, "order": 1}]
    for body, status in ((foreign, 403), ({"speaker": 1}, 422), ([{"speaker": 1, "order": True}], 422)):
        with pytest.raises(Refusal) as refused:
            owner.load("POST", address, body)
        assert refused.value.status == status
    assert dict(world.event.speakers.values_list("name", "order")) == orders
    assert world.api("eve").post(address, places).status_code == 403
    assert owner.load("POST", f"{address}?reset", []) == {"success": True, "updates": 2}
    assert set(world.event.speakers.values_list("order", flat=True)) == {0}


# ── Opinions ─────────────────────────────────────────────────────────────────────────────────────


def rate(world, who, rating, **about):
    about = about or {"session": world.rows["ours"]["session"]}
    return world.api(who).post("/v1/feedbacks", resource_document("feedback", relationships=about, rating=rating))


def ratings(session):
    session.refresh_from_db()
    return session.average_rating, session.rating_count


def test_the_average_is_that_of_what_stands(world, session):
    first = rate(world, "attendee", 5).json()["data"]
    rate(world, "co-organizer", 2)
    assert ratings(session) == (3.5, 2)
    document = resource_document("feedback", key=first["id"], rating=3)
    assert world.api("attendee").patch(f"/v1/feedbacks/{first['id']}", document).status_code == 200
    assert ratings(session) == (2.5, 2)
    world.api("attendee").delete(f"/v1/feedbacks/{first['id']}")
    assert ratings(session) == (2, 1)
    document = resource_document("feedback", key=first["id"], deleted_at=None)
    world.api("superadmin").patch(f"/v1/feedbacks/{first['id']}?get_trashed=true", document)
    assert ratings(session) == (2.5, 2)


def test_feedback_is_given_once_by_whoever_attends_or_speaks(world):
    assert [rate(world, "attendee", 5).status_code for _ in range(2)] == [201, 409]
    assert rate(world, "speaker", 5).status_code == 201
    assert rate(world, "eve", 5).status_code == 403
    Order.objects.update(status="cancelled")
    Feedback.objects.all().delete()
    assert rate(world, "attendee", 5).status_code == 403


@pytest.mark.parametrize("rating", [0, 6, "many", None])
def test_stars_are_one_to_five(world, rating):
    answer = rate(world, "attendee", rating)
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/data/attributes/rating"})


def test_feedback_is_about_one_thing_and_in_ones_own_name(world, session):
    Feedback.objects.all().delete()
    both = {"session": session, "event": world.event}
    assert rate(world, "attendee", 5, **both).status_code == 422
    assert rate(world, "attendee", 5, user=world.people["attendee"]).status_code == 422
    assert rate(world, "owner", 5, event=world.event, user=world.people["organizer"]).status_code == 403
    assert rate(world, "owner", 5, event=world.event, user=world.people["owner"]).status_code == 201


def test_feedback_on_sessions_is_found_as_the_organizer_s_page_asks(world, session):
    rate(world, "owner", 4)
    owner = FrontEnd("owner@example.org")
    at_event = {"name": "identifier", "op": "eq", "val": world.event.identifier}
    at_session = [{"name": "session", "op": "has", "val": {"name": "event", "op": "has", "val": at_event}}]
    found = owner.get(f"/v1/users/{owner.user_id}/feedbacks", include="session", filter=at_session)
    assert [row["attributes"]["rating"] for row in found["data"]] == [4]
    listed = owner.get(
        f"/v1/events/{world.event.identifier}/sessions",
        include="speakers,feedbacks,session-type,track",
        sort="-submitted-at",
        page_size=10,
        page_number=1,
    )
    assert listed["data"][0]["attributes"]["average-rating"] == 4
    assert [row["type"] for row in listed["included"]].count("feedback") == 1


def test_a_star_is_ones_own_and_its_number_everybody_s(world, session):
    UserFavouriteSession.objects.all().delete()
    eve = FrontEnd("eve@example.org")
    document = resource_document("user-favourite-session", relationships={"session": session})
    made = [world.api(who).post("/v1/user-favourite-sessions", document) for who in ("eve", "eve", "superadmin")]
    assert [answer.status_code for answer in made] == [201, 409, 201]
    address = f"/v1/sessions/{session.pk}"
    shown = eve.get(address, include="favourite")
    assert shown["data"]["attributes"]["favourite-count"] == 2
    own = made[0].json()["data"]["id"]
    assert shown["data"]["relationships"]["favourite"]["data"] == {"type": "user-favourite-session", "id": own}
    assert FrontEnd().get(address, include="favourite")["data"]["relationships"]["favourite"]["data"] is None
    root = world.api("superadmin").get(f"{address}/favourite").json()["data"]
    assert root["id"] == made[2].json()["data"]["id"]
    everybodys = eve.follow(shown["data"], "favourites", include="user", page_size=0)
    assert [row["id"] for row in everybodys["data"]] == [own]
    mine = {"name": "user", "op": "has", "val": {"name": "id", "op": "eq", "val": str(eve.user_id)}}
    schedule = [{"name": "favourites", "op": "any", "val": mine}]
    sessions = f"/v1/events/{world.event.identifier}/sessions"
    assert len(eve.get(sessions, filter=schedule, include="favourite")["data"]) == 1
    assert FrontEnd("buyer@example.org").get(sessions, filter=schedule)["data"] == []
    assert world.api("eve").delete(f"/v1/user-favourite-sessions/{own}").status_code == 200
    session.refresh_from_db()
    assert session.favourite_count == 1


def test_nobody_stars_what_they_do_not_see(world):
    hidden = world.rows["theirs"]["session"]
    document = resource_document("user-favourite-session", relationships={"session": hidden})
    answer = world.api("eve").post("/v1/user-favourite-sessions", document)
    assert answer.status_code == 404
    assert "theirs" not in json.dumps(answer.json())
