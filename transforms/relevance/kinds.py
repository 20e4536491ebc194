"""Kinds of evidence: which counts apart, and which as one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

# Who tells it, and in which language and form, stands beside any word.
_BESIDE = ("source-", "chinese", "digest")


class Firms(NamedTuple):
    """Firms of some sectors, all at home on the beat or all elsewhere."""

    sectors: frozenset[str]
    is_home: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKinds:
    """How evidence hangs together: ``evidence.toml`` of a beat.

    ``home`` is the side whose measures, and measures against which, concern the beat.
    ``firms`` are kinds of firms that count apart, by their sectors and whether at home.
    ``town`` is the word group that makes ``place``, and each name of ``any_of`` stands
    where any of its evidence does. Caps limit ``places``, ``nouns`` and both together.
    """

    home: str
    firms: Mapping[str, Firms]
    place: str
    town: str
    any_of: Mapping[str, tuple[str, ...]]
    places: frozenset[str]
    nouns: frozenset[str]

    def cap_of(self, names: frozenset[str]) -> str:
        """Return the cap of a term with these *names*; "" where more is in it."""
        words = {name for name in names if not name.startswith(_BESIDE)}
        if not words or not words <= self.places | self.nouns:
            return ""
        if words & self.places and words & self.nouns:
            return "together"
        return "places" if words & self.places else "nouns"


def read_kinds(text: str) -> EvidenceKinds:
    """Return the kinds of evidence of a TOML text."""
    data = tomllib.loads(text)
    place, caps = data.get("place", {}), data.get("caps", {})
    return EvidenceKinds(
        home=data.get("measures", {}).get("home", ""),
        firms={
            name: Firms(frozenset(each["sectors"]), is_home=bool(each["home"]))
            for name, each in data.get("firms", {}).items()
        },
        place=place.get("whole", ""),
        town=place.get("town", ""),
        any_of={name: tuple(names) for name, names in data.get("any", {}).items()},
        places=frozenset(caps.get("places", ())),
        nouns=frozenset(caps.get("nouns", ())),
    )
