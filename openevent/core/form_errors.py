"""What is wrong with a form: a rule's refusal beside the field that is to blame, and the summary on top."""

from django.core.exceptions import ValidationError

from openevent.core.refusals import Refused


def ask(form, rule, *args, **options):
    """A rule of the house that the API asks too: what it refuses is told beside the field that is to blame."""
    try:
        return rule(*args, **options)
    except ValidationError as problem:
        for name, texts in problem.message_dict.items():
            form.add_error(name if name in form.fields else None, texts)
    except Refused as refused:
        blame(form, refused)


def blame(form, refused):
    name = (refused.pointer or "").rsplit("/", 1)[-1].replace("-", "_")
    form.add_error(name if name in form.fields else None, refused.detail)


def errors_of(form, whose=""):
    """For the summary on top, each error with the field that it leads to."""
    found = [{"text": text} for text in form.non_field_errors()]
    for name, texts in form.errors.items():
        if name in form.fields:
            field = form[name]
            found.append({"link": field.auto_id, "label": whose + field.label.rstrip("?"), "text": texts[0]})
    return found
