"""What the forms of an event ask of everybody, and how much an organizer may add to that."""

from accounts.models import Setting
from events.models import CustomForm, Event
from openevent.core.refusals import Refused

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
