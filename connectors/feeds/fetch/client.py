"""The HTTP client: guarded, and without cookies or redirects.

httpx's client would add redirects, cookies, authentication and hooks to each request;
all that is decided in ``fetcher``, so requests go straight to a transport.
"""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Mapping

import httpx

from connectors.feeds.fetch.options import FetchOptions
from connectors.net.guard import Resolver
from connectors.net.logs import keep_quiet
from connectors.net.transport import GuardedTransport

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml,"
    " application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


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


def request_for(
    url: httpx.URL, headers: Mapping[str, str], user_agent: str
) -> httpx.Request:
    """Return the request for *url*; the address's own user and password go along."""
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


async def send(
    transport: httpx.AsyncBaseTransport, request: httpx.Request
) -> httpx.Response:
    """Return the answer's head; its body is still to be read, and to be closed.

    Raises:
        httpx.TransportError: There is none.
    """
    response = await transport.handle_async_request(request)
    response.request = request
    return response
