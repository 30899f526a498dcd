"""The list of an event's attendees: sought, narrowed, page by page, checked in and taken back."""

from urllib.parse import quote, unquote

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery, Window
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from events.pages.manage.access import manages
from openevent.core.refusals import Refused
from orders.badges import badge_of
from orders.models import Scan, Ticket
from orders.models.scan import IN
from orders.pages.manage.orders import remember_address, ticket_name
from orders.services.admission import clock, is_valid
from orders.services.check_in import check_in, undo_check_in
from orders.services.exports.columns import attendee_columns, chosen_columns
from orders.services.find_attendees import AT_THE_DOOR, EVERYBODY, GONE, HELD, SOLD, STATES, Filters

PAGE_SIZE = 50
CHIPS = (SOLD, *AT_THE_DOOR, HELD, GONE, EVERYBODY)
SHOWN_ANYWAY = {"order", "status", "ticket", "firstname", "lastname", "in", "in_at", "out"}
COOKIE, MOST_COLUMNS, A_YEAR = "attendee-columns", 8, 365 * 24 * 3600
GATE = "Attendee list"
VERBS = {"in": check_in, "undo": undo_check_in}


@require_safe
@manages("door")
def attendees_page(request, event):
    if "columns" in request.GET:
        return remember_columns(request, event)
    filters = Filters.of(request.GET)
    columns = columns_of(request, event)
    page = Page(filters, event, columns, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "event": event,
        "filters": filters,
        "page": page,
        "columns": columns,
        "most_columns": MOST_COLUMNS,
        "offered": offered_columns(event) if request.rights & {"team"} else [],
        "totals": words_of_total(page.total, filters),
        "chips": [(state, STATES[state], filters.query(state=state)) for state in CHIPS],
        "narrowed": narrowed_by(filters, event),
        "tickets": Ticket.objects.filter(event=event, deleted_at=None).order_by("position", "pk"),
        "export": export_address(event, filters, columns) if request.rights & {"team"} else "",
    }
    if not page.people:
        context["among_all"] = count_among_all(filters, event)
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "manage/attendees/list.html", context)
    return remember_address(request, render(request, "manage/attendees/_found.html", context), filters)


class Page:
    """So many people by name, beside those whom the address names: stable whoever comes in meanwhile."""

    def __init__(self, filters, event, columns, *, after="", before=""):
        found = filters.rows(event)
        beside = _row(event, before or after) if before or after else None
        backwards = bool(before) and beside is not None
        order_by = ("-sought", "-pk") if backwards else ("sought", "pk")
        if filters.q and not beside:
            self.total, ids = _count_and_begin(found.order_by(*order_by))
        else:
            self.total = found.count()
            if beside:
                found = found.filter(_ahead_of(beside) if backwards else _behind(beside))
            ids = list(found.order_by(*order_by).values_list("pk", flat=True)[: PAGE_SIZE + 1]) if self.total else []
        is_more, ids = len(ids) > PAGE_SIZE, ids[:PAGE_SIZE]
        ids = ids[::-1] if backwards else ids
        has_before, has_after = (is_more, True) if backwards else (beside is not None, is_more)
        self.before = filters.query(before=ids[0]) if has_before and ids else ""
        self.after = filters.query(after=ids[-1]) if has_after and ids else ""
        self.people = read_people(event, ids, columns)


def _count_and_begin(found):
    """How many they are and who comes first, in one look at everybody: SQLite looks through all names either way."""
    rows = list(found.values_list("pk", Window(Count("pk")))[: PAGE_SIZE + 1])
    return (rows[0][1] if rows else 0), [pk for pk, _ in rows]


def read_people(event, ids, columns=()):
    """These attendees as the list shows them, in this order."""
    entries = Scan.objects.filter(attendee=OuterRef("pk"), verdict=IN).order_by("-pk").values("time")[:1]
    rows = event.attendees.filter(pk__in=ids).select_related("ticket", "order").annotate(entered_at=Subquery(entries))
    people = {person.pk: describe(person, event) for person in rows}
    paths = list(dict.fromkeys(path for column in columns for path in column.paths))
    for pk, *values in event.attendees.filter(pk__in=ids).values_list("pk", *paths) if paths else ():
        found = dict(zip(paths, values, strict=True))
        people[pk].cells = [column.of(*(found[path] for path in column.paths)) for column in columns]
    return [people[pk] for pk in ids if pk in people]


