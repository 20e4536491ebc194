"""Options of fetching, turns of a host, and robots.txt.

Holds of hosts, and their ends, are decided in ``poll/record.py``. Pages obey robots.txt;
feeds are published for programs and need no permission.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors.errors import (
    CrowdedFeedError,
    DisallowedFeedError,
    FeedError,
    PermanentFeedError,
    TransientFeedError,
)
from connectors.net.guard import Network, Resolver
from connectors.net.headers import DEFAULT_USER_AGENT
from transforms.models import Feed

if TYPE_CHECKING:
    from protego import Protego

# RFC 9309 asks parsers to read at least this much; the rest is ignored.
MAX_BYTES: Final = 500 * 1024
# Seconds between two pages of a host, however much longer its crawl-delay is.
LONGEST_DELAY = 30.0
# A page that would wait longer for its turn waits for the next run.
LONGEST_WAIT = 60.0
Fetch = Callable[[Feed], Awaitable[bytes]]
# Headers that are meant for any server; the others may be secrets meant for one.
EXPOSING = frozenset({"accept", "accept-language", "user-agent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Limits of a run's fetching and parsing.

    ``allow_private`` opens internal networks; hosts there are not spaced either.
    """

    user_agent: str = DEFAULT_USER_AGENT
    timeout: float = 20.0
    max_bytes: int = 5_000_000
    # Measured on local feeds: more in flight gains nothing, fewer waits on slow hosts.
    concurrency: int = 64
    # With two, one slow answer does not hold up all feeds of a host; more would be a load.
    per_host: int = 2
    spacing: float = 1.0
    allow_private: tuple[Network, ...] = ()
    proxy: str | None = None
    # Between polls of a feed: of unknown pace, of the liveliest, of the slowest.
    default_poll: timedelta = timedelta(minutes=30)
    shortest_poll: timedelta = timedelta(minutes=15)
    longest_poll: timedelta = timedelta(hours=6)
    # A 5 MB feed takes about a second; one that takes ten is an attack.
    parse_deadline: float = 10.0
    parsers: int | None = None
    # New entries that a poll reads: news sitemaps have up to 1,000, Google News 500. The
    # next polls take the rest.
    entries_per_poll: int = 2_000


class Politeness:
    """Grants turns: bounded in total, bounded and spaced per host.

    Where all feeds are asked (*heed_holds* is False) no host is ever left alone.
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
        self.held: set[str] = set()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[bool]:
        """Wait for *host*'s turn; yield False where the host is held."""
        per_host = self._hosts.setdefault(host, asyncio.Semaphore(self._options.per_host))
        # The host's turn first: waiting for a slow host must hold up nobody else.
        async with per_host:
            if host not in self.held:
                await self._space(host)
            if host in self.held:
                yield False
                return
            async with self._turns:
                # It may have spoken while we waited for the turn.
                yield host not in self.held

    async def hold(self, host: str) -> bool:
        """Stop requests to *host* in this run; return whether the whole host is held.

        An internal gateway serves many servers, so there only the one feed is held.
        """
        if not host or await self._resolver.is_internal(host):
            return False
        if self._heed_holds:
            self.held.add(host)
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
    """Return the host of *url*, in lower case; empty if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def at_address(feed: Feed, url: str) -> Feed:
    """Return *feed* at another address; its headers, often a key, are for its own host."""
    headers = feed.headers
    if _origin(url) != _origin(feed.url):
        headers = tuple(pair for pair in headers if pair[0].lower() in EXPOSING)
    return replace(feed, url=url, headers=headers)


class Robots:
    """The robots.txt rules of every host with pages, fetched once a run."""

    def __init__(self, fetch: Fetch, user_agent: str) -> None:
        """Fetch robots.txt through *fetch*, in the name of *user_agent*."""
        self._fetch = fetch
        self._user_agent = user_agent
        self._rules: dict[str, Protego | FeedError | None] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._free_at: dict[str, float] = {}

    async def check(self, feed: Feed, url: str) -> None:
        """Check that the robots.txt allows the page at *url*.

        Raises:
            DisallowedFeedError: The site asks programs to keep away from it.
            TransientFeedError: Its robots.txt cannot be had at the moment.
        """
        rules = await self._of(feed, url)
        file = f"the robots.txt of {urlsplit(url).hostname}"
        if isinstance(rules, FeedError):
            raise _unknown(feed, file, rules)
        name = robot_name(feed, self._user_agent)
        if rules and not rules.can_fetch(url, name):
            remedy = "ask the outlet for a feed, or take this one out"
            raise DisallowedFeedError(
                feed.url, f"{file} disallows this page for {name}; {remedy}"
            )

    async def wait(self, feed: Feed) -> None:
        """Wait for the site's crawl-delay between two of its pages.

        Raises:
            CrowdedFeedError: That would hold up the run.
        """
        delay = min(await self.delay(feed), LONGEST_DELAY)
        if not delay:
            return
        host = _origin(feed.url)
        now = asyncio.get_running_loop().time()
        at = max(now, self._free_at.get(host, now))
        if at - now > LONGEST_WAIT:
            reason = (
                f"its site asks for {delay:g} s between pages, so this one waits its turn"
            )
            raise CrowdedFeedError(feed.url, reason)
        self._free_at[host] = at + delay
        await asyncio.sleep(at - now)

    async def delay(self, feed: Feed) -> float:
        """Return the site's crawl-delay, in seconds."""
        rules = await self._of(feed, feed.url)
        if rules is None or isinstance(rules, FeedError):
            return 0.0
        return rules.crawl_delay(robot_name(feed, self._user_agent)) or 0.0

    async def _of(self, feed: Feed, url: str) -> Protego | FeedError | None:
        """Return a host's rules, None if it has no file, or the error of fetching it."""
        origin = _origin(url)
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._rules:
                self._rules[origin] = await self._ask(feed, origin)
            return self._rules[origin]

    async def _ask(self, feed: Feed, origin: str) -> Protego | FeedError | None:
        robots = Feed(
            feed_id=feed.feed_id,
            url=f"{origin}/robots.txt",
            proxy=feed.proxy,
            headers=tuple(pair for pair in feed.headers if pair[0].lower() == "user-agent"),
        )
        try:
            body = await self._fetch(robots)
        except FeedError as error:
            return None if _has_no_file(error) else error
        from protego import Protego  # noqa: PLC0415  only pages want it

        return Protego.parse(body[:MAX_BYTES].decode("utf-8", "replace"))


def robot_name(feed: Feed, user_agent: str) -> str:
    """Return our name in a robots.txt: the first word of the user agent."""
    own = [value for name, value in feed.headers if name.lower() == "user-agent"]
    return re.split(r"[/\s]", (own or [user_agent])[0].strip(), maxsplit=1)[0]


def _has_no_file(error: FeedError) -> bool:
    """Tell whether the site has no robots.txt, so that all is allowed."""
    status = error.status or 0
    return 400 <= status < 500 and not isinstance(error, TransientFeedError)  # noqa: PLR2004


def _unknown(feed: Feed, file: str, failure: FeedError) -> FeedError:
    if isinstance(failure, TransientFeedError):
        return TransientFeedError(
            feed.url,
            f"{file} cannot be had, so the page waits: {failure.reason}",
            status=failure.status,
            retry_after=failure.retry_after,
            host=failure.host,
            obstacle=failure.obstacle,
        )
    return PermanentFeedError(
        feed.url,
        f"{file} cannot be read: {failure.reason}",
        status=failure.status,
        obstacle=failure.obstacle,
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
