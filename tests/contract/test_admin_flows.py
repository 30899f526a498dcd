"""What staff's pages of the web front end ask for and save (client flows 18), as they do it."""

import pytest

from accounts.models import Setting
from events.models import EventTopic, Group
from tests.contract.front_end import FrontEnd, Refusal, included, one

PAGE = {"page_size": 10, "page_number": 1}


@pytest.fixture
def admin(world):
    return FrontEnd("admin@example.org")


# ── The first page, and what is sold ─────────────────────────────────────────────────────────────

STATISTICS = {
    "events": "draft published past",
    "users": "super-admin admin verified unverified owner organizer coorganizer attendee track-organizer",
    "mails": "one-day three-days seven-days thirty-days",
    "sessions": "confirmed accepted submitted draft rejected pending",
    "groups": "groups followers group-events",
}


@pytest.mark.parametrize(("name", "keys"), STATISTICS.items())
def test_the_first_page_of_staff_counts(admin, name, keys):
    options = {"filterOptions[name]": "id", "filterOptions[op]": "eq", "filterOptions[val]": 1}
    data = admin.get(f"/v1/admin/statistics/{name}", **options)["data"]
    assert data["attributes"].keys() >= set(keys.split())
    assert all(isinstance(data["attributes"][key], int) for key in keys.split())


SALES = {
    "by-events": "name owner owner-id type starts-at ends-at payment-currency sales",
    "by-organizers": "first-name last-name email sales",
    "by-location": "location-name sales",
    "by-marketer": "fullname email sales",
    "discounted": "code email event-name payment-currency sales",
    "fees": "name payment-currency fee-percentage maximum-fee revenue ticket-count event-date",
    "invoices": "identifier status amount created-at completed-at event-name sent-to",
}
STATES = ("completed", "placed", "pending")


@pytest.mark.parametrize(("name", "keys"), SALES.items())
def test_sales_are_read_as_tables_show_them(admin, name, keys):
    # The others are asked for without a page, as all rows of a type are.
    query = {"filter": [], "sort": "-starts-at", **PAGE} if name == "by-events" else {}
    rows = admin.get(f"/v1/admin/sales/{name}", **query)["data"]
    assert rows
    for row in rows:
        assert row["attributes"].keys() >= set(keys.split())
        for state in STATES if "sales" in row["attributes"] else ():
            assert row["attributes"]["sales"][state].keys() >= {"ticket_count", "sales_total"}


def test_the_sales_of_an_event_stand_side_by_side(world, admin):
    named = [{"name": "name", "op": "ilike", "val": "%ours%"}]
    [row] = admin.get("/v1/admin/sales/by-events", filter=named, sort="-starts-at", **PAGE)["data"]
    assert row["attributes"]["owner-id"] == str(world.people["owner"].pk)
    sales = {f"{state}-order-sales": 20 * (state == "completed") for state in STATES}
    tickets = {f"{state}-order-tickets": int(state == "completed") for state in STATES}
    assert row["attributes"].items() >= (sales | tickets).items()


def test_invoices_of_the_site_are_listed_with_event_and_user(world, admin):
    found = admin.get("/v1/event-invoices", include="event,user")
    assert {record["type"] for record in found["included"]} == {"event", "user"}
    ours = world.rows["ours"]["event-invoice"]
    shown = admin.get(f"/v1/event-invoices/{ours.identifier}", include="event,user")["data"]["attributes"]
    assert shown.keys() >= {"status", "amount", "issued-at", "due-at", "invoice-pdf-url"}
    paper = admin.raw("GET", f"/v1/events/invoices/{ours.identifier}")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")


# ── Events, groups, sessions ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("flag", ["is-featured", "is-promoted", "is-demoted"])
def test_an_event_is_featured_promoted_and_demoted_and_that_is_undone(world, admin, flag):
    event = admin.get(f"/v1/events/{world.event.identifier}")["data"]
    for value in (True, False):
        event = admin.save(event, **{flag.replace("-", "_"): value})
        assert event["attributes"][flag] is value


def test_groups_are_listed_promoted_deleted_and_restored(world, admin):
    query = {"get_trashed": True, "include": "user,events,followers", **PAGE}
    there, gone = ([{"name": "deleted-at", "op": op, "val": None}] for op in ("eq", "ne"))
    found = admin.get("/v1/groups", filter=there, **query)
    assert {"user", "event", "user-follow-group"} == {record["type"] for record in found["included"]}
    group = next(row for row in found["data"] if row["id"] == str(world.rows["ours"]["group"].pk))
    group = admin.save(group, is_promoted=True)
    assert group["attributes"]["is-promoted"] is True
    admin.delete(group)
    [group] = admin.get("/v1/groups", filter=gone, **query)["data"]
    group = admin.save(group, query="?get_trashed=true", deleted_at=None)
    assert group["attributes"]["deleted-at"] is None
    assert Group.objects.get(pk=group["id"]).events.count() == 1


