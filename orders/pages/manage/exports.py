"""Taking a list away: which columns, which kind of file; then the job's page."""

from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from events.pages.manage.access import manages
from orders.services.exports.columns import chosen_columns
from orders.services.exports.export import LISTS, start_export
from orders.services.exports.files import CSV, FORMS

LONGEST = 2000


@require_http_methods(["GET", "HEAD", "POST"])
@manages("team")
def export_page(request, event, what):
    if what not in LISTS:
        raise Http404
    listed, given = LISTS[what], request.POST if request.method == "POST" else request.GET
    filters = listed.filters.of(QueryDict(given.get("query", "")[:LONGEST]))
    columns = listed.columns(event)
    known = {column.key for column in columns}
    chosen = [key for key in given.getlist("columns") if key in known]
    problem = ""
    if request.method == "POST":
        form = given.get("form") if given.get("form") in FORMS else CSV
        if chosen:
            job = start_export(event, what, by=request.user, form=form, columns=chosen, query=filters.query())
            return redirect("job", job.pk)
        problem = "Choose at least one column."
    ticked = chosen if problem else [column.key for column in chosen_columns(columns, [])] + chosen
    count = filters.rows(event).count()
    context = {
        "event": event,
        "what": what,
        "so_many": f"{count:,} {listed.word}{'' if count == 1 else 's'}",
        "query": filters.query(),
        "columns": [(column, column.key in ticked) for column in columns],
        "forms": FORMS.items(),
        "problem": problem,
        "back": f"{reverse(f'manage-{what}', args=[event.identifier])}?{filters.query()}",
    }
    return render(request, "manage/exports/export.html", context, status=422 if problem else 200)


urlpatterns = [path("<slug:identifier>/exports/<slug:what>", export_page, name="manage-export")]
