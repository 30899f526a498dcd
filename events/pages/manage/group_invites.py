"""The page behind the link of an invitation to organize a group: what is offered, to accept it."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from events.services.group_roles import accept_group_invite, check_group_invite, find_group_invite
from events.services.offers import is_meant


@never_cache
def group_invite_page(request, token):
    """Looking changes nothing: programs that scan mails open every link."""
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        offer = accept_group_invite(token, by=request.user)
        messages.success(request, f"You organize {offer.group.name} from now on.")
        return redirect("manage-home")
    offer = find_group_invite(token)
    check_group_invite(offer)
    is_other = request.user.is_authenticated and not is_meant(offer, request.user)
    context = {"offer": offer, "is_other": is_other}
    return render(request, "manage/invites/group.html", context, status=403 if is_other else 200)
