"""Coming back from Stripe's page with the code of an account: one address for every event, as Stripe wants it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from openevent.core.limits import limit
from openevent.core.refusals import Refused
from orders.services.stripe_link import event_to_link, link_by_code

PAYMENT = "manage-settings-payment"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def linked(request):
    """The page goes on by itself, as no GET changes anything; without script, by a button."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        limit("stripe-link", request.user.pk, "30/h")
        event = event_to_link(given.get("state", ""), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("manage-home")
    if given.get("error") or not given.get("code"):
        messages.info(request, "Stripe was not linked: nothing has changed.")
    elif request.method == "POST":
        _link(event, request)
    else:
        answer = render(
            request,
            "manage/settings/stripe_linked.html",
            {"event": event, "facts": {name: given[name] for name in ("code", "state")}},
        )
        add_never_cache_headers(answer)
        return answer
    return redirect(PAYMENT, event.identifier)


def _link(event, request):
    try:
        link_by_code(event, code=request.POST["code"][:1000], by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Stripe: linked. What buyers pay by card goes to your account from now on.")
