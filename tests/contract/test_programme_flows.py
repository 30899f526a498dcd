"""Stars, submissions, decisions and ratings in the web front end (client flows 4, 7 and 12), as it sends them."""

from urllib.parse import quote

import pytest

from events.models import CustomForm, Feedback, Session, Speaker, UserFavouriteSession
from notifications.models import Mail
from tests.contract.front_end import FrontEnd, Refusal, address, included, moment, one

ACCEPTED = {"or": [{"name": "state", "op": "eq", "val": state} for state in ("confirmed", "accepted")]}


@pytest.fixture
def eid(world):
    return world.event.identifier


@pytest.fixture
def eve(world):
    return FrontEnd("eve@example.org")


@pytest.fixture
def owner(world):
    return FrontEnd("owner@example.org")


def public_page(front_end, eid):
    """The event as its public page loads it."""
    include = (
        "social-links,event-copyright,speakers-call,tax,owner,organizers,video-stream,custom-forms,group,"
        "group.followers,group.followers.user"
    )
    return front_end.get(f"/v1/events/{eid}", include=include)


def is_mine(front_end):
    return {"name": "user", "op": "has", "val": {"name": "id", "op": "eq", "val": str(front_end.user_id)}}


# ── What anybody reads ───────────────────────────────────────────────────────────────────────────

TALK = '[{"name":"sessions","op":"any","val":{"and":[{"name":"deleted-at","op":"eq","val":null},' + (
    '{"or":[{"name":"state","op":"eq","val":"accepted"},{"name":"state","op":"eq","val":"confirmed"}]}]}}]'
)
SIDE_MENU = {
    "speakers": f"cache=true&public=true&fields[speaker]=id&page[size]=1&filter={TALK}",
    "exhibitors": 'page[size]=1&filter=[{"name":"status","op":"eq","val":"accepted"}]',
    "sessions": (
        "cache=true&public=true&fields[session]=id&page[size]=1&filter="
        '[{"or":[{"name":"state","op":"eq","val":"confirmed"},{"name":"state","op":"eq","val":"accepted"}]}]'
    ),
}


@pytest.mark.parametrize("who", [None, "eve@example.org"])
@pytest.mark.parametrize(("name", "query"), SIDE_MENU.items())
def test_the_side_menu_asks_with_brackets_as_they_are(world, eid, name, query, who):
    """The loader writes the address itself: a browser escapes quotes, braces and blanks in it, and nothing else."""
    sent = quote(query, safe="[]&=,:/%")
    assert "[" in sent
    assert len(FrontEnd(who).load("GET", f"/v1/events/{eid}/{name}?{sent}")["data"]) == 1


def test_a_blank_is_sent_as_a_plus_and_strange_parameters_are_let_be(world):
    answer = FrontEnd().raw(
        "GET",
        "/v1/events?filter=%5B%7B%22name%22:%22name%22,%22op%22:%22eq%22,%22val%22:%22Fair+of+ours%22%7D%5D&nocache=true&upcoming=true",
    )
    assert answer.json()["meta"] == {"count": 1}


TICKET = (
    "name type price quantity description is-description-visible is-hidden sales-starts-at sales-ends-at min-order "
    "max-order min-price max-price position is-fee-absorbed"
)
TAX = "name rate is-tax-included-in-price"  # the rest is for whoever writes invoices
SPEAKER = (
    "name photo-url thumbnail-image-url small-image-url organisation position is-featured order speaker-positions "
    "short-biography twitter facebook github linkedin instagram mastodon website"
)
CALL = "announcement starts-at soft-ends-at ends-at privacy"
FORM = (
    "field-identifier form type name is-required is-included is-fixed is-complex is-public position form-id "
    "description min max translations main-language"
)
CARD = (
    "identifier name starts-at ends-at timezone location-name online thumbnail-image-url original-image-url logo-url "
    "is-featured schedule-published-on is-sessions-speakers-enabled is-cfs-enabled"
)
SHOWN = {"tickets": TICKET, "tax": TAX, "speakers": SPEAKER, "speakers-call": CALL, "custom-forms": FORM}


@pytest.mark.parametrize(("name", "keys"), SHOWN.items())
def test_what_the_public_page_shows_is_there_for_a_visitor(world, eid, name, keys):
    visitor = FrontEnd()
    event = public_page(visitor, eid)["data"]
    assert event["attributes"].keys() >= set(CARD.split())
    data = visitor.follow(event, name, page_size=0)["data"]
    for row in data if isinstance(data, list) else [data]:
        assert row["attributes"].keys() >= set(keys.split())


