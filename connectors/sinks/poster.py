"""HTTP clients of channels and the heartbeat: guarded, bounded in time, no redirects."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_network

import httpx

from connectors.net.addresses import keep_quiet
from connectors.net.guard import AddressRefusedError, Network, Resolver
from connectors.net.transport import MOST_BYTES, GuardedTransport, PersistentTransport
from connectors.sinks.outlet import (
    Outlet,
    PermanentSinkError,
    SinkError,
    TransientSinkError,
)
from transforms.models import Channel

_EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
# Of the body as it came; ours is whole and plain.
_OF_BODY = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
HEARTBEAT = "heartbeat"


class Poster:
    """Sends the requests of one channel, on the thread that opened it."""

    def __init__(
        self,
        channel: Channel,
        outlet: Outlet,
        runner: asyncio.Runner,
        client: httpx.AsyncClient,
    ) -> None:
        self._channel = channel
        self._outlet = outlet
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
            reason = f"no answer within {self._outlet.timeout:g} s"
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
            asyncio.timeout(self._outlet.timeout),
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
def open_poster(channel: Channel, outlet: Outlet) -> Iterator[Poster]:
    """Open a poster for *channel*, with one connection for all its messages."""
    keep_quiet()
    client = httpx.AsyncClient(
        transport=_transport(channel, outlet),
        trust_env=False,
        # An alert goes where the user sent it, and nowhere else.
        follow_redirects=False,
        # asyncio.timeout bounds the whole exchange.
        timeout=None,  # noqa: S113
        # The answer is a few words; packed, it could be any number of them.
        headers={"User-Agent": outlet.user_agent, "Accept-Encoding": "identity"},
    )
    with asyncio.Runner() as runner:
        try:
            yield Poster(channel, outlet, runner, client)
        finally:
            runner.run(client.aclose())


def _transport(channel: Channel, outlet: Outlet) -> httpx.AsyncBaseTransport:
    if channel.proxy:
        # Where it connects to is the proxy's affair, and the user's who named it.
        return httpx.AsyncHTTPTransport(
            proxy=channel.proxy,
            trust_env=False,
            verify=httpx.create_ssl_context(trust_env=False),
            limits=httpx.Limits(max_connections=1),
        )
    allow = _EVERYWHERE if channel.private else outlet.allow_private
    return PersistentTransport(Resolver(allow))


def beat(
    address: str, *, timeout: float, allow_private: Iterable[Network], user_agent: str
) -> None:
    """Request *address* once; any status below 400 is a success.

    Raises:
        SinkError: It was not reached; the address, which may be a secret, is not named.
    """
    keep_quiet()
    try:
        status = asyncio.run(_get(address, timeout, tuple(allow_private), user_agent))
    except TimeoutError:
        raise TransientSinkError(HEARTBEAT, f"no answer within {timeout:g} s") from None
    except AddressRefusedError:
        reason = (
            "its address lies in a private network; open it with allow_private_addresses"
        )
        raise PermanentSinkError(HEARTBEAT, reason) from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
        raise PermanentSinkError(HEARTBEAT, "its address cannot be used") from None
    except httpx.TransportError as exc:
        raise TransientSinkError(
            HEARTBEAT, f"it cannot be reached ({type(exc).__name__})"
        ) from None
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
