"""Weights of evidence: ``weights.toml`` of a beat."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from transforms.config.table import weight_of

_NOT = "not "
# Who tells it, and in which language and form, stands beside any word.
_BESIDE = ("source-", "chinese", "digest")


class EvidencePart(NamedTuple):
    """A condition of a term: the presence or absence of evidence."""

    name: str
    is_absent: bool


@dataclass(frozen=True, slots=True)
class EvidenceTerm:
    """A weighted piece of evidence, or a conjunction whose first part is present.

    ``expected`` is the expert's prior weight; fitting stays near it where labels are few.
    """

    name: str
    parts: tuple[EvidencePart, ...]
    others: tuple[EvidencePart, ...]
    weight: float
    expected: float
    says: str
    cap: str = ""


@dataclass(frozen=True, slots=True)
class BeatWeights:
    """Terms with the intercept and the threshold of the beat.

    ``caps`` limit the sum of the terms of a kind, unless one of ``uncapped`` matches.
    """

    intercept: float
    threshold: float
    terms: tuple[EvidenceTerm, ...]
    # By the evidence that a term needs first: what is absent costs no look.
    needing: Mapping[str, tuple[EvidenceTerm, ...]]
    caps: Mapping[str, float]
    uncapped: frozenset[str]
    kinds: EvidenceKinds
    # Topics and events that together are the evidence "state-control".
    control_topics: frozenset[str]
    control_events: frozenset[str]
    # Evidence of one outlet, company, topic or event: only what is weighed is told.
    learned: frozenset[str] = frozenset()


def read_weights(text: str, kinds: EvidenceKinds) -> BeatWeights:
    """Return the weights of a TOML text.

    Raises:
        ValueError: A weight is no number, or beyond all reason.
    """
    data = tomllib.loads(text)
    terms = tuple(
        EvidenceTerm(
            name=name,
            parts=(parts := tuple(map(_part, name.split(" & ")))),
            others=parts[1:],
            weight=(weight := weight_of(name, entry["weight"])),
            expected=weight_of(name, entry["expected"]),
            says=entry["says"],
            cap=_cap(parts, kinds) if weight > 0 else "",
        )
        for name, entry in data["evidence"].items()
    )
    caps, control = data.get("caps", {}), data.get("state-control", {})
    return BeatWeights(
        intercept=weight_of("intercept", data["decision"]["intercept"]),
        threshold=weight_of("threshold", data["decision"]["threshold"]),
        terms=terms,
        needing=_needing(terms),
        caps={k: weight_of(k, most) for k, most in caps.items() if k != "unless"},
        uncapped=frozenset(caps.get("unless", ())),
        kinds=kinds,
        control_topics=frozenset(control.get("topics", ())),
        control_events=frozenset(control.get("events", ())),
        # Of one outlet, company, topic or event each: "topic chip-memory".
        learned=frozenset(part.name for t in terms for part in t.parts if " " in part.name),
    )


def reweighed(
    weights: BeatWeights, found: Mapping[str, float], *, intercept: float
) -> BeatWeights:
    """Return *weights* with those that were *found* by a fit."""
    terms = tuple(
        _weighing(term, round(found[term.name], 2), weights.kinds) for term in weights.terms
    )
    return replace(
        weights, intercept=round(intercept, 2), terms=terms, needing=_needing(terms)
    )


def _weighing(term: EvidenceTerm, weight: float, kinds: EvidenceKinds) -> EvidenceTerm:
    return replace(term, weight=weight, cap=_cap(term.parts, kinds) if weight > 0 else "")


def _cap(parts: Iterable[EvidencePart], kinds: EvidenceKinds) -> str:
    return kinds.cap_of(frozenset(part.name for part in parts if not part.is_absent))


def _needing(terms: Iterable[EvidenceTerm]) -> Mapping[str, tuple[EvidenceTerm, ...]]:
    needing: dict[str, tuple[EvidenceTerm, ...]] = {}
    for term in terms:
        first = term.parts[0].name
        needing[first] = (*needing.get(first, ()), term)
    return needing


def _part(text: str) -> EvidencePart:
    return EvidencePart(text.removeprefix(_NOT), text.startswith(_NOT))


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
