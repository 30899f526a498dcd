"""Roles that are offered to an address by mail."""

from django.db.models import F
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import normalise_email
from events.api.bodies import read_text
from events.models import RoleInvite
from events.models.role_invite import PENDING
from events.services.invites import accept_invite, find_invite, invite, resend_invite, withdraw_invite
from openevent.core.describing import says
from openevent.core.limits import client_address, limit
from openevent.core.refusals import Refused
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class RoleInviteSerializer(ResourceSerializer):
    role_name = serializers.CharField(required=False)

    class Meta:
        model = RoleInvite
        fields = ("email", "hash", "created_at", "role_name", "status", "event", "role")
        read_only_fields = ("status",)
        needs = ("role",)
        computed = {"role_name": lambda: F("role__name")}

    def validate_email(self, email):
        return normalise_email(email)

    def validate(self, values):
        if values.pop("role_name", values["role"].name) != values["role"].name:
            raise serializers.ValidationError({"role_name": "This is not the name of the role."})
        return values


class RoleInviteViewSet(ResourceViewSet):
    serializer_class = RoleInviteSerializer
    verbs = ("list", "create", "retrieve", "destroy")

    def check_unique(self, offer):
        """One that is declined or too old can be made anew; one that stands is sent again at its own address."""
        standing = offer.event.role_invites.filter(status=PENDING, expires_at__gt=timezone.now())
        if standing.filter(email=offer.email, role=offer.role).exists():
            detail = f"{offer.email} is invited already. Send the invitation again instead."
            raise Refused("invited-already", detail, status=409, pointer="/data/attributes/email")

    def perform_create(self, serializer, given):
        values = serializer.validated_data
        return invite(values["event"], values["email"], values["role"], by=self.request.user)

    def perform_destroy(self, offer):
        withdraw_invite(offer, by=self.request.user)


TOKEN = {"data": {"token": str}}


class ResendInviteView(APIView):
    """A new link for another week; the old one stops working."""

    @says(answers={"success": bool, "message": str})
    def post(self, request, key):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in first.")
        view = RoleInviteViewSet(request=request)
        offer = view.find(key)
        view.ask("delete", offer)
        limit("resend-invite", offer.pk, "5/h")
        resend_invite(offer, by=request.user)
        return Response({"success": True, "message": "Invite resent successfully"})


class InvitedView(APIView):
    """Whom the link was mailed to, so that they sign in with that address."""

    @says(takes=TOKEN, answers={"email": str})
    def post(self, request):
        limit("invite-token", client_address(request), "30/m")
        return Response({"email": find_invite(read_text(request.data, "data", "token")).email})


class AcceptInviteView(APIView):
    """Take the role, signed in with the invited address."""

    @says(
        takes=TOKEN,
        answers={"email": str, "event": int, "event_identifier": str, "name": str | None, "role": str},
    )
    def post(self, request):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in with the address that was invited.")
        limit("invite-token", client_address(request), "30/m")
        offer = accept_invite(read_text(request.data, "data", "token"), by=request.user)
        return Response(
            {
                "email": offer.email,
                "event": offer.event_id,
                "event_identifier": offer.event.identifier,
                "name": request.user.full_name or None,
                "role": offer.role.name,
            }
        )
