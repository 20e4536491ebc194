"""Tell of each piece of evidence what it says, weighs and adds, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from transforms.beat.score import WeighedTerm, beyond_caps, score, weighed
from transforms.beat.weights import BeatWeights
from transforms.beat.words import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReport:
    """A term that holds: *adds* is its weight times how much the text shows of it."""

    evidence: str
    what: str
    says: str
    weight: float
    adds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatReport:
    """How surely a text is on the beat, and all that spoke, the heaviest first."""

    on_beat: bool
    relevance: float
    threshold: float
    reason: str
    intercept: float
    evidence: tuple[EvidenceReport, ...]


def report(evidence: Mapping[str, Evidence], weights: BeatWeights) -> BeatReport:
    """Return what *evidence* weighs, term by term."""
    made = score(evidence, weights)
    held = sorted(weighed(evidence, weights), key=lambda w: -abs(w.adds))
    return BeatReport(
        on_beat=made.is_on_beat,
        relevance=made.relevance,
        threshold=weights.threshold,
        reason=made.reason,
        intercept=weights.intercept,
        evidence=(*_spoken(held), *_capped(evidence, weights)),
    )


def _spoken(held: Iterable[WeighedTerm]) -> Iterator[EvidenceReport]:
    for w in held:
        yield EvidenceReport(
            evidence=w.term.name,
            what=w.what,
            says=w.term.says,
            weight=w.term.weight,
            adds=round(w.adds, 2),
        )


def _capped(
    evidence: Mapping[str, Evidence], weights: BeatWeights
) -> Iterator[EvidenceReport]:
    for name, over in beyond_caps(evidence, weights):
        yield EvidenceReport(
            evidence=f"cap: {name}",
            what="",
            says="one word counts once, where nobody acts and no company is named",
            weight=weights.caps[name],
            adds=-round(over, 2),
        )