def test_somebody_is_looked_at_with_their_sessions_and_feedback(world, admin):
    talker = world.people["speaker"]
    user = admin.get(f"/v1/users/{talker.pk}")["data"]
    for name, kind in (("sessions", "session"), ("feedbacks", "feedback"), ("events", "event"), ("orders", "order")):
        rows = admin.follow(user, name, **PAGE)["data"]
        assert {row["type"] for row in rows} <= {kind}
    assert admin.follow(user, "sessions")["meta"]["count"] == 1


# ── Settings and content ─────────────────────────────────────────────────────────────────────────


def test_the_form_of_settings_can_be_submitted_as_it_was_loaded(world, admin):
    """It does not, without a word, as long as one of these is empty or is not what its field asks for."""
    record = admin.get("/v1/settings")["data"]["attributes"]
    for name in ("app-name", "tagline", "email-from", "email-from-name", "static-domain", "frontend-url"):
        assert record[name], name
    assert "@" in record["email-from"]
    assert all(record[name].startswith("http") for name in ("static-domain", "frontend-url"))


def test_every_setting_of_the_form_is_there_and_public_ones_are_everybody_s(world, admin):
    full = admin.get("/v1/settings")["data"]["attributes"]
    assert full.keys() >= set(SETTINGS.split())
    public = FrontEnd().get("/v1/settings", cache=True, public=True)["data"]["attributes"]
    assert not any("secret" in name or "password" in name for name in public)


SETTINGS = """
    app-environment app-name order-expiry-time tagline storage-place aws-key aws-secret aws-bucket-name aws-region
    gs-key gs-secret gs-bucket-name google-client-id google-client-secret fb-client-id fb-client-secret tw-consumer-key
    tw-consumer-secret in-client-id start-pg-event-id in-client-secret paypal-mode paypal-client paypal-secret
    paypal-sandbox-client paypal-sandbox-secret alipay-secret-key alipay-publishable-key omise-mode omise-test-public
    omise-test-secret omise-live-public omise-live-secret paytm-mode paytm-live-merchant paytm-live-secret
    paytm-sandbox-merchant paytm-sandbox-secret stripe-client-id stripe-secret-key stripe-publishable-key
    stripe-test-client-id stripe-test-secret-key stripe-test-publishable-key stripe-mode is-alipay-activated
    is-paypal-activated is-stripe-activated is-omise-activated is-paytm-activated is-billing-paypal-activated
    email-service email-from email-from-name sendgrid-key smtp-host smtp-username smtp-password smtp-port
    smtp-encryption analytics-key google-url github-url twitter-url support-url facebook-url instagram-url
    weblate-url patreon-url gitter-url telegram-url youtube-url android-app-url frontend-url web-app-url
    rocket-chat-url rocket-chat-registration-secret static-domain cookie-policy cookie-policy-link
    invoice-sending-day invoice-sending-timezone admin-billing-contact-name admin-billing-phone admin-billing-email
    admin-billing-state admin-billing-country admin-billing-tax-info admin-company admin-billing-address
    admin-billing-city admin-billing-zip admin-billing-additional-info admin-billing-paypal-email admin-billing-logo
    is-google-recaptcha-enabled start-pg-enabled google-recaptcha-site google-recaptcha-secret logo-size image-size
    slide-size
"""


def test_fees_on_tickets_are_added_changed_and_removed(world, admin):
    fee = admin.create("ticket-fees", "ticket-fee", country="Norway", currency="NOK", service_fee=2.5, maximum_fee=90)
    assert fee["id"] in [row["id"] for row in admin.get("/v1/ticket-fees")["data"]]
    assert admin.save(fee, maximum_fee=80)["attributes"]["maximum-fee"] == 80
    admin.delete(fee)
    assert fee["id"] not in [row["id"] for row in admin.get("/v1/ticket-fees")["data"]]


def test_pages_are_written_and_read_in_the_footer(world, admin):
    page = admin.create(
        "pages", "page", name="Terms", title="Terms", url="terms", place="footer", index=3, language="en"
    )
    page = admin.save(page, description="<p>Be kind.</p>")
    shown = FrontEnd().get("/v1/pages", cache=True, public=True)["data"]
    keys = {"name", "title", "url", "place", "index", "description", "language"}
    assert all(row["attributes"].keys() >= keys for row in shown)
    assert "<p>Be kind.</p>" in [row["attributes"]["description"] for row in shown]
    admin.delete(page)
    assert "Terms" not in [row["attributes"]["name"] for row in FrontEnd().get("/v1/pages")["data"]]


