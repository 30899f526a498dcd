"""People, settings and the log in the admin."""

import pytest

from accounts.models import Activity, Setting, User
from accounts.models.setting import SECRETS
from accounts.services.blocking import block, unblock
from accounts.services.tokens import give_tokens, renew_tokens
from accounts.tests.people import PASSWORD, make_person
from openevent.core.admin_site import list_address, row_address
from openevent.core.refusals import Refused
from openevent.core.tests.admin import drawn, press, save, told


@pytest.fixture
def keeper(client, root):
    client.force_login(root)
    return client


@pytest.fixture
def amy(db):
    return make_person("amy", is_admin=True)


def lines(action):
    return list(Activity.objects.filter(action=action))


# ── People ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_is_changed_and_the_log_says_by_whom(keeper, bob, root):
    assert save(keeper, User, bob.pk, company="Ropeworks").status_code == 302
    bob.refresh_from_db()
    assert (bob.company, bob.first_name) == ("Ropeworks", "Bob")
    [line] = lines("user.edited")
    assert (line.actor, line.subject_id, line.detail) == (root, str(bob.pk), {"fields": ["company"]})


def test_saving_nothing_new_writes_nothing(keeper, bob):
    save(keeper, User, bob.pk)
    assert lines("user.edited") == []


def test_a_form_changes_neither_address_nor_standing_nor_password(keeper, bob):
    sent = {"email": "mine@example.org", "is_verified": "", "is_super_admin": "on", "is_blocked": "on", "password": "x"}
    save(keeper, User, bob.pk, **sent)
    bob.refresh_from_db()
    assert (bob.email, bob.is_verified, bob.is_super_admin, bob.is_blocked) == ("bob@example.org", True, False, False)
    assert bob.check_password(PASSWORD)


def test_only_a_superadmin_makes_admins_and_auditors(client, root, amy, bob, eve):
    client.force_login(amy)
    save(client, User, bob.pk, is_admin="on", is_auditor="on", is_marketer="on")
    bob.refresh_from_db()
    assert (bob.is_admin, bob.is_auditor, bob.is_marketer) == (False, False, True)
    client.force_login(root)
    save(client, User, eve.pk, is_auditor="on")
    eve.refresh_from_db()
    assert eve.is_auditor
    assert [line.detail for line in lines("user.flags-changed")] == [{"is_auditor": True}, {"is_marketer": True}]


def test_an_admin_changes_no_superadmin(client, root, amy):
    client.force_login(amy)
    assert client.post(row_address(User, root.pk), {"company": "Mine"}).status_code == 403
    assert b'name="_save"' not in client.get(row_address(User, root.pk)).content
    for verb in ("block", "close"):
        press(client, root, verb)
    root.refresh_from_db()
    assert root.is_active


def test_two_who_edit_the_same_person_are_told(keeper, bob):
    seen = drawn(keeper.get(row_address(User, bob.pk)))
    save(keeper, User, bob.pk, company="Ropeworks")
    answer = keeper.post(row_address(User, bob.pk), {**seen, "company": "Quay"})
    assert answer.status_code == 200
    assert b"Somebody else saved this while you were typing" in answer.content
    bob.refresh_from_db()
    assert bob.company == "Ropeworks"


def test_blocking_asks_first_and_keeps_somebody_out(keeper, client, bob):
    page = press(keeper, bob, "block", sure=False)
    assert page.status_code == 200
    assert b'name="sure"' in page.content
    assert User.objects.get(pk=bob.pk).is_active
    assert told(press(keeper, bob, "block")) == ["Block: done for Bob."]
    assert not User.objects.get(pk=bob.pk).is_active
    press(keeper, bob, "unblock")
    assert User.objects.get(pk=bob.pk).is_active
    assert [len(lines(action)) for action in ("user.blocked", "user.unblocked")] == [1, 1]


def test_nobody_blocks_themself(keeper, root):
    assert "Nobody shuts themself out" in told(press(keeper, root, "block"))[0]


def test_being_blocked_ends_what_was_signed_in(keeper, bob, root):
    tokens = give_tokens(bob, remember=True)
    block(bob, by=root)
    unblock(bob, by=root)
    with pytest.raises(Refused):
        renew_tokens(tokens["refresh_token"])


def test_an_address_is_called_proven_by_a_verb(keeper):
    newcomer = make_person("newcomer", is_verified=False)
    press(keeper, newcomer, "verify")
    newcomer.refresh_from_db()
    assert newcomer.is_verified
    assert len(lines("user.verified")) == 1


def test_people_are_found_by_part_of_name_or_address(keeper, bob, eve):
    for words in ("bob", "BOB@exam", "Bob"):
        found = keeper.get(list_address(User), {"q": words}).context["cl"].queryset
        assert list(found) == [bob]


# ── Settings ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_secret_is_written_kept_and_forgotten_and_never_sent_back(keeper):
    save(keeper, Setting, 1, new_stripe_secret_key="sk_live_1", new_smtp_password="hunter2")
    page = keeper.get(row_address(Setting, 1))
    assert b"sk_live_1" not in page.content and b"hunter2" not in page.content
    assert page.content.count(b"Is set.") == 2
    save(keeper, Setting, 1, app_name="Harbour")
    current = Setting.current()
    assert (current.app_name, current.stripe_secret_key, current.smtp_password) == ("Harbour", "sk_live_1", "hunter2")
    save(keeper, Setting, 1, forget=["smtp_password"])
    current = Setting.current()
    assert (current.stripe_secret_key, current.smtp_password) == ("sk_live_1", None)
    written = str([line.detail for line in lines("setting.edited")])
    assert "sk_live_1" not in written and "hunter2" not in written
    assert "new_stripe_secret_key" in written


def test_every_secret_has_a_box_that_is_empty(keeper):
    secrets = {name: f"secret-of-{name}" for name in SECRETS}
    Setting.current()
    Setting.objects.update(**secrets)
    answer = keeper.get(row_address(Setting, 1)).content.decode()
    assert [name for name, secret in secrets.items() if secret in answer] == []
    assert [name for name in SECRETS if f'name="new_{name}"' not in answer] == []


def test_a_setting_outside_its_range_is_refused_beside_its_field(keeper):
    answer = save(keeper, Setting, 1, order_expiry_time=600)
    assert answer.status_code == 200
    assert "order_expiry_time" in answer.context["adminform"].form.errors
    assert Setting.current().order_expiry_time == 15


def test_an_auditor_reads_which_secrets_are_set(client, db):
    Setting.current()
    Setting.objects.update(smtp_password="hunter2")
    client.force_login(make_person("otto", is_auditor=True))
    answer = client.get(row_address(Setting, 1)).content.decode()
    assert "smtp_password" in answer
    assert "hunter2" not in answer


# ── The log ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_rows_history_is_what_the_log_says_of_it(keeper, bob, eve):
    for person in (bob, eve):
        save(keeper, User, person.pk, company="Ropeworks")
    address = row_address(User, bob.pk).replace("/change/", "/history/")
    found = keeper.get(address, follow=True).context["cl"].queryset
    assert [line.subject_id for line in found] == [str(bob.pk)]
