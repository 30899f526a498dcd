"""The order form: the team says what is asked, the shop asks it, the buyer changes it later."""

import re
from html import unescape

import pytest
from django.urls import reverse

from events.models import CustomForm
from events.tests.factories import give_role, in_days, make_event
from orders.models import Attendee, Order
from orders.services.holders import change_holder
from orders.services.questions import ask_built_in, ask_own, questions_of
from orders.tests.factories import make_finished_order

pytestmark = pytest.mark.django_db


def words(answer):
    return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.S)).split())


def at(event, name="manage-settings-form", *more):
    return reverse(name, args=[event.identifier, *more])


def own(event, by, name="Shoe size", type="text", options=(), **more):
    return ask_own(CustomForm(event=event, name=name, type=type, **more), by=by, options=options)


def seen(page):
    return re.search(r'name="seen"[^>]*value="([^"]+)"', page.content.decode()).group(1)


def asked(event):
    return [one.name for one in questions_of(event)]


# ── What is asked ────────────────────────────────────────────────────────────────────────────────


def test_the_team_chooses_what_is_asked_and_in_which_order(client, cora, event):
    client.force_login(cora)
    page = words(client.get(at(event)))
    assert "First name Always asked Last name Always asked E-mail Always asked" in page
    client.post(at(event), {"verb": "add", "column": "phone", "is_required": "on"})
    typed = {"name": "Which menu?", "type": "select", "options": "Fish\r\nRice\r\n", "is_required": "on"}
    client.post(at(event, "manage-question-new"), typed)
    menu = CustomForm.objects.get(name="Which menu?")
    assert (menu.field_identifier, menu.is_complex, [str(one) for one in menu.options.all()]) == (
        "which_menu",
        True,
        ["Fish", "Rice"],
    )
    client.post(at(event), {"verb": "up", "question": menu.pk})
    assert asked(event) == ["Which menu?", "Phone"]
    client.post(at(event), {"verb": "leave-out", "question": menu.pk})
    assert asked(event) == ["Phone"]
    assert "Not asked any more Which menu?" in words(client.get(at(event)))
    client.post(at(event), {"verb": "again", "question": menu.pk})
    assert asked(event) == ["Phone", "Which menu?"]


def test_a_question_is_changed(client, cora, event):
    question = own(event, cora, type="select", options=["Fish", "Rice"])
    phone = ask_built_in(event, "phone", by=cora)
    client.force_login(cora)
    page = client.get(at(event, "manage-question", question.pk))
    typed = {"name": "Menu", "type": "checkbox", "options": "Rice", "seen": seen(page)}
    client.post(at(event, "manage-question", question.pk), typed)
    page = client.get(at(event, "manage-question", phone.pk))
    client.post(at(event, "manage-question", phone.pk), {"name": "Mobile", "is_required": "on", "seen": seen(page)})
    shown = words(client.get(at(event)))
    assert "Menu Any of a list · optional · Rice" in shown
    assert "Mobile Telephone · has to be answered" in shown


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "<i></i>"}, "Fill this in."),
        ({"type": "select", "options": "One"}, "Write down what there is to choose from"),
        ({"type": "select", "options": "One; two\nThree"}, "Leave out semicolons"),
        ({"type": "select", "options": "\n".join(map(str, range(101)))}, "At most 100 lines"),
        ({"type": "file"}, "Select a valid choice."),
        ({"name": "a\x00"}, "Null characters"),
    ],
)
def test_a_question_that_will_not_do_is_told(client, cora, event, wrong, told):
    client.force_login(cora)
    typed = {"name": "Menu", "type": "text", "description": "Kept", **wrong}
    answer = client.post(at(event, "manage-question-new"), typed)
    assert told in words(answer)
    assert "Kept" in answer.content.decode()
    assert not CustomForm.objects.exists()