def test_types_topics_and_sub_topics_are_kept(world, admin):
    """The page of pictures fails where there is no topic at all."""
    topic = admin.create("event-topics", "event-topic", name="Rope Work")
    assert topic["attributes"]["slug"] == "rope-work"
    here = {"event-topic": one("event-topic", topic["id"])}
    part = admin.create("event-sub-topics", "event-sub-topic", relationships=here, name="Knots")
    found = admin.get("/v1/event-topics", include="event-sub-topics", page_size=0, sort="name")
    assert part["id"] in [row["id"] for row in included(found, "event-sub-topic")]
    assert admin.save(topic, name="Ropes")["attributes"]["name"] == "Ropes"
    kind = admin.create("event-types", "event-type", name="Race")
    for record in (kind, part, topic):
        admin.delete(record)
    assert not EventTopic.objects.filter(name="Ropes", deleted_at=None).exists()


def test_mails_are_switched_off_and_on(world, admin):
    messages = admin.get("/v1/message-settings", page_size=100, page_number=1)["data"]
    message = next(row for row in messages if row["attributes"]["action"] == "test_mail")
    for value in (False, True):
        message = admin.save(message, enabled=value)
        assert message["attributes"]["enabled"] is value


def test_permissions_are_sent_back_with_a_change(world, admin):
    for path, kind, name in (
        ("user-permissions", "user-permission", "unverified-user"),
        ("event-role-permissions", "event-role-permission", "can-read"),
        ("custom-system-roles", "custom-system-role", None),
        ("panel-permissions", "panel-permission", None),
        ("services", "service", None),
    ):
        row = admin.get(f"/v1/{path}", page_size=35)["data"][0]
        attributes = row["attributes"] | ({name: not row["attributes"][name]} if name else {})
        data = {"id": row["id"], "type": row["type"], "attributes": attributes}
        assert kind in row["type"]
        if path != "services":
            answer = admin.raw("PATCH", f"/v1/{path}/{row['id']}", {"data": data})
            assert answer.status_code == 200, (path, answer.content)
            assert name is None or answer.json()["data"]["attributes"][name] == attributes[name]


def test_channels_of_video_are_kept(world, admin):
    channel = admin.create(
        "video-channels", "video-channel", name="Quay", provider="jitsi", url="https://q.example", api_key="k"
    )
    found = admin.get("/v1/video-channels", page_size=100, page_number=1)
    assert "Quay" in [row["attributes"]["name"] for row in found["data"]]
    assert admin.save(channel, name="Pier")["attributes"]["name"] == "Pier"
    admin.delete(channel)


def test_a_mail_is_tried(world, admin):
    assert admin.load("POST", "/v1/test-mail", {"recipient": "eve@example.org"})["message"]
    with pytest.raises(Refusal) as refusal:
        admin.load("POST", "/v1/test-mail", {"recipient": ""})
    assert refusal.value.body["errors"][0]["detail"]


@pytest.mark.parametrize(
    "path",
    [
        *(f"/v1/admin/statistics/{name}" for name in STATISTICS),
        *(f"/v1/admin/sales/{name}" for name in SALES),
        *("/v1/ticket-fees", "/v1/message-settings", "/v1/mails", "/v1/activities", "/v1/panel-permissions"),
    ],
)
def test_nobody_else_sees_what_staff_see(world, path):
    for who in (None, "owner@example.org"):
        answer = FrontEnd(who).raw("GET", path)
        assert answer.status_code in (401, 403, 404) or answer.json()["data"] == [], (who, answer.content)


def test_the_site_s_start_page_and_order_time_are_saved(world, admin):
    Setting.objects.update(app_name="Quay")
    record = admin.get("/v1/settings")["data"]
    attributes = {name: record["attributes"][name] for name in SETTINGS.split()}
    changed = {"order-expiry-time": 20, "start-pg-enabled": "custom", "start-pg-event-id": world.event.identifier}
    data = {"id": record["id"], "attributes": attributes | changed, "type": "setting"}
    answer = admin.raw("PATCH", f"/v1/settings/{record['id']}", {"data": data})
    assert answer.status_code == 200, answer.content
    shown = FrontEnd().get("/v1/settings", cache=True, public=True)["data"]["attributes"]
    assert {name: shown[name] for name in changed} == changed
