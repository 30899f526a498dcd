"""Who may see and change an account."""

import rules
from django.db.models import Q

from openevent.core.policies import EVERY_ROW, NO_ROW, is_site_staff, is_superadmin

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
