"""Weights that each part learns from verdicts, and their benefit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import floor, log, sqrt

from transforms.alerts.rules.mutes import CUT, EXPECTED, PART, START, mutes_of
from transforms.models.verdicts import TaughtWeight
from transforms.teach.fit import (
    SPREADS,
    Labelled,
    Weights,
    best_spreads,
    borne_often,
    fitted,
    folds,
    upper_bound,
)

# What a part is called, and how many verdicts it needs.
NEEDED = {
    PART: ("alerts (wanted, unwanted)", 10),
    "beat": ("the beat (on-beat, off-beat)", 8),
    "latin": ("events told in Latin script", 12),
    "han": ("events told in Chinese", 12),
    "cross": ("events told in both languages", 12),
}
# Of alerts so many must have been wanted, and so many not.
OF_EACH = 4
# Of what readers wanted so much may be muted where signs are weighed, and so much in the
# trial by verdicts that they did not see; and nothing that is wanted more often.
MOST_LOST, LOST_IN_TRIAL, MOST_WANTED = 0.05, 0.1, 0.4
# One of ten sets of verdicts goes beyond by chance.
BOUND = 1.28
# Refitted weights help where so many more verdicts come out right, beyond chance.
LEAST_GAIN = 3
# Of what readers said nothing of no more than this may turn, of each that is a yes.
MOST_TURNED = 0.1
# A smaller change of a weight is none.
_CHANGE = 0.02

Judged = Callable[[Labelled], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Learnt ``weights`` of a part, and its figures before and after.

    Figures are cross-validated. For alerts they are the precision of the alerts sent, and
    ``kept`` the recall of wanted ones; for other parts the share of correct verdicts.
    """

    part: str
    verdicts: int
    sentence: str
    helps: bool = False
    before: float | None = None
    after: float | None = None
    kept: float | None = None
    weights: tuple[TaughtWeight, ...] = ()
    was: Mapping[str, float] = field(default_factory=dict)


def learn_mutes(rows: Sequence[Labelled]) -> Learnt:
    """Return the mutes learnt from verdicts on alerts: signs of unwanted ones.

    The test is cross-validated: an alert is muted by verdicts on other alerts only. Mutes
    help if they mute hardly any wanted alert, and muted ones are significantly less wanted
    than the rest.
    """
    wanted = sum(row.is_yes for row in rows)
    before = wanted / len(rows) if rows else None
    if lacking := _lacking(PART, len(rows)) or _one_sided(wanted, len(rows) - wanted):
        return Learnt(part=PART, verdicts=len(rows), before=before, sentence=lacking)
    muted = [
        rows[n].is_yes
        for mutes, unseen in folds(rows, lambda known: mutes_of(_mutes(known)))
        for n in unseen
        if mutes and mutes.muted_by(rows[n].values) is not None
    ]
    learnt, lost = _mutes(rows), sum(muted)
    helps = bool(
        learnt
        and muted
        and lost <= floor(LOST_IN_TRIAL * wanted)
        and upper_bound(lost, len(muted), BOUND) < wanted / len(rows)
    )
    sent = len(rows) - len(muted)
    return Learnt(
        part=PART,
        verdicts=len(rows),
        before=before,
        after=(wanted - lost) / sent if sent else None,
        kept=(wanted - lost) / wanted,
        helps=helps,
        weights=learnt,
        sentence=_of_mutes(len(muted), lost, helps=helps),
    )


def learn_weights(
    part: str,
    rows: Sequence[Labelled],
    prior: Weights,
    beside: Sequence[Labelled],
    judge: Callable[[Weights], Judged],
) -> Learnt:
    """Return the weights of a part learnt from verdicts, with *prior* as the prior.

    *beside* are rows without verdicts, labelled by the known weights: readers correct
    errors and are silent on correct results, so the fit has to keep these. *judge* returns
    the decision on a row by the weights that differ from *prior*.
    """
    if lacking := _lacking(part, len(rows)):
        return Learnt(part=part, verdicts=len(rows), sentence=lacking)
    # Of the beat, signs beside the shipped ones: verdicts on games of a few firms all bear
    # that a Chinese firm is the subject, and speak of the games.
    moving = {
        name: prior.get(name, 0.0)
        for name in borne_often(rows)
        if part != "beat" or name not in prior
    }
    given, else_ = (_around(moving, prior, some) for some in (rows, beside))

    def fit(known: Sequence[Labelled], spread: float) -> dict[str, float]:
        made = fitted([*known, *else_], moving, spread)
        return {k: round(w, 2) for k, w in made.items() if abs(w - moving[k]) >= _CHANGE}

    spread = next(
        (
            each
            for each in best_spreads(given, moving, else_)
            if _turned(beside, judge({}), judge(fit(given, each))) <= MOST_TURNED
        ),
        SPREADS[0],
    )
    before, after = list(map(judge({}), rows)), [False] * len(rows)
    for weights, unseen in folds(given, lambda known: fit(known, spread)):
        judged = judge(weights)
        for n in unseen:
            after[n] = judged(rows[n])
    was, now = _right(rows, before), _right(rows, after)
    changed = sum(a != b for a, b in zip(before, after, strict=True))
    learnt = fit(given, spread)
    strays = _turned(beside, judge({}), judge(learnt)) > MOST_TURNED
    helps = now - was >= max(LEAST_GAIN, BOUND * sqrt(changed)) and not strays
    return Learnt(
        part=part,
        verdicts=len(rows),
        before=was / len(rows),
        after=now / len(rows),
        helps=helps,
        weights=tuple(TaughtWeight(part, *each) for each in sorted(learnt.items())),
        was=moving,
        sentence=_of_weights(
            f"of {len(rows)} verdicts on {NEEDED[part][0]} {was} came out right, "
            f"and {now} would",
            strays=strays,
            helps=helps,
        ),
    )


