"""Tables that only grow: the log, the ledger, what happened at the door, invoices. What was wrong is put right by
another row.
"""

from django.db import models


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **changes):
        raise _refusal(self.model)

    def delete(self):
        raise _refusal(self.model)


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **options):
        if self.pk is not None:
            raise _refusal(type(self))
        super().save(**options)

    def delete(self, **options):
        raise _refusal(type(self))


def _refusal(model):
    return TypeError(f"{model._meta.verbose_name_plural.capitalize()} are append-only.")
