"""Who an account is."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Activity, User, normalise_email
from accounts.services.log import record
from accounts.tests.people import PASSWORD
from openevent.core.versions import read_versions


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("STRASSE@example.org", "strasse@example.org"),
        ("straße@example.org", "strasse@example.org"),
        ("ａｄａ@example.org", "ada@example.org"),
        ("\u212aate@example.org", "kate@example.org"),  # the Kelvin sign
        ("mıke@example.org", "mıke@example.org"),
    ],
)
def test_an_address_has_one_spelling(typed, kept):
    assert normalise_email(typed) == kept
    assert normalise_email(kept) == kept


def test_an_address_is_taken_in_every_spelling(ada):
    with pytest.raises(IntegrityError):
        User.objects.create_user("ADA@example.org", PASSWORD)


def test_an_account_is_found_in_every_spelling_and_by_no_lookalike(db):
    mike = User.objects.create_user("mike@example.org", PASSWORD)
    dotless = User.objects.create_user("mıke@example.org", PASSWORD)
    assert [User.objects.with_email(email) for email in ("Mike@EXAMPLE.org", "mıke@example.org")] == [mike, dotless]


def test_a_blocked_or_deleted_account_is_not_active(ada, bob, cora):
    bob.is_blocked, cora.deleted_at = True, timezone.now()
    assert [user.is_active for user in (ada, bob, cora)] == [True, False, False]


def test_staff_are_admins_and_superadmins_alone(ada, root):
    admin = User(is_admin=True)
    marketer = User(is_marketer=True, is_sales_admin=True, is_verified=True)
    assert [user.is_site_staff for user in (root, admin, marketer, ada)] == [True, True, False, False]
    assert [user.is_superuser for user in (root, admin)] == [True, False]


def test_an_auditor_enters_the_admin_and_is_no_staff(ada):
    otto = User.objects.create_user("otto@example.org", PASSWORD, is_auditor=True)
    assert (otto.is_staff, otto.is_site_staff, otto.is_superuser) == (True, False, False)
    verbs = ("view", "change", "delete")
    assert [otto.has_perm(f"accounts.{verb}_user", ada) for verb in verbs] == [True, False, False]
    assert not ada.has_perm("accounts.view_user", otto)
    otto.is_blocked = True
    assert not otto.has_perm("accounts.view_user", ada)
    assert not otto.has_module_perms("accounts")


def test_permissions_are_the_rules_that_the_policies_name(ada, bob, root):
    admin = User.objects.create_user("admin@example.org", PASSWORD, is_admin=True)
    allowed = [user.has_perm("accounts.change_user", ada) for user in (ada, bob, admin, root)]
    assert allowed == [True, False, True, True]
    assert not admin.has_perm("accounts.change_user", root)
    root.is_blocked = True
    assert not root.has_perm("accounts.change_user", ada)


def test_signing_in_changes_no_tag(ada):
    before = read_versions(["accounts"])
    ada.last_accessed_at = timezone.now()
    ada.save(update_fields=["last_accessed_at"])
    assert read_versions(["accounts"]) == before
    ada.save(update_fields=["first_name"])
    assert read_versions(["accounts"]) == before + 1


def test_a_line_of_the_log_names_who_did_what_to_what(ada, bob):
    line = record("user.blocked", by=ada, about=bob, event_id=7, reason="spam")
    line.refresh_from_db()
    assert (line.actor, line.actor_name, line.action) == (ada, "Ada", "user.blocked")
    assert (line.subject_type, line.subject_id, line.event_id) == ("user", str(bob.pk), 7)
    assert line.detail == {"reason": "spam"}


def test_a_guest_or_the_machine_is_named_in_the_log_as_well(db):
    assert [record("order.made", by=by).actor_name for by in ("guest", None)] == ["guest", "anonymous"]


def test_the_log_only_grows(ada):
    line = record("user.blocked", by=ada)
    changes = (
        line.save,
        line.delete,
        Activity.objects.all().delete,
        lambda: Activity.objects.update(action="nothing"),
    )
    for change in changes:
        with pytest.raises(TypeError):
            change()
    assert Activity.objects.get() == line
