"""When somebody's windows close: their session ends, or their account is not what it was."""

from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_save

from accounts.models import User
from notifications.services.live import drop_everywhere, leave_with

EVERY_SIGN_IN = frozenset({"last_login", "last_accessed_at"})


def watch():
    user_logged_out.connect(end_with_the_session)
    post_save.connect(ask_again_after_a_change, sender=User)


def end_with_the_session(request, user, **kwargs):
    if user is not None and request.session.session_key:
        leave_with(request.session.session_key, user)


def ask_again_after_a_change(instance, created, update_fields=None, **kwargs):
    """A password, a block, staff's flags: what else changed costs the windows a question."""
    if not created and not (update_fields and set(update_fields) <= EVERY_SIGN_IN):
        drop_everywhere(instance)
