"""HTTP transport to checked addresses, with a connection of its own for each request.

It stands in for httpx's own transport. That one keeps a pool of connections, which is
of no use to one request a host and most of what a small answer costs, and it has no
public place where the address that is connected to could be checked.
httptools reads an answer whose head comes at once and by the rules, which nearly all do.
What comes in pieces or bends rules is read by h11, which takes longer and forgives more.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import AsyncIterator

import httptools
import httpx

from connectors.net.guard import Resolver, Stream, connect_checked

READ_BYTES = 64 * 1024
# Bytes on end that bring nothing of a body, such as what may follow its last chunk.
MOST_ASIDE = 100 * 1024
_FINAL = 200
_FIRST = re.compile(rb"[A-Z]+ [!-~]+ HTTP/1\.1")
_LINE = re.compile(rb"[!-9;-~]+: ?[\t\x20-\x7e\x80-\xff]*")
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
        check_scheme(request.url)
        head = _head(request)
        stream = await self._connect(request.url)
        try:
            await stream.write(head + request.content)
            begun = await stream.read(READ_BYTES)
            answer = _Answer(stream)
            if answer.is_begun_by(begun):
                return httpx.Response(
                    answer.status,
                    headers=answer.headers,
                    stream=answer,
                    extensions={
                        "http_version": answer.version,
                        "reason_phrase": answer.reason,
                        "network_stream": stream,
                    },
                )
            from connectors.net.persistent import read_by_h11  # noqa: PLC0415  seldom

            return await read_by_h11(request, stream, begun)
        except BaseException:
            await stream.aclose()
            raise

    async def _connect(self, url: httpx.URL) -> Stream:
        is_tls = url.scheme == "https"
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if is_tls else 80)
        stream = await connect_checked(self._resolver, host, port)
        if is_tls:
            self._tls = self._tls or tls_context()
            await stream.start_tls(self._tls, server_hostname=host.strip("[]"))
        return stream


class _Answer(httpx.AsyncByteStream):
    """An answer being received by httptools; closing it closes the connection."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._parser = httptools.HttpResponseParser(self)
        # As servers pad it.
        self._parser.set_dangerous_leniencies(lenient_spaces_after_chunk_size=True)
        self._parts: list[bytes] = []
        self._is_whole = False
        self.status = 0
        self.version = self.reason = b""
        self.headers: list[tuple[bytes, bytes]] = []

    def is_begun_by(self, data: bytes) -> bool:
        """Read the first *data*; tell whether a whole final head is in it, faultless."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            if not self._is_whole:  # after its end nothing counts
                return False
        return self.status >= _FINAL

    def on_status(self, reason: bytes) -> None:
        """Take the reason."""
        self.reason += b"" if self.status else reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, unless it follows a body."""
        if not self.status:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Take the status of the first head."""
        if not self.status:
            self.status = self._parser.get_status_code()
            self.version = f"HTTP/{self._parser.get_http_version()}".encode()

    def on_body(self, data: bytes) -> None:
        """Take a part of the body."""
        if not self._is_whole:
            self._parts.append(data)

    def on_message_complete(self) -> None:
        """Note the end."""
        self._is_whole = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        aside = 0
        while True:
            if self._parts:
                yield b"".join(self._parts)
                self._parts, aside = [], 0
            if self._is_whole:
                return
            data = await self._stream.read(READ_BYTES)
            aside += len(data)
            if not data and self._lasts_as_long_as_the_connection():
                return
            if not data or aside > MOST_ASIDE:
                raise httpx.RemoteProtocolError(
                    "Receive buffer too long"
                    if data
                    else "peer closed connection without sending complete message body"
                )
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserError as exc:
                if not self._is_whole:
                    raise httpx.RemoteProtocolError(str(exc)) from exc

    def _lasts_as_long_as_the_connection(self) -> bool:
        names = {name.lower() for name, _ in self.headers}
        return names.isdisjoint({b"content-length", b"transfer-encoding"})

    async def aclose(self) -> None:
        await self._stream.aclose()


def check_scheme(url: httpx.URL) -> None:
    """Refuse an address that is not of the web.

    Raises:
        httpx.UnsupportedProtocol: It is of another kind, or names no host.
    """
    if url.scheme not in {"http", "https"} or not url.host:
        raise httpx.UnsupportedProtocol(f"{url} is not an http(s) address")


def _head(request: httpx.Request) -> bytes:
    """Return the head of *request*.

    Raises:
        httpx.LocalProtocolError: A part of it would begin another line.
    """
    first = b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)
    lines = [b"%s: %s" % header for header in request.headers.raw]
    if not _FIRST.fullmatch(first) or not all(map(_LINE.fullmatch, lines)):
        raise httpx.LocalProtocolError("a header holds what no header may hold")
    return b"\r\n".join([first, *lines, b"", b""])


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
