"""The programme, kind by kind: its list, one row, and what becomes of it."""

from functools import reduce
from operator import or_

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.services.log import record
from events.models.programme import SESSION_STATES, Session
from events.pages.manage.access import manages
from events.pages.manage.programme_kinds import KINDS, MOVES, SESSIONS, STATES, Kind
from events.services.clashes import clashes_of
from events.services.session_states import change_state, moves, refuse_locked
from events.services.trash import take_back, throw_away
from openevent.core.atomic import atomic
from openevent.core.cleaning import plain
from openevent.core.form_errors import errors_of
from openevent.core.refusals import Refused

PAGE_SIZE = 50
DELETED = "deleted"  # in the session: what this browser deleted last, and when
UNDO_SECONDS = 3600


@require_safe
def listing(request, event, kind: Kind):
    sought = plain(request.GET.get("q", ""))[:200]
    state = request.GET.get("state", "") if kind is SESSIONS else ""
    state = state if state in STATES else ""
    rows = found(kind.visible(event, request.user), kind, sought)
    if state:
        rows = rows.filter(state=state)
    page = Paginator(rows.order_by(*kind.order), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **frame(request, event, kind),
        "page": page,
        "lines": [(row.pk, kind.called(row), [(column, column.cell(row)) for column in kind.columns]) for row in page],
        "sought": sought,
        "state": state,
        "states": states_of(event, request.user) if kind is SESSIONS else [],
        "query": request.GET.copy(),
        "may_add": may_add(request, event, kind),
    }
    context["query"].pop("page", None)
    context["query"] = context["query"].urlencode() + "&" if context["query"] else ""
    return render(request, "manage/programme_list.html", context)


def found(rows, kind, sought):
    """Rows in which every word occurs somewhere."""
    for word in sought.split():
        with_it = reduce(or_, (Q(**{f"{name}__icontains": word}) for name in kind.sought))
        rows = rows.filter(pk__in=kind.model.objects.filter(with_it).values("pk"))
    return rows


def states_of(event, user):
    """[(state, badge, how many)] of those that occur."""
    sessions = Session.objects.visible_to(user).filter(event=event)
    counts = dict(sessions.order_by().values_list("state").annotate(Count("pk")))
    return [(state, STATES[state], counts[state]) for state in SESSION_STATES if state in counts]


def may_add(request, event, kind):
    return kind.edit_right in request.rights and kind.may("add", request.user, kind.model(event=event))


def frame(request, event, kind):
    """What every page of a kind knows."""
    beside = [KINDS[key] for key in (kind.above, kind.below) if key and KINDS[key].right in request.rights]
    links = [(other.many, other.icon, reverse(other.name, args=[event.identifier])) for other in beside]
    return {"event": event, "kind": kind, "list": reverse(kind.name, args=[event.identifier]), "beside": links}


def add(request, event, kind: Kind):
    if not may_add(request, event, kind):
        raise PermissionDenied
    row = kind.model(event=event)
    return _form(request, event, kind, row)


def edit(request, event, kind: Kind, pk):
    with atomic():
        row = _find(request, event, kind, pk)
        return _form(request, event, kind, row)


def _find(request, event, kind, pk):
    rows = kind.model.objects.visible_to(request.user).filter(event=event, pk=pk)
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        raise Http404
    row.event = event
    if not kind.may("change", request.user, row):
        raise PermissionDenied
    return row


def _form(request, event, kind, row):
    is_new = row.pk is None
    writes = is_new or kind.may_write(request.user, row)
    if request.method == "POST" and not writes:
        raise PermissionDenied
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = kind.form(*typed, instance=row, event=event, by=request.user) if writes else None
    if request.method == "POST" and form.is_valid():
        try:
            with atomic():
                row = form.save()
            return _saved(request, event, kind, row, is_new=is_new)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _show(request, event, kind, row, form)


def _saved(request, event, kind, row, *, is_new):
    """Back to the list, or to the row if there is something to tell of it."""
    messages.success(request, f"{kind.called(row)} is {'added' if is_new else 'saved'}.")
    if request.POST.get("then") == "another":
        return redirect(f"{kind.name}-new", event.identifier)
    if kind is SESSIONS and clashes_of(row):
        return redirect(f"{kind.name}-edit", event.identifier, row.pk)
    return redirect(kind.name, event.identifier)


