"""Fetcher of a feed's document: conditional, bounded in time and size, guarded, polite.

No retries here: what failed is recorded, and the next run asks again. httpx's client would
add redirects, cookies, authentication and hooks to each request; all that is decided here,
so requests go straight to a transport.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from ipaddress import ip_network

import httpx

from connectors.errors import (
    FeedError,
    Obstacle,
    PermanentFeedError,
    TimedOutFeedError,
    TooLargeFeedError,
    TransientFeedError,
)
from connectors.feeds.fetch.document import (
    Document,
    document_of,
    gateway_obstacle,
    transport_error,
)
from connectors.feeds.fetch.politeness import EXPOSING, FetchOptions, Robots, host_of
from connectors.net.addresses import keep_quiet
from connectors.net.compression import UnreadableBodyError
from connectors.net.guard import AddressRefusedError, Resolver, check_unknown_name
from connectors.net.transport import GuardedTransport, issuer_of, tls_context
from transforms.models import Cursor, Feed
from transforms.urls.canonical import HubUrl, redact_target

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Whatever a name leads to: the user named the host himself.
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
WAITS = 'waits for an RSSHub: write rsshub = "http://host:1200" in sinowire.toml'
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
# Whoever stands in for all hosts does so for the first few.
MOST_HOSTS = 5


class Fetcher:
    """Fetches documents, one transport per proxy; opened and closed by ``open_fetcher``."""

    def __init__(self, options: FetchOptions, stack: AsyncExitStack) -> None:
        self.options = options
        self.resolver = Resolver(options.allow_private)
        self.robots = Robots(self._robots_txt, options.user_agent)
        self._hub = Resolver(_ANYWHERE)
        self._stack = stack
        self._tls: ssl.SSLContext | None = None
        self._transports: dict[tuple[str | None, Resolver], httpx.AsyncBaseTransport] = {}

    async def fetch(self, feed: Feed, cursor: Cursor | None = None) -> Document:
        """Return the feed's whole document; the request is conditional on *cursor*.

        A page is asked for only where its robots.txt allows that, and in its turn.

        Raises:
            FeedError: Anything went wrong; the class says whether to try again.
        """
        return _whole(feed, await self.fetch_beginning(feed, cursor))

    async def fetch_beginning(self, feed: Feed, cursor: Cursor | None = None) -> Document:
        """Return the feed's document as ``fetch`` does, of a large one its beginning."""
        if feed.selectors:
            await self.robots.check(feed, feed.url)
            await self.robots.wait(feed)
        return await self._fetch(feed, cursor)

    async def _robots_txt(self, feed: Feed) -> bytes:
        return _whole(feed, await self._fetch(feed)).body

    async def _fetch(self, feed: Feed, cursor: Cursor | None = None) -> Document:
        try:
            async with asyncio.timeout(self.options.timeout):
                return await self._follow(feed, cursor or Cursor())
        except FeedError as error:
            by_proxy = bool(feed.proxy or self.options.proxy)
            error.obstacle = gateway_obstacle(error, by_proxy=by_proxy)
            raise
        except TimeoutError as exc:
            reason = f"no complete answer within {self.options.timeout:g} s"
            slow = Obstacle("connection", reason)
            raise TimedOutFeedError(feed.url, reason, obstacle=slow) from exc
        except AddressRefusedError as exc:
            refused = _refused(feed, exc)
            raise PermanentFeedError(feed.url, str(exc), obstacle=refused) from exc
        except UnreadableBodyError as exc:
            raise TransientFeedError(feed.url, str(exc)) from exc
        except httpx.TransportError as exc:
            raise transport_error(feed, exc) from exc
        except (httpx.InvalidURL, UnicodeError, ValueError) as exc:
            raise PermanentFeedError(feed.url, f"not an address to fetch: {exc}") from exc

    async def _follow(self, feed: Feed, cursor: Cursor) -> Document:
        url = httpx.URL(feed.url)
        headers = {**_headers(cursor), **dict(feed.headers)}
        cookies = httpx.Cookies()
        redirects: list[tuple[int, str]] = []
        while True:
            document, location = await self._ask(feed, url, headers, cookies, redirects)
            if document:
                return document
            url, previous = _next(feed, url, location, redirects), url
            if feed.selectors:
                await self.robots.check(feed, str(url))
            if _origin(url) != _origin(previous):
                headers = {k: v for k, v in headers.items() if k.lower() in EXPOSING}

    async def _ask(
        self,
        feed: Feed,
        url: httpx.URL,
        headers: dict[str, str],
        cookies: httpx.Cookies,
        redirects: list[tuple[int, str]],
    ) -> tuple[Document | None, str]:
        if url.scheme == "rsshub":
            raise PermanentFeedError(feed.url, WAITS)
        if not url.host or "%" in url.host:
            raise ValueError(f"{url.host or 'nothing'} is not a host name")
        proxy, resolver = feed.proxy or self.options.proxy, self.resolver
        if await self._is_own_hub(feed, url):
            proxy, resolver = feed.proxy, self._hub
        elif proxy:
            await self._check_behind_proxy(url)
        request = request_for(url, headers, self.options.user_agent)
        if redirects:
            cookies.set_cookie_header(request)
        response = await send(self._transport(proxy, resolver), request)
        try:
            if response.status_code in REDIRECTS:
                if "set-cookie" in response.headers:
                    cookies.extract_cookies(response)
                redirects.append(
                    (response.status_code, response.headers.get("location", ""))
                )
                return None, response.headers.get("location", "")
            limit = feed.max_bytes or self.options.max_bytes
            document = await document_of(feed, response, tuple(redirects), limit=limit)
            return document, ""
        finally:
            await response.aclose()

    async def _is_own_hub(self, feed: Feed, url: httpx.URL) -> bool:
        """Tell whether *url* is at the RSSHub of the settings, in a private network.

        Only its feeds reach it, and they nothing else there: a redirect is checked.
        """
        if not isinstance(feed.url, HubUrl) or _origin(url) != _origin(httpx.URL(feed.url)):
            return False
        try:
            await self.resolver.addresses(url.host)
        except AddressRefusedError:
            return True
        return False

    async def _check_behind_proxy(self, url: httpx.URL) -> None:
        """Check a name that the proxy resolves; names known to it alone pass."""
        try:
            await self.resolver.addresses(url.host)
        except AddressRefusedError:
            raise
        except Exception as exc:
            if not isinstance(exc.__cause__, OSError):
                raise
            check_unknown_name(url.host)

    def _transport(self, proxy: str | None, resolver: Resolver) -> httpx.AsyncBaseTransport:
        through = proxy, resolver
        if through not in self._transports:
            self._transports[through] = self._open_transport(*through)
        return self._transports[through]

    def _open_transport(
        self, proxy: str | None, resolver: Resolver
    ) -> httpx.AsyncBaseTransport:
        self._tls = self._tls or tls_context()
        transport = open_transport(self.options, resolver, tls=self._tls, proxy=proxy)
        self._stack.push_async_callback(transport.aclose)
        return transport


