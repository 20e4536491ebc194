"""A channel that posts JSON to an address.

The receiver answers 2xx when it has the alert. Anything else, or nothing, and
it is sent again, with the same id: docs/howto/webhook.md is for who receives.
"""

from __future__ import annotations

import asyncio
import json
from ipaddress import ip_network

import httpx

from connectors.feeds.guard import AddressRefusedError, Resolver
from connectors.feeds.retry_after import parse_retry_after
from connectors.feeds.transport import GuardedTransport
from connectors.sinks.describe import payload
from connectors.sinks.errors import PermanentSinkError, SinkError, TransientSinkError
from connectors.sinks.logs import keep_quiet
from connectors.sinks.outlet import Network, Outlet
from transforms.models import Channel, Parcel

# "Come back later", said in other ways than with a 5xx.
LATER = frozenset({408, 425, 429})
SERVER_ERROR = 500
_EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def send_webhook(channel: Channel, parcel: Parcel, outlet: Outlet) -> None:
    """Post the alert; a 2xx means that it arrived.

    Raises:
        SinkError: It did not arrive.
    """
    keep_quiet()
    data = payload(parcel.notices[0])
    body = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    try:
        response = asyncio.run(_post(channel, parcel.message_id, body, outlet))
    except TimeoutError:
        reason = f"no answer within {outlet.timeout:g} s"
        raise TransientSinkError(channel.channel_id, reason) from None
    except AddressRefusedError:
        reason = (
            "its address lies in a private network, which is refused;"
            " write private = true in the channel if that is meant"
        )
        raise PermanentSinkError(channel.channel_id, reason) from None
    except (
        httpx.InvalidURL,
        httpx.UnsupportedProtocol,
        httpx.LocalProtocolError,
        ValueError,
    ):
        # The cause may hold the address, so it is left behind here and below.
        reason = "its address or a header cannot be used; mend it in alerts.toml"
        raise PermanentSinkError(channel.channel_id, reason) from None
    except httpx.TransportError as exc:
        reason = f"it cannot be reached ({type(exc).__name__})"
        raise TransientSinkError(channel.channel_id, reason) from None
    if not response.is_success:
        raise _refused(channel, response)


async def _post(
    channel: Channel, message_id: str, body: bytes, outlet: Outlet
) -> httpx.Response:
    """Return the answer's head; what its body says is the receiver's affair."""
    headers = {
        **dict(channel.headers),
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": message_id,
    }
    async with (
        asyncio.timeout(outlet.timeout),
        _open_client(outlet, _networks(channel, outlet)) as client,
        client.stream("POST", channel.address, content=body, headers=headers) as response,
    ):
        return response


def _networks(channel: Channel, outlet: Outlet) -> tuple[Network, ...]:
    return _EVERYWHERE if channel.private else outlet.allow_private


def _open_client(outlet: Outlet, allow: tuple[Network, ...]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=GuardedTransport(Resolver(allow)),
        trust_env=False,
        # An alert goes where the user sent it, and nowhere else.
        follow_redirects=False,
        # asyncio.timeout bounds the whole exchange.
        timeout=None,  # noqa: S113
        headers={"User-Agent": outlet.user_agent},
    )


def _refused(channel: Channel, response: httpx.Response) -> SinkError:
    status, headers = response.status_code, response.headers
    if status in LATER or status >= SERVER_ERROR:
        wait = parse_retry_after(
            headers.get("retry-after", ""), date=headers.get("date", "")
        )
        reason = f"it answered {status}"
        return TransientSinkError(channel.channel_id, reason, retry_after=wait)
    if response.is_redirect or response.has_redirect_location:
        reason = (
            f"it answered {status}, a redirect, which is not followed; name the new address"
        )
    else:
        reason = f"it answered {status}"
    return PermanentSinkError(channel.channel_id, reason)
