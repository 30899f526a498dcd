"""A prepared query answers what the queryset answers."""

import pytest
from allauth.usersessions.models import UserSession
from django.db.models import Q, Value
from django.utils import timezone

from accounts.models import User
from openevent.core.prepared import Prepared, find_row, shape_of

pytestmark = pytest.mark.django_db

by_pk = Prepared(lambda slot: User.objects.filter(pk=slot))
name_of = Prepared(lambda slot: User.objects.filter(pk=slot).values_list("email", "is_admin"))


@pytest.fixture
def bob():
    return User.objects.create_user("bob@example.org", "tuesday-tide", last_accessed_at=timezone.now())


@pytest.fixture
def eve():
    return User.objects.create_user("eve@example.org", "tuesday-tide", is_blocked=True)


def everything(row):
    return {field.attname: getattr(row, field.attname) for field in User._meta.concrete_fields}


def test_a_row_comes_whole(bob, eve):
    for user in (bob, eve, bob):
        [found] = by_pk(user.pk)
        assert everything(found) == everything(User.objects.get(pk=user.pk))
        assert found == user
        assert not found._state.adding


def test_values_come_as_tuples(bob):
    assert name_of(bob.pk) == [("bob@example.org", False)]
    assert name_of(0) == []


def test_a_row_can_be_changed_and_saved(bob):
    [found] = by_pk(bob.pk)
    found.first_name = "Robert"
    found.save()
    assert User.objects.get(pk=bob.pk).first_name == "Robert"


def test_conditions_of_the_same_shape_share_their_sql_and_others_do_not(bob, eve, django_assert_num_queries):
    blocked, free = User.objects.filter(is_blocked=True), User.objects.filter(is_blocked=False)
    with django_assert_num_queries(4):
        assert find_row(blocked, "pk", eve.pk) == eve
        assert find_row(free, "pk", eve.pk) is None
        assert find_row(free, "pk", bob.pk) == bob
        assert find_row(blocked, "pk", bob.pk) is None


def test_lists_of_another_length_are_another_shape(bob, eve):
    for keys in ([bob.pk], [bob.pk, eve.pk], [eve.pk]):
        among = User.objects.filter(pk__in=keys)
        assert [find_row(among, "pk", user.pk) is not None for user in (bob, eve)] == [
            user.pk in keys for user in (bob, eve)
        ]


def test_and_is_not_or(bob, eve):
    both = User.objects.filter(Q(is_blocked=True) & Q(is_verified=True))
    either = User.objects.filter(Q(is_blocked=True) | Q(is_verified=True))
    neither = User.objects.exclude(Q(is_blocked=True) | Q(is_verified=True))
    assert [find_row(rows, "pk", eve.pk) for rows in (both, either, neither)] == [None, eve, None]


def test_rows_with_a_question_inside_are_asked_the_usual_way(bob, eve):
    rows = User.objects.filter(pk__in=User.objects.filter(is_blocked=True).values("pk"))
    assert shape_of(rows.query) is None
    assert [find_row(rows, "pk", user.pk) for user in (bob, eve)] == [None, eve]


def test_a_text_is_found_too(bob):
    assert find_row(User.objects.all(), "email", "bob@example.org") == bob
    assert find_row(User.objects.all(), "email", "bob@example.com") is None


def test_where_nobody_sees_anything_nothing_is_asked(bob, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert find_row(User.objects.filter(pk__in=()), "pk", bob.pk) is None


def test_a_row_comes_with_those_it_is_asked_with(bob):
    session = UserSession.objects.create(user=bob, ip="127.0.0.1", session_key="s", user_agent="")
    with_user = Prepared(lambda slot: UserSession.objects.filter(pk=slot).select_related("user").annotate(one=Value(1)))
    for _ in range(2):
        [found] = with_user(session.pk)
        assert (found, found.one, found._state.fields_cache["user"]) == (session, 1, bob)
