"""How many requests one host gets at a time, and how far apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from connectors.feeds.guard import Resolver
from connectors.feeds.options import FetchOptions


class Manners:
    """Grants turns: bounded in all, bounded and spaced a host."""

    def __init__(self, options: FetchOptions, resolver: Resolver) -> None:
        self._options = options
        self._resolver = resolver
        self._turns = asyncio.Semaphore(options.concurrency)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._next: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait until *url* may be asked for."""
        host = _host(url)
        per_host = self._hosts.setdefault(host, asyncio.Semaphore(self._options.per_host))
        # The host's turn first: waiting for a slow host must hold up nobody else.
        async with per_host:
            await self._space(host)
            async with self._turns:
                yield

    async def _space(self, host: str) -> None:
        if not self._options.spacing or await self._resolver.is_internal(host):
            return
        now = asyncio.get_running_loop().time()
        at = max(now, self._next.get(host, 0.0))
        self._next[host] = at + self._options.spacing
        if at > now:
            await asyncio.sleep(at - now)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
