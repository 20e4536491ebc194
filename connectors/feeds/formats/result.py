"""What parsing a document yields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from transforms.models import Entry

if TYPE_CHECKING:
    from transforms.articles.reader import ReadEntry

BROKEN_OFF = "the end of the document is missing"
POSTPONED = "more new entries than one poll takes: the next polls take the rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The new entries of a document and what the document was like.

    ``total`` counts its items, known ones too; ``redated`` those of which only
    the dates changed, ``postponed`` new ones that the next poll is to take. ``is_cut``
    says that its end is missing, so that it must be fetched whole again. ``notices``
    are what a person should hear of, ``warnings`` what the document is like.
    ``readings`` are there where a reader was given.
    """

    entries: list[Entry]
    item_hashes: tuple[int, ...] = ()
    format: str = ""
    total: int = 0
    redated: int = 0
    postponed: int = 0
    is_cut: bool = False
    title: str = ""
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    readings: list[ReadEntry] = field(default_factory=list)

    def counted(self, new: NewItems[Any]) -> Parsed:
        """Return the same with the counts and hashes of *new*."""
        return replace(
            self,
            item_hashes=new.hashes,
            total=new.total,
            redated=new.redated,
            postponed=new.postponed,
        )

    def as_read(self, read: Iterable[tuple[Entry, ReadEntry]]) -> Parsed:
        """Return the same as *read*: of the entries their dates alone are kept."""
        pairs = list(read)
        return replace(
            self,
            entries=[_bare(entry) for entry, _ in pairs],
            readings=[reading for _, reading in pairs],
        )

    def with_notice(self, notice: str) -> Parsed:
        """Return the same with *notice* among the others, unless it is empty."""
        return replace(self, notices=(*self.notices, notice)) if notice else self

    def with_warnings(self, *warnings: str) -> Parsed:
        """Return the same with *warnings* before its own, empty ones left out."""
        return replace(self, warnings=(*filter(None, warnings), *self.warnings))


def _bare(entry: Entry) -> Entry:
    """Return *entry* with its dates alone; its reading replaces the rest."""
    return Entry(
        guid="",
        url="",
        title="",
        published_at=entry.published_at,
        updated_at=entry.updated_at,
    )
