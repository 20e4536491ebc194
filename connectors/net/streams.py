"""Connections for httpcore on asyncio's own streams.

httpcore's other backends serve several event loops, and the layer between costs a
third of a small request's CPU. We have one loop, and bound each exchange as a whole.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpcore


async def connect(address: str, port: int, timeout: float | None) -> Stream:  # noqa: ASYNC109
    """Connect to a literal *address*.

    Raises:
        httpcore.ConnectError, httpcore.ConnectTimeout: Nobody answers there.
    """
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(address, port)
    except TimeoutError as exc:
        raise httpcore.ConnectTimeout(f"{address} does not answer") from exc
    except OSError as exc:
        # Without the address: an error is published, and the network may be internal.
        reason = os.strerror(exc.errno) if exc.errno else str(exc)
        raise httpcore.ConnectError(reason) from exc
    return Stream(reader, writer)


class Stream(httpcore.AsyncNetworkStream):
    """An open connection; httpcore's timeouts per read are ignored."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        """Return what has come, at most *max_bytes*; nothing at the end."""
        with _mapped(httpcore.ReadError):
            return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        """Send all of *buffer*."""
        with _mapped(httpcore.WriteError):
            self._writer.write(buffer)
            await self._writer.drain()

    async def aclose(self) -> None:
        """Close without waiting for the peer: the answer was read, or is not needed."""
        with suppress(OSError):
            self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> Stream:
        """Encrypt the connection from here on."""
        try:
            with _mapped(httpcore.ConnectError):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException:
            await self.aclose()
            raise
        return self


@contextmanager
def _mapped(error: type[httpcore.NetworkError]) -> Iterator[None]:
    # ssl.SSLError is an OSError too.
    try:
        yield
    except OSError as exc:
        raise error(str(exc)) from exc
