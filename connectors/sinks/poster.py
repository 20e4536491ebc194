"""HTTP client of channels and of the heartbeat: guarded, bounded in time, no redirects."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import httpx

from connectors.net.addresses import keep_quiet
from connectors.net.guard import EVERYWHERE, AddressRefusedError, Network, Resolver
from connectors.net.persistent import MOST_BYTES, PersistentTransport
from connectors.net.transport import GuardedTransport, tls_context
from connectors.sinks.context import (
    PermanentSinkError,
    SinkContext,
    SinkError,
    TransientSinkError,
)
from transforms.models import Channel

HEARTBEAT = "heartbeat"
_PRIVATE = (
    "its address lies in a private network, which is refused;"
    " write private = true in the channel if that is meant"
)
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
        name, seconds = self._channel.channel_id, self._context.timeout
        with _failures(
            name,
            seconds,
            private=_PRIVATE,
            invalid="its address or a header cannot be used; correct it in alerts.toml",
        ):
            return self._runner.run(self._send(method, address, body, headers))

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
def _failures(name: str, seconds: float, *, private: str, invalid: str) -> Iterator[None]:
    """Raise failures as those of the channel *name*; a cause may hold its address."""
    try:
        yield
    except TimeoutError:
        raise TransientSinkError(name, f"no answer within {seconds:g} s") from None
    except AddressRefusedError:
        raise PermanentSinkError(name, private) from None
    except (
        httpx.InvalidURL,
        httpx.UnsupportedProtocol,
        httpx.LocalProtocolError,
        ValueError,
    ):
        raise PermanentSinkError(name, invalid) from None
    except httpx.TransportError as exc:
        raise TransientSinkError(
            name, f"it cannot be reached ({type(exc).__name__})"
        ) from None


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
            verify=tls_context(),
            limits=httpx.Limits(max_connections=1),
        )
    allow = EVERYWHERE if channel.private else context.allow_private
    return PersistentTransport(Resolver(allow))


def beat(
    address: str, *, timeout: float, allow_private: Iterable[Network], user_agent: str
) -> None:
    """Request *address*, a heartbeat's, once; any status below 400 is a success.

    Raises:
        SinkError: It was not reached; the address, which may be a secret, is not named.
    """
    keep_quiet()
    private = "its address lies in a private network; open it with allow_private_addresses"
    with _failures(
        HEARTBEAT, timeout, private=private, invalid="its address cannot be used"
    ):
        status = asyncio.run(_get(address, timeout, tuple(allow_private), user_agent))
    if status >= httpx.codes.BAD_REQUEST:
        raise SinkError(HEARTBEAT, f"it answered {status}")


async def _get(
    address: str, seconds: float, allow: tuple[Network, ...], user_agent: str
) -> int:
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(
            transport=GuardedTransport(Resolver(allow)),
            trust_env=False,
            follow_redirects=False,
            # asyncio.timeout bounds the whole exchange.
            timeout=None,  # noqa: S113
            headers={"User-Agent": user_agent},
        ) as client,
        client.stream("GET", address) as response,
    ):
        return response.status_code
