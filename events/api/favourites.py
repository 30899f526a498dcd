"""Events that people have marked for themselves."""

from events.models import UserFavouriteEvent
from openevent.core.relations import Relation
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class UserFavouriteEventSerializer(ResourceSerializer):
    class Meta:
        model = UserFavouriteEvent
        fields = ("event",)
        relations = {
            "user": Relation(UserFavouriteEvent._meta.get_field("user").related_model, many=False, column="user_id")
        }


class UserFavouriteEventViewSet(ResourceViewSet):
    serializer_class = UserFavouriteEventSerializer
    sign_in_to_list = True

    def given(self, values):
        return {"user": self.request.user}
