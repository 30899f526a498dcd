"""One verb on many orders: the page that says what will happen, and the button that lets it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from events.pages.manage.access import manages
from openevent.core.money import format_money
from openevent.core.refusals import Refused
from orders.badges import badge_of
from orders.pages.manage.orders import read_code
from orders.services.bulk import VERBS, claim_of, preview_of, so_many, start
from orders.services.find_orders import Filters

MOST_SHOWN = 50
MOST_CHOSEN = 200  # codes in one address


@manages("team")
def bulk_page(request, event):
    back = reverse("manage-orders", args=[event.identifier])
    if request.method == "POST":
        job = start(request.POST.get("claim", ""), by=request.user, event=event, note=request.POST.get("note", ""))
        return redirect("job", job.pk)
    filters, verb = Filters.of(request.GET), request.GET.get("verb", "")
    if request.GET.get("all"):
        rows = filters.rows(event)
    else:
        codes = [read_code(code) for code in request.GET.getlist("order")[:MOST_CHOSEN]]
        rows = event.orders.filter(identifier__in=codes, deleted_at=None)
    try:
        preview = preview_of(verb, rows.order_by("-created_at", "-pk"), event=event, by=request.user)
    except Refused as refused:
        context = {"event": event, "problem": refused, "back": f"{back}?{filters.query()}"}
        return render(request, "manage/orders/bulk.html", context, status=refused.status)
    if not (preview.going or preview.staying):
        messages.info(request, "Select orders first.")
        return redirect(f"{back}?{filters.query()}")
    for order in (*preview.going[:MOST_SHOWN], *(order for order, _ in preview.staying[:MOST_SHOWN])):
        order.badge = badge_of(order)
    context = {
        "event": event,
        "verb": verb,
        "title": f"{VERBS[verb].ask.format(so_many(len(preview.going)))}?",
        "button": VERBS[verb].ask.format(so_many(len(preview.going))),
        "consequences": consequences_of(preview),
        "going": preview.going[:MOST_SHOWN],
        "more_going": max(0, len(preview.going) - MOST_SHOWN),
        "staying": preview.staying[:MOST_SHOWN],
        "more_staying": max(0, len(preview.staying) - MOST_SHOWN),
        "count_staying": len(preview.staying),
        "count": len(preview.staying) + len(preview.going),
        "claim": claim_of(preview, by=request.user, event=event),
        "back": f"{back}?{filters.query()}",
    }
    return render(request, "manage/orders/bulk.html", context)


def consequences_of(preview):
    """What will have happened, a sentence each."""
    if not preview.going:
        return []
    money = " and ".join(format_money(amount, currency) for currency, amount in preview.money.items())
    paid = " and ".join(format_money(amount, currency) for currency, amount in preview.paid.items())
    tickets = f"{preview.tickets:,} ticket{'' if preview.tickets == 1 else 's'}"
    one = preview.tickets == 1
    if preview.verb == "cancel":
        unpaid = f"{money} is no longer awaited." if money and not paid else ""
        back = f"{paid} was paid and goes back: the way it came, or by your hand if you took it." if paid else ""
        stop = f"{tickets} stop{'s' if one else ''} working, and the places go back on sale."
        return [words for words in (stop, back, unpaid, "Each buyer gets a mail with your note.") if words]
    if preview.verb == "refund":
        stay = f"{tickets} stay{'s' if one else ''} valid. To take tickets back too, cancel the orders."
        back = f"{paid} goes back: the way it came, or by your hand if you took it."
        return [back, stay, "Each buyer gets a mail that says so, with your note."]
    if preview.verb == "paid":
        received = f"{money} counts as received." if money else ""
        valid = f"{tickets} let{'s' if one else ''} in, and each buyer gets theirs by mail."
        return [words for words in (received, valid) if words]
    return ["Each buyer gets the newest mail of their order once more, at the same address."]
