"""Events, who works at them, and what the site keeps for all of them.

An event itself is edited on its organizers' pages, which the site's staff may open: here they read it, decide where it
is shown, and publish, hide or delete it.
"""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.utils import timezone

from accounts.admin import state
from accounts.services.log import record
from events.models import (
    CustomPlaceholder,
    EmailNotification,
    Event,
    EventImageSize,
    EventLocation,
    EventRolePermission,
    EventSubTopic,
    EventTopic,
    EventType,
    Feedback,
    Group,
    Role,
    RoleInvite,
    Service,
    Session,
    Speaker,
    SpeakerImageSize,
    SpeakerInvite,
    UsersEventsRoles,
    UsersGroupsRoles,
    VideoChannel,
)
from events.models.event import DRAFT, PUBLISHED
from events.models.role import BUILT_IN
from events.models.role_invite import PENDING
from events.rules import OWNER
from events.services.change_event import change_event, delete_event
from events.services.create_event import give_role
from events.services.group_roles import remove_group_role, resend_group_invite
from events.services.groups import delete_group
from events.services.image_sizes import LARGEST
from events.services.invites import resend_invite, withdraw_invite
from events.services.publish import publish_event, unpublish_event
from events.services.roles import change_role, check_may_give, remove_role
from openevent.core.admin import HouseAdmin, OneRowAdmin, Which, column, link_to_page, link_to_row, verb
from openevent.core.admin_site import ATTENTION, FIGURES, Attention, Figure
from openevent.core.editing import EditForm

NEW = timedelta(days=7)
SHOWN_WHERE = ("is_featured", "is_promoted", "is_demoted", "event_type", "event_topic", "event_sub_topic")


@admin.register(Event)
class EventAdmin(HouseAdmin):
    section, icon, order = "Events", "event", 1
    can_change = True
    list_display = ("name", "identifier", "owner", "standing", "privacy", "starts_at", "created_at")
    list_filter = ("state", "privacy", "is_featured", "is_promoted", "is_demoted")
    search_fields = ("name", "identifier", "location_name", "searchable_location_name")
    search_help_text = "Part of a name, a place or an identifier"
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    autocomplete_fields = ("event_type", "event_topic", "event_sub_topic")
    which = {
        "new": Which("Made in the last 7 days", lambda: Q(created_at__gte=timezone.now() - NEW, deleted_at=None)),
        "published": Which("Published", lambda: Q(state=PUBLISHED, deleted_at=None)),
        "deleted": Which("Deleted", lambda: ~Q(deleted_at=None)),
    }
    shown = (
        *("name", "identifier", "organizers_pages", "owner", "standing", "privacy", "starts_at", "ends_at", "timezone"),
        *("online", "location_name", "searchable_location_name", "payment_country", "payment_currency"),
        *("description", "created_at", "deleted_at"),
    )
    readonly_fields = shown
    fieldsets = ((None, {"fields": shown}), ("Where the site shows it", {"fields": SHOWN_WHERE}))
    actions = ("publish", "unpublish", "delete_event")

    def get_queryset(self, request):
        owners = UsersEventsRoles.objects.filter(role__name=OWNER).select_related("user").order_by("pk")
        return super().get_queryset(request).prefetch_related(Prefetch("roles", owners, to_attr="owners"))

    @column("Owner")
    def owner(self, event):
        owners = getattr(event, "owners", ())
        return link_to_row(owners[0].user) if owners else "nobody"

    @column("State", order="state")
    def standing(self, event):
        if event.deleted_at:
            return state("Deleted", "bad")
        return state(event.get_state_display(), "ok" if event.state == PUBLISHED else "")

    @column("Organizers' pages")
    def organizers_pages(self, event):
        return link_to_page("Open", "manage", event.identifier)

    def save_model(self, request, obj, form, change):
        change_event(obj, by=request.user, **self.changes(form))

    def log_change(self, request, obj, message):
        """The service has written it down."""

    @verb("Publish", icon="visibility", fits=lambda event: event.state == DRAFT and event.deleted_at is None)
    def publish(self, request, event):
        publish_event(event, by=request.user)

    @verb("Hide from the public", icon="visibility_off", fits=lambda event: event.state == PUBLISHED)
    def unpublish(self, request, event):
        unpublish_event(event, by=request.user)

    @verb("Delete", icon="delete", is_harm=True, fits=lambda event: event.deleted_at is None)
    def delete_event(self, request, event):
        delete_event(event, by=request.user)


