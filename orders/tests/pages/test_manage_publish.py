"""Before an event is public: what is open, what a visitor will see, and the step itself."""

import pytest
from django.urls import reverse

from events.models import Event, Session
from orders.models import Order
from orders.tests.factories import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(event):
    Event.objects.filter(pk=event.pk).update(state="draft", owner_name="Ropeworks")
    return Event.objects.get(pk=event.pk)


@pytest.fixture
def desk(sign_in, cora):
    return sign_in(cora)


def at(name, event):
    return reverse(f"manage-{name}", args=[event.identifier])


def test_the_page_says_what_is_open_and_where_to_mend_it(desk, draft):
    page = desk.open(at("publish", draft))
    assert all(words in page.page for words in ("of 7 done", "Only the team sees this event.", "advice"))
    assert (
        f"{reverse('manage-settings-tickets', args=[draft.identifier])}#id_refund_policy"
        in page.answer.content.decode()
    )


def test_publishing_shows_the_event_and_unpublishing_hides_it(desk, draft, client):
    public = reverse("event", args=[draft.identifier])
    desk.answer = desk.client.post(at("publish", draft), follow=True)
    assert "Harbour Days is public" in desk.page
    client.logout()
    assert client.get(public).status_code == 200


def test_a_published_event_can_be_a_draft_again(desk, event):
    desk.answer = desk.client.post(at("unpublish", event), follow=True)
    assert "Publish Harbour Days" in desk.page
    assert Event.objects.get().state == "draft"
    assert desk.client.get(at("unpublish", event)).status_code == 405


def test_what_blocks_is_said_and_it_stays_a_draft(desk, draft):
    Event.objects.update(name="")
    desk.answer = desk.client.post(at("publish", draft))
    assert (desk.answer.status_code, Event.objects.get().state) == (422, "draft")
    assert "It is not published yet. The event needs a name." in desk.page
    assert "Needed to publish" in desk.page


@pytest.mark.parametrize(
    ("privacy", "words"),
    [("public", "Everybody sees the page"), ("private", "Whoever has the address sees the page")],
)
def test_who_sees_what_is_a_sentence(desk, event, privacy, words):
    Event.objects.update(privacy=privacy)
    assert words in desk.open(at("publish", event)).page


# The preview


def test_the_preview_is_what_a_visitor_will_see_though_it_is_a_draft(desk, draft, free_ticket):
    hidden = make_ticket(draft, name="Crew", is_hidden=True)
    Session.objects.create(event=draft, title="Secret talk", state="pending")
    shown = desk.open(at("preview", draft))
    assert all(
        words in shown.page for words in ("This is what a visitor sees.", "Ropeworks", "Community Free", "Sign in")
    )
    assert "Not shown to visitors: 1 hidden ticket type, 1 session not accepted yet." in shown.page
    assert "Only the team sees this page." not in shown.page
    assert not {hidden.name, "Secret talk", "Sign out"} & set(shown.page.split("  "))
    assert "Crew" not in shown.page


def test_nothing_can_be_bought_from_the_preview(desk, draft, free_ticket):
    page = desk.open(at("preview", draft)).answer.content.decode()
    form = page[page.index('<form class="box"') : page.index("</form>", page.index('<form class="box"'))]
    assert "<fieldset disabled>" in form
    assert "csrfmiddlewaretoken" not in form
    wish = {f"quantity-{free_ticket.pk}": 1, "verb": "continue"}
    assert desk.client.post(at("preview", draft), wish).status_code == 405
    assert not Order.objects.exists()


def test_the_preview_is_the_teams(sign_in, draft, eve):
    assert sign_in(eve).open(at("preview", draft)).answer.status_code == 404