@pytest.mark.parametrize(
    "junk",
    [
        {},
        {"verb": "x"},
        {"verb": "up"},
        {"verb": "up", "question": "9" * 40},
        {"verb": "up", "question": "1\x00"},
        {"verb": "again", "question": "-1"},
    ],
)
def test_junk_is_not_there(client, cora, event, junk):
    client.force_login(cora)
    assert client.post(at(event), junk).status_code == 404


def test_an_unknown_detail_is_told(client, cora, event):
    client.force_login(cora)
    assert "Choose from the list." in words(client.post(at(event), {"verb": "add", "column": "seed"}))


@pytest.mark.parametrize("role", [None, "registrar", "moderator", "track_organizer"])
def test_the_form_is_the_teams(client, ada, eve, event, role):
    question = own(event, ada)
    if role:
        give_role(eve, event, role)
    client.force_login(eve)
    pages = [at(event), at(event, "manage-question-new"), at(event, "manage-question", question.pk)]
    assert {client.get(page).status_code for page in pages} == {403 if role else 404}
    assert client.post(at(event), {"verb": "leave-out", "question": question.pk}).status_code == (403 if role else 404)
    assert asked(event) == ["Shoe size"]


def test_a_question_of_another_event_is_not_there(client, ada, event):
    theirs = own(make_event(owner=ada), ada)
    client.force_login(ada)
    assert client.get(at(event, "manage-question", theirs.pk)).status_code == 404
    assert client.post(at(event), {"verb": "leave-out", "question": theirs.pk}).status_code == 404


# ── Asked at the checkout ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def questions(event, ada):
    ask_built_in(event, "phone", by=ada, is_required=True)
    own(event, ada, name="Menu", type="select", options=["Fish", "Rice"], is_required=True)
    own(event, ada, name="Days", type="checkbox", options=["Friday", "Saturday"])
    own(event, ada, name="I have read the house rules", type="boolean")


def test_each_attendee_is_asked_also_who_is_the_buyer(guest, free_ticket, questions):
    guest.choose((free_ticket, 2)).fill_in()
    assert "Attendee 1, Phone: Fill this in." in guest.page
    assert "Attendee 2, Menu: Choose one." in guest.page
    assert Order.objects.get().status == "initializing"
    first, second = guest.order.attendees.order_by("pk")
    answers = {
        f"holder-{first.pk}-phone": "+49 431 1",
        f"holder-{first.pk}-menu": "Rice",
        f"holder-{first.pk}-days": ["Friday", "Saturday"],
        f"holder-{first.pk}-i_have_read_the_house_rules": "on",
        f"holder-{second.pk}-phone": "+49 431 2",
        f"holder-{second.pk}-menu": "Fish",
    }
    guest.fill_in(**answers)
    assert "You’re going, Mira" in guest.page
    first, second = Attendee.objects.order_by("pk")
    assert (first.firstname, first.phone, first.complex_field_values) == (
        "Mira",
        "+49 431 1",
        {"menu": "Rice", "days": "Friday; Saturday", "i_have_read_the_house_rules": True},
    )
    assert (second.phone, second.complex_field_values) == (
        "+49 431 2",
        {"menu": "Fish", "i_have_read_the_house_rules": False},
    )


@pytest.mark.parametrize("verb", ["finish", "extend"])
def test_what_was_typed_stays(guest, free_ticket, questions, verb):
    guest.choose(free_ticket)
    holder = guest.order.attendees.get()
    typed = {f"holder-{holder.pk}-phone": "+49", f"holder-{holder.pk}-days": ["Saturday"]}
    guest.fill_in(verb=verb, **typed)
    page = guest.answer.content.decode()
    assert 'value="+49"' in page
    assert re.search(r'value="Saturday"[^>]* checked', page)
    assert not re.search(r'value="Friday"[^>]* checked', page)
    assert re.search(r'value="mira@example.org"', page)


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ 7|add:7 }}", "=1+1", "x" * 5000, "a\x00b"])
def test_strange_answers_are_kept_as_words_or_refused_never_run(guest, event, ada, free_ticket, words):
    own(event, ada, name="Anything")
    guest.choose(free_ticket)
    holder = guest.order.attendees.get()
    guest.fill_in(**{f"holder-{holder.pk}-anything": words})
    assert guest.answer.status_code == 200
    assert "<script>alert" not in guest.answer.content.decode()


