"""Counts of tries outlive the Redis that they are kept in."""

import pytest
from django.core.cache import cache

from openevent.core.limits import give_back, limit
from openevent.core.patient_cache import PatientRedisCache
from openevent.core.refusals import Refused
from openevent.tests.processes import MortalRedis


@pytest.fixture
def redis(settings, monkeypatch):
    redis = MortalRedis()
    monkeypatch.setattr(PatientRedisCache, "rests_until", 0.0)
    settings.CACHES = {
        "default": {
            "BACKEND": "openevent.core.patient_cache.PatientRedisCache",
            "LOCATION": redis.url,
            "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
        }
    }
    cache.here.clear()
    yield redis
    redis.thaw()
    redis.kill()


def tries_until_refused(most=20):
    for number in range(most):
        try:
            limit("sign-in", "ada", "3/m")
        except Refused:
            return number
    return most


@pytest.mark.parametrize("mishap", ["kill", "freeze"])
def test_tries_are_counted_on_by_the_process(redis, mishap):
    getattr(redis, mishap)()
    assert tries_until_refused() == 3


def test_what_was_counted_before_holds_again_when_redis_is_back(redis):
    assert tries_until_refused() == 3
    redis.freeze()
    assert tries_until_refused() == 3
    redis.thaw()
    PatientRedisCache.rests_until = 0.0
    assert tries_until_refused() == 0


def test_every_question_is_answered_without_redis(redis):
    redis.kill()
    cache.set("a", 1)
    cache.set_many({"b": 2, "c": 3})
    assert (cache.get("a"), cache.get_many(["b", "c"]), cache.incr("a"), cache.decr("a")) == (1, {"b": 2, "c": 3}, 2, 1)
    assert (cache.add("a", 5), cache.has_key("a"), cache.touch("a"), cache.get_or_set("d", 4)) == (False, True, True, 4)
    cache.delete_many(["b", "c"])
    assert (cache.delete("a"), cache.get("b")) == (True, None)
    give_back("sign-in", "nobody")
    cache.clear()
    assert cache.get("d") is None


def test_redis_is_asked_once_in_a_while_and_not_each_time(redis, monkeypatch):
    redis.kill()
    cache.get("a")
    rests_until = PatientRedisCache.rests_until
    cache.get("a")
    assert rests_until > 0
    assert PatientRedisCache.rests_until == rests_until


def test_counts_are_shared_again_when_redis_is_back(redis):
    redis.kill()
    cache.get("a")
    redis.start()
    PatientRedisCache.rests_until = 0.0
    cache.set("a", 1)
    assert cache._cache.get_client("a").exists(cache.make_key("a")) == 1
