"""What a chat service's answer means; some say "no" with HTTP 200."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connectors.net.headers import LONGEST
from connectors.sinks.chat.service import Service, Verdict
from connectors.sinks.errors import PermanentSinkError, SinkError, TransientSinkError
from connectors.sinks.http.answers import asked_to_wait, refused, tellable
from transforms.models import Channel

if TYPE_CHECKING:
    import httpx

TOO_MANY = 429
# Where services put what went wrong.
_WORDS = ("msg", "errmsg", "description", "error", "message", "StatusMessage")
_CODES = ("code", "errcode", "error_code", "error")


def judge(
    channel: Channel, service: Service | None, answer: httpx.Response
) -> SinkError | None:
    """Return why the message was not taken, None where it was."""
    data = _read(answer)
    if answer.status_code == TOO_MANY:
        wait = _longest(asked_to_wait(answer), _wait(data))
        reason = f"it answered {TOO_MANY}"
        return TransientSinkError(channel.channel_id, reason, retry_after=wait)
    if not answer.is_success:
        return refused(channel, answer, _said(data, answer))
    if service is None or service.verdict is None:
        return None
    return _lie(channel, service.verdict, answer, data)


def _lie(
    channel: Channel, verdict: Verdict, answer: httpx.Response, data: dict[str, Any]
) -> SinkError | None:
    """Return the refusal inside an answer with HTTP 200, if there is one."""
    if data.get(verdict.key) == verdict.good or _is_ok(answer, verdict.good):
        return None
    if verdict.key not in data:
        reason = "what it answered is not of the service; something stands between"
        return TransientSinkError(channel.channel_id, reason)
    codes = [data[key] for key in _CODES if isinstance(data.get(key), int | str)]
    code = codes[0] if codes else ""
    reason = tellable(channel, f"it refused: {code} {_said(data, answer)}")
    if verdict.busy.intersection(codes):
        return TransientSinkError(channel.channel_id, reason, retry_after=_wait(data))
    return PermanentSinkError(channel.channel_id, reason)


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        data = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _is_ok(answer: httpx.Response, good: object) -> bool:
    # Slack's webhooks answer with this word, its other doors with JSON.
    return good is True and answer.content.strip() == b"ok"


def _said(data: dict[str, Any], answer: httpx.Response) -> str:
    words = (data[key] for key in _WORDS if isinstance(data.get(key), str))
    if found := next(words, ""):
        return found
    # Slack says a word or two; a page of HTML is for somebody else.
    text = answer.text.strip()
    return "" if data or text.startswith("<") else text


def _wait(data: dict[str, Any]) -> float | None:
    """Return the seconds that Telegram and Discord write into the answer itself."""
    parameters = data.get("parameters")
    inner = parameters if isinstance(parameters, dict) else {}
    value = inner.get("retry_after", data.get("retry_after"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A whole number of JSON may be larger than any float.
    return float(min(value, LONGEST)) if 0 <= value < float("inf") else None


def _longest(*waits: float | None) -> float | None:
    return max((wait for wait in waits if wait is not None), default=None)
