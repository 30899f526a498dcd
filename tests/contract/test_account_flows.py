"""The account and the admin's pages of the web front end (client flows 5, 16, 17 and 18), as it asks for them."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail as outbox

from accounts.models import Setting, User
from accounts.services.log import record
from notifications.services.notify import notify
from tests.contract.front_end import FrontEnd, Refusal, moment

PAGE = {"page_size": 10, "page_number": 1}


@pytest.fixture
def staff(world):
    return FrontEnd("admin@example.org")


@pytest.fixture
def owner(world):
    return FrontEnd("owner@example.org")


def emails(document):
    return [record["attributes"]["email"] for record in document["data"]]


# ── 5: a forgotten password ──────────────────────────────────────────────────────────────────────


def test_a_forgotten_password_is_set_anew_in_the_front_end(world, django_capture_on_commit_callbacks):
    Setting.objects.update_or_create(pk=1, defaults={"frontend_url": "https://app.example.org"})
    visitor = FrontEnd()
    with django_capture_on_commit_callbacks(execute=True):
        visitor.load("POST", "/v1/auth/reset-password", {"data": {"email": "buyer@example.org"}})
    link = re.search(r"https://app\.example\.org/reset-password\?\S+", outbox.outbox[-1].body)[0]
    [token] = parse_qs(urlsplit(link).query)["token"]
    body = {"data": {"token": token, "password": "another fine password"}}
    visitor.load("PATCH", "/v1/auth/reset-password", body)
    visitor.sign_in("buyer@example.org", "another fine password")
    change = {"old-password": "another fine password", "new-password": "a third fine password"}
    visitor.load("POST", "/v1/auth/change-password", {"data": change})
    FrontEnd("buyer@example.org", "a third fine password")


def test_an_address_is_verified_in_the_front_end(world, django_capture_on_commit_callbacks):
    Setting.objects.update_or_create(pk=1, defaults={"frontend_url": "https://app.example.org"})
    User.objects.filter(email="eve@example.org").update(is_verified=False)
    visitor = FrontEnd("eve@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        visitor.load("POST", "/v1/auth/resend-verification-email", {"data": {"email": "eve@example.org"}})
    link = re.search(r"https://app\.example\.org/verify\?\S+", outbox.outbox[-1].body)[0]
    [token] = parse_qs(urlsplit(link).query)["token"]
    visitor.load("POST", "/v1/auth/verify-email", {"data": {"token": token}})
    assert visitor.get(f"/v1/users/{visitor.user_id}")["data"]["attributes"]["is-verified"]


# ── 16: notifications ────────────────────────────────────────────────────────────────────────────


def test_the_bell_is_read_and_each_card_marked(world, owner):
    account = owner.get(f"/v1/users/{owner.user_id}")["data"]
    notify(world.people["owner"], "new_session", title="A talk was submitted")
    unread = [{"name": "is-read", "op": "eq", "val": False}]
    found = owner.follow(account, "notifications", filter=unread, sort="-created-at")
    assert found["data"][0]["attributes"].keys() >= {"title", "message", "is-read", "received-at"}
    for card in found["data"]:
        document = {"data": {"type": "notification", "id": card["id"], "attributes": {"is-read": True}}}
        assert owner.raw("PATCH", f"/v1/notifications/{card['id']}", document).status_code == 200
    assert owner.follow(account, "notifications", filter=unread)["meta"] == {"count": 0}


# ── 17: one's own account ────────────────────────────────────────────────────────────────────────


def test_a_profile_is_saved_whole_with_stale_flags(world, owner):
    account = owner.get(f"/v1/users/{owner.user_id}")["data"]
    saved = owner.save(account, first_name="Olga", is_admin=True, is_verified=False, is_user_owner=False)
    assert saved["attributes"]["first-name"] == "Olga"
    assert (saved["attributes"]["is-admin"], saved["attributes"]["is-verified"]) == (False, True)


def test_mails_of_events_are_chosen(world, owner):
    account = owner.get(f"/v1/users/{owner.user_id}")["data"]
    found = owner.follow(account, "email-notifications", include="event")
    [wishes] = found["data"]
    assert {each["attributes"]["name"] for each in found["included"]} == {"Fair of ours"}
    data = {
        "type": "email-notification",
        "id": wishes["id"],
        "attributes": wishes["attributes"] | {"new-paper": False},
        "relationships": {"event": {"data": {"type": "event", "id": str(world.event.pk)}}},
    }
    answer = owner.raw("PATCH", f"/v1/email-notifications/{wishes['id']}", {"data": data})
    assert (answer.status_code, answer.json()["data"]["attributes"]["new-paper"]) == (200, False)


def test_bills_of_the_site_are_listed_by_how_they_stand_and_billing_is_saved(world, owner):
    account = owner.get(f"/v1/users/{owner.user_id}")["data"]
    for status, count in (("due", 1), ("paid", 0), ("upcoming", 0)):
        only = [{"name": "status", "op": "eq", "val": status}]
        assert owner.follow(account, "event-invoices", include="event", filter=only, **PAGE)["meta"]["count"] == count
    saved = owner.save(account, company="Quay & Co", billing_country="DE", billing_zip_code="24103")
    assert saved["attributes"]["billing-zip-code"] == "24103"


def test_the_danger_zone_asks_for_what_keeps_an_account(world):
    buyer = FrontEnd("buyer@example.org")
    account = buyer.get(f"/v1/users/{buyer.user_id}")["data"]
    assert buyer.follow(account, "events")["data"] == []
    open_states = [{"name": "status", "op": "eq", "val": one} for one in ("completed", "placed", "pending")]
    to_come = {"name": "event", "op": "has", "val": {"name": "ends-at", "op": "ge", "val": moment()}}
    orders = buyer.follow(account, "orders", filter=[{"and": [{"or": open_states}, to_come]}])
    assert orders["meta"] == {"count": 1}
    with pytest.raises(Refusal) as refusal:
        buyer.delete(account)
    assert refusal.value.status == 403
    type(world.rows["ours"]["order"]).objects.filter(user=buyer.user_id).update(status="cancelled")
    buyer.delete(account)
    assert buyer.raw("GET", f"/v1/users/{buyer.user_id}").status_code == 401


# ── 18: keeping the site ─────────────────────────────────────────────────────────────────────────


def users_where(*conditions, search=None):
    """The search is always there, empty where nothing was typed."""
    fields = ("first-name", "last-name", "email")
    found = [{"name": name, "op": "ilike", "val": f"%{search}%"} for name in fields] if search else []
    return [*conditions, {"or": found}]


ACTIVE = {
    "and": [
        {"name": "deleted-at", "op": "eq", "val": None},
        {"name": "last-accessed-at", "op": "ge", "val": moment(-365)},
    ]
}
INACTIVE = {
    "and": [
        {
            "or": [
                {"name": "last-accessed-at", "op": "eq", "val": None},
                {"name": "last-accessed-at", "op": "lt", "val": moment(-365)},
            ]
        },
        {"name": "deleted-at", "op": "eq", "val": None},
    ]
}
GONE = {"name": "deleted-at", "op": "ne", "val": None}


def list_users(staff, *conditions, search=None):
    condition = users_where(*conditions, search=search)
    return staff.get("/v1/users", include="events", get_trashed=True, filter=condition, sort="-created-at", **PAGE)


def test_users_are_listed_by_how_they_are(world, staff):
    world.people["eve"].hide()
    assert list_users(staff)["meta"]["count"] == User.objects.count()
    assert emails(list_users(staff, ACTIVE)) == ["admin@example.org"]
    assert emails(list_users(staff, GONE)) == ["eve@example.org"]
    assert "eve@example.org" not in emails(list_users(staff, INACTIVE))
    assert emails(list_users(staff, search="eve@")) == ["eve@example.org"]


def test_a_user_is_blocked_verified_deleted_and_restored(world, staff):
    [account] = list_users(staff, search="eve@")["data"]
    account = staff.save(account, is_blocked=True)
    assert account["attributes"]["is-blocked"]
    account = staff.save(account, is_blocked=False, is_verified=True)
    staff.delete(account)
    [account] = list_users(staff, GONE)["data"]
    assert account["attributes"]["deleted-at"]
    account = staff.save(account, query="?get_trashed=true", deleted_at=None)
    assert account["attributes"]["deleted-at"] is None
    FrontEnd("eve@example.org")


def test_the_columns_of_roles_lead_somewhere(world, staff):
    [account] = list_users(staff, search="owner@")["data"]
    parts = (
        "owner",
        "organizer",
        "coorganizer",
        "track-organizer",
        "registrar",
        "moderator",
        "marketer",
        "sales-admin",
    )
    counts = {part: staff.follow(account, f"{part}-events")["meta"]["count"] for part in parts}
    assert counts == {**dict.fromkeys(parts, 0), "owner": 1}
    assert staff.follow(account, "alternate-emails")["meta"] == {"count": 1}


def test_reports_are_read(world, staff):
    record("event.published", by="worker")
    query = {"filter": [], "page_number": 1, "page_size": 100}
    for path in ("/v1/activities", "/v1/mails"):
        times = [one["attributes"]["time"] for one in staff.get(path, sort="-time", **query)["data"]]
        assert times
        assert times == sorted(times, reverse=True)
    found = staff.get("/v1/notifications", include="user", sort="-received-at", **query)
    assert found["meta"]["count"] == 2
    assert {each["type"] for each in found["included"]} == {"user"}


def test_messages_permissions_and_sizes_are_read_and_saved(world, staff):
    messages = staff.get("/v1/message-settings", page_size=100, page_number=1)
    assert messages["meta"]["count"] == 33
    for path in ("services", "user-permissions", "custom-system-roles", "panel-permissions", "pages"):
        assert staff.get(f"/v1/{path}")["data"]
    assert len(staff.get("/v1/event-role-permissions", page_size=35)["data"]) == 30
    for path in ("speaker-image-sizes", "event-image-sizes"):
        sizes = staff.get(f"/v1/{path}")["data"]
        assert staff.raw("PATCH", f"/v1/{path}/{sizes['id']}", {"data": sizes}).status_code == 200
    with pytest.raises(Refusal):
        FrontEnd("eve@example.org").get("/v1/event-image-sizes")