# ── Stars ────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_is_starred_found_in_one_s_schedule_and_let_go(world, eid, eve):
    UserFavouriteSession.objects.all().delete()
    session = world.rows["ours"]["session"]
    star = eve.create(
        "user-favourite-sessions", "user-favourite-session", relationships={"session": one("session", session)}
    )
    event = public_page(eve, eid)["data"]
    mine = [{"and": [ACCEPTED]}, {"name": "favourites", "op": "any", "val": is_mine(eve)}]
    include = "track,speakers,session-type,favourite,microlocation.video-stream"
    query = {"page_size": 6, "page_number": 1, "include": include, "filter": mine, "sort": "starts-at,id"}
    [found] = eve.follow(event, "sessions", **query)["data"]
    assert found["relationships"]["favourite"]["data"] == one("user-favourite-session", star["id"])
    page = eve.get(f"/v1/sessions/{session.pk}", include="session-type,speakers,track,event,favourite")["data"]
    assert len(eve.follow(page, "favourites", include="user", page_size=0)["data"]) == 1
    eve.delete(star)
    assert eve.follow(event, "sessions", **query)["data"] == []


def test_the_group_of_an_event_is_followed_and_left(world, eid, eve):
    group = world.rows["ours"]["group"]
    follow = eve.create("user-follow-groups", "user-follow-group", relationships={"group": one("group", group)})
    me = eve.get(f"/v1/users/{eve.user_id}")["data"]
    assert len(included(eve.follow(me, "followed-groups", include="group,user"), "group")) == 1
    following = [{"name": "followers", "op": "any", "val": is_mine(eve)}]
    query = {"page_size": 10, "page_number": 1, "include": "follower,user,events", "filter": following}
    assert eve.get("/v1/groups", **query)["meta"]["count"] == 1
    assert one("user-follow-group", follow["id"]) in [
        one(row["type"], row["id"]) for row in public_page(eve, eid)["included"]
    ]
    eve.delete(follow)
    assert eve.get("/v1/groups", **query)["data"] == []


def test_a_group_is_made_and_edited_by_whoever_runs_it(world, eve):
    links = [{"name": "Website", "link": "https://example.org/quay", "is_custom": False}]
    group = eve.create("groups", "group", name="Quay folk", is_promoted=False, social_links=links)
    shown = eve.get(address(group), include="user,events")["data"]
    saved = eve.save(shown, about="<p>We meet on Fridays.</p>")
    assert (saved["attributes"]["about"], saved["attributes"]["social-links"]) == ("<p>We meet on Fridays.</p>", links)
    eve.delete(saved)


def test_a_question_goes_to_the_organizers(world, eid, eve):
    assert eve.load("POST", f"/v1/events/{eid}/contact-organizer", {"email": "Is there a ramp?"}) == {"success": True}


# ── A submission ─────────────────────────────────────────────────────────────────────────────────


def test_a_stranger_answers_the_call_for_speakers(world, eid, eve):
    event = public_page(eve, eid)["data"]
    assert eve.follow(event, "speakers-call")["data"]["attributes"]["privacy"] == "public"
    me = {"name": "email", "op": "eq", "val": "eve@example.org"}
    pending = {"name": "status", "op": "eq", "val": "pending"}
    assert eve.follow(event, "speakers", filter=[me])["data"] == []
    offers = eve.follow(event, "speaker-invites", filter=[{"and": [me, pending]}], include="event,session")
    assert offers["data"] == []
    assert eve.follow(event, "custom-forms", sort="id", page_size=0)["data"]
    for name in ("tracks", "session-types"):
        assert eve.follow(event, name)["data"]
    here = {"event": one("event", event["id"])}
    speaker = eve.create(
        "speakers",
        "speaker",
        relationships=here | {"user": one("user", eve.user_id)},
        name="Eve",
        email="eve@example.org",
        is_featured=False,
        is_email_overridden=False,
        complex_field_values={},
    )
    chosen = {name: one(name, world.rows["ours"][name]) for name in ("track", "session-type")}
    session = eve.create(
        "sessions",
        "session",
        relationships=here | chosen | {"creator": one("user", eve.user_id), "speakers": []},
        title="On knots",
        state="pending",
        is_locked=False,
        is_mail_sent=False,
        submitted_at=moment(),
        complex_field_values={},
    )
    session = eve.get(address(session), include="speakers,track,session-type,event")["data"]
    session["relationships"]["speakers"]["data"] = [one("speaker", speaker["id"])]
    eve.save(session)
    mine = [{"name": "speakers", "op": "any", "val": me}]
    [found] = eve.follow(event, "sessions", filter=mine)["data"]
    assert (found["id"], found["attributes"]["state"]) == (session["id"], "pending")
    assert [row["id"] for row in eve.follow(event, "speakers", filter=[me])["data"]] == [speaker["id"]]
    assert eve.save(speaker, short_biography="<p>Ties.</p>")["attributes"]["short-biography"] == "<p>Ties.</p>"
    assert eve.save(session, state="withdrawn")["attributes"]["state"] == "withdrawn"
    assert Session.objects.get(pk=session["id"]).creator == world.people["eve"]


