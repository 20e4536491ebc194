"""Channels that lead to Prefect: a notification block, and an event.

Prefect is imported where a block is used, which takes seconds.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connectors.net.addresses import keep_quiet
from connectors.sinks import ChannelType, Send, SinkContext
from connectors.sinks.answers import refused
from connectors.sinks.context import PermanentSinkError, SinkError, TransientSinkError
from connectors.sinks.payload import payload, words_of
from transforms.alerts.messages.wording import write
from transforms.models import Channel, Notice, Parcel

if TYPE_CHECKING:
    import httpx

ALERTED = "sinowire.alert"
# The variable of what clients send: ``user:password``, in one piece.
SENT = "PREFECT_API_AUTH_STRING"
# What a server answers to a client without the right sign-in.
REFUSALS = frozenset({401, 403})
WHO_ARE_YOU = f"set {SENT} to the server's user:password"
# A block's type and its name, as Prefect writes them.
_BLOCK = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
NO_SERVER = "no Prefect server is named; set PREFECT_API_URL, or use sinowire up"


@contextmanager
def open_block(channel: Channel, context: SinkContext) -> Iterator[Send]:  # noqa: ARG001
    """Yield a function that notifies through the channel's block.

    Raises:
        SinkError: By what is yielded: there is no server or no such block, or the block
            could not deliver. A block tells no more than that.
    """
    block: Any = None

    def send(parcel: Parcel) -> None:
        nonlocal block
        block = block or _load(channel)
        letter = write(parcel, words_of(channel))
        keep_quiet()
        try:
            # Apprise, which is behind most blocks, sleeps between messages of one client.
            block.block_initialization()
            with block.raise_on_failure():
                said = block.notify(letter.plain, letter.subject)
                if inspect.iscoroutine(said):
                    asyncio.run(said)
        except Exception as exc:  # noqa: BLE001  a block's errors are its own, and may hold its address
            raise TransientSinkError(
                channel.channel_id, f"its block could not deliver ({type(exc).__name__})"
            ) from None

    yield send


@contextmanager
def open_event(channel: Channel, context: SinkContext) -> Iterator[Send]:
    """Yield a function that records one event per alert on the server, without a queue.

    An event's id is made of the message's, so that one that comes again is the same.
    Prefect's own client would try again for a minute; trying again is the outbox's part.

    Raises:
        SinkError: By what is yielded: the server did not take the events.
    """
    # Its HTTP client is slow to load, and who only reads alerts.toml posts nothing.
    from connectors.sinks.poster import open_poster  # noqa: PLC0415

    # A server of one's own stands on this machine, or near it.
    with open_poster(replace(channel, private=True), context) as poster:

        def send(parcel: Parcel) -> None:
            url = f"{_server(channel).rstrip('/')}/events"
            events = [_event(channel, notice) for notice in parcel.notices]
            headers = {"Content-Type": "application/json", **_credentials()}
            answer = poster.post(url, json.dumps(events).encode(), headers)
            if not answer.is_success:
                raise _refused(channel, answer)

        yield send


def _load(channel: Channel) -> Any:
    if not is_healthy(_server(channel)):
        raise TransientSinkError(channel.channel_id, "the Prefect server does not answer")
    from prefect.blocks.abstract import NotificationBlock  # noqa: PLC0415
    from prefect.blocks.core import Block  # noqa: PLC0415
    from prefect.exceptions import PrefectHTTPStatusError  # noqa: PLC0415

    try:
        block: Any = Block.load(channel.address)
    except ValueError:
        raise PermanentSinkError(
            channel.channel_id,
            "Prefect has no block of that name; create it, or correct the channel",
        ) from None
    except PrefectHTTPStatusError as exc:
        raise _refused(channel, exc.response) from None
    except Exception as exc:  # noqa: BLE001  the client's own, a server's, a schema's
        raise TransientSinkError(
            channel.channel_id, f"its block cannot be loaded ({type(exc).__name__})"
        ) from None
    if not isinstance(block, NotificationBlock):
        raise PermanentSinkError(channel.channel_id, "its block is not one that notifies")
    return block


def is_healthy(api_url: str) -> bool:
    """Tell whether a Prefect server answers at *api_url*."""
    return answers(f"{api_url.rstrip('/')}/health")


def answers(url: str, headers: Mapping[str, str] | None = None) -> bool:
    """Tell whether *url* answers with success."""
    import httpx  # noqa: PLC0415  slow to load, and most who come here ask no server

    try:
        answer = httpx.get(url, headers=headers, timeout=5, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.is_success


def _refused(channel: Channel, answer: httpx.Response) -> SinkError:
    said = WHO_ARE_YOU if answer.status_code in REFUSALS else ""
    return refused(channel, answer, said=said)


def _server(channel: Channel) -> str:
    # Without one Prefect would start a server for the occasion, for many seconds.
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    raise TransientSinkError(channel.channel_id, NO_SERVER)


def _credentials() -> dict[str, str]:
    """Return the authorization header for Prefect, from the environment."""
    if pair := os.environ.get(SENT):
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    if key := os.environ.get("PREFECT_API_KEY"):
        return {"Authorization": f"Bearer {key}"}
    return {}


def _event(channel: Channel, notice: Notice) -> dict[str, Any]:
    alert = notice.alert
    alone = Parcel(
        message_id=notice.message_id,
        channel_id=notice.channel_id,
        attempt=notice.attempt,
        notices=(notice,),
    )
    related = [
        {
            "prefect.resource.id": f"sinowire.company.{company}",
            "prefect.resource.role": "company",
        }
        for company in alert.companies
    ]
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"sinowire:{notice.message_id}")),
        "occurred": alert.created_at.isoformat(),
        "event": ALERTED,
        "resource": {
            "prefect.resource.id": f"sinowire.rule.{alert.rule_id}",
            "prefect.resource.name": alert.rule_id,
            "sinowire.kind": alert.kind,
            "sinowire.severity": alert.severity,
        },
        "related": related,
        "payload": payload(channel, alone),
    }


BLOCK = ChannelType(
    address="block",
    fits=lambda address: bool(_BLOCK.fullmatch(address)),
    wrong="names no block",
    example='"slack-webhook/my-block"',
    open=open_block,
)
EVENT = ChannelType(open=open_event)
