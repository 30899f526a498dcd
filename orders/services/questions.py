"""What an event asks of each attendee besides name and e-mail, and in which order."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils.text import slugify

from accounts.services.log import record
from events.models import CustomForm, CustomFormOption, Event
from events.models.custom_form import key_of
from events.models.programme import GENDERS
from events.services.questions import ALWAYS, refuse_too_many
from openevent.core.atomic import atomic
from openevent.core.refusals import Refused
from orders.models.attendee import AGE_GROUPS

NOT_ON_PAGES = ("file", "image", "richtextlink")  # kept for old clients, and not asked in the shop
BETWEEN = "; "  # between several chosen options: answers are flat


class BuiltIn(NamedTuple):
    """A column of Attendee that an event may ask for."""

    words: str
    type: str = "text"
    auto: str = "off"  # what browsers may fill in
    options: tuple[str, ...] = ()


BUILT_IN = {
    "phone": BuiltIn("Phone", "tel", "tel"),
    "company": BuiltIn("Company", auto="organization"),
    "job_title": BuiltIn("Job title", auto="organization-title"),
    "gender": BuiltIn("Gender", "select", options=tuple(GENDERS)),
    "age_group": BuiltIn("Age group", "select", options=AGE_GROUPS),
    "birth_date": BuiltIn("Date of birth", "date", "bday"),
    "address": BuiltIn("Street and number", auto="street-address"),
    "city": BuiltIn("Town", auto="address-level2"),
    "state": BuiltIn("State or region", auto="address-level1"),
    "country": BuiltIn("Country", auto="country-name"),
    "home_address": BuiltIn("Home address", "paragraph"),
    "work_address": BuiltIn("Work address", "paragraph"),
    "shipping_address": BuiltIn("Delivery address", "paragraph"),
    "billing_address": BuiltIn("Billing address", "paragraph"),
    "work_phone": BuiltIn("Phone at work", "tel"),
    "tax_business_info": BuiltIn("Tax number"),
    "website": BuiltIn("Website", "url", "url"),
    "blog": BuiltIn("Blog", "url"),
    "github": BuiltIn("GitHub", "url"),
    "linkedin": BuiltIn("LinkedIn", "url"),
    "twitter": BuiltIn("X", "url"),
    "facebook": BuiltIn("Facebook", "url"),
    "instagram": BuiltIn("Instagram", "url"),
    "native_language": BuiltIn("Native language"),
    "fluent_language": BuiltIn("Other languages"),
    "home_wiki": BuiltIn("Home wiki"),
    "wiki_scholarship": BuiltIn("Wiki scholarship"),
    "accept_video_recording": BuiltIn("I may be seen in recordings", "boolean"),
    "accept_share_details": BuiltIn("My details may be given to partners", "boolean"),
    "accept_receive_emails": BuiltIn("I would like mails about later events", "boolean"),
    "is_consent_form_field": BuiltIn("I agree to the terms", "boolean"),
    "is_consent_form_field_photo": BuiltIn("I may be in photos", "boolean"),
    "is_consent_form_field_email": BuiltIn("I agree to be written to", "boolean"),
}
OWN_TYPES = {
    "text": "One line",
    "paragraph": "Several lines",
    "select": "One of a list",
    "checkbox": "Any of a list",
    "boolean": "Yes or no",
    "number": "A number",
    "email": "An e-mail address",
    "year": "A year",
}
WITH_OPTIONS = ("select", "checkbox")


def words_of(question: CustomForm) -> str:
    known = BUILT_IN.get(key_of(question))
    return question.name or (known.words if known else question.field_identifier)


def options_of(question: CustomForm) -> list[str]:
    own = [option.value for option in question.options.all() if option.deleted_at is None]
    known = BUILT_IN.get(key_of(question))
    return own or list(known.options if known else ())


def questions_of(event: Event) -> list[CustomForm]:
    """Everything that the event asks of attendees, in its order: one query if that is nothing."""
    if not event.is_ticket_form_enabled:
        return []
    asked = event.custom_forms.filter(Q(is_included=True) | Q(is_fixed=True), form="attendee").exclude(
        type__in=NOT_ON_PAGES
    )
    return [question for question in asked.prefetch_related("options") if key_of(question) not in ALWAYS]


def questions_on(ticket, questions: Iterable[CustomForm]) -> list[CustomForm]:
    """Those of every ticket, and those of this ticket type's own form, which come in place of a common one."""
    own = {key_of(one): one for one in questions if one.form_id and one.form_id == ticket.form_id}
    common = [one for one in questions if not one.form_id]
    chosen = [own.pop(key_of(one), one) for one in common]
    return [*chosen, *own.values()]


