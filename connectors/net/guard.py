"""Guard against private networks, at the connection itself: a URL may name any address.

The checked address is the one connected to, so that no name can answer differently
the second time. Connections are asyncio's own streams, without a layer between that serves
several event loops: we have one, and bound each exchange as a whole.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

import httpx

Network = IPv4Network | IPv6Network
# The part of IPv6 that is given out to the public; the rest is reserved or local, or
# wraps an IPv4 address that some router may unwrap (::ffff:0:a.b.c.d, SIIT's).
EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_PUBLIC_IPV6 = ip_network("2000::/3")
# Python 3.11's is_global lets some of these pass. 168.63.129.16 answers for Azure's hosts
# inside a machine there, metadata and keys included; 2001::/23 and 2002::/16 hold Teredo
# and 6to4, which wrap IPv4 addresses and lead nowhere these days.
_NEVER: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "168.63.129.16/32", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
_NAT64 = ip_network("64:ff9b::/96")
# Seconds for one of several addresses, before the next is tried.
_NEXT_ADDRESS = 5.0
# Names that mean something inside a network only: a cloud's metadata, a router.
_INSIDE = (
    ".internal",
    ".local",
    ".localhost",
    ".localdomain",
    ".lan",
    ".home.arpa",
    ".intranet",
)


class AddressRefusedError(Exception):
    """A name resolves to an address that is not allowed.

    ``host`` and ``address`` are what it was, "" if no address was looked up.
    """

    def __init__(self, message: str, host: str = "", address: str = "") -> None:
        super().__init__(message)
        self.host = host
        self.address = address


class Resolver:
    """Resolves every host once a run, and checks its addresses."""

    def __init__(self, allow: Iterable[Network] = ()) -> None:
        self._allow = tuple(allow)
        self._found: dict[str, asyncio.Task[tuple[str, ...]]] = {}

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return the addresses of *host*, all of them checked.

        Raises:
            AddressRefusedError: One of them is not public, nor allowed by the options.
            httpx.ConnectError: The name has none.
        """
        found = await self._lookup(host)
        for address in found:
            if not is_allowed(address, self._allow):
                raise AddressRefusedError(
                    f"{host} leads to the private address {address}, which is refused;"
                    " SINOWIRE_ALLOW_PRIVATE_ADDRESSES opens a network that you trust",
                    host.strip("[]"),
                    address,
                )
        return found

    async def is_internal(self, host: str) -> bool:
        """Tell whether *host* is in a private network that the settings allow."""
        if not self._allow:
            return False
        try:
            found = await self._lookup(host)
        except httpx.ConnectError:
            return False
        return all(_is_in(_bare(address), self._allow) for address in found)

    async def _lookup(self, host: str) -> tuple[str, ...]:
        task = self._found.get(host)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(_resolve(host))
            self._found[host] = task
        # Shielded: several feeds of a host wait for one look-up.
        return await asyncio.shield(task)


async def connect_checked(resolver: Resolver, host: str, port: int) -> Stream:
    """Resolve *host*, check its addresses, and connect to the first that answers.

    Raises:
        AddressRefusedError: An address is not public, nor allowed.
        httpx.ConnectError, httpx.ConnectTimeout: Nobody answers.
    """
    *rest, last = await resolver.addresses(host)
    for address in rest:
        try:
            return await connect(address, port, _NEXT_ADDRESS)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await connect(last, port, None)


def check_host(host: str, allow: Iterable[Network]) -> None:
    """Check a host that a foreign library will resolve and connect to by itself.

    Raises:
        AddressRefusedError: It leads to a private address that is not allowed.
    """
    # A name that has no address is the library's to find out.
    with suppress(httpx.ConnectError):
        asyncio.run(Resolver(allow).addresses(host))


def check_unknown_name(host: str) -> None:
    """Check a name that only the proxy may be able to resolve.

    Raises:
        AddressRefusedError: It is a name of the proxy's own network.
    """
    name = host.lower().rstrip(".")
    if "." not in name or name.endswith(_INSIDE):
        raise AddressRefusedError(
            f"{host} is a name of an internal network; no proxy is asked for such names"
        )


# A host has several addresses and many feeds, each of which asks.
@lru_cache(maxsize=16_384)
def is_allowed(address: str, allow: tuple[Network, ...] = ()) -> bool:
    """Tell whether *address* is public, or inside one of the networks *allow*."""
    ip = _bare(address)
    if _is_in(ip, allow):
        return True
    if isinstance(ip, IPv6Address) and ip not in _PUBLIC_IPV6:
        return False
    return ip.is_global and not ip.is_multicast and not _is_in(ip, _NEVER)


@lru_cache(maxsize=16_384)
def _bare(address: str) -> IPv4Address | IPv6Address:
    """Return the IPv4 address inside an IPv6 form that wraps one, else the address."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _is_in(ip: IPv4Address | IPv6Address, networks: Iterable[Network]) -> bool:
    return any(ip in network for network in networks)


async def _resolve(host: str) -> tuple[str, ...]:
    try:
        return (str(ip_address(host.strip("[]"))),)
    except ValueError:
        pass  # a name, which is looked up
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise httpx.ConnectError(f"{host} cannot be found: {exc}") from exc
    return tuple(dict.fromkeys(str(info[4][0]) for info in found))


async def connect(address: str, port: int, timeout: float | None) -> Stream:  # noqa: ASYNC109
    """Connect to a literal *address*.

    Raises:
        httpx.ConnectError, httpx.ConnectTimeout: Nobody answers there.
    """
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(address, port)
    except TimeoutError as exc:
        raise httpx.ConnectTimeout(f"{address} does not answer") from exc
    except OSError as exc:
        # Without the address: an error is published, and the network may be internal.
        reason = os.strerror(exc.errno) if exc.errno else str(exc)
        raise httpx.ConnectError(reason) from exc
    return Stream(reader, writer)


class Stream:
    """An open connection, as httpcore has them too; its timeouts per read are ignored."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        """Return the bytes received, at most *max_bytes*; none at the end."""
        with _mapped(httpx.ReadError):
            return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        """Send all of *buffer*; where that fails, reading tells what came of it.

        A server may answer, and close, before it has read all that we say.
        """
        with suppress(OSError):
            self._writer.write(buffer)
            await self._writer.drain()

    async def aclose(self) -> None:
        """Close without waiting for the peer: the answer was read, or is not needed."""
        with suppress(OSError):
            self._writer.transport.abort()

    def get_extra_info(self, info: str) -> Any:
        """Return what asyncio knows by that name, such as ``ssl_object``."""
        return self._writer.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> Stream:
        """Encrypt the connection from here on."""
        try:
            with _mapped(httpx.ConnectError):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException:
            await self.aclose()
            raise
        return self


@contextmanager
def _mapped(error: type[httpx.NetworkError]) -> Iterator[None]:
    # ssl.SSLError is an OSError too.
    try:
        yield
    except OSError as exc:
        raise error(str(exc)) from exc
