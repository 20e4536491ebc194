"""Emerging terms: terms far more frequent in a week's headlines than before.

Log-odds with an informative Dirichlet prior: Monroe, Colaresi & Quinn 2008,
*Fightin' Words*, Political Analysis 16. The prior is the pooled usage of both
periods, as heavy as one current period, so that a word seen three times for the
first time does not beat one that rose from ten to sixty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from math import log, sqrt

from transforms.models import EmergingTerm
from transforms.text.fold import fold
from transforms.trends.headline_terms import chinese_terms, english_terms

# A word must be in this many different headlines: fewer are one story retold.
MIN_HEADLINES = 4
# One-sided p = 0.023. Thousands of words are compared, so it is a list to look at,
# in order, and not a test.
MIN_Z = 2.0
# A part that is hardly ever seen without the whole says nothing of its own.
ABSORBED = 0.75
# A term that one outlet alone has, though so many headlines of others came by chance this
# seldom, is a column or a slogan of its own. An outlet of most headlines has most terms.
ONE_OUTLET_BY_CHANCE = 0.01
Titled = tuple[str, str] | tuple[str, str, str]
Headlines = Mapping[str, frozenset[str]]
Finder = Callable[[list[str], int], Iterator[set[str]]]
_FINDERS: Mapping[str, Finder] = {"en": english_terms, "zh": chinese_terms}


def emerging_terms(
    current: Iterable[Titled], before: Iterable[Titled], *, week: date, limit: int = 30
) -> list[EmergingTerm]:
    """Return the emerging terms of *current*, highest z-score first.

    Both are (headline, language) pairs, one per story, or triples with the outlet.
    Duplicate headlines count once, and columns of one outlet are ignored. Languages without
    a tokenizer are left out.
    """
    now, then = _by_language(current), _by_language(before)
    ranked = [
        _ranked(
            _emerging(now.get(language, {}), then.get(language, {}), find, week, language)
        )
        for language, find in _FINDERS.items()
    ]
    # z grows with the number of headlines: alone it would leave only the language
    # with most of them. Half the places are kept for each, as far as it fills them.
    kept = limit // len(ranked)
    sure = [term for terms in ranked for term in terms[:kept]]
    rest = _ranked(term for terms in ranked for term in terms[kept:])
    return _ranked([*sure, *rest[: limit - len(sure)]])


def _ranked(terms: Iterable[EmergingTerm]) -> list[EmergingTerm]:
    return sorted(terms, key=lambda term: (-term.z, term.term))


def z_score(now: int, then: int, *, headlines: int, headlines_before: int) -> float:
    """Return the z-score of a term's log-odds ratio, *now* against *then*."""
    usage = (now + then) / (headlines + headlines_before)
    prior = usage * headlines
    odds_now = _log_odds(now + prior, 2 * headlines)
    odds_then = _log_odds(then + prior, headlines_before + headlines)
    return (odds_now - odds_then) / sqrt(1 / (now + prior) + 1 / (then + prior))


def _log_odds(with_term: float, all_headlines: float) -> float:
    # Half a headline keeps a term that is in every one of them finite.
    return log(with_term / (all_headlines - with_term + 0.5))


def _by_language(titled: Iterable[Titled]) -> Mapping[str, Headlines]:
    titles: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for title, language, *outlet in titled:
        # Traditional and Simplified headlines are one language here.
        same = " ".join(fold(title).text.split())
        titles[language.split("-")[0].lower()][same].update(outlet)
    return {
        language: {title: frozenset(outlets) for title, outlets in seen.items()}
        for language, seen in titles.items()
    }


def _emerging(
    current: Headlines, before: Headlines, find: Finder, week: date, language: str
) -> Iterator[EmergingTerm]:
    if not before:
        return
    # Both at once: whether characters form a word is decided on all headlines.
    found = list(find([*current, *before], MIN_HEADLINES))
    now = Counter(term for terms in found[: len(current)] for term in terms)
    then = Counter(term for terms in found[len(current) :] for term in terms)
    sizes = {"headlines": len(current), "headlines_before": len(before)}
    scores = {
        term: z_score(count, then[term], **sizes)
        for term, count in now.items()
        if count >= MIN_HEADLINES
    }
    striking = {term: now[term] for term, z in scores.items() if z >= MIN_Z}
    columns = _of_one_outlet(current, found, striking)
    for term in _without_parts(striking, separator=" " if language == "en" else ""):
        if term not in columns:
            yield EmergingTerm(
                week=week, term=term, language=language, count=now[term], z=scores[term]
            )


def _of_one_outlet(
    current: Headlines, found: Iterable[set[str]], terms: Iterable[str]
) -> set[str]:
    whole = Counter(outlet for told_by in current.values() for outlet in told_by)
    having: dict[str, Counter[str]] = {term: Counter() for term in terms}
    for told_by, terms_of_it in zip(current.values(), found, strict=False):
        for term in terms_of_it & having.keys():
            having[term].update(told_by)
    return {
        term
        for term, outlets in having.items()
        for outlet, count in outlets.items()
        if len(outlets) == 1
        and (whole[outlet] / len(current)) ** count < ONE_OUTLET_BY_CHANCE
    }


def _without_parts(counts: Mapping[str, int], *, separator: str) -> Iterator[str]:
    """Yield the terms that are not merely a part of a longer one, or a rare longer one."""
    for term, count in counts.items():
        padded = f"{separator}{term}{separator}"
        wholes = [
            other
            for other in counts
            if other != term and padded in f"{separator}{other}{separator}"
        ]
        if not any(counts[whole] >= ABSORBED * count for whole in wholes):
            yield term