def test_whoever_speaks_invites_another(world, eid):
    talker = FrontEnd("speaker@example.org")
    session = world.rows["ours"]["session"]
    links = {"event": one("event", world.event), "session": one("session", session)}
    offer = talker.create(
        "speaker-invites",
        "speaker-invite",
        relationships=links,
        email="eve@example.org",
        status="pending",
        created_at=moment(),
    )
    record = talker.get(f"/v1/sessions/{session.pk}")["data"]
    assert offer["id"] in [row["id"] for row in talker.follow(record, "speaker-invites")["data"]]
    talker.delete(offer)


# ── The organizer's tables ───────────────────────────────────────────────────────────────────────


def test_a_session_is_rated_rated_anew_and_the_stars_taken_back(world, eid, owner):
    session = world.rows["ours"]["session"]
    links = {"session": one("session", session), "user": one("user", owner.user_id)}
    rating = owner.create("feedbacks", "feedback", relationships=links, rating=4, comment="")
    me = owner.get(f"/v1/users/{owner.user_id}")["data"]
    of_the_event = {"name": "event", "op": "has", "val": {"name": "identifier", "op": "eq", "val": eid}}
    here = [{"name": "session", "op": "has", "val": of_the_event}]
    [rating] = owner.follow(me, "feedbacks", include="session", filter=here)["data"]
    assert owner.save(rating, rating=2)["attributes"]["rating"] == 2
    query = {"include": "speakers,feedbacks,session-type,track", "page_size": 10, "page_number": 1}
    event = owner.get(f"/v1/events/{eid}")["data"]
    [listed] = owner.follow(event, "sessions", filter=[], sort="-submitted-at", **query)["data"]
    assert listed["attributes"]["average-rating"] == 2
    owner.delete(rating)
    assert not Feedback.objects.filter(session=session, deleted_at=None).exists()


def test_speakers_are_told_by_a_mail_that_is_looked_over_first(world, owner):
    session = world.rows["ours"]["session"]
    words = owner.load("GET", "/v1/sessions/mails")["accepted"]
    before = Mail.objects.count()
    for sent in ({}, words, {**words, "bcc": ["helper@example.org"]}):
        assert owner.load("POST", f"/v1/sessions/{session.pk}/notify", sent) == {"success": True}
    assert Mail.objects.count() > before


def test_the_menu_of_states_has_a_line_for_every_state_that_is_listed(world, eid, owner):
    table = owner.load("GET", "/v1/sessions/states")["organizer"]
    states = Session._meta.get_field("state").choices
    assert table.keys() >= {state for state, _ in states}
    for state, _ in states:
        Session.objects.filter(event=world.event).update(state=state)
        only = [{"name": "state", "op": "eq", "val": state}]
        found = owner.get(f"/v1/events/{eid}/sessions", filter=only, sort="-submitted-at", page_size=10, page_number=1)
        assert found["meta"]["count"] == 1, state


def test_a_session_is_made_by_the_team_from_what_its_form_lists(world, eid, owner):
    event = owner.get(f"/v1/events/{eid}")["data"]
    assert owner.follow(event, "custom-forms", page_size=0, sort="id")["data"]
    assert owner.follow(event, "speakers", include="sessions", page_size=0)["included"]
    for name in ("tracks", "session-types"):
        assert owner.follow(event, name, page_size=0, sort="position")["data"]


def test_speakers_are_put_in_order_and_out_of_it(world, eid, owner):
    ours = Speaker.objects.get(event=world.event)
    body = [{"speaker": str(ours.pk), "order": 4}]
    path = f"/v1/events/{eid}/reorder-speakers"
    assert owner.load("POST", path, body) == {"success": True, "updates": 1}
    assert owner.load("POST", f"{path}?reset", []) == {"success": True, "updates": 1}


# ── Refusals that the pages show ─────────────────────────────────────────────────────────────────


def test_what_a_page_shows_of_a_refusal_is_in_its_first_error(world, eid, eve):
    for method, path, body in (
        ("POST", f"/v1/events/{eid}/contact-organizer", {"email": ""}),
        ("POST", f"/v1/events/{eid}/reorder-speakers", []),
        ("POST", "/v1/orders/resend-email", {"data": {"order": "NOSUCH", "user": "eve@example.org"}}),
        ("POST", "/v1/orders/calculate-amount", {"tickets": [{"id": "0", "quantity": 1}]}),
    ):
        with pytest.raises(Refusal) as refusal:
            eve.load(method, path, body)
        assert refusal.value.body["errors"][0]["detail"], path


def test_the_questions_of_a_form_are_found_by_names_with_underscores(world, eid):
    """As the page of a pending order asks for them: those of a ticket's form, and all that must be answered."""
    CustomForm.objects.filter(event=world.event).update(form_id="vip")
    for name, value in (("form_id", "vip"), ("is_included", True)):
        either = [{"or": [{"name": name, "op": "eq", "val": value}, {"name": "is_required", "op": "eq", "val": True}]}]
        found = FrontEnd().get(f"/v1/events/{eid}/custom-forms", filter=either, page_size=700, sort="id")
        assert found["meta"]["count"] == 1
