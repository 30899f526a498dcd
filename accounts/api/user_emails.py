"""Further addresses of people."""

from accounts.models import UserEmail, normalise_email
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class UserEmailSerializer(ResourceSerializer):
    class Meta:
        model = UserEmail
        fields = ("email_address", "type", "user_id", "user")

    def validate_email_address(self, address):
        return normalise_email(address)


class UserEmailViewSet(ResourceViewSet):
    serializer_class = UserEmailSerializer
