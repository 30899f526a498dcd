"""The list of attendees: who sees what of it, its pages, its columns, its verbs, and what is taken away."""

import pytest
from django.urls import reverse

from events.models import CustomForm
from events.tests.factories import give_role, make_event
from notifications.models import Job
from orders.models import Attendee, Order
from orders.pages.manage import attendees
from orders.services.check_in import check_in
from orders.tests.factories import make_finished_order, make_order, make_ticket


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people(event, bob, free_ticket):
    """Three on one order: Ann, Ben and Cleo, each with a company."""
    order = make_finished_order((free_ticket, 3), by=bob)
    for attendee, name in zip(order.attendees.order_by("pk"), ("Cleo", "Ann", "Ben"), strict=True):
        attendee.firstname, attendee.lastname, attendee.company = name, "Doe", f"{name} & Sons"
        attendee.email = f"{name.lower()}@fernpost.example"
        attendee.save()
    return order


@pytest.fixture
def team(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def registrar(client, event, eve):
    give_role(eve, event, "registrar")
    client.force_login(eve)
    return client


def address(event, query=""):
    return f"{reverse('manage-attendees', args=[event.identifier])}?{query}"


def page(client, event, query="", **more):
    answer = client.get(address(event, query), **more)
    assert answer.status_code == 200
    return answer


def names(answer):
    return [person.firstname for person in answer.context["page"].people]


def test_everybody_with_a_ticket_is_listed_by_name(team, event, people, free_ticket, bob):
    make_order(free_ticket, by=bob)
    answer = page(team, event)
    assert names(answer) == ["Ann", "Ben", "Cleo"]
    assert answer.context["totals"] == "3 attendees · with a ticket"
    assert reverse("manage-order", args=[event.identifier, people.identifier]) in answer.content.decode()


def test_a_registrar_sees_name_ticket_and_state_alone(registrar, event, people):
    Order.objects.update(email="buyer@quay.example", amount="33.00")
    text = page(registrar, event).content.decode()
    assert "Ann Doe" in text and "Community" in text
    for hidden in ("fernpost", "quay.example", "Sons", "33.00", "Export", "Columns", f"/orders/{people.identifier}"):
        assert hidden not in text
    registrar.cookies[attendees.COOKIE] = "email%0Acompany"
    assert "fernpost" not in page(registrar, event, "columns=email", follow=True).content.decode()


def test_a_registrar_takes_nothing_away(registrar, event, people):
    there = reverse("manage-export", args=[event.identifier, "attendees"])
    assert registrar.get(there).status_code == 403
    assert registrar.post(there, {"columns": "email", "form": "csv"}).status_code == 403
    assert Job.objects.count() == 0


def test_the_team_chooses_columns_and_they_are_remembered(team, event, people):
    CustomForm.objects.create(
        event=event, form="attendee", field_identifier="food", name="What do you eat?", is_complex=True
    )
    Attendee.objects.filter(firstname="Ann").update(complex_field_values={"food": "<b>bread</b>"})
    assert "ann@fernpost.example" in page(team, event).content.decode()
    answer = team.get(address(event, "columns=&columns=company&columns=answer:food&q=doe"))
    assert (answer.status_code, answer["Location"]) == (302, address(event, "q=doe"))
    text = page(team, event).content.decode()
    assert "Ann &amp; Sons" in text and "&lt;b&gt;bread" in text
    assert "ann@fernpost.example" not in text
    team.get(address(event, "columns="))
    assert page(team, event).context["columns"] == []


def test_pages_follow_each_other_whoever_comes_in_meanwhile(team, event, people, free_ticket, bob, monkeypatch):
    monkeypatch.setattr(attendees, "PAGE_SIZE", 2)
    first = page(team, event)
    assert (names(first), first.context["page"].before) == (["Ann", "Ben"], "")
    [late] = make_finished_order(free_ticket, by=bob).attendees.all()
    late.firstname = "Abe"
    late.save()
    second = page(team, event, first.context["page"].after)
    assert (names(second), second.context["page"].after) == (["Cleo"], "")
    back = page(team, event, second.context["page"].before)
    assert names(back) == ["Ann", "Ben"]
    assert names(page(team, event, back.context["page"].before)) == ["Abe"]


@pytest.mark.parametrize(
    "junk", ["after=x", "before=0", "after=99999999999999999999", "after=%00", "state=%00&q=%00", "after=²"]
)
def test_junk_in_the_address_is_no_problem(team, event, people, junk):
    page(team, event, junk)


def test_where_nobody_is_found_the_other_states_are_offered(team, event, people):
    Order.objects.update(status="cancelled")
    answer = page(team, event, "q=ann")
    assert "Nobody found for “ann”" in answer.content.decode()
    assert answer.context["among_all"] == {"count": 1, "query": "q=ann&state=all"}


def test_a_list_costs_the_same_for_one_and_for_three(team, event, people, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as few:
        page(team, event, "q=ann")
    with django_assert_max_num_queries(len(few)):
        page(team, event, "q=doe")


def test_what_is_typed_changes_the_list_alone(team, event, people):
    answer = page(team, event, "q=ben", headers={"HX-Request": "true"})
    assert names(answer) == ["Ben"]
    assert "<html" not in answer.content.decode()
    assert answer["HX-Push-Url"] == "?q=ben"


# ── Verbs ────────────────────────────────────────────────────────────────────────────────────────────


def verb(client, event, attendee, name, **more):
    there = reverse("manage-attendee-verb", args=[event.identifier, attendee.pk, name])
    return client.post(there, **more)


def test_a_registrar_lets_somebody_in_and_takes_it_back(registrar, event, people):
    ann = Attendee.objects.get(firstname="Ann")
    answer = verb(registrar, event, ann, "in", data={"q": "ann"})
    assert answer["Location"] == address(event, "q=ann")
    ann.refresh_from_db()
    assert ann.is_checked_in
    assert "Ann Doe: Let in" in registrar.get(answer["Location"]).content.decode()
    row = verb(registrar, event, ann, "undo", headers={"HX-Request": "true"}).content.decode()
    ann.refresh_from_db()
    assert not ann.is_checked_in
    assert row.startswith("<tr") and "Taken back" in row


def test_who_is_in_already_is_told_so(team, event, people, ada):
    ann = Attendee.objects.get(firstname="Ann")
    check_in(ann, by=ada)
    assert "Already in" in verb(team, event, ann, "in", headers={"HX-Request": "true"}).content.decode()


def test_who_has_not_paid_cannot_be_let_in_from_the_list(team, event, bob, paid_ticket):
    [held] = make_finished_order(paid_ticket, by=bob, mode="bank").attendees.all()
    assert "Check in<" not in page(team, event).content.decode()
    assert "not paid" in verb(team, event, held, "in", headers={"HX-Request": "true"}).content.decode()


def test_nobody_of_another_event_is_let_in(team, event, people, bob, eve):
    there = make_event(owner=eve)
    [other] = make_finished_order(make_ticket(there), by=bob).attendees.all()
    assert verb(team, event, other, "in").status_code == 404
    assert verb(team, event, Attendee.objects.get(firstname="Ann"), "remove").status_code == 404


# ── Taking the list away ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", ["attendees", "orders"])
def test_a_list_is_taken_away_as_it_is_narrowed(team, ada, event, people, what):
    listed = team.get(reverse(f"manage-{what}", args=[event.identifier]), {"q": "bob"})
    form = team.get(listed.context["export"])
    count = 0 if what == "attendees" else 1
    assert f"Export {count} {what[:-1]}" in form.content.decode()
    chosen = {"query": "q=bob", "columns": ["email"], "form": "xlsx"}
    answer = team.post(reverse("manage-export", args=[event.identifier, what]), chosen)
    job = Job.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert (job.user, job.event_id, job.arguments["query"], job.arguments["columns"]) == (
        ada,
        event.pk,
        "q=bob",
        ["email"],
    )


def test_no_column_is_no_export(team, event):
    there = reverse("manage-export", args=[event.identifier, "attendees"])
    answer = team.post(there, {"columns": ["password"], "form": "csv"})
    assert answer.status_code == 422
    assert "Choose at least one column." in answer.content.decode()
    assert Job.objects.count() == 0


def test_an_export_of_something_else_is_not_there(team, event):
    assert team.get(f"/manage/{event.identifier}/exports/users").status_code == 404
