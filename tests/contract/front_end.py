"""The Open Event web front end, as far as a server can tell: what its store and its loader send, and what they need.

Headers, query strings, and documents with every attribute of a model are those of the unmodified application
(version 1.18). Reading checks what the application depends on: a record without its identifier, a list without its
count or a relationship without its link is lost there without a word.
"""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.test import Client

from accounts.tests.people import PASSWORD
from openevent.core.negotiation import JSON, JSONAPI

ORIGIN = "http://127.0.0.1:4200"
IDENTIFIED = ("event", "order")  # the application takes `attributes.identifier` for the id of these
MODELS = {  # every attribute that is sent; what a new record holds, where that is not null
    "event": (
        "name description after-order-message starts-at ends-at timezone location-name searchable-location-name "
        "public-stream-link stream-loop stream-autoplay longitude latitude logo-url original-image-url is-map-shown "
        "is-oneclick-signup-enabled is-sponsors-enabled is-ticket-form-enabled is-badges-enabled is-cfs-enabled "
        "is-videoroom-enabled is-sessions-speakers-enabled is-featured is-promoted is-demoted is-chat-enabled "
        "is-billing-info-mandatory is-document-enabled is-announced is-tax-enabled can-pay-by-paypal can-pay-by-paytm "
        "can-pay-by-stripe is-stripe-linked can-pay-by-cheque can-pay-by-invoice can-pay-by-bank can-pay-by-omise "
        "can-pay-by-alipay can-pay-onsite payment-country payment-currency paypal-email cheque-details "
        "invoice-details bank-details onsite-details refund-policy schedule-published-on has-owner-info owner-name "
        "owner-description external-event-url ticket-url code-of-conduct state privacy online chat-room-name "
        "deleted-at document-links"
    ),
    "ticket": (
        "name type price quantity description is-description-visible is-hidden sales-starts-at sales-ends-at "
        "min-order max-order min-price max-price is-fee-absorbed position form-id badge-id"
    ),
    "attendee": (
        "same-as-buyer city firstname lastname is-checked-in checkin-times checkout-times state address pdf-url "
        "country email job-title phone company tax-business-info billing-address home-address shipping-address "
        "work-address work-phone website blog twitter facebook github instagram linkedin gender age-group "
        "accept-receive-emails accept-video-recording accept-share-details birth-date complex-field-values "
        "is-consent-of-refund-policy native-language fluent-language home-wiki is-consent-form-field "
        "is-consent-form-field-photo is-consent-form-field-email wiki-scholarship tag-id"
    ),
    "order": (
        "amount company tax-business-info address city state country zipcode payment-mode status exp-month exp-year "
        "brand last4 paid-via is-billing-enabled tickets-pdf-url"
    ),
    "user": (
        "email is-verified is-blocked is-profile-public is-admin is-user-owner is-user-organizer "
        "is-user-coorganizer is-user-track-organizer is-user-moderator is-user-registrar is-sales-admin is-marketer "
        "was-registered-with-order first-name last-name public-name details contact language-prefrence avatar-url "
        "icon-image-url small-image-url thumbnail-image-url original-image-url facebook-url instagram-url twitter-url "
        "google-plus-url deleted-at billing-contact-name billing-phone billing-country company billing-address "
        "billing-city billing-zip-code billing-tax-info billing-additional-info billing-state"
    ),
    "session": (
        "title subtitle starts-at ends-at short-abstract long-abstract language level comments state website twitter "
        "facebook github gitlab linkedin instagram slides video-url audio-url signup-url send-email average-rating "
        "mastodon is-locked is-mail-sent created-at deleted-at submitted-at last-modified-at favourite-count "
        "complex-field-values"
    ),
    "speaker": (
        "name email photo-url thumbnail-image-url icon-image-url small-image-url short-biography long-biography "
        "speaking-experience mobile location website twitter facebook github linkedin mastodon instagram organisation "
        "is-featured is-email-overridden position country city gender heard-from order complex-field-values "
        "speaker-positions"
    ),
    "discount-code": (
        "code type value tickets-number min-quantity max-quantity valid-from discount-url valid-till used-for "
        "is-active created-at"
    ),
    "access-code": ("code access-url is-active tickets-number min-quantity max-quantity valid-from valid-till"),
    "tax": (
        "name tax-id rate should-send-invoice country registered-company contact-name email phone address city state "
        "zip invoice-footer is-invoice-sent is-tax-included-in-price"
    ),
    "social-link": "name link identifier",
    "event-copyright": "holder holder-url licence licence-url year logo-url",
    "exhibitor": (
        "name status description url position logo-url banner-url thumbnail-image-url enable-video-room video-url "
        "slides-url contact-email contact-link social-links"
    ),
    "custom-form": (
        "field-identifier form type name description is-required is-included is-fixed is-complex is-public position "
        "form-id min max main-language translations"
    ),
    "badge-form": "badge-id badge-size badge-color badge-image-url badge-orientation badge-fields",
    "tag": "name color is-read-only",
    "sponsor": "name level type url description logo-url",
    "track": "name color description font-color position",
    "microlocation": (
        "name latitude longitude floor room position hidden-in-scheduler is-chat-enabled is-global-event-room "
        "chat-room-name"
    ),
    "session-type": "name length position",
    "speakers-call": "announcement starts-at soft-ends-at ends-at privacy hash",
    "user-favourite-session": "",
    "user-follow-group": "created-at",
    "feedback": "rating comment deleted-at",
    "group": "name about logo-url banner-url modified-at deleted-at is-promoted follower-count social-links",
    "users-groups-role": "email accepted token",
    "role-invite": "email hash status created-at role-name",
    "speaker-invite": "email status created-at",
    "email-notification": "next-event new-paper session-accept-reject session-schedule after-ticket-purchase",
    "stripe-authorization": "stripe-auth-code stripe-publishable-key",
    "event-type": "name slug",
    "event-topic": "name slug",
    "event-sub-topic": "name slug",
    "page": "name title url description language index place",
    "ticket-fee": "country currency service-fee maximum-fee",
    "message-setting": "action enabled email-message recipient email-subject",
    "video-channel": "name provider url api-url api-key",
}
# Types of which the name is plural; the application makes a singular of it.
PLURAL = {"users-events-roles", "event-role-permissions"} | {
    f"admin-sales-{name}" for name in ("by-events", "by-organizers", "fees", "invoices")
}
# The many-to-many relations of a model, sent as far as they were loaded.
SENT_LISTS = {
    "event": ("organizers", "coorganizers", "track-organizers", "registrars", "moderators"),
    "order": ("attendees",),
    "session": ("speakers",),
    "speaker": ("sessions",),
    "discount-code": ("tickets",),
    "access-code": ("tickets",),
}


