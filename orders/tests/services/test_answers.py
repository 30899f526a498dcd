"""What an event asks of its attendees, and which answers will do."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Setting
from events.models import CustomForm, CustomFormOption
from openevent.core.refusals import Refused
from orders.models import Attendee
from orders.services.answers import check_answers, known_answers, shown_answers
from orders.services.holders import change_holder
from orders.services.questions import (
    ask_again,
    ask_built_in,
    ask_own,
    move_question,
    questions_of,
    questions_on,
    stop_asking,
)
from orders.services.states import GUEST
from orders.tests.factories import make_finished_order, make_ticket

pytestmark = pytest.mark.django_db


def own(event, by, name="Shoe size", type="text", options=(), **more):
    return ask_own(CustomForm(event=event, name=name, type=type, **more), by=by, options=options)


def refused(event, **values):
    with pytest.raises(ValidationError) as problem:
        check_answers(event, values, by=GUEST)
    return {key: messages[0] for key, messages in problem.value.message_dict.items()}


def test_nothing_asked_is_nothing_to_answer_for_one_query(event, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert check_answers(event, {"phone": "1"}, by=GUEST) == {}


@pytest.mark.parametrize(
    ("type", "typed", "kept"),
    [
        ("text", " 42\x0b and a half ", "42 and a half"),
        ("text", "<b>fat</b>", "fat"),
        ("paragraph", "One\nTwo", "One\nTwo"),
        ("select", "Tea", "Tea"),
        ("checkbox", ["Tea", "Milk, hot"], "Tea; Milk, hot"),
        ("checkbox", "Tea; Milk, hot", "Tea; Milk, hot"),
        ("boolean", True, True),
        ("number", "44", 44),
        ("number", "1.5", 1.5),
        ("email", "mira@example.org", "mira@example.org"),
        ("year", "1990", 1990),
    ],
)
def test_each_type_keeps_its_answer(event, ada, type, typed, kept):
    own(event, ada, type=type, options=["Tea", "Milk, hot"], is_required=True)
    assert check_answers(event, {"shoe_size": typed}, by=GUEST) == {"complex_field_values": {"shoe_size": kept}}


@pytest.mark.parametrize(
    ("type", "typed", "told"),
    [
        ("text", "", "Fill this in."),
        ("text", "<b></b>", "Fill this in."),
        ("text", "a\x00b", "Null characters are not allowed."),
        ("text", "x" * 401, "Ensure this value has at most 400 characters (it has 401)."),
        ("select", "Coffee", "Choose from the list."),
        ("select", "", "Choose one."),
        ("checkbox", ["Tea", "Coffee"], "Choose from the list."),
        ("checkbox", [], "Choose at least one."),
        ("boolean", False, "Tick this to go on."),
        ("number", "many", "Enter a number."),
        ("number", "nan", "Enter a number."),
        ("number", "1e300", "Ensure this value is less than or equal to 9007199254740992."),
        ("email", "mira@", "Enter a whole address, like mira@example.org."),
        ("year", "12", "Enter a year, like 1990."),
        ("year", "x", "Enter a year, like 1990."),
    ],
)
def test_what_will_not_do_is_told_by_its_question(event, ada, type, typed, told):
    own(event, ada, type=type, options=["Tea", "Milk"], is_required=True)
    assert refused(event, shoe_size=typed) == {"shoe_size": told}


@pytest.mark.parametrize(
    ("column", "typed", "kept"),
    [
        ("phone", "+49 431 1", "+49 431 1"),
        ("age_group", "25-34", "25-34"),
        ("accept_video_recording", True, True),
        ("website", "example.org", "https://example.org"),
        ("company", "", None),
    ],
)
def test_built_in_ones_are_columns(event, ada, column, typed, kept):
    ask_built_in(event, column, by=ada)
    assert check_answers(event, {column: typed}, by=GUEST) == {column: kept}


def test_a_birthday_is_a_day(event, ada, bob):
    ask_built_in(event, "birth_date", by=ada)
    assert refused(event, birth_date="0001-01-01") == {"birth_date": "Enter a day, like 1990-12-31."}
    attendee = make_finished_order(make_ticket(event), by=bob).attendees.get()
    change_holder(attendee, by=bob, changes=check_answers(event, {"birth_date": "1990-12-31"}, by=bob))
    attendee.refresh_from_db()
    assert shown_answers(attendee) == [("Date of birth", "1990-12-31")]


def test_every_wrong_answer_is_told_at_once_and_the_team_may_leave_gaps(event, ada, cora):
    ask_built_in(event, "phone", by=ada, is_required=True)
    own(event, ada, is_required=True)
    assert refused(event) == {"phone": "Fill this in.", "shoe_size": "Fill this in."}
    assert check_answers(event, {}, by=cora) == {"phone": None, "complex_field_values": None}


def test_identifiers_of_other_clients_are_understood(event):
    CustomForm.objects.create(event=event, form="attendee", field_identifier="jobTitle", is_included=True)
    CustomForm.objects.create(
        event=event, form="attendee", field_identifier="shoe-size", is_included=True, is_complex=True
    )
    CustomForm.objects.create(event=event, form="attendee", field_identifier="email", is_included=True, is_fixed=True)
    CustomForm.objects.create(event=event, form="speaker", field_identifier="heard_from", is_included=True)
    CustomForm.objects.create(event=event, form="attendee", field_identifier="cv", is_included=True, type="file")
    kept = check_answers(event, {"job_title": "Captain", "shoe_size": "44"}, by=GUEST)
    assert kept == {"job_title": "Captain", "complex_field_values": {"shoe_size": "44"}}


def test_an_event_can_switch_its_form_off(event, ada):
    own(event, ada, is_required=True)
    event.is_ticket_form_enabled = False
    assert check_answers(event, {}, by=GUEST) == {}


def test_a_ticket_type_with_a_form_of_its_own_asks_that(event, ada):
    own(event, ada)
    CustomForm.objects.create(
        event=event, form="attendee", field_identifier="visa", form_id="vip", is_included=True, is_complex=True
    )
    asked = questions_of(event)
    vip, plain = make_ticket(event, form_id="vip"), make_ticket(event)
    assert [[one.field_identifier for one in questions_on(ticket, asked)] for ticket in (plain, vip)] == [
        ["shoe_size"],
        ["shoe_size", "visa"],
    ]


def test_an_answer_alone_issues_no_new_ticket(event, ada, bob):
    own(event, ada)
    ask_built_in(event, "phone", by=ada)
    attendee = make_finished_order(make_ticket(event), by=bob).attendees.get()
    code = attendee.code
    given = check_answers(event, {"shoe_size": "44", "phone": "1"}, by=bob, attendee=attendee)
    change_holder(attendee, by=bob, changes=given)
    attendee = Attendee.objects.get()
    assert (attendee.code, attendee.phone, attendee.complex_field_values) == (code, "1", {"shoe_size": "44"})
    change_holder(attendee, by=bob, changes={"firstname": "Somebody"})
    assert Attendee.objects.get().code != code


def test_answers_to_what_is_not_asked_any_more_stay(event, ada, bob):
    first, second = own(event, ada), own(event, ada, name="Diet")
    attendee = make_finished_order(make_ticket(event), by=bob).attendees.get()
    change_holder(attendee, by=bob, changes={"complex_field_values": {"shoe_size": "44", "diet": "None"}})
    stop_asking(first, by=ada)
    attendee = Attendee.objects.get()
    given = check_answers(event, {"diet": ""}, by=bob, attendee=attendee)
    assert given == {"complex_field_values": {"shoe_size": "44"}}
    ask_again(first, by=ada)
    assert [one.pk for one in questions_of(event)] == [second.pk, first.pk]
    assert known_answers(attendee, questions_of(event)) == {"diet": "None", "shoe_size": "44"}


# ── Changing what is asked ───────────────────────────────────────────────────────────────────────


def test_questions_move_one_place_and_stay_at_the_ends(event, ada):
    first, second, third = (own(event, ada, name=name) for name in ("One", "Two", "Three"))
    moves = [(third, True), (first, True), (first, False), (first, False)]
    orders = []
    for question, up in moves:
        move_question(question, up=up)
        orders.append([one.name for one in questions_of(event)])
    assert orders == [
        ["One", "Three", "Two"],
        ["One", "Three", "Two"],
        ["Three", "One", "Two"],
        ["Three", "Two", "One"],
    ]
    assert second.name == "Two"


def test_a_question_never_takes_the_name_of_a_column_or_of_another(event, ada):
    names = [own(event, ada, name=name).field_identifier for name in ("Phone", "Phone", "???", "E-mail", "email")]
    assert names == ["phone_2", "phone_3", "question", "e_mail", "email_2"]


def test_options_keep_their_order_and_can_change(event, ada):
    question = own(event, ada, type="select", options=["B", "A", "B"])
    question.refresh_from_db()
    ask_own(question, by=ada, options=["A", "C"])
    assert list(CustomFormOption.objects.values_list("value", flat=True)) == ["A", "C"]


def test_only_so_many_questions(event, ada):
    Setting.current()
    Setting.objects.update(max_complex_custom_fields=1)
    own(event, ada)
    with pytest.raises(Refused):
        own(event, ada, name="One too many")


def test_what_is_no_column_is_not_asked_for(event, ada):
    for junk in ("firstname", "seed", "", "x\x00"):
        with pytest.raises(Refused):
            ask_built_in(event, junk, by=ada)
