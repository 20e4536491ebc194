"""Chat services: a letter in the service's markup, split at its limit, sent in order."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from connectors.sinks.answers import SuccessMark, judge
from connectors.sinks.context import (
    ChannelType,
    PermanentSinkError,
    Send,
    SinkContext,
    TransientSinkError,
)
from connectors.sinks.markup import Limit, Markup, split
from connectors.sinks.payload import words_of
from transforms.alerts.messages.wording import write
from transforms.models import Channel, Parcel

if TYPE_CHECKING:
    from connectors.sinks.poster import Poster

NAME = "sinowire"
# Room in a request of so many bytes for all that is not the text.
ENVELOPE = 500
# How often, and how many seconds, a later request of a message waits for its service.
PATIENCE = 3
LONGEST_WAIT = 20.0
JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}
wait = time.sleep


class Post(NamedTuple):
    """One request to a service: its address, its JSON, and its own headers."""

    address: str
    data: Mapping[str, Any]
    headers: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A chat service: addresses, limit, markup, requests and refusals.

    ``hosts`` are those of its own addresses (one that begins with a dot stands for all
    below it), ``schemes`` those of Apprise's for it. ``posts`` makes of a channel, a text
    and the time the requests that bring the text to all rooms of the channel. ``pause``
    are the seconds between two requests that the service's rate asks for: a digest is not
    to fail at its last part.
    """

    hosts: tuple[str, ...]
    schemes: frozenset[str]
    limit: Limit
    markup: Markup
    posts: Callable[[Channel, str, float], Iterable[Post]]
    success: SuccessMark | None = None
    pause: float = 0.0

    def owns(self, address: str) -> bool:
        """Tell whether *address* belongs to this service."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return False
        if parts.scheme == "https":
            return any(
                host.endswith(known) if known.startswith(".") else host == known
                for known in self.hosts
            )
        return parts.scheme in self.schemes and bool(parts.netloc)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChannelType(ChannelType):
    """A type of channel with its ``service``."""

    service: Service


def chat_channel(
    service: Service, *, example: str, options: tuple[str, ...] = ("proxy",)
) -> ChatChannelType:
    """Return the type of channel for *service*; *example* is an address to write."""
    return ChatChannelType(
        address="url",
        options=options,
        fits=service.owns,
        example=example,
        open=partial(open_chat, service=service),
        service=service,
    )


class AddressError(Exception):
    """An address of a service is incomplete, or has an unsupported option."""

    def __init__(self, reason: str = "is not complete; correct it") -> None:
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class AppriseAddress:
    """The parts of an address in Apprise's notation."""

    user: str
    password: str = field(repr=False)
    host: str
    path: tuple[str, ...]
    options: Mapping[str, str]


def read_address(address: str, *options: str) -> AppriseAddress:
    """Return the parts of *address*, whose options must be among *options*.

    Raises:
        AddressError: It has another option of Apprise's.
    """
    # A room of Slack's begins with the sign of a fragment.
    parts = urlsplit(address, allow_fragments=False)
    login, _, host = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    given = dict(parse_qsl(parts.query))
    if unknown := sorted(given.keys() - set(options)):
        raise AddressError(
            f"has the option {unknown[0]}, which only Apprise knows:"
            ' leave it out, or write type = "apprise"'
        )
    path = tuple(unquote(part) for part in parts.path.split("/") if part)
    return AppriseAddress(unquote(user), unquote(password), unquote(host), path, given)


@contextmanager
def open_chat(
    channel: Channel, context: SinkContext, *, service: Service
) -> Iterator[Send]:
    """Yield a function that sends a parcel to *service*, in parts where it is long.

    Raises:
        SinkError: By what is yielded: the address is not one of the service, or it did not
            take a part. The next attempt sends all parts again.
    """
    # Its HTTP client is slow to load, and who only reads alerts.toml posts nothing.
    from connectors.sinks.poster import open_poster  # noqa: PLC0415

    with open_poster(channel, context) as poster:

        def send(parcel: Parcel) -> None:
            for number, (key, post) in enumerate(_posts(channel, service, parcel)):
                if number:
                    wait(service.pause)
                patience = PATIENCE if number else 0
                _deliver(channel, service, poster, post, key, patience)

        yield send


def _posts(
    channel: Channel, service: Service, parcel: Parcel
) -> Iterator[tuple[str, Post]]:
    """Yield each request with its idempotency key."""
    if not service.owns(channel.address):
        raise PermanentSinkError(
            channel.channel_id, f"its address is not one of {channel.type}; correct it"
        )
    letter = write(parcel, words_of(channel))
    for number, part in enumerate(split(letter, service.markup, service.limit)):
        key = f"{parcel.message_id}-{number}" if number else parcel.message_id
        try:
            for post in service.posts(channel, part, time.time()):
                yield key, post
        except AddressError as exc:
            raise PermanentSinkError(channel.channel_id, f"its address {exc}") from None


def _deliver(
    channel: Channel, service: Service, poster: Poster, post: Post, key: str, patience: int
) -> None:
    """Deliver one request; where the service asks for a short wait, wait and retry."""
    headers = {**JSON_TYPE, **post.headers, "Idempotency-Key": key}
    answer = poster.post(post.address, json.dumps(post.data).encode(), headers)
    failure = judge(channel, service.success, answer)
    if failure is None:
        return
    pause = failure.retry_after if isinstance(failure, TransientSinkError) else None
    if not patience or pause is None or pause > LONGEST_WAIT:
        raise failure
    wait(pause)
    _deliver(channel, service, poster, post, key, patience - 1)