def moment(days=0, **more):
    """The browser's clock, so many days from now."""
    at = datetime.now(UTC) + timedelta(days=days, **more)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_browsers_write(value):
    """A moment that was read is sent back in milliseconds and with a Z."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", value):
        return datetime.fromisoformat(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


class Refusal(AssertionError):
    """An answer that the application shows as an error."""

    def __init__(self, answer):
        super().__init__(f"{answer.status_code} {answer.content[:600]!r}")
        self.status = answer.status_code
        self.body = answer.json()


class FrontEnd:
    """One browser; signed in when it has an e-mail address."""

    def __init__(self, email=None, password=PASSWORD):
        self.client = Client()
        self.token = self.user_id = None
        if email:
            self.sign_in(email, password)

    def sign_in(self, email, password=PASSWORD):
        body = {"username": email, "password": password, "remember-me": False, "include-in-response": False}
        answer = self.raw("POST", "/auth/session", body, media_type=JSON, accept=JSON)
        if answer.status_code != 200:
            raise Refusal(answer)
        self.token = answer.json()["access_token"]
        self.user_id = read_payload(self.token)["identity"]
        return self

    # ── The wire ─────────────────────────────────────────────────────────────────────────────────

    def raw(self, method, path, body=None, *, media_type=JSONAPI, accept=JSONAPI, signed_in=True):
        """Also a GET names the type of the body that it does not have."""
        headers = {"Accept": accept, "Content-Type": media_type, "Origin": ORIGIN}
        if signed_in and self.token:
            headers["Authorization"] = f"JWT {self.token}"
        data = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, path, data, content_type=media_type, headers=headers)

    def get(self, path, **query):
        """A document by the store, with `filter` as JSON and `page_size` as `page[size]`."""
        sent = {PARAMETERS.get(name, name): value for name, value in query.items()}
        for name, value in sent.items():
            if isinstance(value, list):
                sent[name] = json.dumps(value, separators=(",", ":"))
            elif isinstance(value, bool):
                sent[name] = str(value).lower()
        answer = self.raw("GET", f"{path}?{urlencode(sent)}", signed_in="public" not in sent)
        if answer.status_code != 200:
            raise Refusal(answer)
        return self.read(answer)

    def read(self, answer):
        document = answer.json()
        if isinstance(document["data"], list):
            assert isinstance(document["meta"]["count"], int)
        records = document["data"] if isinstance(document["data"], list) else [document["data"]]
        for record in [*filter(None, records), *document.get("included", ())]:
            check_record(record)
        return document

    def follow(self, record, name, **query):
        """What the application does instead of building an address: it asks the link of a loaded record."""
        return self.get(record["relationships"][name]["links"]["related"], **query)

    def load(self, method, path, body=None, *, media_type=JSON):
        """The loader: plain JSON."""
        answer = self.raw(method, path, body, media_type=JSONAPI if method == "GET" else media_type)
        if answer.status_code >= 300:
            raise Refusal(answer)
        return answer.json()

    # ── Records ──────────────────────────────────────────────────────────────────────────────────

    def save(self, record, *, query="", **changes):
        """PATCH with every attribute of the model as it was read, and with what has changed."""
        attributes = {
            name: as_browsers_write(record["attributes"].get(name)) for name in MODELS[record["type"]].split()
        }
        relationships = {
            name: {"data": relationship["data"]}
            for name, relationship in record["relationships"].items()
            if relationship.get("data")
            and (isinstance(relationship["data"], dict) or name in SENT_LISTS.get(record["type"], ()))
        }
        for name in SENT_LISTS.get(record["type"], ()):
            if record["type"] == "event" or "data" in record["relationships"].get(name, {}):
                relationships.setdefault(name, {"data": []})
        data = {
            "id": record["id"],
            "attributes": attributes | dashed(changes),
            "relationships": relationships,
            "type": record["type"],
        }
        answer = self.raw("PATCH", address(record) + query, {"data": data})
        if answer.status_code != 200:
            raise Refusal(answer)
        return self.read(answer)["data"]

    def create(self, plural, kind, *, relationships=None, **attributes):
        """POST with every attribute of the model, null where nothing was entered."""
        data = {"attributes": dict.fromkeys(MODELS[kind].split()) | dashed(attributes), "type": kind}
        if relationships:
            data["relationships"] = {name: {"data": far} for name, far in relationships.items()}
        answer = self.raw("POST", f"/v1/{plural}", {"data": data})
        if answer.status_code != 201:
            raise Refusal(answer)
        return self.read(answer)["data"]

    def delete(self, record):
        answer = self.raw("DELETE", address(record))
        if answer.status_code != 200:
            raise Refusal(answer)


PARAMETERS = {"page_size": "page[size]", "page_number": "page[number]", "fields_speaker": "fields[speaker]"} | {
    "fields_session": "fields[session]"
}


def dashed(attributes):
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def address(record):
    """Events and orders by their identifier, whatever the server's own link says."""
    if record["type"] in IDENTIFIED:
        return f"/v1/{record['type']}s/{record['attributes']['identifier']}"
    return record["links"]["self"]


def check_record(record):
    """What the application's serializers read without asking."""
    assert isinstance(record["id"], str)
    assert isinstance(record["relationships"], dict)
    assert not record["type"].endswith("s") or record["type"] in PLURAL
    if record["type"] in IDENTIFIED:
        assert record["attributes"]["identifier"]
    for relationship in record["relationships"].values():
        assert relationship["links"]["related"].startswith("/v1/")


def one(kind, row_or_id):
    """Linkage to one row."""
    return {"type": kind, "id": str(getattr(row_or_id, "pk", row_or_id))}


def included(document, kind):
    return [record for record in document["included"] if record["type"] == kind]


def read_payload(token):
    """As `JSON.parse(atob(token.split(".")[1]))`: no base64url, and padding of its own."""
    middle = token.split(".")[1]
    assert "-" not in middle
    assert "_" not in middle
    return json.loads(base64.b64decode(middle + "=" * (-len(middle) % 4), validate=True))
