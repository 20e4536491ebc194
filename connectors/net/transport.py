"""How requests reach the network: to checked addresses, a connection each.

It stands in for httpx's own transport. That one keeps a pool of connections, which is
of no use to one request a host and most of what a small answer costs, and it has no
public place where the address that is connected to could be checked.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from connectors.net.guard import Resolver, connect_checked
from connectors.net.streams import Stream

_NAMES = (
    *("TimeoutException", "ConnectTimeout", "ReadTimeout", "WriteTimeout"),
    *("NetworkError", "ConnectError", "ReadError", "WriteError"),
    *("ProtocolError", "LocalProtocolError", "RemoteProtocolError"),
)
_MEANING = {getattr(httpcore, name): getattr(httpx, name) for name in _NAMES}


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends each request over a connection of its own, which ends with the answer."""

    def __init__(self, resolver: Resolver, *, tls: ssl.SSLContext | None = None) -> None:
        """Connect where *resolver* allows it; *tls* is what https is spoken by."""
        self._resolver = resolver
        self._tls = tls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer's head; its body comes as it is read.

        Raises:
            AddressRefusedError: The host lies where we do not go.
            httpx.TransportError: The connection, or what came through it, is broken.
        """
        asked = as_httpcore(request)
        with as_httpx():
            stream = await self._connect(asked.url)
            try:
                connection = httpcore.AsyncHTTP11Connection(asked.url.origin, stream)
                answer = await connection.handle_async_request(asked)
            except BaseException:
                await stream.aclose()
                raise
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, stream),
            extensions=answer.extensions,
        )

    async def _connect(self, url: httpcore.URL) -> Stream:
        host, port = url.host.decode("ascii"), url.origin.port
        stream = await connect_checked(self._resolver, host, port)
        if url.scheme == b"https":
            self._tls = self._tls or httpx.create_ssl_context(trust_env=False)
            await stream.start_tls(self._tls, server_hostname=host.strip("[]"))
        return stream


class _Body(httpx.AsyncByteStream):
    """A body on its way; closing it closes the connection."""

    def __init__(self, answer: httpcore.Response, stream: Stream) -> None:
        self._answer = answer
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with as_httpx():
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def as_httpcore(request: httpx.Request) -> httpcore.Request:
    """Return *request* as httpcore sends it."""
    if request.url.scheme not in {"http", "https"} or not request.url.host:
        raise httpx.UnsupportedProtocol(f"{request.url} is not an http(s) address")
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


@contextmanager
def as_httpx() -> Iterator[None]:
    """Raise httpcore's errors as those of httpx."""
    try:
        yield
    except tuple(_MEANING) as exc:
        raise _MEANING[type(exc)](str(exc)) from exc
