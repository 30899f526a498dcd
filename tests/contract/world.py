"""One small world for all contract tests: two events with a row of every kind, and everybody who may come along.

`ours` is public and ada's; `theirs` is a draft of otto's, so that nothing of it may ever reach anybody else.
"""

import json
from copy import copy
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import timezone
from rest_framework.test import force_authenticate

import openevent.urls  # noqa: F401  fills the registry
from accounts.models import CustomSystemRole, Page, PanelPermission, Setting, UserEmail, UserPermission
from accounts.services.log import record
from accounts.services.tokens import give_tokens
from accounts.tests.people import make_person
from events.models import (
    BadgeFieldForm,
    BadgeForm,
    CustomForm,
    CustomFormOption,
    CustomFormTranslate,
    CustomPlaceholder,
    EmailNotification,
    Event,
    EventCopyright,
    EventImageSize,
    EventLocation,
    EventRolePermission,
    EventSubTopic,
    EventTopic,
    EventType,
    Exhibitor,
    Faq,
    FaqType,
    Feedback,
    Microlocation,
    Role,
    RoleInvite,
    Service,
    Session,
    SessionType,
    SocialLink,
    Speaker,
    SpeakerImageSize,
    SpeakerInvite,
    SpeakersCall,
    Sponsor,
    Tag,
    Track,
    TranslationChannel,
    UserFavouriteEvent,
    UserFavouriteSession,
    UsersEventsRoles,
    UsersGroupsRoles,
    VideoChannel,
    VideoRecording,
    VideoStream,
    VideoStreamModerator,
)
from events.services.groups import create_group, follow
from notifications.models import ImportJob, MessageSetting, NotificationSetting
from notifications.services.mail import queue_mail
from notifications.services.notify import notify
from openevent.core.negotiation import JSONAPI
from openevent.core.registry import registry
from orders.models import (
    AccessCode,
    Attendee,
    DiscountCode,
    EventInvoice,
    Order,
    OrderLine,
    Station,
    StationStorePax,
    StripeAuthorization,
    Tax,
    Ticket,
    TicketFee,
    TicketTag,
    UserCheckIn,
)
from orders.services.invoicing import keep_invoiced

ROLES = {
    "registrar": "registrar",
    "moderator": "moderator",
    "track-organizer": "track_organizer",
    "co-organizer": "coorganizer",
    "organizer": "organizer",
    "owner": "owner",
}
FLAGS = {"admin": {"is_admin": True}, "superadmin": {"is_admin": True, "is_super_admin": True}}
REQUESTS = RequestFactory()
PEOPLE = (*("anonymous", "eve", "attendee", "buyer", "speaker", *ROLES, "organizer-elsewhere", "admin", "superadmin"),)


