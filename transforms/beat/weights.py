"""Weights of evidence, as shipped in ``weights.toml`` or taught by readers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from transforms.seam import beat_text

_AND = " & "
_NOT = "not "
_PLACES = frozenset({"word-china"})
_NOUNS = frozenset(
    {"word-tech", "word-ai", "word-everyday", "technology"}
    | {"topic-technology", "topic-platforms"}
)
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
    # Topics and events that together are the evidence "state-control".
    control_topics: frozenset[str]
    control_events: frozenset[str]
    # What verdicts taught to be evidence, and is not shipped.
    learned: frozenset[str] = frozenset()


@cache
def shipped_weights() -> BeatWeights:
    """Return the weights of ``weights.toml``."""
    return read_weights(beat_text("weights.toml"))


def read_weights(text: str) -> BeatWeights:
    """Return the weights of a TOML text."""
    data = tomllib.loads(text)
    terms = tuple(
        EvidenceTerm(
            name=name,
            parts=(parts := tuple(map(_part, name.split(_AND)))),
            others=parts[1:],
            weight=float(entry["weight"]),
            expected=float(entry["expected"]),
            says=entry["says"],
            cap=_cap(parts) if float(entry["weight"]) > 0 else "",
        )
        for name, entry in data["evidence"].items()
    )
    caps, control = data.get("caps", {}), data.get("state-control", {})
    return BeatWeights(
        intercept=float(data["decision"]["intercept"]),
        threshold=float(data["decision"]["threshold"]),
        terms=terms,
        needing=_needing(terms),
        caps={name: float(most) for name, most in caps.items() if name != "unless"},
        uncapped=frozenset(caps.get("unless", ())),
        control_topics=frozenset(control.get("topics", ())),
        control_events=frozenset(control.get("events", ())),
    )


def taught_weights(taught: Mapping[str, float]) -> BeatWeights:
    """Return the shipped weights, replaced by those that verdicts *taught*.

    Taught terms that are not shipped are added: an outlet, a company, a topic, an event.
    """
    shipped = shipped_weights()
    if not taught:
        return shipped
    terms = tuple(
        _weighing(term, taught[term.name]) if term.name in taught else term
        for term in shipped.terms
    )
    new = sorted(taught.keys() - {term.name for term in terms})
    terms += tuple(_learned_term(name, taught[name]) for name in new)
    return replace(shipped, terms=terms, needing=_needing(terms), learned=frozenset(new))


def reweighed(
    weights: BeatWeights, found: Mapping[str, float], *, intercept: float
) -> BeatWeights:
    """Return *weights* with those that were *found* by a fit."""
    terms = tuple(_weighing(term, round(found[term.name], 2)) for term in weights.terms)
    return replace(
        weights, intercept=round(intercept, 2), terms=terms, needing=_needing(terms)
    )


def _learned_term(name: str, weight: float) -> EvidenceTerm:
    """Return a term that verdicts taught and that is not shipped."""
    parts = (EvidencePart(name, is_absent=False),)
    return EvidenceTerm(name, parts, (), weight, 0.0, "readers' verdicts taught it")


def _weighing(term: EvidenceTerm, weight: float) -> EvidenceTerm:
    return replace(term, weight=weight, cap=_cap(term.parts) if weight > 0 else "")


def _needing(terms: Iterable[EvidenceTerm]) -> Mapping[str, tuple[EvidenceTerm, ...]]:
    needing: dict[str, tuple[EvidenceTerm, ...]] = {}
    for term in terms:
        first = term.parts[0].name
        needing[first] = (*needing.get(first, ()), term)
    return needing


def _part(text: str) -> EvidencePart:
    return EvidencePart(text.removeprefix(_NOT), text.startswith(_NOT))


def _cap(parts: Iterable[EvidencePart]) -> str:
    """Return the cap of a term: of places, of nouns or of both; "" where more is in it."""
    names = {part.name for part in parts if not part.is_absent}
    words = {name for name in names if not name.startswith(_BESIDE)}
    if not words or not words <= _PLACES | _NOUNS:
        return ""
    if words & _PLACES and words & _NOUNS:
        return "together"
    return "places" if words & _PLACES else "nouns"
