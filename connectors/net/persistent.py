"""HTTP by httpcore and h11: a connection that is kept, and answers out of the ordinary."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from connectors.net.guard import Resolver, Stream, connect_checked
from connectors.net.transport import check_scheme, tls_context

_NAMES = (
    *("TimeoutException", "ConnectTimeout", "ReadTimeout", "WriteTimeout"),
    *("NetworkError", "ConnectError", "ReadError", "WriteError"),
    *("ProtocolError", "LocalProtocolError", "RemoteProtocolError"),
)
_MEANING = {getattr(httpcore, name): getattr(httpx, name) for name in _NAMES}
# An answer is a few words; what is longer is not read on, and ends the connection.
MOST_BYTES = 64 * 1024


class PersistentTransport(httpx.AsyncBaseTransport):
    """Sends requests one by one, over one connection while the receiver keeps it.

    A channel has one receiver, so one connection does for httpx's pool; the address that
    is connected to is checked, as for feeds.
    """

    def __init__(self, resolver: Resolver) -> None:
        """Connect where *resolver* allows it."""
        self._resolver = resolver
        self._tls: ssl.SSLContext | None = None
        self._connection: httpcore.AsyncHTTP11Connection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer, its body read up to ``MOST_BYTES``.

        Raises:
            AddressRefusedError: The host lies where we do not go.
            httpx.TransportError: The connection, or what came through it, is broken.
        """
        asked = as_httpcore(request)
        with as_httpx():
            try:
                if self._is_usable(asked.url):
                    try:
                        return await self._exchange(asked)
                    except (httpcore.RemoteProtocolError, httpx.NetworkError):
                        # The receiver closed it while we wrote; the key of the message
                        # keeps a receiver that did get it from taking it twice.
                        await self.aclose()
                await self._connect(asked.url)
                return await self._exchange(asked)
            except BaseException:
                await self.aclose()
                raise

    async def aclose(self) -> None:
        """Close the connection, if one is open."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.aclose()

    def _is_usable(self, url: httpcore.URL) -> bool:
        last = self._connection
        return (
            last is not None
            and last.can_handle_request(url.origin)
            and last.is_idle()
            and not last.has_expired()
        )

    async def _connect(self, url: httpcore.URL) -> None:
        await self.aclose()
        host = url.host.decode("ascii")
        stream = await connect_checked(self._resolver, host, url.origin.port)
        self._connection = httpcore.AsyncHTTP11Connection(url.origin, _Stream(stream))
        if url.scheme == b"https":
            self._tls = self._tls or tls_context()
            await stream.start_tls(self._tls, server_hostname=host.strip("[]"))

    async def _exchange(self, asked: httpcore.Request) -> httpx.Response:
        connection = self._connection
        if connection is None:  # pragma: no cover  _connect has made one
            raise httpcore.ConnectError("not connected")
        answer = await connection.handle_async_request(asked)
        body = bytearray()
        async for part in answer.aiter_stream():
            body += part
            if len(body) > MOST_BYTES:
                await self.aclose()
                break
        await answer.aclose()
        return httpx.Response(
            answer.status, headers=answer.headers, stream=httpx.ByteStream(bytes(body))
        )


async def read_by_h11(
    request: httpx.Request, stream: Stream, begun: bytes
) -> httpx.Response:
    """Return the answer to *request*, which was sent; *begun* is what was read of it."""
    asked = as_httpcore(request)
    with as_httpx():
        resumed = _Stream(stream, begun)
        connection = httpcore.AsyncHTTP11Connection(asked.url.origin, resumed)
        answer = await connection.handle_async_request(asked)
    return httpx.Response(
        answer.status,
        headers=answer.headers,
        stream=_Body(answer, stream),
        extensions=answer.extensions,
    )


class _Stream(httpcore.AsyncNetworkStream):
    """A connection for httpcore, with what was read already of an answer *begun*."""

    def __init__(self, stream: Stream, begun: bytes | None = None) -> None:
        self._stream = stream
        self._begun = begun

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        """Return what was read already, then what comes."""
        begun, self._begun = self._begun, None
        return await self._stream.read(max_bytes) if begun is None else begun

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        """Send *buffer*, unless it was sent before the answer began."""
        if self._begun is None:
            await self._stream.write(buffer)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection knows by that name."""
        return self._stream.get_extra_info(info)


class _Body(httpx.AsyncByteStream):
    """A body being received; closing it closes the connection."""

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
    check_scheme(request.url)
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
