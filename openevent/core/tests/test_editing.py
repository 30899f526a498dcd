"""Two people edit the same row: the second is told, and loses nothing typed."""

import pytest
from django.http import QueryDict

from events.models import Event, Session, Speaker
from openevent.core.editing import EditForm
from openevent.core.form_fields import LocalMoment

pytestmark = pytest.mark.django_db


class EventForm(EditForm):
    starts_at = LocalMoment(label="Starts")

    class Meta:
        model = Event
        fields = ("name", "location_name", "privacy", "starts_at", "online")


class SessionForm(EditForm):
    class Meta:
        model = Session
        fields = ("title", "speakers")


@pytest.fixture
def event(db):
    times = {"starts_at": "2027-05-01T09:00Z", "ends_at": "2027-05-01T18:00Z"}
    return Event.objects.create(name="Harbour", location_name="Speicher 7", **times)


def drawn(form):
    """What a browser sends of a form that nobody has touched."""
    typed = QueryDict(mutable=True)
    for field in form:
        value = field.value()
        for one in value if isinstance(value, list) else [value]:
            if one not in (None, False, ""):
                typed.appendlist(field.html_name, f"{one:%Y-%m-%dT%H:%M}" if hasattr(one, "hour") else one)
    return typed


def sent(form, row, **typed):
    """The same form come back with what somebody typed, for the row as it is now."""
    data = drawn(form)
    for name, value in typed.items():
        data[name] = value
    return type(form)(data, instance=type(row).objects.get(pk=row.pk))


def save(form):
    assert form.is_valid(), form.errors
    return form.save()


def test_alone_one_simply_saves(event):
    assert save(sent(EventForm(instance=event), event, name="Quay")).name == "Quay"


def test_the_second_is_told_what_is_there_now_and_keeps_what_was_typed(event):
    first, second = EventForm(instance=event), EventForm(instance=event)
    save(sent(first, event, name="Quay"))
    late = sent(second, event, name="Pier")
    assert not late.is_valid()
    assert late.non_field_errors() == [
        "Somebody else saved this while you were typing. Name is now “Quay”. Save again to put yours in its place."
    ]
    assert late["name"].value() == "Pier"
    assert Event.objects.get().name == "Quay"


def test_sent_once_more_it_is_saved_knowingly(event):
    first, second = EventForm(instance=event), EventForm(instance=event)
    save(sent(first, event, name="Quay"))
    late = sent(second, event, name="Pier")
    late.is_valid()
    again = EventForm(drawn(late), instance=Event.objects.get())
    assert save(again).name == "Pier"


def test_a_third_who_was_quicker_than_the_second_press_is_told_too(event):
    forms = [EventForm(instance=event) for _ in range(2)]
    save(sent(forms[0], event, name="Quay"))
    late = sent(forms[1], event, name="Pier")
    late.is_valid()
    Event.objects.update(name="Mole")
    again = EventForm(drawn(late), instance=Event.objects.get())
    assert "Name is now “Mole”." in again.non_field_errors()[0]


def test_who_touched_other_fields_is_not_stopped_and_puts_nothing_back(event):
    first, second = EventForm(instance=event), EventForm(instance=event)
    save(sent(first, event, name="Quay"))
    late = sent(second, event, location_name="Speicher 8")
    assert not late.is_valid()  # the old name was sent along: saving it would undo the first
    assert "Name is now “Quay”." in late.non_field_errors()[0]


def test_both_saying_the_same_is_no_quarrel(event):
    first, second = EventForm(instance=event), EventForm(instance=event)
    save(sent(first, event, name="Quay"))
    assert save(sent(second, event, name="Quay")).name == "Quay"


def test_choices_and_moments_are_told_as_the_form_shows_them(event):
    form = EventForm(instance=event)
    Event.objects.update(privacy="private", starts_at="2027-04-24T09:30:00Z")
    late = sent(form, event, name="Pier")
    told = late.non_field_errors()[0]
    assert "Privacy is now “Private”." in told
    assert "Starts is now “24.04.2027, 09:30”." in told
    assert told.endswith("Save again to put yours in their place.")


def test_chosen_rows_count_as_well(event):
    one, other = (Speaker.objects.create(event=event, name=name) for name in ("Ines", "Mira"))
    session = Session.objects.create(event=event, title="The ferry")
    session.speakers.set([one])
    form = SessionForm(instance=session)
    session.speakers.set([other])
    late = sent(form, session, title="The ferries")
    assert "Speakers is now “Mira”." in late.non_field_errors()[0]


@pytest.mark.parametrize("seen", ["", "junk", "e30:1abc:junk", "\x00"])
def test_a_mark_that_is_none_stops_nobody_and_breaks_nothing(event, seen):
    late = sent(EventForm(instance=event), event, name="Pier", seen=seen)
    assert late.is_valid() or "seen" in late.errors


def test_the_marks_tell_nobody_the_values(event):
    assert "Harbour" not in EventForm(instance=event)["seen"].value()


def test_a_new_row_has_nobody_to_quarrel_with(db):
    form = EventForm({"name": "New", "privacy": "public", "starts_at": "2027-04-24T09:30"}, instance=Event())
    assert form.is_valid(), form.errors
