"""Plain endpoints of groups: answering an invitation, mailing it again, telling followers, writing to organizers."""

from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from events.access import find_event
from events.models import Group, UsersGroupsRoles
from events.rules import owns_its_group
from events.services.group_news import announce_event, write_to_organizers
from events.services.group_roles import accept_group_invite, resend_group_invite
from openevent.core.describing import says
from openevent.core.policies import is_site_staff, owns_it
from openevent.core.refusals import Refused
from openevent.core.serializers import find_by_key


class SignedInView(APIView):
    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated and request.method == "POST":
            raise NotAuthenticated("Sign in first.")

    def find(self, model, key):
        row = find_by_key(model.objects.visible_to(self.request.user), key)
        if row is None:
            raise Http404
        return row


class AcceptGroupInviteView(SignedInView):
    """POST {data: {token}} -> {email, group, name, role}."""

    @says(takes={"data": {"token": str}}, answers={"email": str, "group": str, "name": str, "role": str})
    def post(self, request):
        offer = accept_group_invite(read_token(request.data), by=request.user)
        names = {"group": str(offer.group.pk), "name": offer.group.name, "role": offer.role.name}
        return Response({"email": offer.email, **names})


class ResendGroupInviteView(SignedInView):
    """POST -> {success, message}: a new link, and the one before stops working."""

    @says(answers={"success": bool, "message": str})
    def post(self, request, key):
        offer = self.find(UsersGroupsRoles, key)
        if not (owns_its_group | is_site_staff)(request.user, offer):
            raise PermissionDenied
        resend_group_invite(offer, by=request.user)
        return Response({"success": True, "message": "The invitation has been mailed again."})


class AnnounceEventView(SignedInView):
    """POST -> {success, message}: mails the group's followers, once for each event."""

    @says(answers={"success": bool, "message": str})
    def post(self, request, key, event):
        group, event = self.find(Group, key), find_event(request.user, event)
        if event is None:
            raise Http404
        if not (owns_it | is_site_staff)(request.user, group):
            raise PermissionDenied
        announce_event(group, event, by=request.user)
        return Response({"success": True, "message": "The followers of the group will hear of it."})


class ContactGroupView(SignedInView):
    """POST {email: the message} -> {success}."""

    @says(takes={"email": str}, answers={"success": bool})
    def post(self, request, key):
        message = request.data.get("email") if isinstance(request.data, dict) else None
        write_to_organizers(self.find(Group, key), message, by=request.user)
        return Response({"success": True})


def read_token(document):
    """`data.token` of a document, a text."""
    data = document.get("data") if isinstance(document, dict) else None
    token = data.get("token") if isinstance(data, dict) else None
    if not isinstance(token, str):
        raise Refused("token-missing", "Send the token of the invitation.", status=400, pointer="/data/token")
    return token