def test_asking_costs_one_query_and_one_for_options(client, event, ada, free_ticket, django_assert_num_queries):
    counts = []
    for _ in range(3):
        client.post(f"/e/{event.identifier}", {f"quantity-{free_ticket.pk}": 2, "verb": "continue"})
        order = Order.objects.latest("pk")
        page = reverse("details", kwargs={"identifier": order.identifier, "secret": order.secret})
        with django_assert_num_queries(20, exact=False) as queries:
            client.get(page)
        counts.append(len(queries.captured_queries))
        own(event, ada, name="Menu", type="select", options=["Fish", "Rice"])
    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]


# ── Changed later ────────────────────────────────────────────────────────────────────────────────


def rename_page(attendee):
    order = attendee.order
    return reverse(
        "rename-holder",
        kwargs={"identifier": order.identifier, "secret": order.secret, "holder": attendee.identifier},
    )


def test_the_buyer_sees_and_changes_answers_and_the_ticket_stays(guest, free_ticket, questions):
    guest.choose(free_ticket)
    holder = guest.order.attendees.get()
    guest.fill_in(**{f"holder-{holder.pk}-phone": "+49", f"holder-{holder.pk}-menu": "Fish"})
    assert "3 answers Phone +49 Menu Fish I have read the house rules No" in guest.page
    holder.refresh_from_db()
    code = holder.code
    page = guest.open(rename_page(holder)).answer.content.decode()
    assert 'value="+49"' in page
    assert re.search(r'value="Fish" selected', page)
    same = {"firstname": "Mira", "lastname": "Okafor", "email": "mira@example.org"}
    wrong = guest.client.post(rename_page(holder), {**same, "phone": "", "menu": "Rice"})
    assert "Fill this in." in words(wrong)
    guest.client.post(rename_page(holder), {**same, "phone": "+31", "menu": "Rice"})
    holder.refresh_from_db()
    assert (holder.code, holder.phone, holder.complex_field_values["menu"]) == (code, "+31", "Rice")


def test_the_link_of_an_accounts_order_tells_no_answers(client, bob, free_ticket, questions):
    order = make_finished_order(free_ticket, by=bob)
    holder = order.attendees.get()
    change_holder(holder, by=bob, changes={"phone": "+49 431 1"})
    address = {"identifier": order.identifier, "secret": order.secret}
    assert "+49 431 1" not in words(client.get(reverse("order", kwargs=address)))
    client.force_login(bob)
    assert "+49 431 1" in words(client.get(reverse("order", args=[order.identifier])))


def test_answers_are_settled_after_the_deadline(guest, event, ada, free_ticket):
    own(event, ada, name="Menu")
    guest.choose(free_ticket).fill_in()
    holder = Attendee.objects.get()
    event.holders_change_until = in_days(-1)
    event.save()
    same = {"firstname": "Mira", "lastname": "Okafor", "email": "mira@example.org"}
    guest.client.post(rename_page(holder), {**same, "menu": "Rice"})
    assert Attendee.objects.get().complex_field_values is None


def test_the_team_sees_and_corrects_answers_and_may_leave_gaps(client, cora, bob, event, free_ticket, questions):
    order = make_finished_order(free_ticket, by=bob)
    holder = order.attendees.get()
    client.force_login(cora)
    page = reverse("manage-holder", args=[event.identifier, order.identifier, holder.identifier])
    same = {"firstname": "Bob", "lastname": "Example", "email": bob.email, "seen": seen(client.get(page))}
    wrong = client.post(page, {**same, "answers-menu": "Soup"})
    assert "Menu: Choose from the list." in words(wrong)
    client.post(page, {**same, "answers-menu": "Rice", "answers-phone": ""})
    answered = Attendee.objects.get()
    assert (answered.code, answered.phone, answered.complex_field_values["menu"]) == (holder.code, None, "Rice")
