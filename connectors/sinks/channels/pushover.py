"""Pushover, on telephones and desktops; 1,024 characters a message.

https://pushover.net/api
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors.net.headers import LONGEST
from connectors.sinks.answers import TOO_MANY, asked_to_wait, data_of, refused, tellable
from connectors.sinks.context import (
    ChannelType,
    PermanentSinkError,
    Send,
    SinkContext,
    SinkError,
    TransientSinkError,
)
from connectors.sinks.markup import PLAIN, Limit, calm, split
from connectors.sinks.payload import words_of
from transforms.alerts.messages.wording import write
from transforms.models import Channel, LetterSection, Parcel, Severity, ToldItem
from transforms.text.lengths import cut

if TYPE_CHECKING:
    import httpx

ADDRESS = "https://api.pushover.net/1/messages.json"
LIMIT = Limit(most=1_024, size=len)
LONGEST_TITLE = 250
LONGEST_URL = 512
LONGEST_URL_TITLE = 100
# 1 passes by a telephone's quiet hours; 2 rings until somebody answers, which no news is
# worth.
PRIORITIES: dict[Severity, int] = {"low": -1, "normal": 0, "urgent": 1}

_KEY = re.compile(r"[A-Za-z0-9]{30}")
_JSON = {"Content-Type": "application/json; charset=utf-8"}

Message = dict[str, Any]


@contextmanager
def open_pushover(channel: Channel, context: SinkContext) -> Iterator[Send]:
    """Yield a function that sends a parcel, a long digest in several messages.

    Raises:
        SinkError: By what is yielded: a message was not taken. The next attempt sends all
            of them again.
    """
    # Its HTTP client is slow to load, and who only reads alerts.toml posts nothing.
    from connectors.sinks.poster import open_poster  # noqa: PLC0415

    with open_poster(channel, context) as poster:

        def send(parcel: Parcel) -> None:
            whom = {"token": channel.secret, "user": channel.address}
            for number, message in enumerate(_messages(channel, parcel)):
                key = f"{parcel.message_id}-{number}" if number else parcel.message_id
                body = json.dumps(whom | message).encode()
                answer = poster.post(ADDRESS, body, _JSON | {"Idempotency-Key": key})
                if failure := _failure(channel, answer):
                    raise failure

        yield send


def _messages(channel: Channel, parcel: Parcel) -> Iterator[Message]:
    letter = write(parcel, words_of(channel))
    loudest = max(PRIORITIES[notice.alert.severity] for notice in parcel.notices)
    about = {"title": cut(calm(letter.subject), LONGEST_TITLE), "priority": loudest}
    if not letter.heading:
        [[item]] = [section.items for section in letter.sections]
        headline, *lines = item.lines or (item.headline,)
        rest = ToldItem(headline=headline, lines=tuple(lines), link="")
        letter = replace(letter, sections=(LetterSection(title="", items=(rest,)),))
        about |= _link(item.link)
    for part in split(replace(letter, heading=""), PLAIN, LIMIT):
        yield {**about, "message": part}


def _link(link: str) -> Message:
    if not link or len(link) > LONGEST_URL:
        return {}
    host = urlsplit(link).hostname or link
    return {"url": link, "url_title": cut(host, LONGEST_URL_TITLE)}


def _failure(channel: Channel, answer: httpx.Response) -> SinkError | None:
    """Return the error where the message was refused, None if it was taken."""
    said = data_of(answer)
    errors = said.get("errors")
    words = ", ".join(map(str, errors)) if isinstance(errors, list) else ""
    if answer.status_code == TOO_MANY:
        reason = tellable(channel, f"it answered {TOO_MANY} {words}".rstrip())
        wait = asked_to_wait(answer)
        wait = _until_reset(answer) if wait is None else wait
        return TransientSinkError(channel.channel_id, reason, retry_after=wait)
    if not answer.is_success:
        return refused(channel, answer, words)
    if "status" not in said:
        reason = "what it answered is not Pushover's; something stands between"
        return TransientSinkError(channel.channel_id, reason)
    if said["status"] != 1:
        reason = tellable(channel, f"it refused: {words}")
        return PermanentSinkError(channel.channel_id, reason)
    return None


def _until_reset(answer: httpx.Response) -> float | None:
    """Return the seconds until the monthly quota resets."""
    reset = answer.headers.get("x-limit-app-reset", "")
    if not re.fullmatch(r"\d{1,12}", reset):
        return None
    return min(max(0.0, int(reset) - time.time()), LONGEST)


CHANNEL = ChannelType(
    address="user",
    secret="token",  # noqa: S106  the name of a key
    options=("proxy",),
    fits=lambda user: _KEY.fullmatch(user) is not None,
    wrong="is not a user or group key",
    example="the 30 letters and digits that Pushover shows, or the variable",
    open=open_pushover,
)
