"""A document, with all that a format needs to read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from connectors.feeds.formats.encoding import Decoded, repair_encoding
from connectors.feeds.formats.result import NOTHING, Hashes, KnownItems, Parsed, read_each
from transforms.dates.parse import Dated, parse_date
from transforms.models import Entry, Feed

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Source:
    """A document with its feed; links are relative to ``base_url``, items may be ``known``.

    What a format asks of the whole document is found out once.
    """

    body: bytes
    feed: Feed
    content_type: str = ""
    base_url: str
    now: datetime
    known: KnownItems = NOTHING

    @cached_property
    def kind(self) -> DocumentKind:
        """What the document is by its first tag or bracket."""
        return sniff(self.body)

    @cached_property
    def decoded(self) -> Decoded:
        """The document in UTF-8, without what a server put before it."""
        return repair_encoding(without_junk(self.body), self.content_type)

    @cached_property
    def json(self) -> Any:
        """The document's value where it is JSON.

        Raises:
            FeedParseError: It is none, or a broken one.
        """
        return document_of(self.body, self.feed)

    def date(self, raw: str) -> Dated | None:
        """Return the moment that *raw* names, in the feed's zone where it names none."""
        return parse_date(raw, zone=self.feed.zone, now=self.now)

    def is_date(self, raw: str) -> bool:
        """Tell whether our own reading of dates knows *raw*."""
        return self.date(raw) is not None

    def read_new(
        self,
        items: Sequence[T],
        *,
        hashes_of: Callable[[T], Hashes],
        entry_of: Callable[[T], Entry],
        **about: Any,
    ) -> Parsed:
        """Return the entries of the *items* that are not known, each read for itself.

        *about* is what the result says of the document: its format, title, encoding.
        """
        new = self.known.split(items, hashes_of)
        contained = read_each(entry_of, new.fresh, feed=self.feed, total=new.total)
        parsed = Parsed(entries=contained.read, **about)
        return parsed.counted(new).with_notice(contained.notice)
