"""What parsing a document yields."""

from __future__ import annotations

from dataclasses import dataclass, replace

from transforms.models import Entry

BROKEN_OFF = "the end of the document is missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The new entries of a document and what the document was like.

    ``total`` counts its items, known ones too; ``redated`` those of which only
    the dates changed. ``is_cut`` says that its end is missing, so that it must
    be fetched whole again.
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

    def with_warnings(self, *warnings: str) -> Parsed:
        """Return the same with *warnings* before its own, empty ones left out."""
        return replace(self, warnings=(*filter(None, warnings), *self.warnings))
