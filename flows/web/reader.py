"""Who asks: the peer, or whom a trusted proxy asks for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from flows.settings.kinds import Network

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
# Whoever has one IPv6 address has all of such a network.
ONE_SITE = 64
Number = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reader(NamedTuple):
    """Who asks.

    ``address`` is what tries and waiting pages are counted by; ``is_local`` says that it is
    this machine. ``is_sealed`` says that it came by TLS, or from this machine under a name
    of loopback: there a browser tells whose page asks.
    """

    address: str
    is_local: bool
    is_sealed: bool


def reader_of(scope: Scope, headers: Headers, trusted: Iterable[Network]) -> Reader:
    """Return who asks; what a header says counts where a proxy of ours put it there."""
    peer = number_of((scope.get("client") or ("", 0))[0])
    if peer is None:
        return Reader("", is_local=False, is_sealed=False)
    if not any(name in headers for name in FORWARDED):
        own = peer.is_loopback
        return Reader(address_of(peer), is_local=own, is_sealed=own and _is_loop(headers))
    trusted = tuple(trusted)
    if not is_among(peer, trusted):
        return Reader(address_of(peer), is_local=False, is_sealed=False)
    hops = [number_of(hop) for hop in headers.get("x-forwarded-for", "").split(",")]
    while hops and hops[-1] and is_among(hops[-1], trusted):
        hops.pop()
    first = hops[-1] if hops else peer
    own = not hops or (first is not None and first.is_loopback)
    is_tls = headers.get("x-forwarded-proto", "").strip().lower() == "https"
    sealed = is_tls or (own and _is_loop(headers))
    return Reader(address_of(first or peer), is_local=own, is_sealed=sealed)


def number_of(text: object) -> Number | None:
    """Return the address that *text* is, None where it is none."""
    try:
        found = ipaddress.ip_address(str(text).strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def is_among(number: Number, networks: Iterable[Network]) -> bool:
    """Say whether an address is in one of *networks*."""
    return any(number in network for network in networks)


def address_of(number: Number) -> str:
    """Return what a reader is counted by."""
    if number.version == 4:  # noqa: PLR2004
        return str(number)
    return str(ipaddress.ip_network((number, ONE_SITE), strict=False).network_address)


def _is_loop(headers: Headers) -> bool:
    name = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    number = number_of(name)
    return name == "localhost" or (number is not None and number.is_loopback)
