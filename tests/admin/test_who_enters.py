"""Who enters the admin, who may write there, and that nothing else follows from it."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from accounts.services.blocking import block
from accounts.tests.people import PASSWORD
from orders.models import Order
from orders.tests.api.client import Client as API
from tests.admin.everything import every_row, list_of, lists, make_admin, make_auditor, one_more_of_everything

MONEY = {"orders.order", "orders.attendee", "orders.ticket", "orders.scan", "accounts.activity", "notifications.mail"}


@pytest.fixture
def shop(bob):
    return one_more_of_everything(1, buyer=bob)


def test_whoever_is_not_signed_in_goes_to_our_sign_in_page(client, db):
    for address in ("/admin/", "/admin/login/", "/admin/orders/order/", "/admin/nothing/here/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{reverse('account_login')}?next=/admin/")


def test_signing_in_leads_on_into_the_admin(client, root):
    there = client.get("/admin/orders/order/")["Location"]
    answer = client.post(there, {"login": root.email, "password": PASSWORD})
    assert answer["Location"] == "/admin/orders/order/"
    assert client.get("/admin").headers["Location"] == "/admin/"


def test_the_admin_has_no_door_of_its_own(client, root):
    client.post("/admin/login/", {"username": root.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_everybody_else_finds_nothing_there(client, shop, bob, eve):
    for person in (bob, eve, shop.roles.get().user):
        client.force_login(person)
        for address in ("/admin/", list_of(admin.site._registry[Order]), *every_row(admin.site._registry[Order])):
            assert client.get(address).status_code == 404


def test_admins_superadmins_and_auditors_read_everything(client, shop, root):
    for person in (root, make_admin(), make_auditor()):
        client.force_login(person)
        assert client.get("/admin/").status_code == 200
        for model_admin in lists().values():
            assert client.get(list_of(model_admin)).status_code == 200
            assert client.get(every_row(model_admin)[0]).status_code == 200


def test_a_blocked_admin_is_out_at_once(client, shop, root):
    amy = make_admin()
    client.post(reverse("account_login"), {"login": amy.email, "password": PASSWORD})
    assert client.get("/admin/").status_code == 200
    block(amy, by=root)
    assert client.get("/admin/").status_code == 302
    User.objects.filter(pk=amy.pk).update(is_blocked=False)
    assert client.get("/admin/").status_code == 302  # the session has ended, not only been suspended


def test_leaving_the_admin_ends_the_session(client, root):
    client.force_login(root)
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/")["Location"] == "/"
    assert client.get("/admin/").status_code == 302


# ── Auditors ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_auditor_finds_nothing_to_press(client, shop):
    client.force_login(make_auditor())
    for model_admin in lists().values():
        page, row = client.get(list_of(model_admin)), client.get(every_row(model_admin)[0])
        assert page.context["cl"].formset is None
        assert b'name="action"' not in page.content + row.content
        assert b'name="_save"' not in row.content
        assert b"/add/" not in page.content
        assert b"/delete/" not in row.content


def test_an_auditor_writes_nothing(client, shop):
    client.force_login(make_auditor())
    for model_admin in lists().values():
        row = every_row(model_admin)[0]
        addresses = [list_of(model_admin), list_of(model_admin) + "add/", row, row.replace("/change/", "/delete/")]
        for address in addresses:
            assert client.post(address, {"action": "cancel", "index": 0}).status_code == 403, address
        assert client.get(list_of(model_admin) + "add/").status_code == 403
        assert client.get(row.replace("/change/", "/delete/")).status_code == 403


def test_an_auditor_is_a_stranger_to_the_api_and_to_the_pages(client, shop):
    otto = make_auditor()
    api, order = API(otto), shop.orders.first()
    assert api.get(f"/v1/orders/{order.identifier}").status_code == 404
    assert api.get("/v1/orders").json()["data"] == []
    assert [one["id"] for one in api.get("/v1/users").json()["data"]] == [str(otto.pk)]
    assert api.get(f"/v1/events/{shop.pk}/discount-codes").json()["data"] == []
    assert "smtp-host" not in api.get("/v1/settings").json()["data"]["attributes"]
    document = {"data": {"type": "setting", "id": "1", "attributes": {"app-name": "Mine"}}}
    assert api.patch("/v1/settings/1", document).status_code == 403
    document = {"data": {"type": "event", "id": str(shop.pk), "attributes": {"name": "Mine"}}}
    assert api.patch(f"/v1/events/{shop.pk}", document).status_code == 403
    client.force_login(otto)
    assert client.get(f"/manage/{shop.identifier}/").status_code == 404


# ── Those who keep the site ──────────────────────────────────────────────────────────────────────────


def test_nobody_removes_or_adds_what_the_money_stands_on(client, shop, root):
    client.force_login(root)
    for name in MONEY:
        model_admin = lists()[name]
        count = model_admin.model.objects.count()
        row = every_row(model_admin)[0]
        assert client.post(row.replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403
        assert client.get(list_of(model_admin) + "add/").status_code == 403
        wish = {"action": "delete_selected", "_selected_action": row.split("/")[-3], "index": 0, "post": "yes"}
        client.post(list_of(model_admin), wish)
        assert model_admin.model.objects.count() == count


def test_a_row_is_only_removed_where_it_is_said(client, shop, root):
    client.force_login(root)
    removable = {name for name, one in lists().items() if one.can_delete}
    assert removable == {
        *("accounts.page", "accounts.customsystemrole", "accounts.panelpermission"),
        *("events.eventtype", "events.eventtopic", "events.eventsubtopic", "events.eventlocation"),
        *("events.customplaceholder", "events.role", "events.userseventsroles", "events.videochannel"),
        *("orders.ticketfee", "notifications.messagesetting", "notifications.notificationsetting"),
    }


# ── The policy for scripts ───────────────────────────────────────────────────────────────────────────


def test_the_policy_is_looser_at_the_addresses_of_the_admin_alone(client, shop, root):
    client.force_login(root)
    assert "script-src 'self' 'unsafe-eval';" in client.get("/admin/")["Content-Security-Policy"] + ";"
    for address in ("/", "/manage/", f"/e/{shop.identifier}", "/accounts/password", "/admin/nothing/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "'unsafe-" not in policy or address.startswith("/admin/")
    assert "'unsafe-inline'" not in client.get("/admin/")["Content-Security-Policy"]
