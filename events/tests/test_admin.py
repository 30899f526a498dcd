"""Events, roles and what the site keeps for all of them, in the admin."""

import io

import pytest
from PIL import Image

from accounts.models import Activity
from events.models import Event, EventImageSize, EventType, Role, SpeakerImageSize, UsersEventsRoles
from events.tests.factories import make_event
from media_pipeline.storing import open_stored, store_image
from openevent.core.admin_site import list_address, row_address
from openevent.core.tests.admin import press, save, told
from openevent.core.versions import read_versions


@pytest.fixture
def keeper(client, root):
    client.force_login(root)
    return client


@pytest.fixture
def event(ada):
    return make_event(owner=ada)


def actions():
    return [line.action for line in Activity.objects.order_by("pk")]


def test_the_site_decides_where_an_event_is_shown_and_nothing_else(keeper, event):
    before = read_versions(["events"], event.pk)
    sent = {"name": "Mine", "state": "draft", "identifier": "x", "payment_currency": "USD"}
    assert save(keeper, Event, event.pk, is_featured="on", **sent).status_code == 302
    now = Event.objects.get(pk=event.pk)
    assert (now.is_featured, now.name, now.state) == (True, event.name, "published")
    assert actions() == ["event.changed"]
    assert read_versions(["events"], event.pk) > before


def test_an_event_is_hidden_shown_and_deleted_by_verbs(keeper, event):
    press(keeper, event, "unpublish")
    assert Event.objects.get(pk=event.pk).state == "draft"
    press(keeper, event, "publish")
    assert Event.objects.get(pk=event.pk).state == "published"
    press(keeper, event, "delete_event")
    assert Event.objects.get(pk=event.pk).deleted_at
    assert actions() == ["event.unpublished", "event.published", "event.deleted"]


def test_an_event_that_cannot_be_published_says_why(keeper, event):
    Event.objects.update(state="draft", ends_at=event.starts_at)
    assert "The end must be after the start" in told(press(keeper, event, "publish"))[0]
    assert Event.objects.get(pk=event.pk).state == "draft"


# ── Roles ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_role_is_given_changed_and_taken_by_the_services(keeper, event, cora):
    roles = {role.name: role for role in Role.objects.all()}
    save(keeper, UsersEventsRoles, user=cora.pk, event=event.pk, role=roles["registrar"].pk)
    held = UsersEventsRoles.objects.get(user=cora)
    assert held.role.name == "registrar"
    save(keeper, UsersEventsRoles, held.pk, role=roles["moderator"].pk)
    assert UsersEventsRoles.objects.get(user=cora).role.name == "moderator"
    keeper.post(row_address(UsersEventsRoles, held.pk).replace("/change/", "/delete/"), {"post": "yes"})
    assert not UsersEventsRoles.objects.filter(user=cora).exists()
    assert actions() == ["role.given", "role.changed", "role.removed"]


def test_an_event_keeps_its_one_owner(keeper, event, ada, cora):
    owner = Role.objects.get(name="owner")
    answer = save(keeper, UsersEventsRoles, user=cora.pk, event=event.pk, role=owner.pk)
    assert b"An event has one owner, who hands it over." in answer.content
    held = UsersEventsRoles.objects.get(user=ada)
    address = row_address(UsersEventsRoles, held.pk).replace("/change/", "/delete/")
    assert keeper.post(address, {"post": "yes"}).status_code == 302
    assert list(UsersEventsRoles.objects.values_list("user", "role__name")) == [(ada.pk, "owner")]


def test_the_houses_own_roles_keep_their_names(keeper):
    role = Role.objects.get(name="registrar")
    save(keeper, Role, role.pk, name="boss", title_name="Doorkeeper")
    role.refresh_from_db()
    assert (role.name, role.title_name) == ("registrar", "Doorkeeper")
    assert keeper.post(row_address(Role, role.pk).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403


def test_a_kind_of_event_is_added_renamed_and_put_away(keeper, event):
    save(keeper, EventType, name="Regatta")
    kind = EventType.objects.get(name="Regatta")
    Event.objects.update(event_type=kind)
    save(keeper, EventType, kind.pk, name="Boat race")
    kind.refresh_from_db()
    assert (kind.name, kind.slug) == ("Boat race", "boat-race")
    keeper.post(row_address(EventType, kind.pk).replace("/change/", "/delete/"), {"post": "yes"})
    kind.refresh_from_db()
    assert kind.deleted_at
    assert Event.objects.get().event_type == kind
    assert actions() == ["eventtype.added", "eventtype.edited", "eventtype.deleted"]


# ── Sizes of pictures ────────────────────────────────────────────────────────────────────────────────


def picture():
    target = io.BytesIO()
    Image.new("RGB", (2000, 2000), "navy").save(target, "PNG")
    return target.getvalue()


def sizes_of(stored):
    return {name: size_of(file) for name, file in stored.sizes.items() if name != "original"}


def size_of(file):
    with open_stored(file.name) as opened, Image.open(opened) as kept:
        return kept.size


@pytest.fixture
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.usefixtures("_own_media")
def test_the_next_picture_is_cut_as_the_staff_says(keeper):
    assert sizes_of(store_image(picture(), purpose="event-image"))["thumbnail"] == (200, 200)
    assert save(keeper, EventImageSize, 1, thumbnail_width=320, thumbnail_height=90).status_code == 302
    assert sizes_of(store_image(picture(), purpose="event-image")) == {
        "large": (500, 500),
        "thumbnail": (90, 90),
        "icon": (30, 30),
    }
    save(keeper, SpeakerImageSize, 2, icon_size_width_height="")  # empty: as the house has it
    assert sizes_of(store_image(picture(), purpose="speaker-photo"))["icon"] == (35, 35)


def test_a_size_that_is_none_is_refused_beside_its_field(keeper):
    for junk in (0, 4001, -1, "x"):
        answer = save(keeper, EventImageSize, 1, icon_width=junk)
        assert answer.status_code == 200
        assert "icon_width" in answer.context["adminform"].form.errors
    assert EventImageSize.current().icon_width == 75


def test_people_and_events_are_chosen_by_search(keeper, event, ada):
    where = {"app_label": "events", "model_name": "userseventsroles", "field_name": "user", "term": "ada"}
    found = keeper.get("/admin/autocomplete/", where).json()["results"]
    assert [one["id"] for one in found] == [str(ada.pk)]
    page = keeper.get(f"{list_address(UsersEventsRoles)}add/").content
    assert b"admin-autocomplete" in page
    assert ada.email.encode() not in page
