"""What attendees answer: what draws a question also checks it, for every door."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from events.models import CustomForm, Event
from events.rules import coorganizes
from openevent.core.cleaning import plain
from orders.models import Attendee
from orders.services.questions import BETWEEN, BUILT_IN, key_of, options_of, questions_of, questions_on, words_of
from orders.services.states import GUEST

LINE, PARAGRAPH = 400, 5000
LARGEST = 2**53  # beyond it programs read another number
YEARS = (1900, 2100)
REQUIRED = "Fill this in."
MESSAGES = {
    "email": {"invalid": "Enter a whole address, like mira@example.org."},
    "url": {"invalid": "Enter a whole address, like https://example.org."},
    "boolean": {"required": "Tick this to go on."},
    "select": {"required": "Choose one.", "invalid_choice": "Choose from the list."},
    "checkbox": {"required": "Choose at least one.", "invalid_choice": "Choose from the list."},
}


def check_answers(
    event: Event,
    values: Mapping,
    *,
    by,
    attendee: Attendee | None = None,
    questions: Iterable[CustomForm] | None = None,
) -> dict:
    """Answers as they are kept: {column: value}, the organizer's own under `complex_field_values`.

    `values` has what was typed or sent, by the questions' keys; what is not asked is passed over. Raises
    ValidationError with {key: message} of every answer that will not do. The team may leave everything empty.
    Answers of the attendee to questions that are not asked any more stay.
    """
    asked = list(questions_of(event) if questions is None else questions)
    if attendee is not None:
        asked = questions_on(attendee.ticket, asked)
    is_team = by is not None and by != GUEST and coorganizes(by, event)
    kept, wrong, own = {}, {}, dict(getattr(attendee, "complex_field_values", None) or {})
    for question in asked:
        key = key_of(question)
        try:
            field = field_of(question, is_required=question.is_required and not is_team)
            answer = field.clean(as_given(field, values.get(key)))
        except ValidationError as problem:
            wrong[key] = problem.messages[0]
            continue
        if key in BUILT_IN:
            kept[key] = as_column(answer)
        elif answer in ("", None, []):
            own.pop(key, None)
        else:
            own[key] = as_json(answer)
    if wrong:
        raise ValidationError(wrong)
    return {**kept, "complex_field_values": own or None} if any(key_of(one) not in BUILT_IN for one in asked) else kept


def known_answers(attendee: Attendee, questions: Iterable[CustomForm]) -> dict:
    """What this attendee has answered, as a form shows it again."""
    own = attendee.complex_field_values or {}
    known = {}
    for question in questions:
        key = key_of(question)
        answer = getattr(attendee, key) if key in BUILT_IN else own.get(key)
        if isinstance(answer, datetime):
            answer = answer.astimezone(UTC).date()
        if kind_of(question) == "checkbox" and options_of(question) and isinstance(answer, str):
            answer = chosen_of(answer, options_of(question))
        known[key] = answer
    return known


def shown_answers(attendee: Attendee, questions: Iterable[CustomForm] | None = None) -> list[tuple[str, str]]:
    """[(question, answer)] in words, without those that are empty. Pass the event's questions where there are many."""
    asked = questions_on(attendee.ticket, questions_of(attendee.event) if questions is None else questions)
    known = known_answers(attendee, asked)
    return [(words_of(one), in_words(known[key_of(one)])) for one in asked if known[key_of(one)] not in (None, "", [])]


def in_words(answer) -> str:
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    return BETWEEN.join(answer) if isinstance(answer, list) else str(answer)


def chosen_of(answer: str, options: list[str]) -> list[str]:
    return [option for option in options if option in answer.split(BETWEEN)]


# ── One question as a form's field ───────────────────────────────────────────────────────────────


def kind_of(question: CustomForm) -> str:
    """How it is asked: a built-in one as its column wants it, unless the organizer offers options."""
    known = BUILT_IN.get(key_of(question))
    return question.type if known is None or (question.type == "select" and options_of(question)) else known.type


def field_of(question: CustomForm, *, is_required: bool | None = None) -> forms.Field:
    """What draws this question, and checks its answer."""
    kind, key = kind_of(question), key_of(question)
    options = {
        "label": words_of(question),
        "help_text": question.description or "",
        "required": question.is_required if is_required is None else is_required,
        "error_messages": {"required": REQUIRED, **MESSAGES.get(kind, {})},
    }
    field = MAKERS.get(kind, line)(question, options)
    if key in BUILT_IN:
        field.widget.attrs["autocomplete"] = "off"  # several people are named on one page
        column = Attendee._meta.get_field(key)
        if column.max_length and isinstance(field, forms.CharField):
            field.validators.append(MaxLengthValidator(column.max_length))
    return field


def line(question, options):
    return Words(max_length=LINE, **options)


def paragraph(question, options):
    return forms.CharField(max_length=PARAGRAPH, widget=forms.Textarea(attrs={"rows": 3}), **options)


def telephone(question, options):
    return Words(max_length=LINE, widget=forms.TextInput(attrs={"type": "tel"}), **options)


def one_of(question, options):
    values = options_of(question)
    return forms.ChoiceField(choices=[("", "Choose…"), *((value, value) for value in values)], **options)


def any_of(question, options):
    """A group of boxes; without options it is one box."""
    values = options_of(question)
    if not values:
        return yes_or_no(question, {**options, "error_messages": MESSAGES["boolean"]})
    return forms.MultipleChoiceField(
        choices=[(value, value) for value in values], widget=forms.CheckboxSelectMultiple, **options
    )


def yes_or_no(question, options):
    return forms.BooleanField(**options)


def number(question, options):
    options["error_messages"] |= {"invalid": "Enter a number."}
    return forms.FloatField(min_value=-LARGEST, max_value=LARGEST, **options)


def year(question, options):
    first, last = YEARS
    options["error_messages"] |= dict.fromkeys(("invalid", "min_value", "max_value"), "Enter a year, like 1990.")
    return forms.IntegerField(min_value=first, max_value=last, **options)


def email(question, options):
    return forms.EmailField(**options)


def web_address(question, options):
    return forms.URLField(assume_scheme="https", max_length=2000, **options)


def day(question, options):
    options["error_messages"] |= {"invalid": "Enter a day, like 1990-12-31."}
    return Day(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class Words(forms.CharField):
    def clean(self, value):
        cleaned = plain(super().clean(value))
        if self.required and not cleaned:
            raise ValidationError(self.error_messages["required"], code="required")
        return cleaned


class Day(forms.DateField):
    def to_python(self, value):
        day = super().to_python(value)
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


MAKERS = {
    "text": line,
    "paragraph": paragraph,
    "tel": telephone,
    "select": one_of,
    "checkbox": any_of,
    "boolean": yes_or_no,
    "number": number,
    "year": year,
    "email": email,
    "url": web_address,
    "date": day,
}


def as_given(field, value):
    """Several chosen options come from a form as a list, from where they are kept as one text."""
    several = isinstance(field, forms.MultipleChoiceField) and isinstance(value, str)
    return [part for part in value.split(BETWEEN) if part] if several else value


def as_column(answer):
    if isinstance(answer, date):
        return datetime(answer.year, answer.month, answer.day, tzinfo=UTC)
    return answer if answer != "" else None


def as_json(answer):
    if isinstance(answer, list):
        return BETWEEN.join(answer)
    if isinstance(answer, float) and answer.is_integer():
        return int(answer)
    return answer
