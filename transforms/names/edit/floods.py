"""Aliases that would match too many articles, estimated from stored ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.names.match.judgement import judge
from transforms.names.rules.watchlist import Alias, Watchlist
from transforms.names.tagging import Tagger

# The most covered company of a watchlist of hundreds is in one article of twelve, and a
# person who follows a company cannot read five hundred articles of it a day.
_MOST_A_DAY = 500
_MOST_SHARE = 0.2
# On fewer a day a share says little: five of twenty may be one story.
_LEAST_ARTICLES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Number of articles on a day, with titles and summaries of a sample."""

    articles: int
    texts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """An alias that would match too many articles a day, on average."""

    alias: Alias
    a_day: float
    share: float
    example: str

    @property
    def sentence(self) -> str:
        """The problem in words."""
        return (
            f"alias {self.alias.text!r} would match {self.a_day:.0f} articles a day, "
            f"{self.share:.0%} of all, such as {self.example!r}"
        )


def new_aliases(watchlist: Watchlist, shipped: Watchlist) -> frozenset[Alias]:
    """Return the aliases that the shipped watchlist lacks or has under another rule."""
    known = set(map(_rule, shipped.aliases))
    return frozenset(a for a in watchlist.aliases if _rule(a) not in known)


def floods(tagger: Tagger, aliases: Collection[Alias], days: Iterable[Day]) -> list[Flood]:
    """Return the *aliases* that match too many articles on an average of *days*.

    Aliases marked ``common`` are exempt.
    """
    aliases = {alias for alias in aliases if not alias.common}
    history = [day for day in days if day.texts]
    matched: Counter[Alias] = Counter()
    weighed: dict[Alias, float] = dict.fromkeys(aliases, 0.0)
    examples: dict[Alias, str] = {}
    for day in history:
        weight = day.articles / len(day.texts)
        for title, alias in _matches(tagger, aliases, day):
            matched[alias] += 1
            weighed[alias] += weight
            examples.setdefault(alias, title)
    total = sum(day.articles for day in history)
    found = [
        Flood(
            alias=alias,
            a_day=weighed[alias] / len(history),
            share=weighed[alias] / total,
            example=examples[alias],
        )
        for alias in matched
    ]
    enough = total >= _LEAST_ARTICLES * len(history)
    return sorted(
        (f for f in found if f.a_day > _MOST_A_DAY or (enough and f.share > _MOST_SHARE)),
        key=lambda f: (-f.a_day, f.alias.company_id, f.alias.text),
    )


def _rule(alias: Alias) -> Alias:
    return replace(alias, examples=(), sense="", common=False)


def _matches(
    tagger: Tagger, aliases: Collection[Alias], day: Day
) -> Iterator[tuple[str, Alias]]:
    for title, summary in day.texts:
        judged = judge(tagger.read(title, summary), tagger.mentions)
        for alias in {j.rule.alias for j in judged if j.accepted}:
            if alias in aliases:
                yield title, alias
