"""Which addresses on the network we may call: public ones, never ourselves or a neighbour."""

import ipaddress
import re
import socket

from django.conf import settings

from openevent.core.refusals import Refused

_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Set aside for protocols, relays, benchmarks and documentation; older Pythons take parts of these for public.
_SET_ASIDE = [
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]

# "2130706433", "0x7f.1", "0177.0.0.1", "127.1": the C library reads all of these as addresses, people do not.
_ENDS_IN_A_NUMBER = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE)


def resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, in the order in which the system would try them."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(answer[4][0] for answer in answers))


def is_public(text: str) -> bool:
    """Private, link-local, loopback, metadata, multicast, reserved and our own networks are not; nor are
    addresses which only wrap one of those (IPv4-mapped, NAT64, 6to4, Teredo)."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version == 6:
        if address.ipv4_mapped or address in _NAT64:
            return is_public(str(ipaddress.IPv4Address(address.packed[-4:])))
        if address.scope_id is not None or address not in _PUBLIC_V6:
            return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in (*_SET_ASIDE, *_own_networks()))


def public_addresses(host: str, port: int, *, resolve=resolve) -> list[str]:
    """The addresses of `host`, resolved once; one that is not public refuses the host altogether."""
    if _ENDS_IN_A_NUMBER.search(host) and not _is_plain_v4(host):
        raise Refused("address-not-allowed", f"“{host}” is not a plain host name or address.")
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError):
        raise Refused("address-unknown", f"The host “{host}” could not be found.") from None
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused("address-not-allowed", f"The host “{host}” is not on the public internet.")
    return addresses


def _is_plain_v4(host: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False


def _own_networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Public networks that are nonetheless ours (`FETCH_OWN_NETWORKS`, a list of "203.0.113.0/24")."""
    return [ipaddress.ip_network(text) for text in getattr(settings, "FETCH_OWN_NETWORKS", ())]
