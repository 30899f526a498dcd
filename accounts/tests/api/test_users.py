"""People through the API: signing up, one's own data, and what strangers see."""

import json

import pytest
from django.core import mail
from django.db.models import Q
from rest_framework.test import APIClient

from accounts import rules
from accounts.models import Activity, User
from accounts.services import close_account
from accounts.services.tokens import AccessToken, give_tokens
from accounts.tests.people import PASSWORD, make_person

JSONAPI = "application/vnd.api+json"
FLAGS = ("is-admin", "is-super-admin", "is-sales-admin", "is-marketer", "is-verified", "is-blocked")


class Caller:
    """An API client that is signed in as somebody, or as nobody."""

    def __init__(self, user=None, token=None):
        self.client = APIClient()
        if user:
            self.client.credentials(HTTP_AUTHORIZATION=f"JWT {token or give_tokens(user)['access_token']}")

    def send(self, method, url, attributes=None, user_id=None):
        data = {"type": "user", "attributes": attributes or {}}
        body = {"data": {**data, "id": str(user_id)} if user_id else data}
        return self.client.generic(method, url, json.dumps(body), content_type=JSONAPI)

    def get(self, url, **query):
        return self.client.get(url, query)

    def change(self, user, **attributes):
        names = {name.replace("_", "-"): value for name, value in attributes.items()}
        return self.send("PATCH", f"/v1/users/{user.pk}", names, user.pk)

    def sign_up(self, email="new@example.org", password=PASSWORD, **more):
        names = {name.replace("_", "-"): value for name, value in more.items()}
        attributes = {"email": email, "password": password, "was-registered-with-order": False, **names}
        return self.send("POST", "/v1/users", attributes)


def attributes_in(answer):
    return answer.json()["data"]["attributes"]


# Signing up


def test_anyone_may_sign_up(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = Caller().sign_up(" New@Example.ORG ")
    user = User.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/v1/users/{user.pk}")
    assert attributes_in(answer)["email"] == "new@example.org"
    assert "password" not in attributes_in(answer)
    assert user.check_password(PASSWORD)
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["new@example.org"], "Welcome: verify your address")
    ]
    assert Activity.objects.get().action == "user.signed-up"


def test_nobody_raises_themself_while_signing_up(db):
    assert Caller().sign_up(**dict.fromkeys(FLAGS, True)).status_code == 201
    user = User.objects.get()
    assert not (user.is_site_staff or user.is_sales_admin or user.is_marketer or user.is_verified or user.is_blocked)


def test_a_taken_address_is_a_conflict_with_a_number(ada):
    answer = Caller().sign_up("ADA@example.org")
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["status"], error["detail"]) == (409, 409, "User already exists")
    assert error["source"] == {"pointer": "/data/attributes/email"}


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("email", {"email": "no address"}),
        ("email", {"email": None}),
        ("password", {"password": "short"}),
        ("password", {"password": "password1"}),
        ("password", {"password": ""}),
        ("first-name", {"first_name": "x" * 201}),
        ("first-name", {"first_name": {"a": 1}}),
        ("is-profile-public", {"is_profile_public": "perhaps"}),
    ],
)
def test_a_sign_up_that_cannot_be_says_where_with_a_text_as_status(db, field, sent):
    answer = Caller().sign_up(**sent)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["status"]) == (422, "422")
    assert error["source"] == {"pointer": f"/data/attributes/{field}"}
    assert not User.objects.exists()


def test_signing_up_is_rate_limited(db):
    assert [Caller().sign_up(f"p{n}@example.org").status_code for n in range(21)] == [201] * 20 + [429]


# Reading


def test_everyone_reads_themself_and_staff_read_everyone(ada, eve, root):
    url = f"/v1/users/{ada.pk}"
    statuses = [Caller(user).get(url).status_code for user in (ada, root, eve, None)]
    assert statuses == [200, 200, 404, 404]
    assert attributes_in(Caller(ada).get(url))["email"] == "ada@example.org"


def test_the_list_holds_oneself_or_for_staff_everyone(ada, eve, root):
    def listed(user):
        return [row["id"] for row in Caller(user).get("/v1/users").json()["data"]]

    assert listed(eve) == [str(eve.pk)]
    assert listed(root) == [str(user.pk) for user in (ada, eve, root)]
    assert listed(None) == []


