"""What an HTTP answer means for a message, and what may be told of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connectors.net.headers import parse_retry_after
from connectors.sinks.errors import PermanentSinkError, SinkError, TransientSinkError
from transforms.models import Channel
from transforms.text.harmless import shorten

if TYPE_CHECKING:
    import httpx

# "Come back later", said in other ways than with a 5xx.
LATER = frozenset({408, 425, 429})
SERVER_ERROR = 500
LONGEST_REASON = 160
_SECRET_PART = re.compile(r"[^/:?&=@#+,;\s]{4,}")
# Parts that the addresses of a service have in common.
_COMMON = frozenset(
    {"http", "https", "json", "jsons", "send", "robot", "services", "hook", "webhook"}
    | {"webhooks", "workflows", "triggers", "manual", "paths", "invoke", "sendmessage"}
)
# Long enough for a piece of a token, and for no word of English.
_PIECE = re.compile(r"[\w-]{12,}")


def refused(channel: Channel, answer: httpx.Response, said: str = "") -> SinkError:
    """Return the error for an answer that is no 2xx; *said* is the receiver's reason."""
    status = answer.status_code
    reason = f"it answered {status}"
    if said := tellable(channel, said):
        reason += f" ({said})"
    if status in LATER or status >= SERVER_ERROR:
        return TransientSinkError(
            channel.channel_id, reason, retry_after=asked_to_wait(answer)
        )
    if answer.is_redirect or answer.has_redirect_location:
        reason += ", a redirect, which is not followed; name the new address"
    return PermanentSinkError(channel.channel_id, reason)


def asked_to_wait(answer: httpx.Response) -> float | None:
    """Return the seconds of ``Retry-After``, None where the answer has none."""
    headers = answer.headers
    return parse_retry_after(headers.get("retry-after", ""), date=headers.get("date", ""))


def tellable(channel: Channel, said: str) -> str:
    """Return what a receiver said, on one line and without any part of our secrets."""
    shown = said
    for part in sorted(_secrets(channel), key=len, reverse=True):
        shown = re.sub(re.escape(part), "…", shown, flags=re.IGNORECASE)
    address = channel.address.lower()
    shown = _PIECE.sub(
        lambda piece: "…" if piece[0].lower() in address else piece[0], shown
    )
    return shorten(shown, LONGEST_REASON)


def _secrets(channel: Channel) -> set[str]:
    """Return whatever in the channel could open it to somebody else."""
    mail = channel.mail
    whole = [channel.secret, *(value for _, value in channel.headers)]
    whole += [mail.user, mail.password] if mail else []
    parts = _SECRET_PART.findall(f"{channel.address} {channel.proxy}")
    parts += [part for text in whole for part in (text, *text.split())]
    return {part for part in parts if part and part.lower() not in _COMMON}
