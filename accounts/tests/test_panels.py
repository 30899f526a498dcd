"""What system roles open, and what somebody may do whose address is not proven."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Activity, CustomSystemRole, PanelPermission, User, UserPermission
from accounts.rules import may_open_panel, may_unless_unverified, rows_in_panel
from accounts.tests.people import make_person
from openevent.core.policies import EVERY_ROW, NO_ROW

opens_sales = may_open_panel("sales")


@pytest.fixture
def sally(db):
    return make_person("sally", is_sales_admin=True)


@pytest.fixture
def mark(db):
    return make_person("mark", is_marketer=True)


def test_sales_are_open_to_staff_sales_admins_and_marketers(ada, root, sally, mark):
    assert [opens_sales(user) for user in (root, sally, mark, ada, AnonymousUser())] == [True, True, True, False, False]
    assert [rows_in_panel("sales")(user, Activity) for user in (mark, ada)] == [EVERY_ROW, NO_ROW]


@pytest.mark.parametrize("panel", ["admin", "events", "users", "permissions", "messages", "reports", "settings"])
def test_no_other_panel_is_open_to_them_at_first(sally, root, panel):
    assert [may_open_panel(panel)(user) for user in (sally, root)] == [False, True]


def test_staff_open_and_shut_panels(sally, mark):
    sales = PanelPermission.objects.get(panel_name="sales")
    sales.custom_system_roles.remove(CustomSystemRole.objects.get(name="Marketer"))
    assert [opens_sales(User.objects.get(pk=user.pk)) for user in (sally, mark)] == [True, False]
    sales.can_access = False
    sales.save()
    assert not opens_sales(User.objects.get(pk=sally.pk))


def test_panels_cost_most_people_no_question_and_others_one(ada, mark, django_assert_num_queries):
    with django_assert_num_queries(0):
        opens_sales(ada)
    with django_assert_num_queries(1):
        assert [opens_sales(mark), may_open_panel("reports")(mark)] == [True, False]


def test_an_unproven_address_is_enough_where_staff_say_so(ada, db):
    unproven, may = make_person("una", is_verified=False), may_unless_unverified("create_event")
    assert [may(user) for user in (ada, unproven, AnonymousUser())] == [True, False, False]
    UserPermission.objects.filter(name="create_event").update(unverified_user=True)
    assert [may(user) for user in (ada, unproven, AnonymousUser())] == [True, True, False]