@admin.register(Group)
class GroupAdmin(HouseAdmin):
    section, icon, order = "Events", "groups", 4
    can_change = True
    list_display = ("name", "user", "is_promoted", "follower_count", "created_at", "deleted_at")
    list_select_related = ("user",)
    list_filter = ("is_promoted",)
    search_fields = ("name", "user__email")
    ordering = ("-pk",)
    fields = ("name", "user", "about", "follower_count", "created_at", "deleted_at", "is_promoted")
    readonly_fields = fields[:-1]
    actions = ("delete_group",)

    @verb("Delete", icon="delete", is_harm=True, fits=lambda group: group.deleted_at is None)
    def delete_group(self, request, group):
        delete_group(group, by=request.user)


@admin.register(UsersGroupsRoles)
class RoleInGroupAdmin(HouseAdmin):
    section, icon, order = "People", "diversity_3", 5
    list_display = ("email", "role", "group", "accepted", "invited_by", "created_at", "expires_at")
    list_select_related = ("role", "group", "invited_by")
    list_filter = ("accepted",)
    search_fields = ("email", "group__name")
    ordering = ("-pk",)
    fields = readonly_fields = ("email", "user", "role", "group", "accepted", "invited_by", "created_at", "expires_at")
    actions = ("resend", "remove")

    @verb("Mail a new link", icon="mail", asks=False, fits=lambda held: not held.accepted)
    def resend(self, request, held):
        resend_group_invite(held, by=request.user)

    @verb("Take the role away", icon="undo", is_harm=True, fits=lambda held: held.role.name != OWNER)
    def remove(self, request, held):
        remove_group_role(held, by=request.user)


class CatalogAdmin(HouseAdmin):
    """A list that organizers choose from. What is deleted stays at the events that have it, and is offered no more."""

    section = "Site"
    can_add = can_change = can_delete = True
    also_saved = ("slug",)
    list_display = ("name", "slug")
    search_fields = ("name",)
    fields = ("name",)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(deleted_at=None)

    def delete_model(self, request, obj):
        obj.hide()


@admin.register(EventType)
class EventTypeAdmin(CatalogAdmin):
    icon, order = "category", 10


@admin.register(EventTopic)
class EventTopicAdmin(CatalogAdmin):
    icon, order = "label", 11


@admin.register(EventSubTopic)
class EventSubTopicAdmin(HouseAdmin):
    section, icon, order = "Site", "label_important", 12
    can_add = can_change = can_delete = True
    also_saved = ("slug",)
    list_display = ("name", "event_topic", "slug")
    list_select_related = ("event_topic",)
    list_filter = ("event_topic",)
    search_fields = ("name", "event_topic__name")
    autocomplete_fields = ("event_topic",)
    fields = ("name", "event_topic")


@admin.register(EventLocation)
class EventLocationAdmin(HouseAdmin):
    """Where public events are comes by itself; what is added here is offered before there is an event."""

    section, icon, order = "Site", "location_on", 13
    can_add = can_change = can_delete = True
    also_saved = ("slug",)
    list_display = ("name", "slug", "is_named_by_staff")
    list_filter = ("is_named_by_staff",)
    search_fields = ("name",)
    fields = ("name",)


@admin.register(CustomPlaceholder)
class CustomPlaceholderAdmin(HouseAdmin):
    """Pictures for events that have none of their own."""

    section, icon, order = "Site", "image", 14
    can_add = can_change = can_delete = True
    list_display = ("name", "event_sub_topic", "origin")
    list_select_related = ("event_sub_topic",)
    search_fields = ("name", "origin")
    autocomplete_fields = ("event_sub_topic",)
    fields = ("name", "event_sub_topic", "original_image_url", "copyright", "origin")


