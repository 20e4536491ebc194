"""Heartbeat: one guarded request to an address that expects to be asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import httpx

from connectors.net.addresses import keep_quiet
from connectors.net.guard import AddressRefusedError, Network, Resolver
from connectors.net.transport import GuardedTransport
from connectors.sinks.context import PermanentSinkError, SinkError, TransientSinkError

HEARTBEAT = "heartbeat"


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
