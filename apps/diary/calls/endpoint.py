"""Where a call may be sent: to the push services of browsers' makers, and nowhere else.

A browser hands the address in, so it may be anything: without these rules whoever has an account
could make the server ask its neighbours behind the firewall.
"""

import ipaddress
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import urlsplit

NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotAllowedError(ValueError):
    """The address is not one of a push service that we know. The message says why."""


class Endpoint(NamedTuple):
    host: str
    path: str  # with its query


def allowed(address: str, hosts: Iterable[str]) -> Endpoint:
    """Where to send, or NotAllowedError. A host that begins with a dot stands for all below it."""
    if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        raise NotAllowedError("It is no address.")
    try:
        found = urlsplit(address)
        host, port = found.hostname or "", found.port
    except ValueError:
        raise NotAllowedError("It is no address.") from None
    if found.scheme != "https" or found.username is not None or found.fragment:
        raise NotAllowedError("It is no plain https address.")
    if port not in (None, 443):
        raise NotAllowedError("It names another port.")
    if not any(host == known or (known[0] == "." and host.endswith(known)) for known in hosts):
        raise NotAllowedError("Its host is no push service that we know.")
    return Endpoint(host, f"{found.path or '/'}{f'?{found.query}' if found.query else ''}")


def is_public(address: str) -> bool:
    """Whether the IP address is anybody's on the internet, and not of this network or machine."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = _inside(found) if isinstance(found, IPv6Address) else None
    return all(each.is_global and not each.is_multicast for each in (found, inner) if each)


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a router on the way would turn this one into."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
