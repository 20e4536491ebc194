"""Serve the desk: where it listens, and what it wants before it does."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import uvicorn

from flows.settings import Settings
from flows.web.app import create_app
from transforms.config import ConfigError

DEFAULT_PORT = 8330
LOOPBACK = "127.0.0.1"
# Requests in hand at one time; whoever comes beyond is told to come back.
MOST = 1_000
WAITING = 2_048
# Bytes of a request's head; the guard has a page for what is long and not this long.
HEAD = 65_536
PATIENCE_SECONDS = 5


class ListenError(Exception):
    """The desk cannot listen there; says why and what to do."""


def serve(
    settings: Settings,
    *,
    port: int | None,
    listen: str = LOOPBACK,
    report: Callable[[str], None],
) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        ConfigError: It would be open beyond this machine, without a token.
        ListenError: The address or port cannot be had.
    """
    check_open(settings, listen)
    with bound(listen, port) as sock:
        report(f"the desk: {address_of(sock)}/")
        report("stop with Ctrl-C")
        make_server(settings, address_of(sock)).run(sockets=[sock])


def make_server(settings: Settings, address: str) -> uvicorn.Server:
    """Return a server of the desk of a home, which is reached at *address*."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(settings, address=address),
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MOST,
            h11_max_incomplete_event_size=HEAD,
            timeout_graceful_shutdown=PATIENCE_SECONDS,
            http="h11",
            ws="none",
        )
    )


def check_open(settings: Settings, listen: str) -> None:
    """Refuse to be open beyond this machine to whoever comes.

    Raises:
        ConfigError: There is no token, and *listen* is not of this machine alone.
    """
    if settings.web_token is None and not is_loopback(listen):
        raise ConfigError(
            "--listen",
            f"{listen} can be reached from other machines, and there is no token",
            "set SINOWIRE_WEB_TOKEN, or let a proxy on this machine ask who comes",
        )


def is_loopback(address: str) -> bool:
    """Say whether nobody but this machine reaches *address*."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def bound(listen: str, port: int | None) -> socket.socket:
    """Return a socket that listens at *port*; without one at 8330, or a free one.

    Raises:
        ListenError: It is taken, or not ours to have.
    """
    wanted = DEFAULT_PORT if port is None else port
    try:
        return _bound(listen, wanted)
    except OSError as exc:
        if port is None and not isinstance(exc, socket.gaierror | PermissionError):
            return _bound(listen, 0)
        raise ListenError(
            f"cannot listen at {listen}, port {wanted}: {exc.strerror or exc}; "
            "name another with --port or --listen"
        ) from exc


def _bound(listen: str, port: int) -> socket.socket:
    family, kind, proto, _, where = socket.getaddrinfo(
        listen, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    sock = socket.socket(family, kind, proto)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(where)
        sock.listen(WAITING)
    except BaseException:
        sock.close()
        raise
    return sock


def address_of(sock: socket.socket) -> str:
    """Return the address by which a browser here reaches *sock*."""
    host, port = sock.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = LOOPBACK
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