class World:
    """`people` by their part; `rows[tenant][type]` is the row of that type at that event."""

    def __init__(self):
        now = timezone.now().replace(microsecond=0)
        self.clients, self.read = {}, {}
        self.people = {name: make_person(name, **FLAGS.get(name, {})) for name in PEOPLE if name != "anonymous"}
        Setting.objects.update_or_create(pk=1, defaults={"stripe_client_id": "ca_1", "stripe_secret_key": "sk_1"})
        topic = EventTopic.objects.create(name="Tides")
        sub_topic = EventSubTopic.objects.create(name="Ebb", event_topic=topic)
        kinds = {
            "event-type": EventType.objects.create(name="Regatta"),
            "event-topic": topic,
            "event-sub-topic": sub_topic,
            "event-location": EventLocation.objects.create(name="Norrhaven"),
            "custom-placeholder": CustomPlaceholder.objects.create(
                name="Waves", event_sub_topic=sub_topic, original_image_url="https://example.org/waves.png"
            ),
            "role": Role.objects.create(name="steward", title_name="Steward"),
            "setting": Setting.current(),
            "video-channel": VideoChannel.objects.create(
                name="Meetings", provider="jitsi", url="https://meet.example.org", api_key="key-of-the-house"
            ),
            "ticket-fee": TicketFee.objects.create(currency="CHF", country="global", service_fee=Decimal(2)),
            "page": Page.objects.create(name="About", url="/about", place="footer"),
            "user-permission": UserPermission.objects.get(name="create_event"),
            "panel-permission": PanelPermission.objects.get(panel_name="sales"),
            "custom-system-role": CustomSystemRole.objects.get(name="Marketer"),
            "message-setting": MessageSetting.objects.get(action="test_mail"),
            "notification-setting": NotificationSetting.objects.get(type="event_role"),
            "mail": queue_mail("order-completed", to="paul@example.org", subject="Your tickets", text="Hello"),
            "event-image-size": EventImageSize.current(),
            "speaker-image-size": SpeakerImageSize.current(),
            "service": Service.objects.get(name="session"),
            "event-role-permissions": EventRolePermission.objects.filter(role__name="moderator").first(),
            "activity": record("event.published", by="worker"),
        }
        self.rows = {
            "ours": self.build("ours", self.people["owner"], "published", now) | kinds,
            "theirs": self.build("theirs", self.people["organizer-elsewhere"], "draft", now) | kinds,
        }
        for each in registry.resources:
            for rows in self.rows.values():
                if each.model._meta.proxy and each.type not in rows:
                    rows[each.type] = self.seen_as(each.model, rows)
        self.event = self.rows["ours"]["event"]
        for name, role in ROLES.items():
            self.give(self.event, name, role)

    def everything(self):
        """Every row and person, once."""
        rows = [*self.people.values(), *(row for tenant in self.rows.values() for row in tenant.values())]
        return {id(row): row for row in rows}.values()

    def give(self, event, name, role):
        UsersEventsRoles.objects.get_or_create(event=event, user=self.people[name], role=Role.objects.get(name=role))

    def build(self, name, owner, state, now):
        ours = name == "ours"
        buyer, holder, talker = (
            (self.people["buyer"], self.people["attendee"], self.people["speaker"])
            if ours
            else [make_person(f"{name}-{part}", last_name="Hidden") for part in ("buyer", "attendee", "speaker")]
        )
        event = Event.objects.create(
            name=f"Fair of {name}",
            state=state,
            starts_at=now + timedelta(days=10),
            ends_at=now + timedelta(days=12),
            timezone="Europe/Berlin",
            payment_currency="EUR",
            is_sessions_speakers_enabled=True,
            is_sponsors_enabled=True,
            is_tax_enabled=True,
            can_pay_by_bank=True,
            event_type=EventType.objects.filter(name="Regatta").first(),
            event_topic=EventTopic.objects.filter(name="Tides").first(),
            event_sub_topic=EventSubTopic.objects.filter(name="Ebb").first(),
            can_pay_by_stripe=True,
            location_name=f"{name} hall",
        )
        held = UsersEventsRoles.objects.create(event=event, user=owner, role=Role.objects.get(name="owner"))
        part = {"event": event}
        track = Track.objects.create(name=f"{name} track", color="#aabbcc", **part)
        room = Microlocation.objects.create(name=f"{name} room", **part)
        kind = SessionType.objects.create(name=f"{name} talk", length="00:30", **part)
        speaker = Speaker.objects.create(
            name=f"{name} speaker", email=talker.email, mobile=f"+49 {name}", user=talker, **part
        )
        session = Session.objects.create(
            title=f"{name} session",
            state="accepted",
            creator=talker,
            track=track,
            microlocation=room,
            session_type=kind,
            starts_at=event.starts_at,
            ends_at=event.starts_at + timedelta(minutes=30),
            **part,
        )
        session.speakers.add(speaker)
        ticket = self.ticket(event, f"{name} ticket", badge_id=f"{name}-badge")
        tag = TicketTag.objects.create(name=f"{name} tag", **part)
        ticket.ticket_tags.add(tag)
        discount = DiscountCode.objects.create(
            code=f"{name.upper()}10", type="percent", value=Decimal(10), used_for="ticket", marketer=owner, **part
        )
        discount.tickets.add(ticket)
        DiscountCode.objects.create(
            code=f"{name.upper()}FEE", type="percent", value=Decimal(5), used_for="event", **part
        )
        hidden = self.ticket(event, f"{name} hidden", is_hidden=True)
        access = AccessCode.objects.create(
            code=f"{name.upper()}VIP", valid_from=now - timedelta(days=1), marketer=owner, **part
        )
        access.tickets.add(hidden)
        invoice = EventInvoice.objects.create(
            identifier=f"202610U-{event.pk:06}",
            month="2026-10",
            amount=Decimal(3),
            currency="EUR",
            due_at=now + timedelta(days=30),
            user=owner,
            **part,
        )
        order = Order.objects.create(
            user=buyer,
            email=buyer.email,
            status="completed",
            amount=Decimal(20),
            currency="EUR",
            payment_mode="bank",
            discount_code=discount,
            completed_at=now,
            event_invoice=invoice,
            **part,
        )
        mark = Tag.objects.create(name=f"{name} VIPs", color="#aa0000", **part)
        OrderLine.objects.create(order=order, ticket=ticket, quantity=1, price=Decimal(20), total=Decimal(20))
        attendee = Attendee.objects.create(
            ticket=ticket,
            tag=mark,
            order=order,
            creator=buyer,
            user=holder,
            firstname=f"{name}-first",
            lastname="Holder",
            email=holder.email,
            **part,
        )
        keep_invoiced(order, by="server")
        question = CustomForm.objects.create(
            field_identifier=f"{name}_diet",
            form="attendee",
            type="select",
            name=f"{name} diet",
            is_included=True,
            **part,
        )
        badge = BadgeForm.objects.create(identifier=f"{name}-badge", **part)
        faq_type = FaqType.objects.create(name=f"{name} animals", **part)
        exhibitor = Exhibitor.objects.create(name=f"{name} exhibitor", status="accepted", **part)
        exhibitor.sessions.add(session)
        return {
            "event": event,
            "event-copyright": EventCopyright.objects.create(licence="CC BY", holder=f"{name} holder", **part),
            "exhibitor": exhibitor,
            "faq-type": faq_type,
            "faq": Faq.objects.create(question=f"{name} dogs?", answer="<p>Yes.</p>", faq_type=faq_type, **part),
            "tag": mark,
            "custom-form": question,
            "custom-form-option": CustomFormOption.objects.create(custom_form=question, value=f"{name} vegan"),
            "custom-form-translate": CustomFormTranslate.objects.create(
                custom_form=question, name=f"{name} Kost", language_code="de"
            ),
            "badge-form": badge,
            "badge-field-form": BadgeFieldForm.objects.create(badge_form=badge, sample_text=f"{name} sample"),
            "user-favourite-event": UserFavouriteEvent.objects.create(user=buyer if ours else owner, **part),
            "users-events-roles": held,
            "track": track,
            "microlocation": room,
            "session-type": kind,
            "speaker": speaker,
            "session": session,
            "sponsor": Sponsor.objects.create(name=f"{name} sponsor", **part),
            "social-link": SocialLink.objects.create(name=f"{name} link", link="https://example.org/x", **part),
            "speakers-call": SpeakersCall.objects.create(
                starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1), **part
            ),
            "role-invite": RoleInvite.objects.create(
                email=f"{name}-helper@example.org",
                role=Role.objects.get(name="moderator"),
                token_hash=f"{name} hash",
                invited_by=owner,
                expires_at=now + timedelta(days=7),
                **part,
            ),
            "speaker-invite": SpeakerInvite.objects.create(
                session=session, email=f"{name}-second@example.org", invited_by=talker, **part
            ),
            "feedback": Feedback.objects.create(user=holder, rating=4, comment=f"{name} was nice", **part),
            "user-favourite-session": UserFavouriteSession.objects.create(
                session=session, user=self.people["eve"] if ours else owner
            ),
            "import-job": ImportJob.objects.create(
                user=buyer, kind="import-event", title=f"{name} import", status="done", message=f"{name} was imported"
            ),
            "ticket": ticket,
            "ticket-tag": tag,
            "discount-code": discount,
            "access-code": access,
            "tax": Tax.objects.create(name=f"{name} VAT", rate=Decimal(19), **part),
            "order": order,
            "event-invoice": invoice,
            "stripe-authorization": StripeAuthorization.objects.create(stripe_auth_code=f"{name}-code", **part),
            "attendee": attendee,
            "user": owner,
            "email-notification": EmailNotification.objects.create(user=owner, event=event, new_paper=True),
            "notification": notify(
                owner, "event_role", title=f"About the fair of {name}", about=event, event_id=event.pk, by=talker
            ),
            "user-email": UserEmail.objects.create(user=owner, email_address=f"{name}@work.example", type="work"),
            **self.build_station(name, event, room, session, attendee),
            **self.build_video(name, event, room),
            **self.build_group(event, owner, self.people["organizer"] if ours else talker),
        }

    def build_station(self, name, event, room, session, attendee):
        station = Station.objects.create(
            event=event, station_name=f"{name} door", station_type="check in", microlocation=room
        )
        return {
            "station": station,
            "station-store-pax": StationStorePax.objects.create(station=station, session=session, current_pax=12),
            "user_check_in": UserCheckIn.objects.create(
                station=station, ticket_holder=attendee, session=session, session_name=session.title
            ),
        }

    def build_video(self, name, event, room):
        """A stream of the room, another of the whole event, and what belongs to the first."""
        link = "https://video.example.org/x"
        chat = VideoChannel.objects.get(provider="chatmosphere")
        VideoStream.objects.create(event=event, name=f"{name} stage", url=link, is_of_event=True, video_channel=chat)
        meetings = VideoChannel.objects.get(name="Meetings")
        stream = VideoStream.objects.create(
            event=event, name=f"{name} stream", url=link, password=f"{name}-secret", video_channel=meetings
        )
        room.video_stream = stream
        room.save()
        when = {"start_time": event.starts_at, "end_time": event.ends_at}
        return {
            "video-stream": stream,
            "video-stream-moderator": VideoStreamModerator.objects.create(
                video_stream=stream, email=f"{name}-chair@example.org"
            ),
            "translation_channel": TranslationChannel.objects.create(
                video_stream=stream, channel=meetings, name=f"{name} interpreters", url=f"{link}/{name}/de"
            ),
            "video-recording": VideoRecording.objects.create(
                video_stream=stream, participants=7, url=f"{link}/{name}", **when
            ),
        }

    def build_group(self, event, owner, organizer):
        """A group that is everybody's to see; who runs and who follows it is not."""
        group = create_group(by=owner, name="Friends of fairs", events=[event])
        role, followed = Role.objects.get(name="organizer"), follow(group, by=owner)
        held = UsersGroupsRoles.objects.create(
            group=group, role=role, user=organizer, email=organizer.email, accepted=True
        )
        return {"group": group, "users-groups-role": held, "user-follow-group": followed}

    def ticket(self, event, name, **more):
        now = timezone.now()
        return Ticket.objects.create(
            event=event,
            name=name,
            type="paid",
            price=Decimal(20),
            sales_starts_at=now - timedelta(days=1),
            sales_ends_at=now + timedelta(days=9),
            **more,
        )

    def seen_as(self, proxy, rows):
        row = next(row for row in rows.values() if type(row) is proxy._meta.concrete_model)
        return proxy.objects.get(pk=row.pk)

    def let_go(self, kind):
        """Take away what rightly keeps a row from being deleted: a ticket type that is sold stays."""
        if kind == "station":
            UserCheckIn.objects.all().delete()
        if kind == "ticket":
            Order.objects.filter(event=self.event).update(status="cancelled")

    def api(self, name):
        """A client that signs in with a token, as programs do."""
        if name not in self.clients:
            self.clients[name] = API(self.people.get(name))
        return self.clients[name]

    def ask(self, who, method, path, document=None, **headers):
        """The answer of the view itself, in a third of the time: for walks over everything. What middleware and tokens
        add has tests of its own."""
        body = b"" if document is None else json.dumps(document)
        request = REQUESTS.generic(method, path, body, content_type=JSONAPI, headers=headers)
        # A copy, for a request remembers at its user which roles these are and which events are unlocked.
        request.session = SessionStore()
        force_authenticate(request, copy(self.people.get(who)) or AnonymousUser())
        view = resolve(request.path_info)
        answer = view.func(request, *view.args, **view.kwargs)
        return answer.render() if hasattr(answer, "render") else answer

    def reads(self, who, kind, pk):
        """Whether somebody reads a row at its own address; asked once, in tests that change nothing."""
        if (who, kind, pk) not in self.read:
            address = f"/v1/{registry.by_type[kind].path}/{pk}?fields[{kind}]=id"
            self.read[who, kind, pk] = self.ask(who, "GET", address).status_code == 200
        return self.read[who, kind, pk]

    def address(self, kind, tenant="ours"):
        return registry.by_type[kind].address(self.rows[tenant][kind])


