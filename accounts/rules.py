"""Who may see and change an account."""

import rules
from django.apps import apps
from django.db.models import Q

from openevent.core.policies import EVERY_ROW, NO_ROW, allowed_to, is_site_staff, is_superadmin, is_verified

SYSTEM_ROLES = {"is_sales_admin": "Sales Admin", "is_marketer": "Marketer"}  # what an account can be besides staff

# People are also seen where they act: the hosts of a public event, the buyer of an order. The apps that know
# of such places add a question here, (user) -> Q over accounts, when they are ready.
SEEN_ELSEWHERE = []  # these show their id, public name and picture
KNOWN_ELSEWHERE = []  # these show their e-mail and the rest as well


@rules.predicate
def is_anyone(user, account=None):
    return True


@rules.predicate
def is_oneself(user, account=None):
    return user.is_authenticated and account is not None and account.pk == user.pk


@rules.predicate
def is_known(user, account=None):
    """Whether the row was read as one of `known_people`."""
    return getattr(account, "is_known", False)


@rules.predicate
def concerns_a_superadmin(user, account=None):
    return account is not None and account.is_super_admin


def people(user, model):
    """The accounts of which this user may know at all."""
    seen = known_people(user, model)
    return seen if seen == EVERY_ROW else _any([seen, *(question(user) for question in SEEN_ELSEWHERE)])


def known_people(user, model):
    """The accounts of which this user may read everything."""
    if is_site_staff(user):
        return EVERY_ROW
    own = Q(pk=user.pk) if user.is_authenticated else NO_ROW
    return _any([own, *(question(user) for question in KNOWN_ELSEWHERE)])


def _any(questions):
    combined = NO_ROW
    for question in questions:
        combined |= question
    return combined


# An admin who could set a superadmin's password or address would be one.
may_change_account = is_oneself | is_superadmin | is_site_staff & ~concerns_a_superadmin

ACCOUNT = {
    "rows": people,
    "private_rows": known_people,
    "sees_private": is_oneself | is_site_staff | is_known,
    "add": is_anyone,  # by signing up
    "change": may_change_account,
    "delete": may_change_account,
}


# ── Panels: parts of the admin's pages that staff open to system roles ───────────────────────────────


def panels_of(user):
    """The names of the panels that this user's system roles open. One query a request, none for most people."""
    held = [role for flag, role in SYSTEM_ROLES.items() if user.is_authenticated and getattr(user, flag)]
    if not held:
        return frozenset()
    if not hasattr(user, "panels"):
        opened = apps.get_model("accounts.PanelPermission").objects.filter(
            can_access=True, custom_system_roles__name__in=held
        )
        user.panels = frozenset(opened.values_list("panel_name", flat=True))
    return user.panels


def may_open_panel(name):
    """Staff, and whoever has a system role to which they have opened this panel: `may_open_panel("sales")`."""

    @rules.predicate(name=f"may open the panel {name}")
    def opens(user, row=None):
        return name in panels_of(user)

    return is_site_staff | opens


def rows_in_panel(name):
    """All rows for whoever may open the panel, and none for others. Its documents depend on `accounts`."""
    opens = may_open_panel(name)

    def rows(user, model):
        return EVERY_ROW if opens(user) else NO_ROW

    return rows


def set_in_panel(name):
    """What is read in a panel, and changed by staff alone."""
    return allowed_to(is_site_staff, rows=rows_in_panel(name), sees_private=may_open_panel(name))


SEEN_IN_REPORTS = set_in_panel("reports")

# ── What staff let people do whose address is not proven ─────────────────────────────────────────────


def may_unless_unverified(name):
    """Staff and whoever is verified; others if staff let them: `may_unless_unverified("create_event")`."""

    @rules.predicate(name=f"may {name} unverified")
    def is_let(user, row=None):
        if not user.is_authenticated:
            return False
        allowed = apps.get_model("accounts.UserPermission").objects.filter(name=name, deleted_at=None)
        return allowed.filter(unverified_user=True).exists()

    return is_site_staff | is_verified | is_let
