"""How many requests one host gets at a time, how far apart, and when none at all.

Who asks to be left alone, and until when, is decided in ``poll/holds.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from connectors.feeds.fetch.options import FetchOptions
from connectors.net.guard import Resolver


class Politeness:
    """Grants turns: bounded in all, bounded and spaced a host.

    Under a pretended clock (*heed_holds* is False) no host is ever left alone.
    """

    def __init__(
        self, options: FetchOptions, resolver: Resolver, *, heed_holds: bool = True
    ) -> None:
        self._options = options
        self._heed_holds = heed_holds
        self._resolver = resolver
        self._turns = asyncio.Semaphore(options.concurrency)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._next: dict[str, float] = {}
        self._held: set[str] = set()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[bool]:
        """Wait for *host*'s turn; yields False where it is to be left alone."""
        per_host = self._hosts.setdefault(host, asyncio.Semaphore(self._options.per_host))
        # The host's turn first: waiting for a slow host must hold up nobody else.
        async with per_host:
            if host not in self._held:
                await self._space(host)
            if host in self._held:
                yield False
                return
            async with self._turns:
                # It may have spoken while we waited for the turn.
                yield host not in self._held

    async def hold(self, host: str) -> bool:
        """Stop asking *host* for this run; return whether the whole host is held.

        An internal gateway serves many servers, so there only the one feed is held.
        """
        if not host or await self._resolver.is_internal(host):
            return False
        if self._heed_holds:
            self._held.add(host)
        return True

    async def _space(self, host: str) -> None:
        if not self._options.spacing or await self._resolver.is_internal(host):
            return
        now = asyncio.get_running_loop().time()
        at = max(now, self._next.get(host, 0.0))
        self._next[host] = at + self._options.spacing
        if at > now:
            await asyncio.sleep(at - now)


def host_of(url: str) -> str:
    """Return the host of *url*, in lower case; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
