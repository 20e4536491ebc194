"""What parsing a document yields."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from transforms.models import Entry
from transforms.reading import Reading

BROKEN_OFF = "the end of the document is missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The new entries of a document and what the document was like.

    ``total`` counts its items, known ones too; ``redated`` those of which only
    the dates changed. ``is_cut`` says that its end is missing, so that it must
    be fetched whole again. ``readings`` are there where a reader was given.
    """

    entries: list[Entry]
    item_hashes: tuple[int, ...] = ()
    format: str = ""
    total: int = 0
    redated: int = 0
    is_cut: bool = False
    title: str = ""
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    readings: list[Reading] = field(default_factory=list)

    def as_read(self, readings: list[Reading]) -> Parsed:
        """Return the same with *readings*; of the entries their dates alone are kept."""
        return replace(
            self, readings=readings, entries=[_bare(entry) for entry in self.entries]
        )

    def with_warnings(self, *warnings: str) -> Parsed:
        """Return the same with *warnings* before its own, empty ones left out."""
        return replace(self, warnings=(*filter(None, warnings), *self.warnings))


def _bare(entry: Entry) -> Entry:
    """Return *entry* with its dates alone, all that is asked of one that was read."""
    return Entry(
        guid="",
        url="",
        title="",
        published_at=entry.published_at,
        updated_at=entry.updated_at,
    )
