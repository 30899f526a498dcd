"""What every table of the house inherits: visible_to, soft deletion, and counting its changes."""

from django.db import models
from django.utils import timezone

from openevent.core.atomic import atomic, touch
from openevent.core.versions import NO_EVENT, shard_of


class RowQuerySet(models.QuerySet):
    def visible_to(self, user, *, trashed=False):
        """The rows that this user may see. Every answer starts here."""
        seen = self.model.policy["rows"](user, self.model)
        return self.filter(seen) if trashed else self.filter(seen, self.model.live_rows())

    # What the database changes in bulk is counted at once, for all events, unless the event is named.

    def update(self, **changes):
        with atomic(savepoint=False):
            count = super().update(**changes)
            if count and not set(changes) <= self.model.unversioned:
                touch(self.model._meta.app_label, NO_EVENT)
            return count

    def update_at(self, event_id, **changes):
        """The same for rows of one event: the tags of other events stay good."""
        with atomic(savepoint=False):
            count = super().update(**changes)
            if count:
                touch(self.model._meta.app_label, shard_of(event_id))
            return count

    def bulk_create(self, objs, *args, **kwargs):
        with atomic(savepoint=False):
            rows = super().bulk_create(objs, *args, **kwargs)
            for shard in {shard_of(row.event_key()) for row in rows}:
                touch(self.model._meta.app_label, shard)
            return rows

    def bulk_update(self, objs, fields, *args, **kwargs):
        with atomic(savepoint=False):
            return super().bulk_update(objs, fields, *args, **kwargs)

    def delete(self):
        with atomic(savepoint=False):
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class Row(models.Model):
    """A row that the API can show: it names its policy and knows whose event it is at."""

    policy: dict
    unversioned = frozenset()  # columns that no answer shows

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def live_rows(cls):
        """Which rows are there at all: not in the trash, nor at an event that is."""
        return models.Q()

    def event_key(self):
        """The id of the event that this row belongs to, or None."""
        return getattr(self, "event_id", None)

    def save(self, **options):
        with atomic(savepoint=False):
            super().save(**options)

    def delete(self, **options):
        with atomic(savepoint=False):
            return super().delete(**options)


class SoftDeleted(Row):
    """A row that is hidden when deleted, and can be restored by staff."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def live_rows(cls):
        return models.Q(deleted_at=None)

    def hide(self):
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])
