"""The one table of the kernel."""

from django.db import models


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
