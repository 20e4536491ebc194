"""Connections: deadlines for requests and answers, limits, and the client behind each.

uvicorn waits without end for a client that sends no request, or does not read its answer,
and counts all clients alike. Here a request has a deadline, and at the limit the connection
idle for longest is closed first: a new request is let in, and so is a service manager that
checks the desk's health. The client is the peer, or the one that a trusted proxy names.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import h11
from starlette.datastructures import Headers
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from flows.setting_kinds import Network

# From the first byte of a request, or from the connection, to the request's end.
ASKING_SECONDS = 10.0
# Without a byte taken of an answer that is ready.
TAKING_SECONDS = 15.0
# Files that the process may open are 1,024 where nobody says otherwise.
MOST = 600
MOST_OF_ONE = 100
# Bytes of answers that clients do not read.
UNTAKEN = 64_000_000
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
# A client with one IPv6 address has all of such a network.
ONE_SITE = 64
Number = ipaddress.IPv4Address | ipaddress.IPv6Address


class Connections:
    """The connections of one server; those that wait for their client, oldest first."""

    def __init__(self, trusted: Iterable[Network] = ()) -> None:
        self.trusted = tuple(trusted)
        self.open: set[DeskConnection] = set()
        self.waiting: dict[DeskConnection, None] = {}
        self.of: Counter[str] = Counter()

    def enter(self, new: DeskConnection) -> None:
        """Add *new*; over the limit, the connection idle for longest is closed."""
        self.open.add(new)
        self.of[new.address] += 1
        if new.address and self.of[new.address] > MOST_OF_ONE:
            self._send_away(new, [c for c in self.waiting if c.address == new.address])
        elif len(self.open) > MOST:
            self._send_away(new, self.waiting)

    def leave(self, gone: DeskConnection) -> None:
        """Remove a connection."""
        self.waiting.pop(gone, None)
        if gone in self.open:
            self.open.remove(gone)
            self.of -= Counter([gone.address])

    def make_light(self) -> None:
        """Abort the oldest unread answer where unread answers take too much memory."""
        sizes = {c: c.transport.get_write_buffer_size() for c in self.waiting}
        if sum(sizes.values()) > UNTAKEN:
            oldest = next(c for c, size in sizes.items() if size)
            self.leave(oldest)
            oldest.transport.abort()

    def _send_away(self, new: DeskConnection, silent: Iterable[DeskConnection]) -> None:
        oldest = next((c for c in silent if c is not new), new)
        self.leave(oldest)
        oldest.transport.abort()

    def key_of(self, client: object) -> str:
        """Return the key to count connections of *client*, "" if they are not counted.

        Behind a proxy that we trust are many, and on this machine is whoever may use it.
        """
        number = number_of(client)
        if number is None or number.is_loopback or is_among(number, self.trusted):
            return ""
        return address_of(number)


class DeskConnection(H11Protocol):
    """A connection with deadlines while it waits for its client."""

    def __init__(self, *args: Any, register: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        self.address = ""
        self._asking: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the deadline for a request."""
        super().connection_made(transport)
        self.address = self.register.key_of(self.client[0] if self.client else None)
        self._watch()
        self.register.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all deadlines."""
        for timer in (self._asking, self._taking):
            if timer:
                timer.cancel()
        self.register.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Receive a part of a request."""
        if self.timeout_keep_alive_task is not None:
            self._asked()  # the deadline of the next request begins with its first byte
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Start the deadline for the next request."""
        super().on_response_complete()
        self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """Close, once the client has read the last answer."""
        super().timeout_keep_alive_handler()
        self._wait_for_taking()

    def pause_writing(self) -> None:
        """Start the deadline for the client to read the answer."""
        super().pause_writing()
        self._wait_for_taking()
        self.register.waiting[self] = None
        self.register.make_light()

    def resume_writing(self) -> None:
        """Stop the deadline: the client has read enough."""
        super().resume_writing()
        if self._taking:
            self._taking.cancel()
            self._taking = None
        self._asked()
        self._watch()

    def _watch(self) -> None:
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._asked()
        elif self._asking is None and not self.transport.is_closing():
            self.register.waiting[self] = None
            self._asking = self.loop.call_later(ASKING_SECONDS, self.transport.abort)

    def _asked(self) -> None:
        self.register.waiting.pop(self, None)
        if self._asking:
            self._asking.cancel()
            self._asking = None

    def _wait_for_taking(self) -> None:
        if self._taking is None:
            left = self.transport.get_write_buffer_size()
            self._taking = self.loop.call_later(TAKING_SECONDS, self._look, left)

    def _look(self, before: int) -> None:
        """Abort where the client has read nothing since *before* bytes were left."""
        self._taking = None
        if self.transport.get_write_buffer_size() < before:
            self._wait_for_taking()
        else:
            self.transport.abort()


class Reader(NamedTuple):
    """The client of a request.

    ``address`` is what tries and waiting pages are counted by; ``is_local`` says that it is
    this machine. ``is_sealed`` says that it came by TLS, or from this machine under a name
    of loopback: there a browser tells whose page asks.
    """

    address: str
    is_local: bool
    is_sealed: bool


def reader_of(scope: Scope, headers: Headers, trusted: Iterable[Network]) -> Reader:
    """Return the client; forwarding headers count from trusted proxies only."""
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
    """Return the IP address in *text*, None if it is none."""
    try:
        number = ipaddress.ip_address(str(text).strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(number, "ipv4_mapped", None) or number


def is_among(number: Number, networks: Iterable[Network]) -> bool:
    """Tell whether an address is in one of *networks*."""
    return any(number in network for network in networks)


def address_of(number: Number) -> str:
    """Return the key to count a client by: its address, or its IPv6 network."""
    if number.version == 4:  # noqa: PLR2004
        return str(number)
    return str(ipaddress.ip_network((number, ONE_SITE), strict=False).network_address)


def _is_loop(headers: Headers) -> bool:
    name = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    number = number_of(name)
    return name == "localhost" or (number is not None and number.is_loopback)
