"""What Apprise does not know of a chat service: addresses, limits, markup, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from connectors.sinks.rendering.markup import Markup
from connectors.sinks.rendering.parts import Limit
from transforms.models import Channel

# Room in a request of so many bytes for all that is not the text.
ENVELOPE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Where an answer says whether the message was taken, whatever its HTTP status.

    ``busy`` are codes that mean "later".
    """

    key: str
    good: int | bool
    busy: frozenset[int | str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """An address as a service itself gives it out, and the same as Apprise writes it."""

    pattern: re.Pattern[str]
    apprise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A chat service behind Apprise.

    ``hosts`` are those of its own addresses (one that begins with a dot stands for all
    below it), ``schemes`` and ``plugins`` Apprise's for it; ``native`` turns the ones into
    the others where Apprise does not. ``complete`` adds to the address what the channel
    says besides, ``amend`` to the JSON of a request what Apprise leaves out; ``adjust``
    mends the plugin itself. ``pause`` are the seconds between the parts of a long message
    that the service's rate asks for: a digest is not to fail at its last part.
    """

    hosts: tuple[str, ...]
    schemes: frozenset[str]
    plugins: frozenset[str]
    limit: Limit
    markup: Markup
    format: Literal["text", "markdown", "html"] = "text"
    native: Native | None = None
    verdict: Verdict | None = None
    pause: float = 0.0
    complete: Callable[[str, Channel], str] | None = None
    amend: Callable[[dict[str, Any], Channel, int], None] | None = None
    adjust: Callable[[Any], None] | None = None

    def owns(self, address: str) -> bool:
        """Tell whether *address* is one of this service."""
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

    def apprise_address(self, channel: Channel) -> str:
        """Return the address of *channel* as Apprise writes it."""
        address = channel.address
        if self.native and (found := self.native.pattern.fullmatch(address)):
            address = found.expand(self.native.apprise)
        return self.complete(address, channel) if self.complete else address
