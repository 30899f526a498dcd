"""The page behind the link of an invitation: what is offered, to accept or to decline."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from events.pages.manage.access import first_page, rights_of
from events.services.invites import accept_invite, check_open, decline_invite, find_invite
from events.services.offers import is_meant
from events.services.roles import MEANING


@never_cache
def invite_page(request, token):
    """Looking changes nothing: programs that scan mails open every link."""
    return _answer(request, token) if request.method == "POST" else _show(request, token)


def _show(request, token):
    offer = find_invite(token)
    check_open(offer)
    is_other = request.user.is_authenticated and not is_meant(offer, request.user)
    context = {"offer": offer, "at": offer.event, "meaning": MEANING[offer.role.name], "is_other": is_other}
    return render(request, "manage/invites/invite.html", context, status=403 if is_other else 200)


def _answer(request, token):
    if request.POST.get("verb") == "decline":
        offer = decline_invite(token, by=request.user)
        return render(request, "manage/invites/declined.html", {"offer": offer, "at": offer.event})
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    offer = accept_invite(token, by=request.user)
    messages.success(request, f"You help at {offer.event.name} as {offer.role} from now on.")
    return redirect(first_page(offer.event, rights_of(request.user, offer.event)))