@asynccontextmanager
async def open_fetcher(options: FetchOptions) -> AsyncIterator[Fetcher]:
    """Open a run's fetcher, and close its connections on exit."""
    async with AsyncExitStack() as stack:
        yield Fetcher(options, stack)


async def fetch_once(url: str, *, options: FetchOptions) -> Document:
    """Fetch one address for a command, under the same guard as a feed.

    Raises:
        FeedError: Anything went wrong; the class says whether to try again.
    """
    async with open_fetcher(options) as fetcher:
        return await fetcher.fetch(Feed(feed_id="", url=url))


def _headers(cursor: Cursor) -> dict[str, str]:
    headers = {}
    if cursor.etag:
        headers["If-None-Match"] = cursor.etag
    if cursor.last_modified:
        headers["If-Modified-Since"] = cursor.last_modified
    return headers


def request_for(
    url: httpx.URL, headers: Mapping[str, str], user_agent: str
) -> httpx.Request:
    """Return the request for *url*, with the user and password in the address."""
    base = {
        "User-Agent": user_agent,
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip, deflate",
    }
    request = httpx.Request("GET", url, headers={**base, **headers})
    if url.userinfo and "authorization" not in request.headers:
        userinfo = f"{url.username}:{url.password}".encode()
        request.headers["Authorization"] = f"Basic {b64encode(userinfo).decode()}"
    return request