# ── Changing what is asked ───────────────────────────────────────────────────────────────────────


def common_questions(event: Event):
    return event.custom_forms.filter(form="attendee").exclude(form_id__gt="")


def ask_built_in(event: Event, column: str, *, by, is_required=False) -> CustomForm:
    """Ask for a column of the attendee, at the end of the list; 422 for what is none, or one that is always asked."""
    if column not in BUILT_IN:
        raise Refused("unknown-column", "Choose from the list.")
    with atomic():
        known = {key_of(one): one for one in common_questions(event).select_for_update()}
        question = known.get(column) or CustomForm(event=event, form="attendee", field_identifier=column)
        question.name = question.name or BUILT_IN[column].words
        question.type = stored_type(BUILT_IN[column].type)
        question.is_included, question.is_required = True, is_required
        return _put_last(question, by=by)


def stored_type(kind: str) -> str:
    """How the contract names it: it has no word for telephone numbers, addresses of the web and days."""
    return kind if kind in OWN_TYPES else "text"


def ask_own(question: CustomForm, *, by, options: Iterable[str] = ()) -> CustomForm:
    """Save a question of the organizer's own, new or changed, with what it offers to choose from."""
    with atomic():
        if question.pk is None:
            question.form, question.is_complex, question.is_included = "attendee", True, True
            question.field_identifier = _new_key(question)
            refuse_too_many(question)
            question = _put_last(question, by=by)
        else:
            question.save()
            record("question.changed", by=by, about=question, event_id=question.event_id)
        _offer(question, list(dict.fromkeys(options)) if question.type in WITH_OPTIONS else [])
        return question


def stop_asking(question: CustomForm, *, by) -> None:
    """It is kept with what was answered, and can be asked again."""
    with atomic():
        question.is_included = False
        question.save(update_fields=["is_included"])
        record("question.left-out", by=by, about=question, event_id=question.event_id)


def ask_again(question: CustomForm, *, by) -> CustomForm:
    with atomic():
        question.is_included = True
        return _put_last(question, by=by)


def move_question(question: CustomForm, *, up: bool) -> None:
    """One place up or down among those that are asked; at the end of the list it stays."""
    with atomic():
        rows = common_questions(question.event).select_for_update()
        asked = [one for one in rows if one.is_included and key_of(one) not in ALWAYS]
        here = next((place for place, one in enumerate(asked) if one.pk == question.pk), None)
        if here is None:
            return
        asked.insert(max(0, here - 1 if up else here + 1), asked.pop(here))
        for place, one in enumerate(asked, 1):
            if one.position != place:
                one.position = place
                one.save(update_fields=["position"])


def _put_last(question, *, by):
    last = common_questions(question.event).order_by("-position").values_list("position", flat=True).first()
    question.position = (last or 0) + 1
    question.save()
    record("question.asked", by=by, about=question, event_id=question.event_id)
    return question


def _new_key(question):
    taken = {*ALWAYS, *BUILT_IN, *(key_of(one) for one in question.event.custom_forms.filter(form="attendee"))}
    key = slugify(question.name).replace("-", "_")[:60] or "question"
    return key if key not in taken else next(name for n in range(2, 9999) if (name := f"{key}_{n}") not in taken)


def _offer(question, options):
    """The options in this order, which is that of their rows. Answers keep the words of those that are gone."""
    if [option.value for option in question.options.filter(deleted_at=None)] != options:
        question.options.all().delete()
        CustomFormOption.objects.bulk_create([CustomFormOption(custom_form=question, value=value) for value in options])
