"""Endpoint ``/mcp`` of the desk: streamable HTTP, one request at a time, behind the guard.

The guard has asked for the token, and refused pages of other sites and foreign names,
before anything comes here. Nothing is kept between two requests, and there is no stream:
what a tool says is one JSON document.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.web.answers import PLAIN, make_answer
from flows.web.guard import ASSISTANTS
from flows.web.maker import Maker

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

INSTALL = "pip install '.[mcp]'"
MISSING = (
    "assistants need the extra mcp, which is not installed; in the clone of sinowire run: "
    f"{INSTALL}"
)
# Bytes of a request: a statement and its frame.
LONGEST = 100_000
# Requests in hand; each may take a thread.
MOST = 16

TOO_MANY = make_answer(
    "Too many assistants ask at this moment. Ask again in a few seconds.\n",
    status=503,
    media=PLAIN,
    headers=(("retry-after", "5"), ("cache-control", "no-store")),
)


class Assistants:
    """Answers assistants; the first request loads the SDK: a second, and 35 MB."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self._in_hand = 0
        self._starting: asyncio.Task[ASGIApp] | None = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._in_hand >= MOST:
            await TOO_MANY(scope, receive, send)
            return
        self._in_hand += 1
        try:
            app = await self._app()
            await app(scope, receive, send)
        finally:
            self._in_hand -= 1

    async def _app(self) -> ASGIApp:
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        try:
            return await asyncio.shield(self._starting)
        except ImportError:
            return make_answer(f"{MISSING}\n", status=501, media=PLAIN)

    async def _start(self) -> ASGIApp:
        manager = await anyio.to_thread.run_sync(_manager, self.maker)
        ready = asyncio.Event()
        self._running = asyncio.create_task(_run(manager, ready))
        await ready.wait()
        return manager.handle_request


def _manager(maker: Maker) -> StreamableHTTPSessionManager:
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415

    from flows.assistants.look import Look  # noqa: PLC0415
    from flows.assistants.server import make_assistant_server  # noqa: PLC0415

    server = make_assistant_server(Look(maker))
    server.streamable_http_app(
        streamable_http_path=ASSISTANTS,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LONGEST,
        # The desk's guard knows its names and origins.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return server.session_manager


async def _run(manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
    """Run until the loop ends, in one task: it must leave the scopes that it entered."""
    async with manager.run():
        ready.set()
        await asyncio.get_running_loop().create_future()
