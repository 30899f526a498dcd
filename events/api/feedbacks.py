"""What people say of sessions and events, and their own lists of sessions."""

from rest_framework.serializers import ValidationError

from events.models import Feedback, UserFavouriteSession
from events.services.opinions import count_favourites, count_ratings
from openevent.core.refusals import Refused
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet


class FeedbackSerializer(ResourceSerializer):
    class Meta:
        model = Feedback
        fields = ("rating", "comment", "event", "session", "user")
        fixed = ("session",)
        extra_kwargs = {"event": {"required": False}, "user": {"required": False}}

    def validate(self, values):
        if self.instance is None:
            about = [name for name in ("event", "session") if values.get(name)]
            if len(about) != 1:
                raise ValidationError({"session": "Feedback is about an event or about a session, one of them."})
            if about == ["session"]:
                values["event"] = values["session"].event
        return values


class FeedbackViewSet(ResourceViewSet):
    serializer_class = FeedbackSerializer

    def given(self, values):
        if values.pop("user", self.request.user) != self.request.user:
            pointer = "/data/relationships/user"
            raise Refused("not-you", "Everybody speaks for themself.", status=403, pointer=pointer)
        return {"user": self.request.user}

    def check_links(self, feedback, values):
        """Whoever sees a session may speak of it: its event is the feedback's."""

    def perform_create(self, serializer, given):
        feedback = super().perform_create(serializer, given)
        count_ratings(feedback.session_id)
        return feedback

    def perform_update(self, serializer, feedback):
        super().perform_update(serializer, feedback)
        count_ratings(feedback.session_id)

    def perform_destroy(self, feedback):
        super().perform_destroy(feedback)
        count_ratings(feedback.session_id)

    def restore(self, feedback):
        super().restore(feedback)
        count_ratings(feedback.session_id)


class UserFavouriteSessionSerializer(ResourceSerializer):
    class Meta:
        model = UserFavouriteSession
        fields = ("session", "user")
        extra_kwargs = {"user": {"read_only": True}}
        needs = ("session",)


class UserFavouriteSessionViewSet(ResourceViewSet):
    serializer_class = UserFavouriteSessionSerializer
    verbs = ("list", "create", "retrieve", "destroy")

    def given(self, values):
        return {"user": self.request.user}

    def check_links(self, favourite, values):
        """Whoever sees a session may have it on their list."""

    def perform_create(self, serializer, given):
        favourite = super().perform_create(serializer, given)
        count_favourites(favourite.session_id)
        return favourite

    def perform_destroy(self, favourite):
        super().perform_destroy(favourite)
        count_favourites(favourite.session_id)
