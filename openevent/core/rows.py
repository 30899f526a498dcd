"""What every table of the house inherits: visible_to, soft deletion, and counting its changes."""

from django.db import models
from django.utils import timezone

from openevent.core.atomic import atomic
from openevent.core.columns import stale_sought
from openevent.core.versions import touch_rows

AT_ONCE = 500  # rows told anew by what they are found


class VisibleQuerySet(models.QuerySet):
    def visible_to(self, user, *, trashed=False):
        """The rows that this user may see. Every answer starts here."""
        seen = self.model.policy["rows"](user, self.model)
        return self.filter(seen) if trashed else self.filter(seen, self.model.live_rows())


class RowQuerySet(VisibleQuerySet):
    # What the database changes in bulk is counted at once, for all events, unless the event is named.

    def update(self, **changes):
        with atomic(savepoint=False):
            count = self._write(changes)
            if count and not set(changes) <= self.model.unversioned:
                touch_rows(self.model, None)
            return count

    def update_at(self, event_id, **changes):
        """The same for rows of one event: the tags of other events stay good."""
        with atomic(savepoint=False):
            count = self._write(changes)
            if count:
                touch_rows(self.model, event_id)
            return count

    def _write(self, changes):
        """Update, and tell anew what the rows are found by where that is made of a changed column."""
        stale = stale_sought(self.model, changes)
        ids = list(self.values_list("pk", flat=True)) if stale else []
        count = super().update(**changes)
        for first in range(0, len(ids), AT_ONCE):
            rows = list(self.model._base_manager.filter(pk__in=ids[first : first + AT_ONCE]))
            for row in rows:
                for field in stale:
                    field.pre_save(row, add=False)
            self.model._base_manager.bulk_update(rows, [field.name for field in stale])
        return count

    def bulk_create(self, objs, *args, **kwargs):
        with atomic(savepoint=False):
            rows = super().bulk_create(objs, *args, **kwargs)
            for event_id in {row.event_key() for row in rows}:
                touch_rows(self.model, event_id)
            return rows

    def bulk_update(self, objs, fields, *args, **kwargs):
        objs, stale = tuple(objs), stale_sought(self.model, fields)
        for field in stale:
            for row in objs:
                field.pre_save(row, add=False)
        with atomic(savepoint=False):
            return super().bulk_update(objs, [*fields, *(field.name for field in stale)], *args, **kwargs)

    def delete(self):
        with atomic(savepoint=False):
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class VisibleRow(models.Model):
    """A row that the API can show: it names its policy. Its changes are not counted, for there are only new ones: the
    log, the mails."""

    policy: dict

    objects = VisibleQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def live_rows(cls):
        """Which rows are there at all: not in the trash, nor at an event that is."""
        return models.Q()


class Row(VisibleRow):
    """A row whose changes are counted, so that answers made of it have tags. It knows whose event it is at."""

    unversioned = frozenset()  # columns that no answer shows
    has_own_counter = False  # whether its changes are also counted by themselves, for each event

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True

    def event_key(self):
        """The id of the event that this row belongs to, or None."""
        return getattr(self, "event_id", None)

    def save(self, **options):
        if names := options.get("update_fields"):
            options["update_fields"] = [*names, *(field.name for field in stale_sought(type(self), names))]
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
