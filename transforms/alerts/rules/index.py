"""Which rules may fire on an article at all: a look-up instead of a try of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick

from transforms.alerts.rules.match import Item
from transforms.alerts.rules.people import literals_of as literals_of_person
from transforms.alerts.rules.terms import folded
from transforms.models import Condition, Rule

# What an article has: ("company", id), ("topic", id), ("feed", id), ("kind", kind of
# feed) and ("text", a literal).
Key = tuple[str, str]
# These look at counts and feeds instead.
OTHER_KINDS = frozenset({"burst", "shift", "silence"})


@dataclass(slots=True)
class RuleIndex:
    """Finds the rules whose first condition an article meets.

    A rule that asks for companies can only fire where one of them is named, and so on;
    a rule of which nothing such is known is tried on every article.
    """

    rules: Sequence[Rule]
    _by_key: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    _always: list[int] = field(default_factory=list)
    _literals: list[str] = field(default_factory=list)
    _automaton: AhoCorasick | None = None
    # Whether a rule may fire without a company or topic: on a word, or a feed.
    _asks_for_more: bool = False

    def __post_init__(self) -> None:
        self.rules = [rule for rule in self.rules if rule.kind not in OTHER_KINDS]
        for place, rule in enumerate(self.rules):
            keys = _keys(rule.wanted)
            if keys is None:
                self._always.append(place)
            for key in keys or ():
                self._by_key[key].append(place)
        kinds = {kind for kind, _ in self._by_key}
        self._asks_for_more = bool(self._always) or not kinds <= {"company", "topic"}
        self._literals = sorted(text for kind, text in self._by_key if kind == "text")
        if self._literals:
            self._automaton = AhoCorasick(self._literals)

    def candidates(self, item: Item) -> list[Rule]:
        """Return the rules that may fire on *item*, in their order."""
        found = set(self._always)
        for key in self._keys_of(item):
            found.update(self._by_key.get(key, ()))
        return [self.rules[place] for place in sorted(found)]

    def may_fire(self, companies: Iterable[str], topics: Iterable[str]) -> bool:
        """Tell whether a rule may fire on an article of which only these are known."""
        known = [("company", company) for company in companies]
        known += [("topic", topic) for topic in topics]
        return self._asks_for_more or not self._by_key.keys().isdisjoint(known)

    def _keys_of(self, item: Item) -> Iterator[Key]:
        yield "feed", item.article.feed_id
        yield "kind", item.feed_kind
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


def _keys(wanted: Condition) -> frozenset[Key] | None:
    """Return keys one of which an article has that meets the condition; None: no idea."""
    people = (t for person in wanted.people for t in literals_of_person(person))
    alternatives = [_keys(each) for each in wanted.any_of]
    either = None
    if alternatives and None not in alternatives:
        either = frozenset().union(*filter(None, alternatives))
    choices = (
        _as_keys("company", wanted.companies),
        _as_keys("topic", wanted.topics),
        _as_keys("text", people),
        _as_keys("text", map(folded, wanted.terms)),
        either,
        _as_keys("feed", wanted.feeds),
        _as_keys("kind", wanted.feed_kinds),
    )
    return next(filter(None, choices), None)


def _as_keys(kind: str, values: Iterable[str]) -> frozenset[Key]:
    return frozenset((kind, value) for value in values)
