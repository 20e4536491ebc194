"""Mutes: weights learnt from verdicts that suppress unwanted alerts.

An alert has signs: its rule, outlet, subjects, and whether its story had an earlier alert.
The learnt weights of its signs are added up; an alert below the threshold is muted, and
names the decisive signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp

from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.models import Alert, Rule
from transforms.models.verdicts import TaughtWeight, of_part

PART = "alerts"
START, CUT = "before any sign", "muted below"
AGAIN = "its story was told before"
_STEPS = frozenset({"publishers", "language", "company", "turn"})
# A headline of less weight, and a relevance below, is a sign.
_TELLING, _SURELY = 6, 0.9
# So many of the heaviest signs are told.
_TOLD = 4


# What a person would say that a sign adds, without verdicts; those move it. Others add
# nothing.
EXPECTED = {
    AGAIN: -1.0,
    "update by turn": -0.5,
    "update by language": -0.5,
    "a round-up": -1.0,
    "no company is its subject": -0.5,
    "no event": -0.5,
    "not surely on the beat": -0.5,
    "its headline tells little": -0.5,
    "told by one outlet": -0.25,
}


@dataclass(frozen=True, slots=True)
class Mutes:
    """Weight of each sign in the log-odds of being wanted, and the threshold to mute."""

    start: float
    cut: float
    weights: Mapping[str, float]

    def muted_by(self, signs: Iterable[str]) -> str | None:
        """Return the signs that mute an alert, heaviest first; None if it is not muted."""
        held = {sign: self.weights[sign] for sign in signs if sign in self.weights}
        total = self.start + sum(held.values())
        if total >= self.cut:
            return None
        against = sorted((w, sign) for sign, w in held.items() if w < 0)[:_TOLD]
        told = ", ".join(f"{sign} ({weight:+.1f})" for weight, sign in against)
        return f"{told}: wanted in {100 / (1 + exp(-total)):.0f} of 100"


def muted_by(
    rule: Rule, mutes: Mutes | None, signs: Iterable[str], now: datetime
) -> str | None:
    """Return what mutes an alert of *rule*: its own day, or signs that verdicts taught."""
    if rule.mute_until and now.astimezone(UTC).date() < rule.mute_until:
        return f"mute_until {rule.mute_until}"
    return mutes.muted_by(signs) if mutes else None


def mutes_of(taught: Iterable[TaughtWeight]) -> Mutes | None:
    """Return the mutes learnt from verdicts on alerts; None without any."""
    weights = of_part(taught, PART)
    if not weights:
        return None
    return Mutes(weights.pop(START), weights.pop(CUT), weights)


def signs_of(alert: Alert, item: TaggedArticle | None, *, is_again: bool) -> frozenset[str]:
    """Return the signs of an alert; *item* is its article, if any.

    *is_again* says that its story had an earlier alert.
    """
    rule = f"rule {alert.rule_id}"
    found = {rule, *(f"company {company}" for company in alert.companies)}
    steps = {word.partition(":")[0] for word in alert.step.split()}
    found |= {f"update by {step}" for step in steps & _STEPS}
    if is_again:
        found.add(AGAIN)
    if item is not None:
        found |= set(_of_article(alert, item, rule))
    return frozenset(found)


def _of_article(alert: Alert, item: TaggedArticle, rule: str) -> Iterator[str]:
    article = item.article
    yield f"in {item.language}"
    yield f"from a {item.feed_kind} feed"
    tags = [f"{tag.kind} {tag.topic_id}" for tag in item.tags]
    for sign in (f"from {article.publisher}", *tags):
        yield sign
        yield f"{rule}, {sign}"
    if not any(tag.kind == "event" for tag in item.tags):
        yield "no event"
    if alert.publishers <= 1:
        yield "told by one outlet"
    if not any(mention.is_about for mention in item.mentions):
        yield "no company is its subject"
    if article.relevance is not None and article.relevance < _SURELY:
        yield "not surely on the beat"
    if article.headline_weight is not None and article.headline_weight < _TELLING:
        yield "its headline tells little"
    if article.is_digest:
        yield "a round-up"
