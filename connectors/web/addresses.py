"""Which addresses may be connected to: public ones, and hosts that the owner named."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection

from connectors.web.failure import FetchFailed, refused

Resolve = Callable[[str, int], list[str]]
"""Host and port → IP addresses. Raises OSError."""

_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_])?")
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}")
_NEVER = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Metadata services at addresses that look public: Azure's."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "::/96",  # IPv4-compatible
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b:1::/48",  # local NAT64
        "100::/64",  # discard-only
        "2001::/23",  # Teredo and protocol assignments
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local
        "192.0.0.0/24",  # protocol assignments; a metadata service
    )
)
"""Networks that hold no public website, though not every Python calls them private."""


def plain_host(host: str) -> str:
    """A host in the one spelling: lower case, IDNA, IP addresses in full, IPv6 in brackets.

    `0x7f.1`, `017700000001` and `2130706433` are all 127.0.0.1. Raises FetchFailed.
    """
    host = host.lower().rstrip(".")
    if "%" in host:
        raise refused("The host name holds a percent sign.")
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host.strip('[]'))}]"
        except ValueError as exc:
            raise refused("It is no valid IPv6 address.") from exc
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as exc:
            raise FetchFailed("broken-address", "The host name is not valid.") from exc
    if _NUMBERS.fullmatch(host):
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError as exc:
            raise refused("The host is a number, but no IP address.") from exc
    if not _HOST.fullmatch(host) or _NUMBERS.fullmatch(host.rpartition(".")[2]):
        raise FetchFailed("broken-address", "The host name is not valid.")
    return host


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet; IPv4 inside IPv6 counts as itself."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(str(inner))
    unusable = address.is_multicast or address.is_reserved or address in _NEVER
    is_closed = unusable or any(address in network for network in _CLOSED)
    return address.is_global and not is_closed


def is_ip_address(host: str) -> bool:
    """Whether the host is an IP address, not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def system_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(
    host: str, port: int, allowed: Collection[str], resolve: Resolve = system_addresses
) -> list[str]:
    """The addresses of `host`, looked up once. Raises FetchFailed: `refused-address` where any of
    them is not public and the host is not `allowed`, `unreachable` where there are none."""
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as exc:
        raise FetchFailed("unreachable", f"There is no host {host}.", is_temporary=True) from exc
    if not found:
        raise FetchFailed("unreachable", f"There is no host {host}.", is_temporary=True)
    if host not in allowed and not all(map(is_public, found)):
        raise FetchFailed(
            "refused-address",
            f"{host} leads to an address that is not public. If it is yours, add it to "
            "`allow_private_hosts` under [sources.web] in bot.toml.",
            is_temporary=True,  # names change: what the site had before is not gone
        )
    return found