def test_every_attribute_that_clients_know_is_there(ada):
    known = {
        *("deleted-at", "email", "avatar-url", "first-name", "last-name", "public-name", "is-profile-public"),
        *("original-image-url", "thumbnail-image-url", "small-image-url", "icon-image-url", "company", "contact"),
        *("was-registered-with-order", "facebook-url", "twitter-url", "instagram-url", "google-plus-url"),
        *("is-super-admin", "is-admin", "facebook-id", "is-sales-admin", "is-marketer", "is-verified"),
        *("is-blocked", "last-accessed-at", "created-at", "details", "language-prefrence", "billing-phone"),
        *("billing-contact-name", "billing-state", "billing-country", "billing-tax-info", "billing-address"),
        *("billing-city", "billing-zip-code", "billing-additional-info", "is-rocket-chat-registered"),
    }
    assert known <= attributes_in(Caller(ada).get(f"/v1/users/{ada.pk}")).keys()


@pytest.fixture
def ada_hosts(ada, monkeypatch):
    """Everybody meets ada, as the host of a public event."""
    monkeypatch.setattr(rules, "SEEN_ELSEWHERE", [lambda user: Q(pk=ada.pk)])
    return ada


@pytest.mark.parametrize("who", ["eve", None])
def test_strangers_see_a_name_and_a_picture_and_no_more(ada_hosts, eve, who):
    answer = Caller(eve if who else None).get(f"/v1/users/{ada_hosts.pk}")
    assert attributes_in(answer).keys() == {
        *("public-name", "avatar-url", "original-image-url", "thumbnail-image-url"),
        *("small-image-url", "icon-image-url"),
    }
    assert "ada@example.org" not in answer.content.decode()


def test_strangers_do_not_find_people_by_what_they_may_not_read(ada_hosts, eve):
    condition = '[{"name":"email","op":"ilike","val":"%example%"}]'
    answer = Caller(eve).get("/v1/users", filter=condition)
    assert [row["id"] for row in answer.json()["data"]] == [str(eve.pk)]


def test_those_who_know_somebody_read_everything(ada, cora, monkeypatch):
    monkeypatch.setattr(rules, "KNOWN_ELSEWHERE", [lambda user: Q(pk=ada.pk) if user == cora else Q(pk=None)])
    assert attributes_in(Caller(cora).get(f"/v1/users/{ada.pk}"))["email"] == "ada@example.org"


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_for_one_and_for_three(root, number, django_assert_num_queries):
    for n in range(number):
        make_person(f"p{n}")
    caller = Caller(root)
    with django_assert_num_queries(4):  # the asker, the versions, the rows, their roles
        assert len(caller.get("/v1/users").json()["data"]) == number + 1


# Changing


def test_people_change_their_own_data(ada):
    answer = Caller(ada).change(ada, first_name=" <b>Ada</b> ", details="<p onclick=x>Hi</p>", password=None)
    ada.refresh_from_db()
    assert answer.status_code == 200
    assert (ada.first_name, ada.details) == ("Ada", "<p>Hi</p>")


def test_flags_that_come_back_with_a_change_are_ignored(ada):
    raised = {flag.replace("-", "_"): True for flag in FLAGS}
    lowered = {flag.replace("-", "_"): False for flag in FLAGS}
    for flags in (raised, lowered):
        answer = Caller(ada).change(ada, company="Analytical Engines", **flags)
        assert answer.status_code == 200
        ada.refresh_from_db()
        assert (ada.is_verified, ada.is_blocked, ada.is_site_staff) == (True, False, False)
        assert (ada.is_sales_admin, ada.is_marketer, ada.company) == (False, False, "Analytical Engines")


def test_what_only_the_server_writes_is_ignored(ada):
    answer = Caller(ada).change(ada, created_at="2001-01-01T00:00:00Z", thumbnail_image_url="https://e.example/x")
    ada.refresh_from_db()
    assert answer.status_code == 200
    assert (ada.created_at.year > 2001, ada.thumbnail_image_url) == (True, None)


