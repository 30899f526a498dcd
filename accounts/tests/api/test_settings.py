"""The site's settings: what is configured shows until staff say something else."""

import pytest
from django.conf import settings

from accounts.models import Setting
from tests.contract.world import API, resource_document

NEEDED = ("app-name", "tagline", "static-domain", "frontend-url", "email-from", "email-from-name")


@pytest.fixture
def staff(root):
    return API(root)


def test_no_field_that_the_old_form_needs_is_empty_on_a_new_server(staff):
    attributes = staff.get("/v1/settings").json()["data"]["attributes"]
    assert [name for name in NEEDED if not attributes[name]] == []
    assert attributes["frontend-url"] == settings.BASE_URL


def test_what_is_only_sent_back_is_not_kept_and_follows_the_configuration(staff):
    attributes = staff.get("/v1/settings").json()["data"]["attributes"]
    document = {"data": {"type": "setting", "id": "1", "attributes": {**attributes, "tagline": "Ours"}}}
    assert staff.patch("/v1/settings/1", document).status_code == 200
    setting = Setting.current()
    assert (setting.tagline, setting.frontend_url, setting.email_from) == ("Ours", None, None)


def test_a_front_end_is_an_address(staff):
    answer = staff.patch("/v1/settings/1", resource_document("setting", key=1, frontend_url="nowhere"))
    assert (answer.status_code, answer.json()["errors"][0]["source"]["pointer"]) == (
        422,
        "/data/attributes/frontend-url",
    )
