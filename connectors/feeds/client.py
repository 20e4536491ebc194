"""The HTTP client of a run: lean, guarded, and without memory."""

from __future__ import annotations

import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from connectors.feeds.guard import Resolver, guard
from connectors.feeds.options import FetchOptions
from connectors.sinks.logs import keep_quiet

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


def new_client(
    options: FetchOptions, resolver: Resolver, *, tls: ssl.SSLContext, proxy: str | None
) -> httpx.AsyncClient:
    """Return a client that connects through the guard, or through *proxy*.

    A proxy may stand on this machine; the caller checks what it is asked for.
    """
    keep_quiet()
    transport = httpx.AsyncHTTPTransport(
        verify=tls,
        trust_env=False,
        proxy=proxy,
        # Kept connections make httpx's pool slow, and one request a host gains nothing.
        limits=httpx.Limits(
            max_connections=options.concurrency, max_keepalive_connections=0
        ),
    )
    if proxy is None:
        guard(transport, resolver)
    return httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        # asyncio.timeout bounds the exchange; a limit a read would let a dribble go on.
        timeout=None,  # noqa: S113
        headers={
            "User-Agent": options.user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
        },
        # One feed's cookies are none of another's business.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )
