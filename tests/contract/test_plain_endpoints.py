"""Every endpoint of the original that is no resource answers with the very keys that clients read, or says 404.

Who may call which stands in permissions.yaml; here one calls who may, with a body that holds.
"""

import re
from fnmatch import fnmatchcase

import orjson
import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str

from accounts.models import User
from accounts.services.tokens import give_tokens
from accounts.tests.people import PASSWORD
from events.models import Role, Session, Speaker, SpeakerInvite
from events.services.group_roles import invite_to_group
from events.services.invites import invite
from notifications.models import Mail
from notifications.services.mail import queue_mail
from openevent.core.negotiation import JSON
from tests.contract.declared import PLAIN
from tests.contract.front_end import FrontEnd
from tests.contract.test_differences import LACKING
from tests.contract.test_matrix import filled
from tests.contract.url_map import GAP

# ── What is there before the call ────────────────────────────────────────────────────────────────


def remembered(world):
    return give_tokens(world.people["eve"], remember=True)["refresh_token"]


def proof_of_an_address(world):
    User.objects.filter(pk=world.people["eve"].pk).update(is_verified=False)
    address, _ = EmailAddress.objects.get_or_create(user=world.people["eve"], email="eve@example.org", primary=True)
    return EmailConfirmationHMAC(address).key


def key_to_a_password(world):
    eve = User.objects.get(email="eve@example.org")
    return f"{user_pk_to_url_str(eve)}-{default_token_generator.make_token(eve)}"


def offered_role(world):
    invite(world.event, "eve@example.org", Role.objects.get(name="moderator"), by=world.people["owner"])
    return token_in_a_mail("invites")


def offered_group(world):
    group, role = world.rows["ours"]["group"], Role.objects.get(name="organizer")
    return str(invite_to_group(group, "eve@example.org", role, by=world.people["owner"]).pk)


def offered_group_token(world):
    offered_group(world)
    return token_in_a_mail("group-invites")


def token_in_a_mail(page):
    return re.search(rf"/{page}/(\S+)", Mail.objects.filter(recipient="eve@example.org").latest("pk").text)[1]


def offered_talk(world):
    Speaker.objects.create(event=world.event, name="Eve", email="eve@example.org", user=world.people["eve"])
    offer = world.rows["ours"]["speaker-invite"]
    SpeakerInvite.objects.filter(pk=offer.pk).update(email="eve@example.org")
    return str(offer.pk)


def told_of_the_order(world):
    order = world.rows["ours"]["order"]
    queue_mail("order-completed", to=order.email, subject="Your tickets", text="Hello", about=order)
    return order.identifier


# ── The table ────────────────────────────────────────────────────────────────────────────────────

PDF = "application/pdf"
ADDRESS, ACCOUNT = {"email": "eve@example.org"}, {"id", "email", "name"}
CREDENTIALS = {**ADDRESS, "password": PASSWORD}
TOKEN, NEW = {"data": {"token": "{it}"}}, "a brand new passphrase"
CART = {"tickets": [{"id": "{ticket}", "quantity": 1}], "discount-code": "{discount-code}"}
PRICES = {
    **dict.fromkeys(("sub_total", "total", "discount", "tax_included")),
    "tax": {"included", "amount", "percent", "name"},
    "tickets": [
        {
            **dict.fromkeys(("id", "name", "price", "quantity", "ticket_fee", "sub_total")),
            **dict.fromkeys(("ticket_tax", "discounted_tax")),
            "discount": {"code", "percent", "amount", "total", "type"},
        }
    ],
}
MAIL = {"subject", "message"}
MAILED = ("accepted", "rejected", "confirmed", "canceled", "withdrawn", "pending")
FIGURES = {
    **dict.fromkeys(("total_attendee", "total_registered", "total_not_checked_in")),
    **{f"total_{what}_checked_{way}": None for what in ("track", "session") for way in ("in", "out")},
    "session_stats": [
        {"session_id", "session_name", "track_name", "speakers", "check_in", "check_out", "manual_count"}
    ],
    "track_stats": [{"track_id", "track_name", "current_speakers", "current_session", "check_in", "check_out"}],
}
ACCEPTED = {"email", "event", "event_identifier", "name"}
SENT = {"success", "message"}

