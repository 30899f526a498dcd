"""A person with an account, known by an e-mail address and nothing else."""

import unicodedata

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from accounts import rules as may
from openevent.core.cleaning import plain
from openevent.core.columns import flag, long_text, rich_text, text, url
from openevent.core.rows import RowQuerySet, SoftDeleted


def normalise_email(address):
    """The one spelling under which an address is stored and looked up.

    `mıke@…` and `mike@…` stay two addresses here; only a comparison by the database's UPPER() would make them
    one, so look accounts up by equality with this and never by `iexact`.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", str(address)).casefold()).strip()


LINES = ("first_name", "last_name", "public_name", "contact", "company", "billing_contact_name", "billing_phone")


class UserManager(BaseUserManager.from_queryset(RowQuerySet)):
    def get_by_natural_key(self, email):
        return self.get(email=normalise_email(email))

    def with_email(self, email):
        """The account of this address, or None; PostgreSQL takes no question with a null character."""
        return None if "\x00" in str(email) else self.filter(email=normalise_email(email)).first()

    def create_user(self, email, password=None, **attributes):
        user = self.model(email=email, **attributes)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **attributes):
        attributes = {"is_super_admin": True, "is_admin": True, "is_verified": True, **attributes}
        return self.create_user(email, password, **attributes)


class User(AbstractBaseUser, SoftDeleted):
    policy = may.ACCOUNT
    unversioned = frozenset({"last_login", "last_accessed_at", "password"})

    email = models.EmailField(max_length=254, unique=True, error_messages={"unique": "User already exists"})
    first_name = text(200)
    last_name = text(200)
    public_name = text(200)
    details = rich_text()
    contact = text(200)
    language_prefrence = text(20)  # spelled as clients send it

    avatar_url = url()
    original_image_url = url()
    thumbnail_image_url = url()
    small_image_url = url()
    icon_image_url = url()

    facebook_url = url()
    twitter_url = url()
    instagram_url = url()
    google_plus_url = url()
    facebook_id = models.BigIntegerField(null=True, blank=True, unique=True)

    company = text(200)
    billing_contact_name = text(200)
    billing_phone = text(100)
    billing_address = long_text()
    billing_city = text(200)
    billing_state = text(200)
    billing_zip_code = text(50)
    billing_country = text(200)
    billing_tax_info = text(200)
    billing_additional_info = long_text()

    is_super_admin = flag()
    is_admin = flag()
    is_sales_admin = flag()
    is_marketer = flag()
    is_auditor = flag()  # reads everything in the admin, changes nothing
    is_verified = flag()
    is_blocked = flag()
    is_profile_public = flag()
    is_rocket_chat_registered = flag()
    was_registered_with_order = flag()

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_accessed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.email = normalise_email(self.email)
        for column in LINES:
            setattr(self, column, plain(getattr(self, column)))
        super().save(*args, **kwargs)

    @property
    def full_name(self):
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def name(self):
        """How we address this person: never empty; not for strangers, for it may be the e-mail."""
        return self.full_name or self.public_name or self.email

    @property
    def is_site_staff(self):
        return self.is_admin or self.is_super_admin

    @property
    def is_active(self):
        return not self.is_blocked and self.deleted_at is None

    # The names below are the ones that Django's admin asks for. Its `is_staff` means who enters there, and nothing
    # else: what staff may do is always asked of `is_site_staff`, which an auditor is not.

    @property
    def is_staff(self):
        return self.is_site_staff or self.is_auditor

    @property
    def is_superuser(self):
        return self.is_super_admin

    def has_perm(self, permission, thing=None):
        return self.is_active and (self.is_superuser or rules.has_perm(permission, self, thing))

    def has_perms(self, permissions, thing=None):
        return all(self.has_perm(permission, thing) for permission in permissions)

    def has_module_perms(self, app_label):
        return self.is_active and self.is_staff