def _show(request, event, kind, row, form):
    is_new = row.pk is None
    context = {
        **frame(request, event, kind),
        "row": row,
        "form": form,
        "errors": errors_of(form) if form else [],
        "has_files": form is not None and form.is_multipart(),
        "title": f"New {kind.one}" if is_new else kind.called(row),
        "may_delete": not is_new and form is not None and may_delete(request, kind, row),
    }
    if kind is SESSIONS and not is_new:
        context |= about_session(row, request.user)
    if kind.key == "speakers" and not is_new:
        seen = Session.objects.visible_to(request.user).filter(event=event, speakers=row)
        context["sessions"] = [(session, STATES[session.state]) for session in seen.order_by("starts_at", "pk")]
    return render(request, "manage/programme_form.html", context)


def about_session(session, user):
    badge = STATES[session.state]
    ways = [(state, MOVES[state]) for state in moves(session, by=user) if state in MOVES]
    return {"badge": badge, "moves": ways, "clashes": clashes_of(session)}


def may_delete(request, kind, row):
    return kind.edit_right in request.rights and kind.may("delete", request.user, row)


def delete(request, event, kind: Kind, pk):
    """Asks first, naming what comes of it; the toast that follows takes it back."""
    with atomic():
        row = _find(request, event, kind, pk)
        if not may_delete(request, kind, row) or not kind.may_write(request.user, row):
            raise PermissionDenied
        if request.method != "POST":
            context = {
                **frame(request, event, kind),
                "row": row,
                "name": kind.called(row),
                "consequence": kind.loses(row),
            }
            return render(request, "manage/programme_delete.html", context)
        undo = ""
        if throw_away(row, by=request.user):
            request.session[DELETED] = [kind.key, pk, timezone.now().timestamp()]
            undo = reverse(f"{kind.name}-restore", args=[event.identifier, pk])
    messages.success(request, f"{kind.called(row)} is deleted.", extra_tags=undo)
    return redirect(kind.name, event.identifier)


@require_POST
def restore(request, event, kind: Kind, pk):
    """For whoever has just deleted it, in this browser; later it is the staff's."""
    key, deleted, at = request.session.get(DELETED) or ("", 0, 0)
    if (key, deleted) != (kind.key, pk) or timezone.now().timestamp() - at > UNDO_SECONDS:
        raise Http404
    with atomic():
        row = kind.model.objects.select_for_update().filter(event=event, pk=pk).exclude(deleted_at=None).first()
        if row is None or not kind.may("delete", request.user, row):
            raise Http404
        take_back(row, by=request.user)
    del request.session[DELETED]
    messages.success(request, f"{kind.called(row)} is back.")
    return redirect(kind.name, event.identifier)


@require_POST
def move(request, event, pk):
    """Bring a session to another state."""
    wanted = request.POST.get("state", "")
    with atomic():
        session = _find(request, event, SESSIONS, pk)
        if wanted not in moves(session, by=request.user):
            raise PermissionDenied
        values = {"state": wanted}
        refuse_locked(session, values, by=request.user)
        change_state(session, values, by=request.user)
        for name, value in values.items():
            setattr(session, name, value)
        session.save()
        record("session.moved", by=request.user, about=session, event_id=event.pk, state=wanted)
    messages.success(request, f"{session} is {STATES[wanted].word.lower()}.")
    return redirect("manage-sessions-edit", event.identifier, pk)


def addresses_of(kind):
    """The list of a kind, a new one, one row, and its end."""
    base, known = f"<slug:identifier>/programme/{kind.key}", {"kind": kind, "section": kind.section or kind.name}
    opened, edited = manages(kind.right), manages(kind.edit_right)
    yield path(base, opened(listing), known, name=kind.name)
    yield path(f"{base}/new", edited(add), known, name=f"{kind.name}-new")
    yield path(f"{base}/<int:pk>", opened(edit), known, name=f"{kind.name}-edit")
    yield path(f"{base}/<int:pk>/delete", edited(delete), known, name=f"{kind.name}-delete")
    if kind.can_be_restored:
        yield path(f"{base}/<int:pk>/restore", edited(restore), known, name=f"{kind.name}-restore")


urlpatterns = [address for kind in KINDS.values() for address in addresses_of(kind)] + [
    path(
        "<slug:identifier>/programme/sessions/<int:pk>/state",
        manages("sessions")(move),
        {"section": "manage-sessions"},
        name="manage-sessions-state",
    )
]
