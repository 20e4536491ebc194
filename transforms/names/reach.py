"""Reach of rules: which articles another watchlist may find otherwise.

Each rule is kept under a digest of all that it says, with the texts of which an article
has one where the rule may bear on it. So two watchlists are compared by their digests, and
an article that has nothing of the rules of one alone is found the same by both.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from transforms.names.match.people import spellings_of
from transforms.names.match.topic_rules import literals_by_term
from transforms.names.rules.literals import BORDER, required_literals
from transforms.names.rules.patterns import folded_pattern
from transforms.names.rules.watchlist import Topic, Watchlist
from transforms.names.tagging import Tagger
from transforms.text.fold import fold, lowered

# Under these keys a list of words has ids of the watchlist.
_IDS = frozenset({"sectors", "countries"})


class Reach(NamedTuple):
    """A rule's name, and the articles that it may affect.

    These have one of *words*, folded and in lower case, or one of the mentions, tags
    ("topic ID") or outlets. *everything* marks a rule whose reach is unknown. When a rule
    with *stories* or *affairs* is gone, stories are grouped or affairs linked again.
    """

    says: str
    words: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    everything: bool = False
    stories: bool = False
    affairs: bool = False


Reaches = Mapping[str, Reach]


def reaches_of(
    tagger: Tagger, *, lists: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, Reach]:
    """Return the reach of each rule by its digest.

    *lists* are what any article may be read by, *words* the texts of lists of words, by
    their names.
    """
    watchlist = tagger.watchlist
    rules = (
        *((repr(each), Reach(each[0], everything=True)) for each in lists.items()),
        *(
            rule
            for name, text in words.items()
            for rule in _words(name, tomllib.loads(text))
        ),
        (repr(watchlist.scoring), Reach("the scoring", everything=True)),
        *_aliases(tagger),
        *_companies(tagger),
        *_people(watchlist),
        *(rule for topic in watchlist.topics for rule in _topic(topic, tagger)),
        *map(_credit, watchlist.credit_lines),
    )
    return {
        hashlib.sha256(meaning.encode()).hexdigest()[:16]: _known(reach)
        for meaning, reach in rules
    }


def changes_between(before: Reaches, after: Reaches) -> tuple[list[Reach], bool]:
    """Return the rules that one of two states alone has, and whether affairs change."""
    gone = [reach for key, reach in before.items() if key not in after]
    new = [reach for key, reach in after.items() if key not in before]
    return gone + new, any(reach.affairs for reach in gone)


def _words(name: str, said: Any, *path: str | int) -> Iterator[tuple[str, Reach]]:
    """Yield each word of a TOML list, and what else stands in it, with where it stands."""
    is_list = isinstance(said, list)
    if is_list and all(isinstance(each, str) for each in said) and _IDS.isdisjoint(path):
        for word in said:
            text = lowered(fold(word.removeprefix("=")).text).strip()
            reach = Reach(f"words of {name}", words=(text,), everything=not text)
            yield repr((name, path, word)), reach
    elif is_list or isinstance(said, Mapping):
        for key, each in enumerate(said) if is_list else said.items():
            yield from _words(name, each, *path, key)
    else:
        yield repr((name, path, said)), Reach(name, everything=True)


def _known(reach: Reach) -> Reach:
    """Return *reach* with its words as texts are searched for them."""
    words = sorted({word.removeprefix(BORDER).lower() for word in reach.words})
    return reach._replace(words=tuple(words))


def _aliases(tagger: Tagger) -> Iterator[tuple[str, Reach]]:
    companies = tagger.watchlist
    for form in tagger.mentions.forms.all():
        for rule in form.rules:
            said = replace(rule.alias, examples=(), sense="", common=False)
            patterns = [[p.pattern for p in each] for each in (rule.context, rule.excludes)]
            meaning = repr((form.text, form.in_brackets, rule.text, said, patterns))
            name = companies.company(rule.alias.company_id).name
            yield meaning, Reach(f"aliases of {name}", words=(form.text,))


def _companies(tagger: Tagger) -> Iterator[tuple[str, Reach]]:
    """Yield what a company is, whatever it is called: where an article names it."""
    watchlist = tagger.watchlist
    numbers = [topic.topic_id for topic in watchlist.topics]
    for company in watchlist.companies:
        key = company.company_id
        priors = [(numbers[p.topic], p.value) for p in tagger.topics.priors[key]]
        said = replace(company, name="", name_zh="", aliases=(), tickers=(), wikidata="")
        above = [
            f"{each} {watchlist.company(each).stored_kind}" for each in watchlist.above(key)
        ]
        meaning = repr(
            (said, company.stored_kind, tagger.beat.companies[key], priors, above)
        )
        yield meaning, Reach(f"what {company.name} is", companies=(key,), affairs=True)


def _people(watchlist: Watchlist) -> Iterator[tuple[str, Reach]]:
    for person in watchlist.people:
        if person.company_id:
            names = (lowered(fold(name).text) for name in person.names)
            words = tuple(chain.from_iterable(map(spellings_of, names)))
            yield repr(person), Reach(f"the name of {person.name}", words=words)


def _topic(topic: Topic, tagger: Tagger) -> Iterator[tuple[str, Reach]]:
    watchlist, key = tagger.watchlist, f"{topic.kind} {topic.topic_id}"
    terms = dict(literals_by_term(topic, watchlist))
    says = f"words of {topic.kind} {topic.name}"
    for term, held in terms.items():
        yield f"{key} {term}", Reach(says, words=tuple(held), everything=not held)
    sides = topic.sides and (topic.sides,)
    weight = tagger.beat.topics.get(topic.topic_id)
    said = (topic.parent_id, topic.threshold, weight, *sides)
    implied = sorted(watchlist.priors.get(topic.topic_id, {}).items())
    words = tuple(frozenset().union(*terms.values()))
    # One that nothing needs to speak for may bring any article onto the beat.
    is_anywhere = topic.threshold is not None and topic.threshold <= 0
    yield (
        repr((key, said, implied)),
        Reach(says, words=words, topics=(key,), everything=is_anywhere),
    )
    if topic.boards:
        yield repr((key, topic.boards)), Reach(f"boards of {topic.name}", affairs=True)


def _credit(source: str) -> tuple[str, Reach]:
    words = tuple(required_literals(folded_pattern(source)))
    return f"credit {source}", Reach("credit lines", words=words, everything=not words)
