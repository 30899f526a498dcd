"""A person with an account, known by an e-mail address and nothing else."""

import unicodedata

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from accounts import rules as may
from openevent.core.rows import RowQuerySet, SoftDeleted


def normalise_email(address):
    """The one spelling under which an address is stored and looked up.

    `mıke@…` and `mike@…` stay two addresses here; only a comparison by the database's UPPER() would make them
    one, so look accounts up by equality with this and never by `iexact`.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", str(address)).casefold()).strip()


class UserManager(BaseUserManager.from_queryset(RowQuerySet)):
    def get_by_natural_key(self, email):
        return self.get(email=normalise_email(email))

    def with_email(self, email):
        """The account of this address, or None."""
        return self.filter(email=normalise_email(email)).first()

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

    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=200, null=True, blank=True)
    last_name = models.CharField(max_length=200, null=True, blank=True)
    public_name = models.CharField(max_length=200, null=True, blank=True)
    details = models.TextField(null=True, blank=True)
    contact = models.CharField(max_length=200, null=True, blank=True)
    language_prefrence = models.CharField(max_length=20, null=True, blank=True)  # spelled as clients send it

    avatar_url = models.URLField(max_length=2000, null=True, blank=True)
    original_image_url = models.URLField(max_length=2000, null=True, blank=True)
    thumbnail_image_url = models.URLField(max_length=2000, null=True, blank=True)
    small_image_url = models.URLField(max_length=2000, null=True, blank=True)
    icon_image_url = models.URLField(max_length=2000, null=True, blank=True)

    facebook_url = models.URLField(max_length=2000, null=True, blank=True)
    twitter_url = models.URLField(max_length=2000, null=True, blank=True)
    instagram_url = models.URLField(max_length=2000, null=True, blank=True)
    google_plus_url = models.URLField(max_length=2000, null=True, blank=True)
    facebook_id = models.BigIntegerField(null=True, blank=True, unique=True)

    company = models.CharField(max_length=200, null=True, blank=True)
    billing_contact_name = models.CharField(max_length=200, null=True, blank=True)
    billing_phone = models.CharField(max_length=100, null=True, blank=True)
    billing_address = models.TextField(null=True, blank=True)
    billing_city = models.CharField(max_length=200, null=True, blank=True)
    billing_state = models.CharField(max_length=200, null=True, blank=True)
    billing_zip_code = models.CharField(max_length=50, null=True, blank=True)
    billing_country = models.CharField(max_length=200, null=True, blank=True)
    billing_tax_info = models.CharField(max_length=200, null=True, blank=True)
    billing_additional_info = models.TextField(null=True, blank=True)

    is_super_admin = models.BooleanField(default=False)
    is_admin = models.BooleanField(default=False)
    is_sales_admin = models.BooleanField(default=False)
    is_marketer = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False)
    is_blocked = models.BooleanField(default=False)
    is_profile_public = models.BooleanField(default=False)
    is_rocket_chat_registered = models.BooleanField(default=False)
    was_registered_with_order = models.BooleanField(default=False)

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

    # The three names below are the ones Django's admin asks for.

    @property
    def is_staff(self):
        return self.is_site_staff

    @property
    def is_superuser(self):
        return self.is_super_admin

    def has_perm(self, permission, thing=None):
        return self.is_active and (self.is_superuser or rules.has_perm(permission, self, thing))

    def has_perms(self, permissions, thing=None):
        return all(self.has_perm(permission, thing) for permission in permissions)

    def has_module_perms(self, app_label):
        return self.is_active and self.is_site_staff