# address: (who asks, what is sent, the keys of the answer); `{it}` is what the function behind them has made ready.
# A set holds the keys of an object, a list what each of its rows is, a dictionary keys with what is below them.
SERVED = {
    "POST /v1/auth/login": ("anonymous", CREDENTIALS, {"access_token"}),
    "POST /auth/session": (
        "anonymous",
        {**CREDENTIALS, "remember-me": True, "include-in-response": True},
        {"access_token", "refresh_token"},
    ),
    "POST /v1/auth/fresh-login": ("eve", CREDENTIALS, {"access_token"}),
    "POST /v1/auth/token/refresh": (
        "anonymous",
        {"refresh_token": "{it}"},
        {"access_token", "refresh_token"},
        remembered,
    ),
    "POST /v1/auth/logout": ("eve", None, {"success"}),
    "POST /v1/auth/blacklist": ("eve", None, {"success"}),
    "POST /v1/auth/verify-email": ("anonymous", TOKEN, {"message"}, proof_of_an_address),
    "POST /v1/auth/resend-verification-email": ("anonymous", {"data": ADDRESS}, {"message"}),
    "POST /v1/auth/reset-password": ("anonymous", {"data": ADDRESS}, {"message", "email"}),
    "PATCH /v1/auth/reset-password": (
        "anonymous",
        {"data": {"token": "{it}", "password": NEW}},
        ACCOUNT,
        key_to_a_password,
    ),
    "POST /v1/auth/change-password": (
        "eve",
        {"data": {"old-password": PASSWORD, "new-password": NEW}},
        {*ACCOUNT, "password-changed"},
    ),
    "POST /v1/auth/verify-password": ("eve", {"password": PASSWORD}, {"result"}),
    "POST /v1/users/check_email": ("anonymous", ADDRESS, {"exists"}),
    "POST /v1/users/checkEmail": ("anonymous", ADDRESS, {"exists"}),
    "GET /v1/users/user-details/get-user-id": ("eve", None, {"user_id"}),
    "POST /v1/events/{event.identifier}/copy": ("owner", {}, {"id", "identifier", "copied"}),
    "GET /v1/events/{event.identifier}.ics": ("anonymous", None, "text/calendar; charset=utf-8"),
    "GET /v1/events/{event.identifier}/sessions/dates": ("anonymous", None, [str]),
    "GET /v1/events/{event.identifier}/sessions/languages": ("anonymous", None, [str]),
    "POST /v1/events/{event.identifier}/contact-organizer": ("eve", {"email": "Is there a ramp?"}, {"success"}),
    "POST /v1/events/{event.identifier}/reorder-speakers": (
        "owner",
        [{"speaker": "{speaker}", "order": 1}],
        {"success", "updates"},
    ),
    "POST /v1/events/{event.identifier}/reorder-exhibitors": (
        "owner",
        [{"exhibitor": "{exhibitor}", "position": 1}],
        {"success", "updates"},
    ),
    "DELETE /v1/events/{event.identifier}/discount-codes/delete-unused": ("owner", None, {"success", "deletes"}),
    "GET /v1/events/{event.identifier}/attendees/search?name=holder": ("owner", None, {"attendees"}),
    "POST /v1/events/{event.identifier}/virtual/check-in": (
        "attendee",
        {"check_in_type": "event", "is_check_in": True},
        {"message"},
    ),
    "GET /v1/events/{event}/tickets/availability": ("anonymous", None, [{"id", "name", "quantity", "available"}]),
    "GET /v1/events/{event.identifier}/has-streams": ("anonymous", None, {"exists", "can_access"}),
    "GET /v1/events/invoices/{event-invoice.identifier}": ("owner", None, PDF),
    "POST /v1/export/user-check-in/csv": ("owner", {"session_id": "{session}"}, "text/csv; charset=utf-8"),
    "GET /v1/tasks/{import-job}": ("buyer", None, {"state", "result"}),
    "POST /v1/orders/calculate-amount": ("anonymous", CART, PRICES),
    "POST /v1/orders/create-order": ("buyer", CART, {"data", "jsonapi", "links"}),
    "POST /v1/orders/{order.identifier}/verify": ("buyer", None, {"payment_status"}),
    "POST /v1/orders/resend-email": (
        "owner",
        {"data": {"order": "{it}", "user": "buyer@example.org"}},
        {"status", "message"},
        told_of_the_order,
    ),
    "GET /v1/orders/{order.identifier}/tickets-pdf": ("buyer", None, PDF),
    "GET /v1/tickets/{order.identifier}": ("buyer", None, PDF),
    "GET /v1/orders/invoices/{order.identifier}": ("buyer", None, PDF),
    "GET /v1/orders/attendees/{attendee}.pdf": ("buyer", None, PDF),
    "POST /v1/attendees/send-receipt": ("buyer", {"order-identifier": "{order.identifier}"}, {"message"}),
    "GET /v1/states?event_id={event}&attendee_id={attendee}": ("owner", None, {"is_registered", "register_times"}),
    "GET /v1/user-check-in/stats/event/{event}?session_ids={session}&track_ids={track}": ("owner", None, FIGURES),
    "GET /v1/tickets/{ticket}/badge-forms": ("owner", None, [dict]),
    "POST /v1/role_invites/accept-invite": ("eve", TOKEN, {*ACCEPTED, "role"}, offered_role),
    "POST /v1/role_invites/user": ("anonymous", TOKEN, {"email"}, offered_role),
    "POST /v1/role-invites/{role-invite}/resend-invite": ("owner", None, SENT),
    "POST /v1/speaker-invites/{it}/accept-invite": ("eve", None, {*ACCEPTED, "session", "speaker"}, offered_talk),
    "POST /v1/speaker-invites/{it}/reject-invite": ("eve", None, SENT, offered_talk),
    "POST /v1/users-groups-roles/accept-invite": (
        "eve",
        TOKEN,
        {"email", "group", "name", "role"},
        offered_group_token,
    ),
    "POST /v1/group-role-invites/{it}/resend-invite": ("owner", None, SENT, offered_group),
    "POST /v1/groups/{group}/events/{event.identifier}/announce": ("owner", None, SENT),
    "POST /v1/groups/{group}/contact-organizer": ("eve", {"email": "When is the next one?"}, {"success"}),
    "GET /v1/sessions/states": ("anonymous", None, {"organizer", "speaker"}),
    "GET /v1/sessions/mails": ("anonymous", None, {"recipient": None, **dict.fromkeys(MAILED, MAIL)}),
    "POST /v1/sessions/{session}/notify": ("owner", {"subject": "Soon", "message": "See you", "bcc": []}, {"success"}),
    "POST /v1/test-mail": ("admin", {"recipient": "eve@example.org"}, {"message"}),
    "GET /v1/admin/statistics/event-topics": ("admin", None, [{"id", "name", "count"}]),
    "GET /v1/admin/statistics/event-types": ("admin", None, [{"id", "name", "count"}]),
}
# Where a provider is asked; orders/tests/api/ shows these with a double of it.
PAID = ("charge", "create-paypal-payment", "verify-mobile-paypal-payment")
BY_POST = {  # a GET in the original that changes something
    "/v1/speaker-invites/{id}/accept-invite",
    "/v1/speaker-invites/{id}/reject-invite",
    "/v1/groups/{group_id}/events/{event_identifier}/announce",
}


