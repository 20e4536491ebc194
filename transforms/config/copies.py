"""Compare a home's file with the shipped one: whether it is a copy, and what it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transforms.config.extends import entries_of
from transforms.config.inherited import inherited
from transforms.text.plural import counted

EntryName = tuple[str, str]
# What one entry of a section is called, and several.
NOUNS: Mapping[str, tuple[str, str]] = {
    "company": ("company", "companies"),
    "person": ("person", "people"),
    "topic": ("topic", "topics"),
    "event": ("event", "events"),
    "prior": ("prior", "priors"),
    "macro": ("macro", "macros"),
    "credit": ("credit line", "credit lines"),
    "rule": ("rule", "rules"),
    "group": ("group", "groups"),
    "channel": ("channel", "channels"),
}


@dataclass(frozen=True, kw_only=True)
class CopyComparison:
    """The entries of a file beside the shipped ones, by section and id.

    *lost_aliases* are those that shipped companies have and the file's own lack.
    """

    extends: bool
    shipped: int
    own: tuple[EntryName, ...]
    changed: tuple[EntryName, ...]
    missing: tuple[EntryName, ...]
    lost_aliases: int

    @property
    def shared(self) -> int:
        """How many of the shipped entries the file has."""
        return self.shipped - len(self.missing)

    @property
    def is_copy(self) -> bool:
        """Whether the file is a copy: it has a third of the shipped entries or more."""
        return not self.extends and 3 * self.shared >= self.shipped

    def lacks(self) -> str:
        """Return in words what the shipped file has and this one lacks, "" for nothing."""
        counts = Counter(section for section, _ in self.missing)
        said = [counted(count, *NOUNS[section]) for section, count in counts.items()]
        if self.lost_aliases:
            said.append(counted(self.lost_aliases, "alias", "aliases"))
        return ", ".join(said)


def compare(own: Mapping[str, Any], shipped: Mapping[str, Any]) -> CopyComparison:
    """Compare two parsed files entry by entry."""
    mine, theirs = entries_of(inherited(own, shipped)), entries_of(shipped)
    changed = [name for name in mine if name in theirs and mine[name] != theirs[name]]
    return CopyComparison(
        extends="extends" in own,
        shipped=len(theirs),
        own=tuple(name for name in mine if name not in theirs),
        changed=tuple(changed),
        missing=tuple(name for name in theirs if name not in mine),
        lost_aliases=sum(len(_aliases(theirs[n]) - _aliases(mine[n])) for n in changed),
    )


def _aliases(entry: Mapping[str, Any]) -> set[str]:
    listed = entry.get("aliases", [])
    return {a if isinstance(a, str) else a.get("text", "") for a in listed}