def open_transport(
    options: FetchOptions, resolver: Resolver, *, tls: ssl.SSLContext, proxy: str | None
) -> httpx.AsyncBaseTransport:
    """Return a transport that connects through the guard, or through *proxy*.

    A proxy may stand on this machine; the caller checks what it is asked for.
    """
    keep_quiet()
    if proxy is None:
        return GuardedTransport(resolver, tls=tls)
    return httpx.AsyncHTTPTransport(
        verify=tls,
        trust_env=False,
        proxy=proxy,
        limits=httpx.Limits(
            max_connections=options.concurrency, max_keepalive_connections=0
        ),
    )


async def send(
    transport: httpx.AsyncBaseTransport, request: httpx.Request
) -> httpx.Response:
    """Return the answer with its head; the caller reads and closes the body.

    Raises:
        httpx.TransportError: There is none.
    """
    response = await transport.handle_async_request(request)
    response.request = request
    return response


def _next(
    feed: Feed, url: httpx.URL, location: str, redirects: list[tuple[int, str]]
) -> httpx.URL:
    if not location:
        raise PermanentFeedError(feed.url, "a redirect that names no address")
    if len(redirects) > MAX_REDIRECTS:
        raise PermanentFeedError(feed.url, f"more than {MAX_REDIRECTS} redirects")
    try:
        target = url.join(location)
    except (httpx.InvalidURL, UnicodeError, ValueError) as exc:
        reason = f"redirects to something that is not an address: {exc}"
        raise PermanentFeedError(feed.url, reason[:300]) from exc
    if target.scheme not in {"http", "https"} or not target.host:
        public = redact_target(str(target), feed.url)
        raise PermanentFeedError(
            feed.url, f"redirects to {public[:200]}, which is not http(s)"
        )
    return target.copy_with(fragment=None)


def _whole(feed: Feed, document: Document) -> Document:
    if document.cut_at:
        raise TooLargeFeedError.over(feed.url, document.cut_at)
    return document


def _refused(feed: Feed, exc: AddressRefusedError) -> Obstacle | None:
    """Return the obstacle, but for an address that feeds.toml itself names."""
    is_named = exc.address == exc.host and exc.host in httpx.URL(feed.url).host
    if is_named or not exc.address:
        return None
    return Obstacle("address", f"{exc.host} leads to the private address {exc.address}")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def issuers(feeds: Iterable[Feed], options: FetchOptions) -> set[str]:
    """Return who issued the certificates of the hosts of *feeds*, the first few of them.

    They were refused: one issuer for all hosts is an interceptor's.
    """
    of_hosts = {host_of(feed.url): feed for feed in feeds if feed.url.startswith("https:")}
    looked_at = list(of_hosts.values())[:MOST_HOSTS]
    found = await asyncio.gather(*(_issuer(feed, options) for feed in looked_at))
    return set(filter(None, found))


async def _issuer(feed: Feed, options: FetchOptions) -> str:
    """Return the issuer that a host shows who does not check it; nothing secret is sent."""
    resolver = Resolver(options.allow_private)
    proxy = feed.proxy or options.proxy
    # Only who signed is asked for: what comes is not read.
    unchecked = httpx.create_ssl_context(verify=False)
    transport = open_transport(options, resolver, tls=unchecked, proxy=proxy)
    front = f"https://{httpx.URL(feed.url).netloc.decode('ascii')}/"
    certificate = None
    with suppress(httpx.TransportError, AddressRefusedError, TimeoutError):
        async with asyncio.timeout(options.timeout), transport:
            response = await send(
                transport, request_for(httpx.URL(front), {}, options.user_agent)
            )
            stream = response.extensions["network_stream"]
            certificate = stream.get_extra_info("ssl_object").getpeercert(binary_form=True)
            await response.aclose()
    return issuer_of(certificate) if certificate else ""
