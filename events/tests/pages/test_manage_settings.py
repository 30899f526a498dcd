"""The pages of an event's settings: who opens them, what they keep, and that nobody overwrites another unawares."""

import pytest
from django.urls import reverse

from accounts.models import Activity
from events.models import Event, Session
from events.services.move_event import wall
from events.tests.factories import give_role, make_event

pytestmark = pytest.mark.django_db
SECTIONS = ("basics", "place", "dates", "tickets", "payment", "danger")


@pytest.fixture
def event(ada, cora):
    return make_event(owner=ada, coorganizer=cora, description="<p>By the water.</p>")


@pytest.fixture
def at(client, ada, event):
    """Ada's way to a section: its form as a browser would send it back, changed by these fields."""
    client.force_login(ada)

    class Section:
        def __init__(self, name):
            self.address = reverse(f"manage-settings-{name}", args=[event.identifier])
            self.form = client.get(self.address).context["form"]

        def typed(self, **changes):
            values = {name: self.form[name].value() for name in self.form.fields}
            sent = {name: self.form.fields[name].widget.format_value(value) for name, value in values.items()}
            flags = {name for name, field in self.form.fields.items() if is_switch(field)}
            kept = {name: value for name, value in sent.items() if name not in flags and value not in (None, [None])}
            kept |= {name: "on" for name in flags if values[name]}
            return {name: value for name, value in {**kept, **changes}.items() if value is not None}

        def send(self, **changes):
            return client.post(self.address, self.typed(**changes))

    return Section


def is_switch(field):
    return getattr(field.widget, "input_type", "") == "checkbox"


def now(event):
    return Event.objects.get(pk=event.pk)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_team_opens_every_section_and_nobody_else(client, event, section, ada, cora, bob, eve):
    give_role(bob, event, "registrar")
    address = reverse(f"manage-settings-{section}", args=[event.identifier])
    answers = []
    for who in (ada, cora, bob, eve):
        client.force_login(who)
        answers.append(client.get(address).status_code)
    assert answers == [200, 200, 403, 404]


def test_what_is_saved_is_cleaned_and_named_in_the_log(at, event):
    answer = at("basics").send(name="Harbour <b>Nights</b>", description="<p onclick=x>Late</p><script>1</script>")
    assert answer.status_code == 302
    assert (now(event).name, now(event).description) == ("Harbour Nights", "<p>Late</p>")
    assert Activity.objects.get(event_id=event.pk).detail == {"fields": ["description", "name"]}


def test_saving_nothing_new_writes_nothing(at, event):
    for section in ("basics", "place", "tickets", "payment"):
        assert at(section).send().status_code == 302
    assert not Activity.objects.filter(event_id=event.pk).exists()


def test_the_second_organizer_is_told_and_loses_nothing_typed(at, event):
    mine = at("basics")
    Event.objects.filter(pk=event.pk).update(name="Harbour Week")
    answer = mine.send(name="Harbour Month", owner_name="Ropeworks")
    assert answer.status_code == 200
    assert "Name is now “Harbour Week”" in answer.content.decode()
    assert [answer.context["form"][name].value() for name in ("name", "owner_name")] == ["Harbour Month", "Ropeworks"]
    assert now(event).name == "Harbour Week"
    assert mine.send(name="Harbour Month", seen=answer.context["form"]["seen"].value()).status_code == 302
    assert now(event).name == "Harbour Month"


def test_two_who_change_different_things_do_not_meet(at, event):
    mine = at("basics")
    Event.objects.filter(pk=event.pk).update(is_featured=True)
    assert mine.send(name="Harbour Month").status_code == 302
    assert (now(event).name, now(event).is_featured) == ("Harbour Month", True)


@pytest.mark.parametrize(
    ("section", "typed", "field"),
    [
        ("basics", {"name": "<b></b>"}, "name"),
        ("basics", {"external_event_url": "javascript:alert(1)"}, "external_event_url"),
        ("basics", {"event_type": "99999999999999999999"}, "event_type"),
        ("basics", {"privacy": "secret"}, "privacy"),
        ("place", {"latitude": "91", "longitude": "0"}, "latitude"),
        ("place", {"latitude": "nan", "longitude": "1"}, "latitude"),
        ("place", {"latitude": "54"}, "longitude"),
        ("place", {"is_map_shown": "on"}, "latitude"),
        ("dates", {"starts_at": "soon"}, "starts_at"),
        ("dates", {"starts_at": "0001-01-01T00:00"}, "starts_at"),
        ("dates", {"ends_at": "2020-01-01T00:00"}, "ends_at"),
        ("dates", {"timezone": "Europe/Nowhere"}, "timezone"),
        ("dates", {"timezone": "\x00"}, "timezone"),
        ("tickets", {"holders_change_until": "9999-99-99"}, "holders_change_until"),
        ("payment", {"can_pay_by_cheque": "on"}, "cheque_details"),
        ("payment", {"bank_details": " "}, "bank_details"),
        ("payment", {"payment_currency": "XXX"}, "payment_currency"),
    ],
)
def test_bad_input_is_told_beside_its_field(at, event, section, typed, field):
    answer = at(section).send(**typed)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert [error["link"] for error in answer.context["errors"]] == [f"id_{field}"]
    assert 'role="alert"' in answer.content.decode()
    assert not Activity.objects.filter(event_id=event.pk).exists()


