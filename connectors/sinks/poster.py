"""HTTP client of a channel: guarded, bounded in time, no redirects."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network

import httpx

from connectors.net.addresses import keep_quiet
from connectors.net.guard import AddressRefusedError, Network, Resolver
from connectors.net.transport import MOST_BYTES, PersistentTransport
from connectors.sinks.context import (
    PermanentSinkError,
    SinkContext,
    TransientSinkError,
)
from transforms.models import Channel

_EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
# Of the body as it came; ours is whole and plain.
_OF_BODY = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class Poster:
    """Sends the requests of one channel, on the thread that opened it."""

    def __init__(
        self,
        channel: Channel,
        context: SinkContext,
        runner: asyncio.Runner,
        client: httpx.AsyncClient,
    ) -> None:
        self._channel = channel
        self._context = context
        self._runner = runner
        self._client = client

    def post(
        self,
        address: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        method: str = "POST",
    ) -> httpx.Response:
        """Return the answer, of any status.

        Raises:
            SinkError: There is none.
        """
        try:
            return self._runner.run(self._send(method, address, body, headers))
        except TimeoutError:
            reason = f"no answer within {self._context.timeout:g} s"
            raise TransientSinkError(self._channel.channel_id, reason) from None
        except AddressRefusedError:
            reason = (
                "its address lies in a private network, which is refused;"
                " write private = true in the channel if that is meant"
            )
            raise PermanentSinkError(self._channel.channel_id, reason) from None
        except (
            httpx.InvalidURL,
            httpx.UnsupportedProtocol,
            httpx.LocalProtocolError,
            ValueError,
        ):
            # The cause may hold the address, so it is left behind here and below.
            reason = "its address or a header cannot be used; correct it in alerts.toml"
            raise PermanentSinkError(self._channel.channel_id, reason) from None
        except httpx.TransportError as exc:
            reason = f"it cannot be reached ({type(exc).__name__})"
            raise TransientSinkError(self._channel.channel_id, reason) from None

    async def _send(
        self, method: str, address: str, body: bytes, headers: Mapping[str, str]
    ) -> httpx.Response:
        async with (
            asyncio.timeout(self._context.timeout),
            self._client.stream(
                method, address, content=body, headers=dict(headers)
            ) as answer,
        ):
            return await _read(answer)


async def _read(answer: httpx.Response) -> httpx.Response:
    """Return *answer* with its body cut at ``MOST_BYTES``."""
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > MOST_BYTES:
            break
    headers = [pair for pair in answer.headers.raw if pair[0].lower() not in _OF_BODY]
    return httpx.Response(
        answer.status_code, headers=headers, content=bytes(body[:MOST_BYTES])
    )


@contextmanager
def open_poster(channel: Channel, context: SinkContext) -> Iterator[Poster]:
    """Open a poster for *channel*, with one connection for all its messages."""
    keep_quiet()
    client = httpx.AsyncClient(
        transport=_transport(channel, context),
        trust_env=False,
        # An alert goes where the user sent it, and nowhere else.
        follow_redirects=False,
        # asyncio.timeout bounds the whole exchange.
        timeout=None,  # noqa: S113
        # The answer is a few words; packed, it could be any number of them.
        headers={"User-Agent": context.user_agent, "Accept-Encoding": "identity"},
    )
    with asyncio.Runner() as runner:
        try:
            yield Poster(channel, context, runner, client)
        finally:
            runner.run(client.aclose())


def _transport(channel: Channel, context: SinkContext) -> httpx.AsyncBaseTransport:
    if channel.proxy:
        # Where it connects to is the proxy's affair, and the user's who named it.
        return httpx.AsyncHTTPTransport(
            proxy=channel.proxy,
            trust_env=False,
            verify=httpx.create_ssl_context(trust_env=False),
            limits=httpx.Limits(max_connections=1),
        )
    allow = _EVERYWHERE if channel.private else context.allow_private
    return PersistentTransport(Resolver(allow))