class API:
    """Test client for `/v1`: JSON:API documents in, answers with `.document` out."""

    def __init__(self, user=None):
        self.client = Client()
        self.headers = {"Authorization": f"JWT {give_tokens(user)['access_token']}"} if user else {}

    def get(self, path, params=None, **headers):
        return self.client.get(path, params, headers=self.headers | headers)

    def head(self, path):
        return self.client.head(path, headers=self.headers)

    def send(self, method, path, document=None, **headers):
        body = b"" if document is None else json.dumps(document)
        return self.client.generic(method, path, body, content_type=JSONAPI, headers=self.headers | headers)

    def post(self, path, document, **headers):
        return self.send("POST", path, document, **headers)

    def patch(self, path, document, **headers):
        return self.send("PATCH", path, document, **headers)

    def delete(self, path, document=None, **headers):
        return self.send("DELETE", path, document, **headers)


def resource_document(kind, /, *, key=None, relationships=None, **attributes):
    """A JSON:API document; attributes in Python's spelling, relationships as {name: row}."""
    data = {"type": kind, "attributes": {name.replace("_", "-"): value for name, value in attributes.items()}}
    if key is not None:
        data["id"] = str(key)
    if relationships:
        data["relationships"] = {name: {"data": linkage(rows)} for name, rows in relationships.items()}
    return {"data": data}


def linkage(rows):
    if isinstance(rows, list | tuple):
        return [linkage(row) for row in rows]
    return {"type": registry.of(type(rows)).type, "id": str(rows.pk)}
