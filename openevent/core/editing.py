"""A form for a row that two people may have open at once: the second is told, and loses nothing typed."""

from datetime import datetime

from django import forms
from django.core.signing import BadSignature, dumps, loads
from django.utils.crypto import salted_hmac

SALT = "openevent.seen"


class EditForm(forms.ModelForm):
    """Remembers, in a hidden field, what each field of the row was when the form was drawn.

    Where another value has been saved since, the form does not save: it says which fields are meant and what
    they are now, keeps what was typed, and saves over it when it is sent once more. The row that is given as
    `instance` must be the one in the database now, locked by the caller (`select_for_update`) when it is to be
    saved.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.marks = {name: mark(field.prepare_value(self.initial.get(name))) for name, field in self._own_fields()}
        self.initial["seen"] = dumps(self.marks, salt=SALT)

    def _own_fields(self):
        return [(name, self.fields[name]) for name in self._meta.fields or () if name in self.fields]

    def clean(self):
        given = super().clean()
        if self.instance.pk is None:
            return given
        try:
            seen = loads(self.data.get(self.add_prefix("seen"), ""), salt=SALT)
        except BadSignature:
            seen = {}
        asked = {name: now for name, now in self.marks.items() if name in self.fields}  # some forms leave fields out
        changed = [self[name] for name, now in asked.items() if seen.get(name, now) != now]
        changed = [field for field in changed if field.name in self.changed_data]  # not if both say the same
        if changed:
            self.add_error(None, f"Somebody else saved this while you were typing. {tell(changed)}")
            # The next press is made knowing it.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.initial["seen"]
        return given


def mark(value):
    """A short fingerprint, which tells nobody the value."""
    return salted_hmac(SALT, repr(value)).hexdigest()[:16]


def tell(fields):
    """“Name is now “Harbour”. Save again to put yours in its place.”"""
    now = " ".join(f"{field.label} is now “{shown(field)}”." for field in fields)
    return f"{now} Save again to put yours in {'its' if len(fields) == 1 else 'their'} place."


def shown(field):
    value = field.form.get_initial_for_field(field.field, field.name)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))[:200] or "empty"
    value = field.field.prepare_value(value)  # a moment on the clocks that the form speaks of
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y, %H:%M}"
    choices = dict(getattr(field.field, "choices", ()) or ())
    return str(choices.get(value, value if value not in (None, "") else "empty"))[:200]
