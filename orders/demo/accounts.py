"""The people of the demo, and the server's settings that clients read."""

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Setting, User
from accounts.services.email import match_address
from orders.demo.content import ACCOUNTS
from orders.demo.providers import paypal


def address_of(name):
    return f"{name}@example.org"


def make_people():
    """Everybody by first name: {"ada": User, …}, with the password that the server prints."""
    known = {user.email: user for user in User.objects.filter(email__in=map(address_of, ACCOUNTS))}
    password = None
    people = {}
    for name, facts in ACCOUNTS.items():
        user = known.get(address_of(name))
        if user is None:
            password = password or make_password(settings.DEMO_PASSWORD)  # one hash: argon2 takes its time
            user = User(email=address_of(name), password=password, is_verified=True, **facts)
            user.save()
            match_address(user)
        people[name] = user
    return people


def renew_passwords():
    """The printed password opens the demo's accounts, also when it was another one last time."""
    demo_users = User.objects.filter(email__in=map(address_of, ACCOUNTS))
    ada = demo_users.filter(email=address_of("ada")).first()
    if ada is not None and not ada.check_password(settings.DEMO_PASSWORD):
        demo_users.update(password=make_password(settings.DEMO_PASSWORD))


def fill_settings():
    """What nobody has set yet; addresses of this machine follow the port."""
    ours = {
        "app_name": "openevent",
        "tagline": "Events and tickets on your own server",
        "email_from": "tickets@example.org",
        "email_from_name": "openevent",
        "frontend_url": settings.BASE_URL,
        "static_domain": settings.BASE_URL,
    }
    if settings.DEMO:  # of the doubles, who know no other
        ours |= {
            "stripe_secret_key": "sk_local",
            "stripe_client_id": "ca_local",
            "paypal_sandbox_client": paypal.CLIENT,
            "paypal_sandbox_secret": paypal.SECRET,
        }
    current = Setting.current()
    changed = [name for name, value in ours.items() if _is_ours_to_set(getattr(current, name), value)]
    for name in changed:
        setattr(current, name, ours[name])
    if changed:
        current.save(update_fields=changed)


def _is_ours_to_set(present, value):
    return not present or (present.startswith("http://127.0.0.1:") and present != value)
