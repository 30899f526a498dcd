"""Who may do what with a row, said once per model; and the three policies that know only users.

A policy is a plain dictionary, so that an odd model can say what differs: `{**CATALOG, "add": is_verified}`.

    rows(user, model)  -> Q     which rows a user may see (asked by every list, detail, include and filter)
    private_rows(user, model) -> Q   of which rows the private attributes may be read
    sees_private                same question for one row, without a query
    add, change, delete         django-rules predicates of (user, row)
"""

import rules
from django.apps import apps
from django.db.models import Q

NO_ROW = Q(pk__in=())
EVERY_ROW = ~NO_ROW  # not Q(), which means "no condition" and would vanish from `EVERY_ROW | Q(…)`


@rules.predicate
def is_signed_in(user, row=None):
    return user.is_authenticated


@rules.predicate
def nobody(user, row=None):
    """What is never done this way, by whomever."""
    return False


@rules.predicate
def is_site_staff(user, row=None):
    return user.is_authenticated and user.is_site_staff


@rules.predicate
def is_auditor(user, row=None):
    return user.is_authenticated and user.is_auditor


@rules.predicate
def is_superadmin(user, row=None):
    return user.is_authenticated and user.is_super_admin


@rules.predicate
def is_verified(user, row=None):
    return user.is_authenticated and user.is_verified


@rules.predicate
def owns_it(user, row=None):
    return user.is_authenticated and row is not None and row.user_id == user.pk


def every_row(user, model):
    return EVERY_ROW


def rows_for_staff(user, model):
    return EVERY_ROW if is_site_staff(user) else NO_ROW


def own_rows(user, model):
    if is_site_staff(user):
        return EVERY_ROW
    # `user=None` would mean "belongs to nobody": whoever is not signed in owns nothing.
    return Q(user=user.pk) if user.is_authenticated else NO_ROW


def allowed_to(who, *, rows, sees_private=None, private_rows=None):
    """A policy in which the same people add, change and delete."""
    return {
        "rows": rows,
        "sees_private": sees_private or who,
        "private_rows": private_rows or rows,
        "add": who,
        "change": who,
        "delete": who,
    }


CATALOG = allowed_to(is_site_staff, rows=every_row, private_rows=rows_for_staff)
SETTINGS = allowed_to(is_site_staff, rows=rows_for_staff)
PERSONAL = allowed_to(owns_it | is_site_staff, rows=own_rows)


def register_permissions():
    """Give django-rules the same predicates under Django's names, for the admin and for templates."""
    for model in apps.get_models():
        if policy := getattr(model, "policy", None):
            policy = {verb: policy[verb] for verb in ("add", "change", "delete")} | {"view": is_site_staff | is_auditor}
            for verb, may in policy.items():
                rules.set_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}", may)
