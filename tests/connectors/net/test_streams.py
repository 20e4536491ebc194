"""Connections as transports use them: plain, encrypted, refused and cut off."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.errors import PermanentFeedError
from connectors.feeds.fetch.fetcher import open_fetcher, open_transport, request_for, send
from connectors.net.guard import Resolver, connect
from connectors.net.transport import GuardedTransport


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody vouches for, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feeds.example")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


class Encrypted(BaseHTTPRequestHandler):
    """Answers every request with a large body."""

    def do_GET(self):
        body = b"<rss/>" * 100_000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def secure(certificate):
    """The address of a server that speaks HTTPS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Encrypted)
    server.daemon_threads = True
    server.block_on_close = False
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    # The handshake belongs into the connection's own thread: one that fails ends only that.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.handle_error = lambda *_args: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/feed"
    server.shutdown()
    thread.join()
    server.server_close()


def test_encrypted_answer_arrives_whole(secure, certificate, options):
    """A large answer comes through an encrypted connection as it was sent."""

    async def fetch():
        tls = ssl.create_default_context(cafile=certificate)
        resolver = Resolver(options.allow_private)
        transport = open_transport(options, resolver, tls=tls, proxy=None)
        async with transport:
            response = await send(transport, request_for(httpx.URL(secure), {}, "test"))
            body = await response.aread()
            await response.aclose()
            return response.status_code, body

    assert asyncio.run(fetch()) == (200, b"<rss/>" * 100_000)


def test_certificate_that_nobody_vouches_for(secure, options, make_feed):
    """A certificate that cannot be checked is a permanent error that says so."""

    async def fetch():
        async with open_fetcher(options) as fetcher:
            await fetcher.fetch(make_feed(secure))

    with pytest.raises(PermanentFeedError, match="its certificate is not valid"):
        asyncio.run(fetch())


def test_nobody_listens():
    """A refused connection says so, and does not name the address."""

    async def try_it():
        await connect("127.0.0.1", 1, None)

    with pytest.raises(httpx.ConnectError, match=r"^Connection refused$"):
        asyncio.run(try_it())


def test_nobody_answers():
    """An address that takes no connections in time is given up."""

    async def try_it(port):
        await connect("127.0.0.1", port, 0.0)

    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(httpx.ConnectTimeout, match=r"127\.0\.0\.1 does not answer"),
    ):
        asyncio.run(try_it(server.getsockname()[1]))


def test_connection_that_is_cut_off():
    """A connection that the other side resets is an error of reading, not an end."""

    async def try_it(server):
        stream = await connect("127.0.0.1", server.getsockname()[1], 5)
        accepted, _ = server.accept()
        # Closed with nothing to linger for, a socket is reset.
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        accepted.close()
        try:
            await stream.read(10)
        finally:
            await stream.aclose()

    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(httpx.ReadError, match="reset"),
    ):
        asyncio.run(try_it(server))


def test_end_of_an_answer():
    """A connection that the other side closes reads as nothing."""

    async def try_it():
        async def hang_up(_reader, writer):
            writer.close()

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        async with server:
            stream = await connect("127.0.0.1", server.sockets[0].getsockname()[1], 5)
            assert await stream.read(10) == b""
            await stream.aclose()

    asyncio.run(try_it())


@pytest.mark.parametrize("url", ["ftp://x.example/", "https:///nobody"])
def test_transport_speaks_http_only(url):
    """An address of another kind, or without a host, goes nowhere."""

    async def try_it():
        await send(GuardedTransport(Resolver()), httpx.Request("GET", url))

    with pytest.raises(httpx.UnsupportedProtocol):
        asyncio.run(try_it())
