"""The pages of the API: every operation is on one of them, they need no script, and their policy is everybody's."""

import re

import pytest
from django.urls import reverse

from openevent.api_document import document
from openevent.api_pages import sections
from openevent.core.registry import registry

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_first_page_leads_to_every_type(client):
    text = client.get(reverse("docs")).content.decode()
    assert f"{len(registry.by_type)} types" in text
    assert [kind for kind in registry.by_type if f'href="/docs/{kind}"' not in text] == []
    assert '<a href="/docs/">API</a>' in client.get("/").content.decode()


def test_every_address_is_on_a_page_with_its_methods(client):
    pages = {name: client.get(reverse("docs-section", args=[name])).content.decode() for name in sections()}
    missing = [
        (path, method)
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
        if f"<code>{path}</code>" not in pages[operation["tags"][0]]
    ]
    assert missing == []


@pytest.mark.parametrize("address", ["/docs/", "/docs/event", "/docs/auth"])
def test_a_page_has_nothing_inline_and_the_policy_of_all_pages(client, address):
    answer = client.get(address)
    text = answer.content.decode()
    assert answer["Content-Security-Policy"] == client.get("/")["Content-Security-Policy"]
    assert all(mark not in text for mark in (" style=", "<style", " onclick=", "<script>", "javascript:"))


def test_a_type_says_what_its_attributes_are(client):
    text = re.sub(r"\s+", " ", client.get("/docs/ticket").content.decode())
    assert '<dt><code>quantity</code></dt> <dd><span class="flow wraps g1"><span>whole number' in text
    assert 'one of <a href="/docs/event">event</a>' in text


def test_what_is_not_described_is_no_page(client):
    assert client.get("/docs/nothing").status_code == 404