def _turned(rows: Sequence[Labelled], before: Judged, after: Judged) -> float:
    """Return how many of *rows* come out otherwise, as a share of those that were a yes."""
    was, now = list(map(before, rows)), list(map(after, rows))
    turned = sum(a != b for a, b in zip(was, now, strict=True))
    return turned / max(sum(was), 1)


def _lacking(part: str, verdicts: int) -> str:
    what, needed = NEEDED[part]
    if verdicts >= needed:
        return ""
    more = needed - verdicts
    return f"{verdicts or 'no'} verdicts on {what}: too few, {more} more are needed"


def _one_sided(wanted: int, unwanted: int) -> str:
    few, kind = min((wanted, "wanted"), (unwanted, "unwanted"))
    if few >= OF_EACH:
        return ""
    return (
        f"of {wanted + unwanted} alerts judged {few or 'none'} were {kind}: "
        f"{OF_EACH - few} more are needed to tell what is {kind}"
    )


def _mutes(rows: Sequence[Labelled]) -> tuple[TaughtWeight, ...]:
    """Return the weights of signs and from where on an alert is muted; none for never."""
    prior = dict.fromkeys(borne_often(rows), 0.0) | EXPECTED
    start = _start(rows, prior)
    given = [row._replace(known=start) for row in rows]
    spread = best_spreads(given, prior)[0]
    apart = folds(given, lambda known: fitted(known, prior, spread))
    judged = [(given[n].total(by), given[n].is_yes) for by, seen in apart for n in seen]
    cut = _cut(judged)
    if cut is None:
        return ()
    learnt = {k: round(w, 2) for k, w in fitted(given, prior, spread).items()}
    learnt = {k: w for k, w in learnt.items() if abs(w) >= _CHANGE}
    learnt |= {START: start, CUT: round(cut, 2)}
    return tuple(TaughtWeight(PART, *each) for each in sorted(learnt.items()))


def _start(rows: Sequence[Labelled], prior: Weights) -> float:
    """Return what an alert comes to before any sign, so that all of them come out right."""
    wanted = sum(row.is_yes for row in rows)
    usual = sum(row.total(prior) for row in rows) / len(rows)
    return round(log((wanted + 1) / (len(rows) - wanted + 1)) - usual, 2)


def _cut(judged: Sequence[tuple[float, bool]]) -> float | None:
    """Return the sum below which most is muted and hardly anything that was wanted."""
    room = floor(MOST_LOST * sum(is_yes for _, is_yes in judged))
    highest = log(MOST_WANTED / (1 - MOST_WANTED))
    best, lost = None, 0
    ordered = sorted(judged)
    for (total, is_yes), (after, _) in pairwise(ordered):
        lost += is_yes
        if lost > room or total >= highest:
            break
        best = min((total + after) / 2, highest)
    return best


def _around(moving: Weights, prior: Weights, rows: Sequence[Labelled]) -> list[Labelled]:
    """Return *rows* with all that does not move as known."""
    still = {name: weight for name, weight in prior.items() if name not in moving}
    return [
        row._replace(
            values={k: v for k, v in row.values.items() if k in moving},
            known=row.total(still),
        )
        for row in rows
    ]


def _right(rows: Sequence[Labelled], said: Sequence[bool]) -> int:
    return sum(row.is_yes == yes for row, yes in zip(rows, said, strict=True))


def _of_mutes(muted: int, lost: int, *, helps: bool) -> str:
    if helps:
        return f"verdicts on the others mute {muted} of those judged, {lost} of them wanted"
    if not muted:
        return "nothing tells unwanted alerts from wanted ones yet: nothing is muted"
    return (
        f"verdicts on the others mute {muted} of those judged, {lost} of them wanted: "
        "too few verdicts, or wanted and unwanted look alike, so nothing is muted"
    )


def _of_weights(told: str, *, strays: bool, helps: bool) -> str:
    if helps:
        return told
    if strays:
        return (
            f"{told}, but much turns that nobody spoke of, more than "
            f"{100 * MOST_TURNED:.0f} of 100: nothing changes"
        )
    return f"{told}: no gain beyond chance, so nothing changes"
