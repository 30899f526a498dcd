"""Rate limits: how often one caller may try one thing."""

import ipaddress
import re
import time
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache

from openevent.core.refusals import Refused
from openevent.core.tokens import hash_token

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def limit(name, key, rate):
    """Count one try, and refuse it with 429 when there were too many. A rate reads `20/m`, `5/10m` or `9/h`.

    The period begins with the first try. The key may be a tuple; it is stored hashed, as it may name people.
    """
    allowed, period = _read(rate)
    counter = _counter(name, key)
    cache.add(f"{counter}:end", time.time() + period, timeout=period + 1)
    cache.add(counter, 0, timeout=period)
    try:
        tries = cache.incr(counter)
    except ValueError:  # it ran out between the two lines
        return
    if tries > allowed:
        end = cache.get(f"{counter}:end", time.time() + period)
        raise Refused(
            "too-many-tries",
            "That was tried too often. Wait a little, then try again.",
            status=429,
            retry_after=max(1, round(end - time.time())),
        )


def give_back(name, key):
    """Take back one counted try: for limits that only failures should use up."""
    with suppress(ValueError):  # the period is over
        cache.decr(_counter(name, key))


def client_address(request):
    """Where a request comes from, as one caller: an IPv4 address, or the /64 network of an IPv6 one.

    A caller can write anything into X-Forwarded-For, so only what our own proxies appended is read: with two
    of them the second address from the right; with none (TRUSTED_PROXIES=0) the header is ignored.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if proxies := settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= proxies:
            address = forwarded[-proxies].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if ip.version == 6 and ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))


def _read(rate):
    allowed, times, unit = re.fullmatch(r"(\d+)/(\d*)([smhd])", rate).groups()
    return int(allowed), int(times or 1) * SECONDS[unit]


def _counter(name, key):
    return f"limit:{name}:{hash_token(repr(key))}"
