"""Invitations to speak at a session too."""

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import normalise_email
from events.models import SpeakerInvite
from events.models.speaker_invite import PENDING
from events.services.speaker_invites import (
    accept_speaker_invite,
    invite_speaker,
    reject_speaker_invite,
    withdraw_speaker_invite,
)
from openevent.core.describing import says
from openevent.core.refusals import Refused
from openevent.core.serializers import ResourceSerializer, find_by_key
from openevent.core.viewsets import ResourceViewSet


class SpeakerInviteSerializer(ResourceSerializer):
    class Meta:
        model = SpeakerInvite
        fields = ("email", "status", "session", "event")
        needs = ("session",)

    def validate_email(self, email):
        return normalise_email(email)

    def validate(self, values):
        if values.pop("status", PENDING) != PENDING:
            pointer = "/data/attributes/status"
            raise Refused("not-yours-to-answer", "Whoever is invited answers.", status=403, pointer=pointer)
        if values["session"].event_id != values["event"].pk:
            raise serializers.ValidationError({"session": "This belongs to another event."})
        return values


class SpeakerInviteViewSet(ResourceViewSet):
    serializer_class = SpeakerInviteSerializer
    verbs = ("list", "create", "retrieve", "destroy")

    def perform_create(self, serializer, given):
        values = serializer.validated_data
        return invite_speaker(values["session"], values["email"], by=self.request.user)

    def perform_destroy(self, offer):
        withdraw_speaker_invite(offer, by=self.request.user)


class AnswerView(APIView):
    """The invited person's answer. Old clients gave it by a GET, which programs that scan mails send too."""

    def http_method_not_allowed(self, request, *args, **kwargs):
        raise MethodNotAllowed(request.method, detail="Looking does not answer. Send a POST to this address.")

    def offer(self, request, key):
        if not request.user.is_authenticated:
            raise NotAuthenticated("Sign in with the address that was invited.")
        offer = find_by_key(SpeakerInvite.objects.visible_to(request.user).select_related("session", "event"), key)
        if offer is None:
            raise Http404
        return offer


class AcceptSpeakerInviteView(AnswerView):
    @says(
        answers={
            "email": str,
            "event": int,
            "event_identifier": str,
            "session": int,
            "speaker": int,
            "name": str | None,
        }
    )
    def post(self, request, key):
        offer = self.offer(request, key)
        speaker = accept_speaker_invite(offer, by=request.user)
        return Response(
            {
                "email": offer.email,
                "event": offer.event_id,
                "event_identifier": offer.event.identifier,
                "session": offer.session_id,
                "speaker": speaker.pk,
                "name": request.user.full_name or None,
            }
        )


class RejectSpeakerInviteView(AnswerView):
    @says(answers={"success": bool, "message": str})
    def post(self, request, key):
        reject_speaker_invite(self.offer(request, key), by=request.user)
        return Response({"success": True, "message": "Speaker invite rejected successfully"})
