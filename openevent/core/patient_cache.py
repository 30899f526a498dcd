"""The cache of a server with Redis, which goes on without it."""

import logging
import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

SECONDS_OF_REST = 10  # in which Redis is not asked after it did not answer
QUESTIONS = (
    *("add", "get", "set", "touch", "delete", "has_key", "incr"),
    *("get_many", "set_many", "delete_many", "clear"),
)


class PatientRedisCache(RedisCache):
    """Redis; while it is away, the memory of this process.

    What is kept here are counts of tries. To refuse everybody would close the shop, to count nothing would open it to
    whoever guesses passwords; so each process counts by itself, and a limit is at worst as many times as high as
    there are processes.
    """

    rests_until = 0.0  # of all instances: there is one in each thread

    def __init__(self, server, params):
        super().__init__(server, params)
        self.here = LocMemCache("while-redis-is-away", {**params, "OPTIONS": {}})

    def ask(self, question, *args, **options):
        if time.monotonic() >= PatientRedisCache.rests_until:
            try:
                return getattr(super(), question)(*args, **options)
            except (RedisError, OSError) as problem:
                PatientRedisCache.rests_until = time.monotonic() + SECONDS_OF_REST
                log.warning("each process counts by itself: %s: %s", type(problem).__name__, problem)
        return getattr(self.here, question)(*args, **options)


def asking(question):
    def asks(self, *args, **options):
        return self.ask(question, *args, **options)

    asks.__name__ = question
    return asks


for each in QUESTIONS:
    setattr(PatientRedisCache, each, asking(each))