def test_a_way_to_pay_that_is_switched_off_keeps_its_instructions(at, event):
    assert at("payment").send(can_pay_by_bank=None).status_code == 302
    assert (now(event).can_pay_by_bank, now(event).bank_details) == (False, event.bank_details)


def test_junk_in_the_query_opens_the_page_as_it_is(client, at, event):
    for section in SECTIONS:
        assert client.get(f"/manage/{event.identifier}/settings/{section}?keep=%00&q=1e999&page=-1").status_code == 200


@pytest.mark.parametrize("section", ["basics", "place", "dates", "tickets", "payment"])
def test_junk_in_every_field_is_told_or_cleaned(client, at, section):
    page = at(section)
    for junk in ("\x00", "9" * 5000, "١", "-1e309", "{{ 7|add:7 }}"):
        assert client.post(page.address, dict.fromkeys(page.form.fields, junk)).status_code in (200, 302)


# ── Dates ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def opening(event):
    return Session.objects.create(event=event, title="Opening", starts_at=event.starts_at, ends_at=event.ends_at)


def test_another_zone_shows_first_what_moves(at, event, opening):
    answer = at("dates").send(timezone="Asia/Tokyo")
    assert now(event).timezone == "Europe/Berlin"
    groups = {group["title"]: group["rows"] for group in answer.context["groups"]}
    [row] = groups["Sessions"]
    assert row["name"] == "Opening"
    assert row["clock"]["span"] == row["now"]
    assert row["moment"]["span"] != row["now"]
    assert f"{wall(opening.starts_at, 'Asia/Tokyo'):%H:%M}" in row["moment"]["span"]


@pytest.mark.parametrize("keep", ["clock", "moment"])
def test_one_answer_moves_it_all(at, event, opening, keep):
    dates = at("dates")
    assert dates.send(timezone="Asia/Tokyo", keep=keep).status_code == 302
    opening.refresh_from_db()
    before = event.starts_at
    same = {"clock": wall(before, "Europe/Berlin"), "moment": wall(before, "Asia/Tokyo")}[keep]
    assert now(event).timezone == "Asia/Tokyo"
    assert f"{wall(now(event).starts_at, 'Asia/Tokyo'):%d %H:%M}" == f"{same:%d %H:%M}"
    assert f"{wall(opening.starts_at, 'Asia/Tokyo'):%d %H:%M}" == f"{same:%d %H:%M}"


def test_where_nothing_else_has_a_time_the_dates_are_saved_at_once(at, event):
    ends = wall(event.ends_at, "Europe/Berlin").replace(hour=23, minute=30)
    assert at("dates").send(ends_at=f"{ends:%Y-%m-%dT%H:%M}").status_code == 302
    assert f"{wall(now(event).ends_at, 'Europe/Berlin'):%H:%M}" == "23:30"


def test_who_was_slower_moves_nothing(at, event, opening):
    dates = at("dates")
    Event.objects.filter(pk=event.pk).update(timezone="Europe/Lisbon")
    answer = dates.send(timezone="Asia/Tokyo", keep="clock")
    assert answer.status_code == 200
    assert now(event).timezone == "Europe/Lisbon"


def test_a_day_that_is_none_is_told(at, event):
    """The clocks of Berlin jump over this half hour."""
    answer = at("dates").send(starts_at="2027-03-28T02:30")
    assert "starts_at" in answer.context["form"].errors


# ── Danger zone ──────────────────────────────────────────────────────────────────────────────────


def danger(client, who, event, **typed):
    client.force_login(who)
    return client.post(reverse("manage-settings-danger", args=[event.identifier]), typed)


def test_a_co_organizer_takes_it_offline_and_only_the_owner_deletes_it(client, event, ada, cora):
    assert danger(client, cora, event, verb="unpublish").status_code == 302
    assert now(event).state == "draft"
    assert danger(client, cora, event, verb="delete", name=event.name).status_code == 403
    answer = danger(client, ada, event, verb="delete", name="harbour")
    assert (answer.status_code, answer.context["wrong"]) == (200, "This is not the name of the event.")
    assert danger(client, ada, event, verb="delete", name=event.name).status_code == 302
    assert now(event).deleted_at is not None
    assert client.get(reverse("manage-settings", args=[event.identifier])).status_code == 404


def test_the_owner_hands_it_over_to_an_organizer(client, event, ada, bob, cora):
    give_role(bob, event, "organizer")
    assert danger(client, cora, event, verb="hand-over", to=bob.pk).status_code == 403
    assert danger(client, ada, event, verb="hand-over", to=cora.pk).status_code == 404
    assert danger(client, ada, event, verb="hand-over", to="\x00").status_code == 404
    assert danger(client, ada, event, verb="hand-over", to=bob.pk).status_code == 302
    assert event.roles.get(role__name="owner").user == bob
