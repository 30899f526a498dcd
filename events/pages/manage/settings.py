"""The settings of an event, section by section."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateformat import format as date

from events.models import Event, UsersEventsRoles
from events.models.event import PUBLISHED
from events.pages.manage.access import manages
from events.pages.manage.settings_forms import BasicsForm, DatesForm, PlaceForm, TicketsForm
from events.rules import ORGANIZER, OWNER
from events.services.change_event import change_event, consequences_of_deleting, delete_event
from events.services.move_event import CLOCK, DEADLINES, MOMENT, Move, move_event
from events.services.publish import unpublish_event
from events.services.roles import hand_over
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain
from openevent.core.form_errors import blame, errors_of
from openevent.core.refusals import Refused
from openevent.core.templatetags.look import local


@manages("team")
def overview(request, event):
    return render(request, "manage/settings/index.html", {"event": event})


def section(form_class, title, template="manage/settings/section.html", **more):
    """A page that is one form, saved as a whole."""

    @manages("team")
    def page(request, event):
        with atomic():
            form = form_class(**row_to_edit(request, event))
            if request.method == "POST" and form.is_valid() and save(form, event, by=request.user):
                messages.success(request, f"{title}: saved.")
                return redirect(request.path)
        return render(request, template, {**more, **_context(event, form, title)})

    return page


def row_to_edit(request, event):
    """What a form of the event needs: a row of its own, the one in the database now, locked if it is to be saved."""
    if request.method != "POST":
        return {"instance": event}
    return {"data": request.POST, "instance": Event.objects.select_for_update(no_key=True).get(pk=event.pk)}


def save(form, event, *, by):
    try:
        change_event(event, by=by, **form.given())
    except Refused as refused:
        blame(form, refused)
        return False
    return True


def _context(event, form, title):
    return {"event": event, "form": form, "title": title, "errors": errors_of(form)}


# ── Dates ────────────────────────────────────────────────────────────────────────────────────────


@manages("team")
def dates(request, event):
    """Before anything is saved, everything that has a time is shown: now, and both ways of going on."""
    with atomic():
        form = DatesForm(**row_to_edit(request, event))
        if request.method == "POST" and form.is_valid():
            if not form.given():
                return redirect(request.path)
            keep = request.POST.get("keep", "")
            moves = {way: Move(event=event, keep=way, **form.walls()) for way in (CLOCK, MOMENT)}
            if keep in moves or not moves[CLOCK].touches_more():
                return _move(request, event, form, keep or CLOCK)
            return render(request, "manage/settings/move.html", _preview(request, event, form, moves))
    return render(request, "manage/settings/dates.html", _context(event, form, "Dates"))


def _move(request, event, form, keep):
    moved = move_event(event, by=request.user, keep=keep if keep in (CLOCK, MOMENT) else CLOCK, **form.walls())
    along = ", ".join(f"{count} × {title.lower()}" for title, count in moved.items())
    messages.success(request, f"Dates: saved. Moved along: {along}." if along else "Dates: saved.")
    return redirect(request.path)


def _preview(request, event, form, moves):
    """Row by row: what it is called, its times now, and what they become either way."""
    zone = form.cleaned_data["timezone"]
    groups = [
        {"title": title, "rows": [_row(event, zone, *pair) for pair in zip(_rows(along), _rows(staying), strict=True)]}
        for (title, along), (_, staying) in zip(*(moves[way].groups() for way in (CLOCK, MOMENT)), strict=True)
    ]
    return {
        "event": event,
        "title": "Dates",
        "groups": groups,
        "zone": zone,
        "zone_moves": zone != event.timezone,
        "typed": [(name, request.POST.get(name, "")) for name in (*DatesForm.Meta.fields, "seen")],
        "outside": {way: sum(bool(row[way]["warning"]) for group in groups for row in group["rows"]) for way in moves},
    }


def _rows(steps):
    """The steps of one row together; deadlines of the event, each by itself."""
    by_row = {}
    for step in steps:
        by_row.setdefault((step.row.pk, step.column in DEADLINES and step.column), []).append(step)
    return list(by_row.values())


def _row(event, zone, along, staying):
    own = along[0].row.pk == event.pk and isinstance(along[0].row, Event)
    words = " – ".join(step.words for step in along)
    return {
        "name": words if own else str(along[0].row),
        "words": "" if own or len(along) == 2 else words,  # from one to the other goes without saying
        "now": _span([step.before for step in along], event.timezone, event),
        CLOCK: _end(along, zone, event),
        MOMENT: _end(staying, zone, event),
    }


def _end(steps, zone, event):
    moves = zone != event.timezone or any(step.moves for step in steps)
    warnings = [step.warning for step in steps if step.warning]
    return {"span": _span([step.after for step in steps], zone, event) if moves else "", "warning": warnings[-1:]}


def _span(moments, zone, event):
    """“Sat 16 Jan, 09:00 – 09:45”: a day is said once, a year if it is not the event's."""
    told, before = [], None
    for moment in (local(moment, zone) for moment in moments):
        day = "D j M" if moment.year == event.starts_at.year else "D j M Y"
        told.append(date(moment, "H:i" if before == moment.date() else f"{day}, H:i"))
        before = moment.date()
    return " – ".join(told)


# ── Danger zone ──────────────────────────────────────────────────────────────────────────────────


@manages("team")
def danger(request, event):
    """What cannot be undone with the next click, and who may."""
    verb = request.POST.get("verb") if request.method == "POST" else None
    wrong = ""
    if verb == "unpublish":
        unpublish_event(event, by=request.user)
        messages.success(request, f"{event.name} is a draft again: only the team sees it.")
        return redirect(request.path)
    if verb == "hand-over":
        heir = _organizer(event, request.POST.get("to", ""))
        hand_over(event, to=heir, by=request.user)
        messages.success(request, f"{event.name} is handed over to {heir.name}.")
        return redirect(request.path)
    if verb == "delete":
        if plain(request.POST.get("name", "")) == event.name.strip():
            delete_event(event, by=request.user)
            messages.success(request, f"{event.name} is deleted.")
            return redirect("/")
        wrong = "This is not the name of the event."
    context = {
        "event": event,
        "title": "Danger zone",
        "is_published": event.state == PUBLISHED,
        "owners": [row.user for row in _held(event, OWNER)],
        "organizers": [row.user for row in _held(event, ORGANIZER)],
        "consequences": consequences_of_deleting(event),
        "wrong": wrong,
        "errors": [{"link": "id_name", "label": "Name of the event", "text": wrong}] if wrong else [],
    }
    return render(request, "manage/settings/danger.html", context)


def _held(event, role):
    return UsersEventsRoles.objects.filter(event=event, role__name=role).select_related("user").order_by("pk")


def _organizer(event, key):
    """The organizer who was chosen; 404 for anybody else."""
    for row in _held(event, ORGANIZER):
        if str(row.user_id) == key:
            return row.user
    raise Http404


BELOW = {"section": "manage-settings"}
PAGES = {
    "basics": section(BasicsForm, "Basics"),
    "place": section(PlaceForm, "Place"),
    "dates": dates,
    "tickets": section(TicketsForm, "Tickets and codes", template="manage/settings/tickets.html"),
    "danger": danger,
}
urlpatterns = [
    path("<slug:identifier>/settings", overview, name="manage-settings"),
    *(
        path(f"<slug:identifier>/settings/{name}", page, BELOW, name=f"manage-settings-{name}")
        for name, page in PAGES.items()
    ),
]
