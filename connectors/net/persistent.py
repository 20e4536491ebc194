"""A connection that is kept open from message to message, to checked addresses only."""

from __future__ import annotations

import ssl

import httpcore
import httpx

from connectors.net.guard import Resolver, connect_checked
from connectors.net.transport import as_httpcore, as_httpx

# An answer is a few words; what is longer is not read on, and ends the connection.
MOST_BYTES = 64 * 1024


class PersistentTransport(httpx.AsyncBaseTransport):
    """Sends requests one after the other, over one connection while the receiver allows.

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
            self._tls = self._tls or httpx.create_ssl_context(trust_env=False)
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
