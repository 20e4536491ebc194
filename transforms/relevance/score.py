"""Score of an article: evidence by the weights of a beat, and a report term by term."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from transforms.config.table import weight_of

# One thing that speaks for or against: how much it counts, and what it is in the text.
# A bare tuple: an article has half a dozen.
Evidence = tuple[float, str]
_NOT = "not "
# Who tells it, and in which language and form, stands beside any word.
_BESIDE = ("source-", "chinese", "digest")
NO_EVIDENCE = "no-evidence"
_PLACES = 4
# More than sums of floats in another order differ by.
_ROUNDING = 1e-9


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
        replace(
            term,
            weight=(weight := round(found[term.name], 2)),
            cap=_cap(term.parts, weights.kinds) if weight > 0 else "",
        )
        for term in weights.terms
    )
    return replace(
        weights, intercept=round(intercept, 2), terms=terms, needing=_needing(terms)
    )


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


class Relevance(NamedTuple):
    """Probability of being on the beat, the decision, and its reason."""

    relevance: float
    is_on_beat: bool
    reason: str


class WeighedTerm(NamedTuple):
    """A matching term with its value and the words that matched."""

    term: EvidenceTerm
    value: float
    what: str

    @property
    def adds(self) -> float:
        """Contribution to the log-odds."""
        return self.term.weight * self.value


def score(evidence: Mapping[str, Evidence], weights: BeatWeights) -> Relevance:
    """Return the relevance of a text with this *evidence*."""
    total, strongest, against = weights.intercept, 0.0, 0.0
    capped = dict.fromkeys(weights.caps, 0.0)
    carries: EvidenceTerm | None = None
    speaks_against: EvidenceTerm | None = None
    for term, value in _held(evidence, weights, evidence):
        adds = term.weight * value
        total += adds
        if term.cap in capped:
            capped[term.cap] += adds
        if adds > strongest:
            strongest, carries = adds, term
        elif adds < against:
            against, speaks_against = adds, term
    total -= sum(over for _, over in _over(capped, evidence, weights))
    relevance = _chance(total)
    is_on_beat = relevance >= weights.threshold
    reason = _reason(carries if is_on_beat else speaks_against, evidence)
    return Relevance(relevance, is_on_beat, reason)


def may_be_on_beat(
    least: Mapping[str, Evidence], most: Mapping[str, Evidence], weights: BeatWeights
) -> bool:
    """Tell whether any evidence between *least* and *most* puts a text on the beat.

    *most* has all evidence of *least*, and each of it counts there as much or more. What
    speaks for the beat is granted, and what speaks against it is not, as the sign of each
    weight says: a topic that a fit or a verdict made negative is granted to nobody.
    """
    granted = [each for each in _held(most, weights, least) if each[0].weight > 0]
    certain = (each for each in _held(least, weights, most) if each[0].weight < 0)
    total = weights.intercept + sum(t.weight * value for t, value in (*granted, *certain))
    total -= sum(over for _, over in _beyond_caps(granted, most, weights))
    return _chance(total + _ROUNDING) >= weights.threshold


def weighed(
    evidence: Mapping[str, Evidence], weights: BeatWeights
) -> Iterator[WeighedTerm]:
    """Yield the matching terms with their values."""
    for term, value in _held(evidence, weights, evidence):
        yield WeighedTerm(term, value, _what(term, evidence))


def _chance(total: float) -> float:
    """Return the relevance by the log-odds."""
    return round(1 / (1 + math.exp(-total)), _PLACES)


def _beyond_caps(
    held: Iterable[tuple[EvidenceTerm, float]],
    evidence: Mapping[str, Evidence],
    weights: BeatWeights,
) -> list[tuple[str, float]]:
    """Return what the terms of each cap add beyond it, which counts for nothing."""
    capped = dict.fromkeys(weights.caps, 0.0)
    for term, value in held:
        if term.cap in capped:
            capped[term.cap] += term.weight * value
    return _over(capped, evidence, weights)


def _over(
    capped: Mapping[str, float], evidence: Mapping[str, Evidence], weights: BeatWeights
) -> list[tuple[str, float]]:
    over = [(name, added - weights.caps[name]) for name, added in capped.items()]
    over = [(name, more) for name, more in over if more > 0]
    return over if over and weights.uncapped.isdisjoint(evidence) else []


def _held(
    evidence: Mapping[str, Evidence], weights: BeatWeights, beside: Mapping[str, Evidence]
) -> Iterator[tuple[EvidenceTerm, float]]:
    """Yield the matching terms with their values; what must be absent is so in *beside*."""
    needing = weights.needing
    for name, (first, _) in evidence.items():
        for term in needing.get(name, ()):
            value = first
            for other, is_absent in term.others:
                if is_absent:
                    if other in beside:
                        value *= 1 - beside[other][0]
                elif other in evidence:
                    value *= evidence[other][0]
                else:
                    value = 0.0
                    break
            if value:
                yield term, value


def _what(term: EvidenceTerm, evidence: Mapping[str, Evidence]) -> str:
    held = (evidence[p.name][1] for p in term.parts if not p.is_absent)
    return ", ".join(dict.fromkeys(filter(None, held)))


def _reason(term: EvidenceTerm | None, evidence: Mapping[str, Evidence]) -> str:
    """Return the code of the heaviest term on the side that won, and what it was."""
    if term is None:
        return NO_EVIDENCE
    what = _what(term, evidence)
    return f"{term.name}: {what}" if what else term.name


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReport:
    """A matching term: *adds* is its weight times its value in the text."""

    evidence: str
    what: str
    says: str
    weight: float
    adds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatReport:
    """Relevance of a text with its matching terms, heaviest first."""

    on_beat: bool
    relevance: float
    threshold: float
    reason: str
    intercept: float
    evidence: tuple[EvidenceReport, ...]


def report(evidence: Mapping[str, Evidence], weights: BeatWeights) -> BeatReport:
    """Return the contribution of *evidence* term by term."""
    made = score(evidence, weights)
    held = sorted(weighed(evidence, weights), key=lambda w: -abs(w.adds))
    return BeatReport(
        on_beat=made.is_on_beat,
        relevance=made.relevance,
        threshold=weights.threshold,
        reason=made.reason,
        intercept=weights.intercept,
        evidence=(
            *(
                EvidenceReport(
                    evidence=w.term.name,
                    what=w.what,
                    says=w.term.says,
                    weight=w.term.weight,
                    adds=round(w.adds, 2),
                )
                for w in held
            ),
            *_capped(evidence, weights),
        ),
    )


def _capped(
    evidence: Mapping[str, Evidence], weights: BeatWeights
) -> Iterator[EvidenceReport]:
    held = _held(evidence, weights, evidence)
    for name, over in _beyond_caps(held, evidence, weights):
        yield EvidenceReport(
            evidence=f"cap: {name}",
            what="",
            says="one word counts once, where nobody acts and no company is named",
            weight=weights.caps[name],
            adds=-round(over, 2),
        )
