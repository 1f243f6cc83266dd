"""Which addresses on the internet the site may read from: public ones, and nothing inside."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from asset_hub.interop.reading.files import Unreadable

LONGEST_URL = 500
# IPv6 that carries an IPv4 address inside it, or is routed nowhere: the checks of the outer
# address say nothing about where it leads.
CARRIERS = tuple(
    IPv6Network(text)
    for text in (
        "::/96",  # IPv4-compatible, ::1, ::
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96", "64:ff9b:1::/48",  # NAT64
        "100::/64",  # discard
        "2001::/23",  # Teredo and other special uses
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4
        "5f00::/16",  # segment routing
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
# Python 3.11 takes a few of these for public ones.
SPECIAL = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10")))
ISATAP = (0x00005EFE, 0x02005EFE)
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]


class Inside(Unreadable):
    """An address the site must not ask."""


@dataclass(frozen=True, slots=True)
class Target:
    """A web address taken apart."""

    scheme: str
    host: str
    port: int
    path: str  # with the query

    @property
    def origin(self) -> str:
        """Return scheme, host and port, as the Host header and the next address want them."""
        usual = {"http": 80, "https": 443}[self.scheme] == self.port
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if usual else f":{self.port}")

    @property
    def url(self) -> str:
        """Return the whole address."""
        return self.origin + self.path


def target(url: str, ports: frozenset[int]) -> Target:
    """Take a web address apart; raise Unreadable for one that the site does not read from."""
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url or "\\" in url:
        raise Unreadable("The address cannot be used: is something in it that does not belong?")
    try:
        parts = urlsplit(url)
        usual = {"http": 80, "https": 443}.get(parts.scheme, 0)
        port = usual if parts.port is None else parts.port
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError):
        raise Unreadable("The address cannot be used: is it written in full?") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise Unreadable("The address must start with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise Unreadable("The address must not hold a name or a password.")
    if port not in ports:
        raise Inside(f"Leave out “:{port}”: we read ordinary web addresses only.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Target(parts.scheme, host, port, path + (f"?{query}" if query else ""))


def is_public(text: str) -> bool:
    """Return whether an address is on the open internet, and nowhere that leads back inside."""
    try:
        found: Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and _carries(found):
        return False
    if isinstance(found, IPv4Address) and any(found in network for network in SPECIAL):
        return False
    special = (
        found.is_private or found.is_loopback or found.is_link_local or found.is_multicast
        or found.is_reserved or found.is_unspecified
    )  # fmt: skip
    return found.is_global and not special


def _carries(found: IPv6Address) -> bool:
    isatap = int(found) >> 32 & 0xFFFFFFFF in ISATAP
    return isatap or any(found in network for network in CARRIERS)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host; raise Unreadable when there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreadable(f"There is no site at {host}.") from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked(where: Target, find: Resolve, allowed: Callable[[str], bool]) -> list[str]:
    """Return the addresses of a host, each looked at; raise Inside when any is not public.

    Whoever connects takes one of these and asks nobody again: a second answer could differ.
    """
    found = find(where.host, where.port)
    if not found or not all(map(allowed, found)):
        raise Inside("The address leads to a place that is not on the open internet.")
    return found
