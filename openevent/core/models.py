"""The two tables of the kernel: how often rows have changed, and answers that are given again."""

from django.db import models

from openevent.core.sealed import SealedText


class Version(models.Model):
    """How often the rows of one floor (an app), at the events of one shard, have changed.

    Tags are made of these numbers. Where a model has counters of its own, its label stands for the floor and an event's
    id for the shard. They live in the database because they must commit, or roll back,
    together with what they count.
    """

    floor = models.CharField(max_length=40)
    shard = models.PositiveBigIntegerField()
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["floor", "shard"], name="one_counter_per_floor_and_shard")]

    def __str__(self):
        return f"{self.floor}/{self.shard}: {self.number}"


class StoredAnswer(models.Model):
    """What a request with an `Idempotency-Key` was answered; without a status, it is being answered just now."""

    principal = models.CharField(max_length=64)
    key_hash = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)  # a hash of method, address and body
    made = models.CharField(max_length=64, blank=True)  # which row came of it, noted in that row's own transaction
    began_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = SealedText(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal", "key_hash"], name="one_answer_per_key")]

    def __str__(self):
        return f"{self.status or 'being answered'}, {self.began_at:%F %T}"
