"""People."""

from django.contrib.auth.password_validation import validate_password
from django.db.models import BooleanField, Case, ExpressionWrapper, Value, When
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.api.authentication import ask_fresh
from accounts.api.both_shapes import data_of, text_in
from accounts.api.passwords import TOKEN
from accounts.models import User, UserEmail, normalise_email
from accounts.rules import is_anyone, known_people
from accounts.services.blocking import end_sign_ins
from accounts.services.close_account import close_account
from accounts.services.email import change_email, prove_address
from accounts.services.log import record
from accounts.services.sign_up import sign_up
from openevent.core.describing import Document, says
from openevent.core.limits import client_address, limit
from openevent.core.negotiation import JSONAPIParser, StrictJSONParser, document_response
from openevent.core.policies import EVERY_ROW, is_site_staff, is_superadmin
from openevent.core.relations import Relation, not_served
from openevent.core.serializers import ResourceSerializer
from openevent.core.viewsets import ResourceViewSet

FOR_STRANGERS = frozenset(
    {"public_name", "avatar_url", "original_image_url", "thumbnail_image_url", "small_image_url", "icon_image_url"}
)
READ_ONLY = (
    *("original_image_url", "thumbnail_image_url", "small_image_url", "icon_image_url", "facebook_id"),
    *("is_super_admin", "is_rocket_chat_registered", "created_at", "last_accessed_at"),
)
WHO_MAY_SET = {  # from anyone else these are left as they are: clients send back all that they were given
    "is_admin": is_superadmin,
    **dict.fromkeys(("is_sales_admin", "is_marketer", "is_verified", "is_blocked"), is_site_staff),
}


class UserSerializer(ResourceSerializer):
    password = serializers.CharField(write_only=True, trim_whitespace=False, max_length=1000)

    class Meta:
        model = User
        fields = (
            *("email", "password", "avatar_url", "first_name", "last_name", "public_name", "is_profile_public"),
            *("original_image_url", "thumbnail_image_url", "small_image_url", "icon_image_url"),
            *("was_registered_with_order", "facebook_url", "twitter_url", "instagram_url", "google_plus_url"),
            *("is_super_admin", "is_admin", "facebook_id", "is_sales_admin", "is_marketer", "is_verified"),
            *("is_blocked", "last_accessed_at", "created_at", "details", "language_prefrence", "contact"),
            *("billing_contact_name", "billing_phone", "billing_state", "billing_country", "billing_tax_info"),
            *("company", "billing_address", "billing_city", "billing_zip_code", "billing_additional_info"),
            "is_rocket_chat_registered",
        )
        read_only_fields = READ_ONLY
        private_fields = {*fields, "deleted_at"} - FOR_STRANGERS
        relations = {
            # What the higher floors serve, they put in its place.
            **not_served("notifications", "feedbacks", "event_invoices", "speakers", "email_notifications"),
            "alternate_emails": Relation(UserEmail, "user"),
            **not_served("sessions", "groups", "owner_events", "organizer_events"),
            **not_served("coorganizer_events", "track_organizer_events", "registrar_events", "moderator_events"),
            **not_served("attendees", "events", "followed_groups", "orders", "marketer_events"),
            **not_served("sales_admin_events", "favourites", "access_codes", "discount_codes"),
            "favourite_events": Relation(path="user-favourite-events"),
            "favourite_sessions": Relation(path="user-favourite-sessions"),
        }

    def validate_email(self, email):
        return normalise_email(email)

    def validate_password(self, password):
        validate_password(password)
        return password

    def validate(self, values):
        asker = self.context["request"].user
        return {name: value for name, value in values.items() if WHO_MAY_SET.get(name, is_anyone)(asker)}


class UserViewSet(ResourceViewSet):
    serializer_class = UserSerializer

    @property
    def sign_in_to_write(self):
        return self.action != "create"

    @classmethod
    def readable(cls, user, *, trashed=False):
        """Each account with whether the asker knows it, for the policy looks at one row and asks no query."""
        those = known_people(user, User)
        known = Value(True) if those == EVERY_ROW else Case(When(those, then=True), default=False)
        return super().readable(user, trashed=trashed).annotate(is_known=ExpressionWrapper(known, BooleanField()))

    def rows(self):
        """People are met where they act; only staff and oneself are listed."""
        rows = super().rows()
        return rows.filter(is_known=True) if self.action == "list" else rows

    def handle_exception(self, problem):
        """Old clients compare the 422 of sign-up, and only that, with a text."""
        answer = super().handle_exception(problem)
        if self.action == "create" and answer.status_code == 422:
            for error in answer.data["errors"]:
                error["status"] = "422"
        return answer

    def read_document(self, account=None):
        """A password is chosen at sign-up; to change it one shows the present one, elsewhere."""
        values = super().read_document(account)
        if account is not None:
            values.pop("password", None)
        return values

    def perform_create(self, serializer, given):
        limit("sign-up", client_address(self.request), "20/m")
        account = sign_up(request=self.request._request, **serializer.validated_data)
        account.is_known = True  # whoever has just made it
        return account

    def perform_update(self, serializer, account):
        by, before = self.request.user, User.objects.values("email", *WHO_MAY_SET).get(pk=account.pk)
        email = serializer.validated_data.pop("email", before["email"])
        account.email = before["email"]
        serializer.save()
        if flags := {name: getattr(account, name) for name in WHO_MAY_SET if getattr(account, name) != before[name]}:
            record("user.flags-changed", by=by, about=account, **flags)
        if flags.get("is_blocked"):
            end_sign_ins(account)
        if email != before["email"]:
            ask_fresh(self.request, "change the address")
            change_email(account, email, by=by, request=self.request._request)

    @says(takes=TOKEN, answers=Document("user"))
    @action(detail=True, methods=["post"], parser_classes=(StrictJSONParser, JSONAPIParser))
    def verify(self, request, key):
        account = self.find(key)
        self.ask("change", account)
        prove_address(text_in(data_of(request), "token"), of=account)
        return document_response(self.row_document(self.find(key), {}))

    def restore(self, account):
        super().restore(account)
        record("user.reopened", by=self.request.user, about=account)

    def perform_destroy(self, account):
        close_account(account, by=self.request.user)
