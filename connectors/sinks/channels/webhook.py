"""Webhook channel: JSON posted to an address, signed where it has a secret.

The receiver answers 2xx when it has the parcel. Anything else, or nothing, and
it is sent again, with the same id: docs/howto/webhook.md is for who receives.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.sinks.answers import refused
from connectors.sinks.context import ChannelType, Send, SinkContext
from connectors.sinks.payload import encode
from transforms.alerts.rules.channels import is_web
from transforms.models import Channel, Parcel


@contextmanager
def open_webhook(channel: Channel, context: SinkContext) -> Iterator[Send]:
    """Yield a function that posts a parcel; a 2xx means that it arrived.

    Raises:
        SinkError: By what is yielded: it did not arrive.
    """
    # Its HTTP client is slow to load, and who only reads alerts.toml posts nothing.
    from connectors.sinks.poster import open_poster  # noqa: PLC0415

    with open_poster(channel, context) as poster:

        def send(parcel: Parcel) -> None:
            body = encode(channel, parcel)
            headers = {
                **dict(channel.headers),
                "Content-Type": "application/json; charset=utf-8",
                "Idempotency-Key": parcel.message_id,
            }
            if channel.secret:
                headers["Sinowire-Signature"] = sign(channel.secret, body, int(time.time()))
            answer = poster.post(channel.address, body, headers)
            if not answer.is_success:
                # What its body says is the receiver's affair.
                raise refused(channel, answer)

        yield send


def sign(secret: str, body: bytes, at: int) -> str:
    """Return the signature header of *body*, sent at *at* in seconds since 1970.

    The time is signed with it, so that what was overheard cannot be sent again later.
    """
    signed = f"{at}.".encode() + body
    return f"t={at},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


CHANNEL = ChannelType(
    address="url",
    options=("headers", "secret", "private", "proxy"),
    fits=is_web,
    wrong="is not an http(s) address",
    example="https://host/path, or the variable",
    open=open_webhook,
)
