"""The outbox of a demo: every mail that a real server would have sent, to read and to follow its links."""

from urllib.parse import quote

from csp.decorators import csp
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from notifications.models import Mail
from notifications.services.attachments import build_attachments

PAGE_SIZE = 25
# Mails are styled inline, as mail programs want it: so they are shown in a frame that may do nothing else.
FRAME_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:", "https:"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
OPEN_LINKS_OUTSIDE = '<head><base target="_blank">'


@never_cache
@require_safe
def outbox(request):
    _only_in_a_demo()
    page = Paginator(Mail.objects.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notifications/outbox/list.html", {"page": page})


@never_cache
@require_safe
def mail(request, pk):
    _only_in_a_demo()
    shown = get_object_or_404(Mail, pk=pk)
    files = [file.name for file in build_attachments(shown.attachments)]
    return render(request, "notifications/outbox/mail.html", {"mail": shown, "files": files})


@never_cache
@require_safe
@xframe_options_sameorigin
@csp(FRAME_POLICY)
def mail_body(request, pk):
    _only_in_a_demo()
    html = get_object_or_404(Mail, pk=pk).html
    return HttpResponse(html.replace("<head>", OPEN_LINKS_OUTSIDE, 1))


@never_cache
@require_safe
def mail_attachment(request, pk, number):
    """The files are made again, and the asked one is sent."""
    _only_in_a_demo()
    files = build_attachments(get_object_or_404(Mail, pk=pk).attachments)
    if number >= len(files):
        raise Http404
    file = files[number]
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return HttpResponse(file.content, content_type=file.mimetype, headers={"Content-Disposition": disposition})


def _only_in_a_demo():
    if not settings.DEMO:
        raise Http404
