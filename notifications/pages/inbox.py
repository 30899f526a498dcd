"""What is behind the bell: a card for each notification, read by a click anywhere in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from notifications.models import Notification
from notifications.services import notify

PAGE_SIZE = 20


@never_cache
@require_safe
@login_required
def inbox(request):
    page = Paginator(Notification.objects.visible_to(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notifications/inbox.html", {"page": page})


@never_cache
@require_safe
@login_required
def unread(request):
    """How many there are, for a bell that was out of hearing."""
    return JsonResponse({"notif_count": notify.unread_count(request.user.pk)})


@require_POST
@login_required
def read(request, pk):
    """Read it; the button that names where it leads goes on to there. A script is told how many are left."""
    notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    notify.mark_read(notification)
    if not request.accepts("text/html"):
        return JsonResponse({"notif_count": notify.unread_count(request.user.pk)})
    return redirect(notification.action if "go" in request.POST and notification.action else "notifications")


@require_POST
@login_required
def read_all(request):
    count = notify.mark_all_read(request.user)
    messages.success(request, f"{count} marked read." if count else "There was nothing unread.")
    return redirect("notifications")