def test_staff_set_flags_and_a_superadmin_alone_makes_admins(ada, bob, root):
    admin = make_person("admin", is_admin=True)
    Caller(admin).change(ada, is_marketer=True, is_blocked=True, is_admin=True)
    Caller(root).change(bob, is_admin=True, is_super_admin=True)
    for user in (ada, bob):
        user.refresh_from_db()
    assert (ada.is_marketer, ada.is_blocked, ada.is_admin) == (True, True, False)
    assert (bob.is_admin, bob.is_super_admin) == (True, False)
    lines = Activity.objects.order_by("pk").values_list("actor", "subject_id", "detail")
    assert list(lines) == [
        (admin.pk, str(ada.pk), {"is_marketer": True, "is_blocked": True}),
        (root.pk, str(bob.pk), {"is_admin": True}),
    ]


def test_an_admin_cannot_take_over_a_superadmin(root):
    admin = make_person("admin", is_admin=True)
    assert Caller(admin).change(root, email="mine@example.org").status_code == 403
    assert Caller(admin).send("DELETE", f"/v1/users/{root.pk}").status_code == 403


def test_strangers_change_nobody(ada_hosts, bob, eve):
    statuses = [Caller(who).change(ada_hosts, first_name="x").status_code for who in (eve, None)]
    assert statuses == [403, 401]
    assert Caller(eve).change(bob, first_name="x").status_code == 404


def test_a_password_is_not_changed_in_passing(ada):
    assert Caller(ada).change(ada, password="another fine password").status_code == 200
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_a_new_address_is_unproven_and_both_are_told(ada, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = Caller(ada).change(ada, email="Lovelace@example.org", first_name="Augusta")
    ada.refresh_from_db()
    assert answer.status_code == 200
    assert (ada.email, ada.is_verified, ada.first_name) == ("lovelace@example.org", False, "Augusta")
    assert sorted((message.to, message.subject) for message in mail.outbox) == [
        (["ada@example.org"], "The address of your account was changed"),
        (["lovelace@example.org"], "Verify your address"),
    ]


def test_the_same_address_in_another_spelling_changes_nothing(ada):
    assert Caller(ada).change(ada, email="ADA@example.org").status_code == 200
    ada.refresh_from_db()
    assert ada.is_verified
    assert not Activity.objects.exists()


def test_an_address_of_another_is_a_conflict(ada, bob):
    answer = Caller(ada).change(ada, email="BOB@example.org")
    assert (answer.status_code, answer.json()["errors"][0]["status"]) == (409, 409)


def test_an_address_is_changed_with_a_fresh_token_alone(ada):
    stale = str(AccessToken.for_user(ada))
    assert Caller(ada, stale).change(ada, first_name="Augusta").status_code == 200
    assert Caller(ada, stale).change(ada, email="lovelace@example.org", company="x").status_code == 401
    ada.refresh_from_db()
    assert (ada.email, ada.company) == ("ada@example.org", None)


# Closing


def test_an_account_is_closed_by_its_owner_and_then_gone(ada, root):
    caller = Caller(ada)
    assert caller.send("DELETE", f"/v1/users/{ada.pk}").status_code == 200
    assert caller.get(f"/v1/users/{ada.pk}").status_code == 401
    assert Caller(root).get(f"/v1/users/{ada.pk}").status_code == 404
    assert Caller(root).get(f"/v1/users/{ada.pk}", get_trashed="true").status_code == 200
    assert Activity.objects.get().action == "user.closed"


def test_an_account_that_is_needed_stays_open(ada, monkeypatch):
    monkeypatch.setattr(close_account, "REASONS_TO_STAY", [lambda user: "You own an event."])
    answer = Caller(ada).send("DELETE", f"/v1/users/{ada.pk}")
    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (403, "You own an event.")


def test_relations_have_their_links_and_lead_to_what_is_ones_own(ada):
    document = Caller(ada).get(f"/v1/users/{ada.pk}").json()["data"]
    links = document["relationships"]["notifications"]["links"]
    assert links["related"] == f"/v1/users/{ada.pk}/notifications"
    answer = Caller(ada).get(links["related"])
    assert (answer.status_code, answer.json()["data"]) == (200, [])
