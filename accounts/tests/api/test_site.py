"""What the site keeps, through the API: pages, permissions, the log."""

import json

import pytest

from accounts.models import CustomSystemRole, Page, PanelPermission, UserPermission
from accounts.services.log import record
from accounts.tests.people import make_person
from tests.contract.world import API, resource_document


@pytest.fixture
def staff(root):
    return API(root)


def listed(api, path, **query):
    return [row["attributes"] for row in api.get(path, query).json()["data"]]


def test_the_footer_is_read_by_everybody_in_its_order(db):
    Page.objects.create(name="Terms", url="/terms", place="footer", index=2)
    Page.objects.create(name="About", url="/about", place="footer", index=1)
    found = listed(API(), "/v1/pages", cache="true", public="true")
    assert [(page["name"], page["url"], page["place"]) for page in found] == [
        ("About", "/about", "footer"),
        ("Terms", "/terms", "footer"),
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_page_leads_to_no_script(staff, url):
    answer = staff.post("/v1/pages", resource_document("page", name="Bad", url=url))
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/data/attributes/url"})


@pytest.mark.parametrize("url", ["/about", "about", "https://example.org/about", "/search?at=10:00"])
def test_a_page_leads_to_a_path_or_into_the_web(staff, url):
    assert staff.post("/v1/pages", resource_document("page", name="Good", url=url)).status_code == 201


def test_a_page_stands_where_pages_can_stand(staff):
    answer = staff.post("/v1/pages", resource_document("page", name="About", url="/about", place="ceiling"))
    assert (answer.status_code, answer.json()["errors"][0]["source"]) == (422, {"pointer": "/data/attributes/place"})


def test_scripts_are_cleaned_out_of_a_page(staff):
    text = "<p>Hi<script>alert(1)</script></p>"
    answer = staff.post("/v1/pages", resource_document("page", name="A", url="/a", description=text))
    assert answer.json()["data"]["attributes"]["description"] == "<p>Hi</p>"


def test_a_site_begins_with_the_permissions_that_clients_know(staff):
    assert [panel["panel-name"] for panel in listed(staff, "/v1/panel-permissions")] == [
        *("sales", "admin", "events", "sessions", "users", "permissions", "messages", "reports", "settings", "content"),
    ]
    assert [role["name"] for role in listed(staff, "/v1/custom-system-roles")] == ["Sales Admin", "Marketer"]
    assert {one["name"]: one["unverified-user"] for one in listed(staff, "/v1/user-permissions")} == {
        "publish_event": None,
        "create_event": False,
    }
    sales = PanelPermission.objects.get(panel_name="sales")
    roles = listed(staff, f"/v1/panel-permissions/{sales.pk}/custom-system-roles")
    assert [role["name"] for role in roles] == ["Sales Admin", "Marketer"]


def test_staff_open_a_panel_to_a_role(staff, db):
    marketer = make_person("mark", is_marketer=True)
    reports, role = PanelPermission.objects.get(panel_name="reports"), CustomSystemRole.objects.get(name="Marketer")
    record("event.published", by="worker")
    assert listed(API(marketer), "/v1/activities") == []
    answer = staff.patch(
        f"/v1/panel-permissions/{reports.pk}",
        resource_document("panel-permission", key=reports.pk, relationships={"custom-system-roles": [role]}),
    )
    assert answer.status_code == 200
    assert [line["action"] for line in listed(API(marketer), "/v1/activities")] == ["event.published"]


def test_a_tag_does_not_outlive_a_panel(db):
    marketer = make_person("mark", is_marketer=True)
    reports = PanelPermission.objects.get(panel_name="reports")
    reports.custom_system_roles.set(CustomSystemRole.objects.all())
    record("event.published", by="worker")
    api = API(marketer)
    tag = api.get("/v1/activities")["ETag"]
    assert api.get("/v1/activities", **{"If-None-Match": tag}).status_code == 304
    reports.custom_system_roles.clear()
    answer = api.get("/v1/activities", **{"If-None-Match": tag})
    assert (answer.status_code, answer.json()["data"]) == (200, [])


def test_staff_let_people_make_events_without_a_proven_address(staff, db):
    unproven = API(make_person("una", is_verified=False))
    document = resource_document(
        "event", name="Fair", starts_at="2030-05-01T09:00:00Z", ends_at="2030-05-02T09:00:00Z", timezone="UTC"
    )
    assert unproven.post("/v1/events", document).status_code == 403
    permission = UserPermission.objects.get(name="create_event")
    change = resource_document("user-permission", key=permission.pk, unverified_user=True)
    assert staff.patch(f"/v1/user-permissions/{permission.pk}", change).status_code == 200
    assert unproven.post("/v1/events", document).status_code == 201


def test_a_name_that_is_taken_is_a_conflict(staff):
    for kind in ("user-permission", "custom-system-role"):
        name = {"user-permission": "create_event", "custom-system-role": "Marketer"}[kind]
        assert staff.post(f"/v1/{kind}s", resource_document(kind, name=name)).status_code == 409


def test_the_log_is_read_by_staff_newest_first(staff, ada, root):
    record("order.completed", by=ada, amount="9.00")
    record("order.deleted", by="worker")
    query = {"filter": "[]", "page[number]": 1, "page[size]": 100, "sort": "-time"}
    answer = staff.get("/v1/activities", query).json()
    assert [(row["attributes"]["actor"], row["attributes"]["action"]) for row in answer["data"]] == [
        ("worker", "order.deleted"),
        ("Ada", "order.completed"),
    ]
    assert answer["meta"] == {"count": 2}
    assert set(answer["data"][0]["attributes"]) == {"actor", "time", "action"}
    assert API(ada).get("/v1/activities").json()["data"] == []


def test_the_log_is_searched(staff, ada):
    record("order.completed", by=ada)
    record("order.deleted", by="worker")
    condition = json.dumps([{"name": "actor", "op": "ilike", "val": "%ad%"}])
    assert [line["action"] for line in listed(staff, "/v1/activities", filter=condition)] == ["order.completed"]


def test_a_new_line_of_the_log_makes_another_tag(staff):
    record("order.completed", by="worker")
    tag = staff.get("/v1/activities")["ETag"]
    assert staff.get("/v1/activities", **{"If-None-Match": tag}).status_code == 304
    record("order.deleted", by="worker")
    assert staff.get("/v1/activities", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_nobody_writes_the_log(staff, method):
    line = record("order.completed", by="worker")
    path = "/v1/activities" if method == "POST" else f"/v1/activities/{line.pk}"
    document = resource_document("activity", key=line.pk, action="nothing.happened")
    assert staff.send(method, path, document).status_code == 405
