"""What the forms of an event ask of everybody, and how much an organizer may add to that."""

from collections.abc import Callable

from accounts.models import Setting
from events.models import CustomForm, Event
from events.models.custom_form import BUILT_IN, key_of
from openevent.core.refusals import Refused

NOTHING = (None, "", [], {}, False)
ALWAYS = {"firstname": "First name", "lastname": "Last name", "email": "E-mail"}  # of attendees


def ask_names(event: Event) -> None:
    """A new event asks its attendees who they are, and always will."""
    CustomForm.objects.bulk_create(
        CustomForm(
            event=event,
            form="attendee",
            field_identifier=column,
            name=words,
            type="email" if column == "email" else "text",
            is_required=True,
            is_included=True,
            is_fixed=True,
        )
        for column, words in ALWAYS.items()
    )


def check_answered(event: Event, form: str, answer_of: Callable) -> None:
    """422 at the first required question of a form without an answer. `answer_of(name)` gives what there is."""
    for question in event.custom_forms.filter(form=form, is_included=True, is_required=True, form_id=None):
        name = key_of(question)
        is_column = name in BUILT_IN[form]
        answer = answer_of(name) if is_column else (answer_of("complex_field_values") or {}).get(name)
        if answer in NOTHING:
            place = name.replace("_", "-") if is_column else f"complex-field-values/{name}"
            member = "relationships" if name in ("track", "session_type") else "attributes"
            detail = f"{question.name or question.field_identifier}: this has to be answered."
            raise Refused("unanswered", detail, pointer=f"/data/{member}/{place}")


def refuse_too_many(question: CustomForm) -> None:
    """Of the organizer's own questions a form has so many as the site's settings say. Called in a transaction."""
    Event.objects.select_for_update(no_key=True).only("pk").get(pk=question.event_id)
    most = Setting.current().max_complex_custom_fields
    there = CustomForm.objects.filter(
        event=question.event_id, form=question.form, form_id=question.form_id or None, is_complex=True
    )
    if there.count() >= most:
        pointer = "/data/attributes/field-identifier"
        raise Refused("too-many-questions", f"A form asks at most {most} questions of your own.", pointer=pointer)
