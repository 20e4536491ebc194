"""Issuers of certificates that were refused: one for all hosts is an interceptor's."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from contextlib import suppress

import httpx

from connectors.feeds.fetch.fetcher import open_transport, request_for, send
from connectors.feeds.fetch.politeness import FetchOptions, host_of
from connectors.net.guard import AddressRefusedError, Resolver
from connectors.net.tls import issuer_of
from transforms.models import Feed

# Whoever stands in for all hosts does so for the first few.
MOST_HOSTS = 5


async def issuers(feeds: Iterable[Feed], options: FetchOptions) -> set[str]:
    """Return who issued the certificates of the hosts of *feeds*, the first few of them."""
    of_hosts = {host_of(feed.url): feed for feed in feeds if feed.url.startswith("https:")}
    looked_at = list(of_hosts.values())[:MOST_HOSTS]
    found = await asyncio.gather(*(_issuer(feed, options) for feed in looked_at))
    return set(filter(None, found))


async def _issuer(feed: Feed, options: FetchOptions) -> str:
    """Return the issuer that a host shows who does not check it; nothing secret is sent."""
    resolver = Resolver(options.allow_private)
    proxy = feed.proxy or options.proxy
    transport = open_transport(options, resolver, tls=_unchecked(), proxy=proxy)
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


def _unchecked() -> ssl.SSLContext:
    # Only who signed is asked for: what comes is not read.
    return httpx.create_ssl_context(verify=False)
