"""Further addresses of people, through the API."""

import pytest

from accounts.models import User, UserEmail
from tests.contract.world import API, resource_document


@pytest.fixture
def second(ada):
    return UserEmail.objects.create(user=ada, email_address="ada@work.example", type="work")


def make(api, user, address="Ada@Home.example", kind="home"):
    document = resource_document("user-email", relationships={"user": user}, email_address=address, type=kind)
    return api.post("/v1/user-emails", document)


def test_people_keep_further_addresses(ada):
    answer = make(API(ada), ada)
    assert answer.status_code == 201
    attributes = answer.json()["data"]["attributes"]
    assert (attributes["email-address"], attributes["type"], attributes["user-id"]) == (
        "ada@home.example",
        "home",
        ada.pk,
    )
    related = API(ada).get(f"/v1/users/{ada.pk}/alternate-emails").json()
    assert [row["attributes"]["email-address"] for row in related["data"]] == ["ada@home.example"]


def test_the_person_is_named(ada):
    document = resource_document("user-email", email_address="ada@home.example", type="home")
    answer = API(ada).post("/v1/user-emails", document)
    assert (answer.status_code, answer.json()["errors"][0]["source"]["pointer"]) == (422, "/data/relationships/user")


def test_nobody_gives_an_address_to_somebody_else(ada, eve):
    assert make(API(eve), ada).status_code == 404
    assert make(API(), ada).status_code == 401
    assert not UserEmail.objects.exists()


def test_the_same_address_twice_is_a_conflict_for_one_person_alone(ada, eve):
    assert [make(API(user), user).status_code for user in (ada, ada, eve)] == [201, 409, 201]


@pytest.mark.parametrize(("field", "sent"), [("type", {"kind": "castle"}), ("email-address", {"address": "no"})])
def test_what_cannot_be_is_refused_at_its_place(ada, field, sent):
    answer = make(API(ada), ada, **sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["source"] == {"pointer": f"/data/attributes/{field}"}


def test_an_address_proves_nothing_and_signs_nobody_in(ada, second):
    assert User.objects.with_email(second.email_address) is None


def test_others_neither_see_nor_change_it(second, eve, root):
    path = f"/v1/user-emails/{second.pk}"
    assert [API(user).get(path).status_code for user in (eve, None, root)] == [404, 404, 200]
    document = resource_document("user-email", key=second.pk, type="other")
    assert [API(user).patch(path, document).status_code for user in (eve, None)] == [404, 401]
    assert (
        API(eve).patch(f"{path}/relationships/user", {"data": {"type": "user", "id": str(eve.pk)}}).status_code == 404
    )


def test_it_never_moves_to_another_person(ada, second, eve):
    path = f"/v1/user-emails/{second.pk}/relationships/user"
    assert API(ada).patch(path, {"data": {"type": "user", "id": str(eve.pk)}}).status_code in (403, 404)
    second.refresh_from_db()
    assert second.user == ada
