"""Server of the desk: its socket, and the checks before it listens."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from flows.settings import Settings
from flows.web.access import LEAST_TOKEN, LONGER, is_short, token_of, writing_token
from flows.web.app import create_app
from flows.web.connections import Connections, DeskConnection
from flows.web.maker import Maker
from transforms.config import ConfigError

DEFAULT_PORT = 8330
LOOPBACK = "127.0.0.1"
WAITING = 2_048
# Bytes of a request's head; the guard has a page for what is long and not this long.
HEAD = 65_536
PATIENCE_SECONDS = 5
# Until a thread that makes a page lets go of Python, for which the loop waits each time it
# has touched the network or a file: 3 ms for each such touch by Python's own 5 ms.
SWITCH_SECONDS = 0.0005


class ListenError(Exception):
    """The desk cannot listen there; the message says why, with a remedy."""


def serve(
    settings: Settings,
    *,
    assistants: Callable[[Maker], ASGIApp],
    port: int | None,
    listen: str = LOOPBACK,
    is_read_only: bool = False,
    report: Callable[[str], None],
) -> None:
    """Serve until Ctrl-C or SIGTERM; where *is_read_only*, corrections are off.

    *assistants* makes the app at ``/mcp``.

    Raises:
        ConfigError: It would be open beyond this machine, without a token.
        ListenError: The address or port cannot be had.
    """
    check_open(settings, listen)
    writing = None if is_read_only else writing_token(settings, report)
    sys.setswitchinterval(SWITCH_SECONDS)
    with bound(listen, port) as sock:
        report(f"the desk: {address_of(sock)}/")
        report("stop with Ctrl-C")
        server = make_server(
            settings, address_of(sock), writing=writing, assistants=assistants
        )
        server.run(sockets=[sock])


def make_server(
    settings: Settings,
    address: str,
    *,
    writing: str | None = None,
    assistants: Callable[[Maker], ASGIApp],
) -> uvicorn.Server:
    """Return a server for the desk of a home, reachable at *address*.

    Clients with the token *writing* may correct the published data; without it none may.
    """
    return uvicorn.Server(
        uvicorn.Config(
            create_app(settings, address=address, writing=writing, assistants=assistants),
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=HEAD,
            timeout_graceful_shutdown=PATIENCE_SECONDS,
            http=cast(
                "Any",
                partial(DeskConnection, register=Connections(settings.trusted_proxies)),
            ),
            ws="none",
        )
    )


def check_open(settings: Settings, listen: str) -> None:
    """Refuse to listen beyond this machine without a safe token.

    Raises:
        ConfigError: There is no token or a short one, and *listen* is not of this machine
            alone.
    """
    if is_loopback(listen):
        return
    if not token_of(settings):
        raise ConfigError(
            "--listen",
            f"{listen} can be reached from other machines, and there is no token",
            "set SINOWIRE_WEB_TOKEN, or put a proxy with a sign-in on this machine",
        )
    if is_short(settings):
        raise ConfigError(
            "SINOWIRE_WEB_TOKEN",
            f"it has fewer than {LEAST_TOKEN} characters, and {listen} can be reached from "
            "other machines",
            LONGER,
        )


def is_loopback(address: str) -> bool:
    """Tell whether *address* is reachable from this machine only."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def bound(listen: str, port: int | None) -> socket.socket:
    """Return a socket that listens at *port*, by default 8330 or a free one.

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
    """Return the address of *sock* for a browser on this machine."""
    host, port = sock.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = LOOPBACK
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