@admin.register(VideoChannel)
class VideoChannelAdmin(HouseAdmin):
    """The key of a provider is set through the API, and read nowhere."""

    section, icon, order = "Site", "videocam", 12
    can_add = can_change = can_delete = True
    list_display = ("name", "provider", "url")
    search_fields = ("name", "provider")
    fields = ("name", "provider", "url", "api_url")


@admin.register(Role)
class RoleAdmin(HouseAdmin):
    """The house's own roles keep their names, and stay."""

    section, icon, order = "People", "badge", 2
    can_add = can_change = can_delete = True
    list_display = ("name", "title_name")
    search_fields = ("name", "title_name")
    fields = ("name", "title_name")

    def get_readonly_fields(self, request, obj=None):
        return ("name",) if obj and obj.name in BUILT_IN else ()

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in BUILT_IN)


class RoleAtEventForm(EditForm):
    def clean_role(self):
        role = self.cleaned_data["role"]
        if self.instance.pk is None and role.name == OWNER:
            raise ValidationError("An event has one owner, who hands it over.")
        return role


@admin.register(UsersEventsRoles)
class RoleAtEventAdmin(HouseAdmin):
    section, icon, order = "People", "assignment_ind", 3
    can_add = can_change = can_delete = True
    form = RoleAtEventForm
    list_display = ("user", "role", "event")
    list_select_related = ("user", "role", "event")
    list_filter = ("role",)
    search_fields = ("user__email", "user__first_name", "user__last_name", "event__name", "=event__identifier")
    search_help_text = "Part of a person's name or address, or of an event's name"
    ordering = ("-pk",)
    autocomplete_fields = ("user", "event", "role")
    fields = ("user", "event", "role")

    def get_readonly_fields(self, request, obj=None):
        return ("user", "event") if obj else ()

    def save_model(self, request, obj, form, change):
        if change:
            role = obj.role
            obj.refresh_from_db()
            change_role(obj, role, by=request.user)
            return
        check_may_give(obj.role.name, event=obj.event, by=request.user)
        obj.pk = give_role(obj.event, obj.role.name, to=obj.user).pk
        record(
            "role.given", by=request.user, about=obj.event, event_id=obj.event_id, user=obj.user_id, role=obj.role.name
        )

    def delete_model(self, request, obj):
        remove_role(obj, by=request.user)

    def log_addition(self, request, obj, message):
        """The services have written it down."""

    log_change = log_addition

    def log_deletions(self, request, queryset):
        """As above."""


@admin.register(RoleInvite)
class RoleInviteAdmin(HouseAdmin):
    section, icon, order = "People", "forward_to_inbox", 4
    list_display = ("email", "role", "event", "status", "invited_by", "created_at", "expires_at")
    list_select_related = ("role", "event", "invited_by")
    list_filter = ("status", "role")
    search_fields = ("email", "event__name")
    ordering = ("-pk",)
    fields = ("email", "role", "event", "status", "invited_by", "created_at", "expires_at")
    readonly_fields = fields
    actions = ("resend", "withdraw")

    @verb("Mail a new link", icon="mail", asks=False, fits=lambda offer: offer.status == PENDING)
    def resend(self, request, offer):
        resend_invite(offer, by=request.user)

    @verb("Withdraw", icon="undo", is_harm=True, fits=lambda offer: offer.status == PENDING)
    def withdraw(self, request, offer):
        withdraw_invite(offer, by=request.user)


@admin.register(Session)
class SessionAdmin(HouseAdmin):
    section, icon, order = "Events", "co_present", 2
    list_display = ("title", "event", "state", "track", "starts_at")
    list_select_related = ("event", "track")
    list_filter = ("state",)
    search_fields = ("title", "event__name")
    ordering = ("-pk",)
    fields = (
        "title",
        "event",
        "state",
        "track",
        "microlocation",
        "starts_at",
        "ends_at",
        "short_abstract",
        "deleted_at",
    )
    readonly_fields = fields


@admin.register(Speaker)
class SpeakerAdmin(HouseAdmin):
    section, icon, order = "Events", "record_voice_over", 3
    list_display = ("name", "email", "event")
    list_select_related = ("event",)
    search_fields = ("name", "email", "event__name")
    ordering = ("-pk",)
    fields = ("name", "email", "event", "user", "organisation", "position", "short_biography", "deleted_at")
    readonly_fields = fields