def differs(answer, keys, at="the answer"):
    """Where an answer is not made of these keys, in words; None if it is."""
    if isinstance(keys, list):
        if not (isinstance(answer, list) and answer):
            return f"{at} is no list with something in it"
        rows = (differs(row, keys[0], f"{at}[{number}]") for number, row in enumerate(answer))
        return next(filter(None, rows), None)
    if isinstance(keys, type):
        return None if isinstance(answer, keys) else f"{at} is no {keys.__name__}"
    if keys is None:
        return None
    if not isinstance(answer, dict) or answer.keys() != set(keys):
        return f"{at} has {sorted(answer)}"
    below = (differs(answer[name], keys[name], f"{at}.{name}") for name in keys if isinstance(keys, dict))
    return next(filter(None, below), None)


@pytest.mark.parametrize("line", SERVED)
def test_an_endpoint_answers_with_the_keys_that_clients_read(world, line):
    who, body, keys, *ready = SERVED[line]
    it = ready[0](world) if ready else ""
    Session.objects.update(language="English")
    path, text = (filled(world, part.replace("{it}", it), "ours") for part in (line, orjson.dumps(body).decode()))
    method, _, address = path.partition(" ")
    front_end = FrontEnd(None if who == "anonymous" else f"{who}@example.org")
    answer = front_end.raw(method, address, orjson.loads(text), media_type=JSON)
    assert answer.status_code == 200, answer.content
    if isinstance(keys, str):
        assert answer["Content-Type"] == keys
    else:
        assert differs(answer.json(), keys) is None


def lines(served):
    """(method, address) of the original that is served, or is not; what changes something is by POST here."""
    return [
        ("POST" if path in BY_POST else method, path)
        for path, methods in PLAIN.items()
        for method in methods
        if any(fnmatchcase(f"{method} {path}", known) for known in LACKING) is not served
    ]


def test_every_endpoint_is_in_the_table_or_named_among_what_is_not_served():
    known = {re.sub(GAP, "{}", line.partition("?")[0]) for line in SERVED}
    missing = [f"{method} {re.sub(GAP, '{}', path)}" for method, path in lines(served=True)]
    assert [line for line in missing if line not in known and not line.endswith(PAID)] == []


@pytest.mark.parametrize(("method", "path"), lines(served=False))
def test_what_is_not_served_is_not_found_in_the_shape_of_errors(world, method, path):
    address = re.sub(r"{event_id\w*}|{event_identifier}", world.event.identifier, path)
    answer = FrontEnd("owner@example.org").raw(method, re.sub(r"{\w+}", "1", address), {}, media_type=JSON)
    wanted = 405 if path == "/v1/badge-forms/preview-badge-pdf" else 404  # it reads like the address of a badge
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["status"], bool(error["detail"])) == (wanted, wanted, True)
