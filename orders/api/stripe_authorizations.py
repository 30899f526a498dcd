"""The link between an event and its owner's account with Stripe."""

from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet
from orders.models import StripeAuthorization
from orders.services.stripe_link import join_account, link_stripe, unlink_stripe


class StripeAuthorizationSerializer(ResourceSerializer):
    class Meta:
        model = StripeAuthorization
        fields = ("stripe_publishable_key", "stripe_auth_code", "event")
        extra_kwargs = {"stripe_auth_code": {"write_only": True, "max_length": 1000}}


class StripeAuthorizationViewSet(ResourceViewSet):
    serializer_class = StripeAuthorizationSerializer
    verbs = ("create", "retrieve", "partial_update", "destroy")

    def perform_create(self, serializer, given):
        return link_stripe(**serializer.validated_data, by=self.request.user)

    def after_create(self, link):
        join_account(link, by=self.request.user)

    def perform_destroy(self, link):
        unlink_stripe(link, by=self.request.user)
