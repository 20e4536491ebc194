"""Index of rules by the traits that they require of an article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick

from transforms.alerts.rules.condition_keys import KEYS, Trait
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.models import Condition, Rule

# These look at counts and feeds, not at articles.
OTHER_KINDS = frozenset({"burst", "shift", "silence"})
# Traits that are found before rules are asked.
_FOUND = frozenset({"company", "topic", "act"})


@dataclass(slots=True)
class RuleIndex:
    """Index of the rules whose first condition an article may meet.

    A rule on companies can only fire if one of them is named, and so on; a rule without
    such a trait is tried on every article.
    """

    rules: Sequence[Rule]
    _by_trait: dict[Trait, list[int]] = field(default_factory=lambda: defaultdict(list))
    _always: list[int] = field(default_factory=list)
    _literals: list[str] = field(default_factory=list)
    _automaton: AhoCorasick | None = None
    # True if a rule may fire without a company, topic or measure: on a word, or a feed.
    _asks_for_more: bool = False

    def __post_init__(self) -> None:
        self.rules = [rule for rule in self.rules if rule.kind not in OTHER_KINDS]
        for place, rule in enumerate(self.rules):
            traits = _traits(rule.wanted)
            if traits is None:
                self._always.append(place)
            for trait in traits or ():
                self._by_trait[trait].append(place)
        kinds = {kind for kind, _ in self._by_trait}
        self._asks_for_more = bool(self._always) or not kinds <= _FOUND
        self._literals = sorted(text for kind, text in self._by_trait if kind == "text")
        if self._literals:
            self._automaton = AhoCorasick(self._literals)

    def candidates(self, item: TaggedArticle) -> list[Rule]:
        """Return the rules that may fire on *item*, in their order."""
        found = set(self._always)
        for trait in self._traits_of(item):
            found.update(self._by_trait.get(trait, ()))
        return [self.rules[place] for place in sorted(found)]

    def may_fire(
        self, companies: Iterable[str], topics: Iterable[str], sides: Iterable[str] = ()
    ) -> bool:
        """Tell whether a rule may fire on an article with these companies and topics.

        *sides* are those whose measures it tells of.
        """
        known = [("company", company) for company in companies]
        known += [("topic", topic) for topic in topics]
        known += [("act", side) for side in sides]
        return self._asks_for_more or not self._by_trait.keys().isdisjoint(known)

    def _traits_of(self, item: TaggedArticle) -> Iterator[Trait]:
        yield "feed", item.article.feed_id
        yield "kind", item.feed_kind
        if item.measure:
            yield "act", item.measure.side
        for company_id in item.companies:
            yield "company", company_id
        for topic_id in item.topics:
            yield "topic", topic_id
        if self._automaton is not None:
            # A rule may look into the content, too: what is there of it counts.
            for name in ("title", "summary", "content"):
                if getattr(item.article, name):
                    text = item.text(name)
                    for place, _, _ in self._automaton.find_matches_as_indexes(
                        text, overlapping=True
                    ):
                        yield "text", self._literals[place]


def _traits(wanted: Condition) -> frozenset[Trait] | None:
    """Return traits one of which an article has that meets the condition; None: no idea."""
    asked = (key.traits(wanted) for key in KEYS.values() if key.traits)
    alternatives = [_traits(each) for each in wanted.any_of]
    either = frozenset[Trait]()
    if None not in alternatives:
        either = either.union(*filter(None, alternatives))
    return next(filter(None, (*map(frozenset, asked), either)), None)
