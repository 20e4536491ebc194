"""HTTP transports to checked addresses, with one connection per request or a kept one.

It stands in for httpx's own transport. That one keeps a pool of connections, which is
of no use to one request a host and most of what a small answer costs, and it has no
public place where the address that is connected to could be checked.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from connectors.net.guard import Resolver, Stream, connect_checked

_NAMES = (
    *("TimeoutException", "ConnectTimeout", "ReadTimeout", "WriteTimeout"),
    *("NetworkError", "ConnectError", "ReadError", "WriteError"),
    *("ProtocolError", "LocalProtocolError", "RemoteProtocolError"),
)
_MEANING = {getattr(httpcore, name): getattr(httpx, name) for name in _NAMES}
# An answer is a few words; what is longer is not read on, and ends the connection.
MOST_BYTES = 64 * 1024
# Of an issuer's name longer than this the rest says nothing.
_LONGEST = 80


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends each request over its own connection, closed with the answer."""

    def __init__(self, resolver: Resolver, *, tls: ssl.SSLContext | None = None) -> None:
        """Connect where *resolver* allows it; *tls* is the context for https."""
        self._resolver = resolver
        self._tls = tls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer with its head; the body is streamed.

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
            self._tls = self._tls or tls_context()
            await stream.start_tls(self._tls, server_hostname=host.strip("[]"))
        return stream


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
                    except (httpcore.RemoteProtocolError, httpcore.NetworkError):
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
        kept = self._connection
        return (
            kept is not None
            and kept.can_handle_request(url.origin)
            and kept.is_idle()
            and not kept.has_expired()
        )

    async def _connect(self, url: httpcore.URL) -> None:
        await self.aclose()
        host = url.host.decode("ascii")
        stream = await connect_checked(self._resolver, host, url.origin.port)
        self._connection = httpcore.AsyncHTTP11Connection(url.origin, stream)
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


def tls_context() -> ssl.SSLContext:
    """Return the context for https: public authorities, or those of ``SSL_CERT_FILE``.

    Raises:
        httpx.ConnectError: The variable names nothing that can be read.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as exc:  # ssl.SSLError is one
        names = ("SSL_CERT_FILE", "SSL_CERT_DIR")
        name = next((n for n in names if os.environ.get(n)), names[0])
        reason = exc.strerror or exc
        raise httpx.ConnectError(
            f"{name} names {os.environ.get(name)}, which holds no certificates ({reason}); "
            "correct or unset it"
        ) from exc


def issuer_of(certificate: bytes) -> str:
    """Return the name of who issued *certificate* (DER), "" if it has none."""
    from cryptography import x509  # noqa: PLC0415  a tenth of a second, in an outage alone
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    try:
        issuer = x509.load_der_x509_certificate(certificate).issuer
    except ValueError:
        return ""
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    names = (name for kind in kinds for name in issuer.get_attributes_for_oid(kind))
    first = next((str(name.value) for name in names), "")
    return "".join(filter(str.isprintable, first))[:_LONGEST]