def describe(person, event):
    person.event = person.order.event = event
    person.badge = badge_of(person.order)
    person.may_enter = is_valid(person)
    person.entered = clock(person.entered_at, event) if person.entered_at and person.is_checked_in else ""
    person.cells = []
    return person


def _row(event, number):
    return event.attendees.filter(pk=number).only("sought").first() if number.isascii() and number.isdigit() else None


def _behind(one):
    return Q(sought__gte=one.sought) & (Q(sought__gt=one.sought) | Q(pk__gt=one.pk))


def _ahead_of(one):
    return Q(sought__lte=one.sought) & (Q(sought__lt=one.sought) | Q(pk__lt=one.pk))


# ── What stands around the list ──────────────────────────────────────────────────────────────────────


def words_of_total(total, filters):
    """“1,204 attendees · to come”."""
    return f"{total:,} attendee{'' if total == 1 else 's'} · {STATES[filters.state].lower()}"


def narrowed_by(filters, event):
    """What the list is narrowed to beside the state, each with the address without it."""
    words = {
        "q": f"“{filters.q}”" if filters.q else "",
        "ticket": f"Ticket: {ticket_name(filters.ticket, event)}" if filters.ticket is not None else "",
        "order": f"Order: {filters.order}" if filters.order else "",
    }
    return [(word, filters.query(**{name: None})) for name, word in words.items() if word]


def count_among_all(filters, event):
    """How many there would be in whatever state, where in this one there is nobody."""
    if filters.state == EVERYBODY:
        return None
    wider = Filters(**{**vars(filters), "state": EVERYBODY})
    return {"count": wider.rows(event).count(), "query": wider.query()}


def export_address(event, filters, columns):
    query = [("query", filters.query()), *(("columns", column.key) for column in columns)]
    return f"{reverse('manage-export', args=[event.identifier, 'attendees'])}?{urlencode(query)}"


# ── Columns by choice: the team's, kept in a cookie ──────────────────────────────────────────────────


def offered_columns(event):
    return [column for column in attendee_columns(event) if column.key not in SHOWN_ANYWAY]


def columns_of(request, event):
    if "team" not in request.rights:
        return []
    keys = unquote(request.COOKIES.get(COOKIE, "email")).split("\n")
    return _these(event, keys)


def _these(event, keys):
    offered = offered_columns(event)
    chosen = chosen_columns(offered, keys) if {column.key for column in offered} & set(keys) else []
    return chosen[:MOST_COLUMNS]


def remember_columns(request, event):
    """The list again, with these columns from now on. No column at all is a choice too."""
    answer = redirect(f"{request.path}?{Filters.of(request.GET).query()}")
    if "team" in request.rights:
        keys = [column.key for column in _these(event, request.GET.getlist("columns"))]
        answer.set_cookie(
            COOKIE,
            quote("\n".join(keys)),
            max_age=A_YEAR,
            path="/manage/",
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return answer


# ── Verbs ────────────────────────────────────────────────────────────────────────────────────────────


@require_POST
@manages("door")
def attendee_verb(request, event, pk, verb):
    """Let somebody in from the list, or take that back; what came of it is said in the row."""
    if verb not in VERBS:
        raise Http404
    attendee = get_object_or_404(event.attendees.exclude(order=None), pk=pk, deleted_at=None)
    try:
        verdict = VERBS[verb](attendee, by=request.user, gate=GATE)
        said = f"{verdict.title}. {verdict.detail}".strip()
    except Refused as refused:
        said = str(refused)
    if request.htmx:
        columns = columns_of(request, event)
        [person] = read_people(event, [attendee.pk], columns)
        context = {"event": event, "person": person, "columns": columns, "said": said}
        return render(request, "manage/attendees/_row.html", context)
    messages.info(request, f"{attendee.name or 'This ticket'}: {said}")
    here = Filters.of(request.POST).query()
    return redirect(f"{reverse('manage-attendees', args=[event.identifier])}?{here}")


HERE = {"section": "manage-attendees"}
urlpatterns = [
    path("<slug:identifier>/attendees", attendees_page, name="manage-attendees"),
    path("<slug:identifier>/attendees/<int:pk>/<slug:verb>", attendee_verb, HERE, name="manage-attendee-verb"),
]
