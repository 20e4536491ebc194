"""Answers to posts of a channel: the result that each stands for, without secrets."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.net.headers import LONGEST, parse_retry_after
from connectors.sinks.context import (
    PermanentSinkError,
    SinkError,
    TransientSinkError,
)
from transforms.models import Channel
from transforms.text.harmless import shorten

if TYPE_CHECKING:
    import httpx

# "Come back later", said in other ways than with a 5xx.
LATER = frozenset({408, 425, 429})
SERVER_ERROR = 500
TOO_MANY = 429
LONGEST_REASON = 160
_SECRET_PART = re.compile(r"[^/:?&=@#+,;\s]{4,}")
# Parts that the addresses of a service have in common.
_COMMON = frozenset(
    {"http", "https", "json", "jsons", "send", "robot", "services", "hook", "webhook"}
    | {"webhooks", "workflows", "triggers", "manual", "paths", "invoke", "sendmessage"}
)
# Long enough for a piece of a token, and for no word of English.
_PIECE = re.compile(r"[\w-]{12,}")
# Where services put what went wrong.
_WORDS = ("msg", "errmsg", "description", "error", "message", "StatusMessage")
_CODES = ("code", "errcode", "error_code", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessMark:
    """The key and value in an answer that confirm the message, whatever the HTTP status.

    ``busy`` are codes that mean "later".
    """

    key: str
    good: int | bool
    busy: frozenset[int | str] = frozenset()


def judge(
    channel: Channel, mark: SuccessMark | None, answer: httpx.Response
) -> SinkError | None:
    """Return the error where the message was refused, None if it was taken."""
    data = data_of(answer)
    if answer.status_code == TOO_MANY:
        wait = _longest(asked_to_wait(answer), _wait(data))
        return TransientSinkError(
            channel.channel_id, f"it answered {TOO_MANY}", retry_after=wait
        )
    if not answer.is_success:
        return refused(channel, answer, _said(data, answer))
    return _lie(channel, mark, answer, data) if mark else None


def _lie(
    channel: Channel, mark: SuccessMark, answer: httpx.Response, data: dict[str, Any]
) -> SinkError | None:
    """Return the refusal inside an answer with HTTP 200, if there is one."""
    # Slack's webhooks answer with this word, its other doors with JSON.
    is_ok = mark.good is True and answer.content.strip() == b"ok"
    if is_ok or data.get(mark.key) == mark.good:
        return None
    if mark.key not in data:
        reason = "what it answered is not of the service; something stands between"
        return TransientSinkError(channel.channel_id, reason)
    codes = [data[key] for key in _CODES if isinstance(data.get(key), int | str)]
    code = codes[0] if codes else ""
    reason = tellable(channel, f"it refused: {code} {_said(data, answer)}")
    if mark.busy.intersection(codes):
        return TransientSinkError(channel.channel_id, reason, retry_after=_wait(data))
    return PermanentSinkError(channel.channel_id, reason)


def data_of(answer: httpx.Response) -> dict[str, Any]:
    """Return the object of JSON that *answer* holds, else an empty one."""
    try:
        data = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _said(data: dict[str, Any], answer: httpx.Response) -> str:
    words = (data[key] for key in _WORDS if isinstance(data.get(key), str))
    if found := next(words, ""):
        return found
    # Slack answers in a word or two; a page of HTML is no reason.
    text = answer.text.strip()
    return "" if data or text.startswith("<") else text


def _wait(data: dict[str, Any]) -> float | None:
    """Return the seconds of a retry in the body of an answer of Telegram or Discord."""
    parameters = data.get("parameters")
    inner = parameters if isinstance(parameters, dict) else {}
    value = inner.get("retry_after", data.get("retry_after"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A whole number of JSON may be larger than any float.
    return float(min(value, LONGEST)) if 0 <= value < float("inf") else None


def _longest(*waits: float | None) -> float | None:
    return max((wait for wait in waits if wait is not None), default=None)


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
    """Return the seconds of ``Retry-After``, None without the header."""
    headers = answer.headers
    return parse_retry_after(headers.get("retry-after", ""), date=headers.get("date", ""))


def tellable(channel: Channel, said: str) -> str:
    """Return a receiver's reason on one line, with the channel's secrets removed."""
    shown = said
    for part in sorted(_secrets(channel), key=len, reverse=True):
        shown = re.sub(re.escape(part), "…", shown, flags=re.IGNORECASE)
    address = channel.address.lower()
    shown = _PIECE.sub(
        lambda piece: "…" if piece[0].lower() in address else piece[0], shown
    )
    return shorten(shown, LONGEST_REASON)


def _secrets(channel: Channel) -> set[str]:
    """Return every part of the channel that gives access to it."""
    mail = channel.mail
    whole = [channel.secret, *(value for _, value in channel.headers)]
    whole += [mail.user, mail.password] if mail else []
    parts = _SECRET_PART.findall(f"{channel.address} {channel.proxy}")
    parts += [part for text in whole for part in (text, *text.split())]
    return {part for part in parts if part and part.lower() not in _COMMON}