@admin.register(SpeakerInvite)
class SpeakerInviteAdmin(HouseAdmin):
    section, icon, order = "Events", "voice_selection", 4
    list_display = ("email", "session", "event", "status", "invited_by", "created_at")
    list_select_related = ("session", "event", "invited_by")
    list_filter = ("status",)
    search_fields = ("email", "session__title", "event__name")
    ordering = ("-pk",)
    fields = list_display
    readonly_fields = fields


@admin.register(Feedback)
class FeedbackAdmin(HouseAdmin):
    section, icon, order = "Events", "reviews", 5
    list_display = ("rating", "user", "session", "event")
    list_select_related = ("user", "session", "event")
    search_fields = ("user__email", "session__title", "event__name")
    ordering = ("-pk",)
    fields = ("rating", "comment", "user", "session", "event", "deleted_at")
    readonly_fields = fields


class PixelsForm(EditForm):
    def clean(self):
        given = super().clean()
        for name, value in list(self.cleaned_data.items()):
            if name.endswith(("width", "height")) and value is not None and not 1 <= value <= LARGEST:
                self.add_error(name, f"From 1 to {LARGEST} pixels. Empty means as the house has it.")
            if name.endswith("quality") and value == 0:
                self.add_error(name, "From 1 to 100. Empty means as the house has it.")
        return given


@admin.register(EmailNotification)
class EmailNotificationAdmin(HouseAdmin):
    """Which mails somebody wants is theirs to say."""

    section, icon, order = "Mails and jobs", "unsubscribe", 6
    list_display = ("user", "event", "new_paper", "session_accept_reject", "after_ticket_purchase")
    list_select_related = ("user", "event")
    search_fields = ("user__email", "event__name")
    ordering = ("-pk",)
    fields = ("user", "event", "next_event", "new_paper", "session_accept_reject", "session_schedule")
    fields += ("after_ticket_purchase", "deleted_at")
    readonly_fields = fields


@admin.register(Service)
class ServiceAdmin(HouseAdmin):
    section, icon, order = "People", "list", 9
    list_display = fields = readonly_fields = ("name",)


@admin.register(EventRolePermission)
class EventRolePermissionAdmin(HouseAdmin):
    """What old clients show. The rules decide."""

    section, icon, order = "People", "checklist", 10
    list_display = ("role", "service", "can_create", "can_read", "can_update", "can_delete")
    list_select_related = ("role", "service")
    list_filter = ("role", "service")
    fields = readonly_fields = list_display


@admin.register(EventImageSize)
class EventImageSizeAdmin(OneRowAdmin):
    """New pictures are cut so; those that are kept already stay as they are."""

    section, icon, order = "Site", "photo_size_select_large", 2
    form = PixelsForm
    fieldsets = (
        ("Large", {"fields": ("full_width", "full_height", "full_quality")}),
        ("Thumbnail", {"fields": ("thumbnail_width", "thumbnail_height", "thumbnail_quality")}),
        ("Icon", {"fields": ("icon_width", "icon_height", "icon_quality")}),
    )


@admin.register(SpeakerImageSize)
class SpeakerImageSizeAdmin(OneRowAdmin):
    """New pictures are cut so; those that are kept already stay as they are."""

    section, icon, order = "Site", "photo_size_select_small", 3
    number = SpeakerImageSize.number
    form = PixelsForm
    fieldsets = (
        ("Thumbnail", {"fields": ("thumbnail_size_width_height", "thumbnail_size_quality")}),
        ("Small", {"fields": ("small_size_width_height", "small_size_quality")}),
        ("Icon", {"fields": ("icon_size_width_height", "icon_size_quality")}),
    )


def figures():
    published = Event.objects.filter(state=PUBLISHED, deleted_at=None).count()
    return [Figure("Published events", published, Event, "?which=published")]


ATTENTION.append(Attention("new events in 7 days", Event, "new", icon="event_upcoming", is_bad=False))
FIGURES.append(figures)
