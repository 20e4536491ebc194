"""What became of what was told of a firm without a name or as possible.

The claims of one story, in order of time, decide: the firm, a body or a filing denies it,
confirms it or gives it up; the act itself confirms it, or overtakes it where it is another
one. What nobody takes up is open, and silent after 30 days; that does not make it false.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from transforms.claims.cues import cue_words
from transforms.claims.read import Claim

Outcome = Literal["open", "confirmed", "denied", "withdrawn", "overtaken", "silent"]
SILENCE = timedelta(days=30)
_WORDS: dict[str, Outcome] = {
    "denied": "denied",
    "confirmed": "confirmed",
    "withdrawn": "withdrawn",
}
_DOES = frozenset({"company", "official", "filing"})
_DONE = frozenset({"happened", "announced"})


class Step(NamedTuple):
    """A claim of an article, and the particulars of its act: a place, a sum, a partner."""

    claim: Claim
    at: datetime
    article_id: str
    particulars: frozenset[str] = frozenset()


class Settled(NamedTuple):
    """An outcome, with the time and the article that told it first; none while open."""

    outcome: Outcome
    at: datetime | None = None
    article_id: str = ""


def outcome_of(steps: Sequence[Step], as_of: datetime) -> Settled | None:
    """Return what became of the first report among *steps*, in order of time.

    None where nothing was reported. A denial without its report is an outcome too: what it
    denies was told somewhere else. What is said outweighs what is done, and of what is
    said the last holds.
    """
    reports = [step for step in steps if is_report(step.claim)]
    said = [step for step in steps if _said(step.claim)]
    if reports:
        said = [step for step in said if step.at >= reports[0].at]
    elif not any(step.claim.modality == "denied" for step in said):
        return None
    if said:
        word = _said(said[-1].claim)
        return _first(word, (step for step in said if _said(step.claim) == word))
    if done := _done(reports, steps):
        return done
    is_silent = as_of - reports[-1].at > SILENCE
    return Settled("silent" if is_silent else "open")


def is_report(claim: Claim) -> bool:
    """Tell whether something was told by nobody in particular, or as possible."""
    return claim.basis == "unnamed" or claim.modality == "may"


def _said(claim: Claim) -> Outcome | None:
    """Return the outcome that a claim tells in words; unnamed voices settle nothing."""
    if claim.basis in ("unnamed", "none"):
        return None
    return _WORDS.get(claim.modality)


def _first(word: Outcome | None, steps: Iterable[Step]) -> Settled:
    step = next(iter(steps))
    return Settled(word or "open", step.at, step.article_id)


def _done(reports: Sequence[Step], steps: Sequence[Step]) -> Settled | None:
    """Return the outcome by what was done after the reports, if anything was."""
    for step in steps:
        before = [report for report in reports if report.at < step.at]
        if before and _is_act(step.claim):
            outcome: Outcome = "overtaken" if _is_other(step, before) else "confirmed"
            return Settled(outcome, step.at, step.article_id)
    return None


def _is_other(step: Step, reports: Iterable[Step]) -> bool:
    """Tell whether an act is another one than the *reports* told of."""
    told: set[str] = set()
    for report in reports:
        if report.claim.modality == "withdrawn":
            return True
        told |= report.particulars
    return bool(told and step.particulars and told.isdisjoint(step.particulars))


def _is_act(claim: Claim) -> bool:
    """Tell whether a claim is an act; an answer whose content is not told is none."""
    if claim.basis not in _DOES or claim.modality not in _DONE:
        return False
    cues = cue_words().find(claim.cue.lower())
    return not any(cue.group in ("answers", "rumour", "falsehood") for cue in cues)
