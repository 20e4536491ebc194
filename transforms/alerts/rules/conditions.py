"""Conditions of rules: their reader, their test on an article, the index of rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from ahocorasick_rs import AhoCorasick

from transforms.alerts.rules.condition_keys import (
    KEYS,
    Trait,
    found_in,
    named_in,
    patterns_of,
)
from transforms.alerts.rules.text import TaggedArticle
from transforms.alerts.rules.values import KnownIds, unknown
from transforms.config import ConfigTable
from transforms.models import Condition, Role, Rule, TextField, Via

# What a condition may be about, each by itself enough.
SUBJECTS = (
    *(name for key, it in KEYS.items() if it.is_subject for name in (key, *it.also)),
    "any",
)
_HOW = ("roles", "via")
# The other keys only restrict these.
CONDITION_KEYS = (*dict.fromkeys((*SUBJECTS, *KEYS)), "about", "exact", "in", "none", *_HOW)
FIELDS: tuple[TextField, ...] = get_args(TextField)
# These look at counts and feeds instead.
OTHER_KINDS = frozenset({"burst", "shift", "silence"})


def read_condition(table: ConfigTable, known: KnownIds) -> Condition | None:
    """Return what *table* asks for, None where a shipped one names only the unknown.

    Raises:
        ConfigError: A value is wrong; names file, line and the nearest known name.
    """
    values = {name: key.read(table, known) for name, key in KEYS.items()}
    condition = Condition(
        **values,
        about=_about(table),
        **_how(table),
        namesakes=_namesakes(values["people"], known),
        fields=_fields(table),
        any_of=tuple(_alternatives(table, "any", known)),
        none_of=tuple(_alternatives(table, "none", known)),
    )
    return None if _has_lost(condition, table) else condition


def _has_lost(condition: Condition, table: ConfigTable) -> bool:
    """Tell whether a shipped table names only what this watchlist does not hold."""
    if table.values.get("any") and not condition.any_of:
        return True
    return any(
        table.values.get(written) and not getattr(condition, name)
        for name, key in KEYS.items()
        if key.is_subject
        for written in (name, *key.also)
    )


def _alternatives(table: ConfigTable, key: str, known: KnownIds) -> Iterator[Condition]:
    """Yield the conditions of a list of tables; what a shipped one lost is left out."""
    listed = table.values.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(v, dict) for v in listed):
        raise table.error(
            key, "is not a list of tables", f'write {key} = [{{ terms = ["…"] }}, …]'
        )
    for values in listed:
        inner = ConfigTable(table.config, (*table.path, key), values)
        inner.only(*CONDITION_KEYS)
        if not any(values.get(name) for name in {*SUBJECTS, *KEYS}):
            raise table.error(
                key, "holds a table that asks for nothing", f"add {', '.join(SUBJECTS)}"
            )
        condition = read_condition(inner, known)
        if condition is not None:
            yield condition


def _about(table: ConfigTable) -> bool:
    is_asked = table.flag("about")
    if is_asked and not (table.values.get("companies") or table.values.get("groups")):
        raise table.error("about", "names no company", "add companies, or remove about")
    return is_asked


def _how(table: ConfigTable) -> dict[str, Any]:
    """Return which mentions of a company count, where the table says so."""
    how: dict[str, Any] = {}
    for key, known in (("roles", get_args(Role)), ("via", get_args(Via))):
        if named := table.strings(key):
            if not table.values.get("companies") and not table.values.get("groups"):
                raise table.error(
                    key, "is asked of no company", f"add companies, or remove {key}"
                )
            for name in named:
                if name not in known:
                    raise unknown(table, key, name, known, noun=key.removesuffix("s"))
            how[key] = frozenset(named)
    return how


def _namesakes(people: frozenset[str], known: KnownIds) -> frozenset[str]:
    """Return the names of others that a name of *people* is a part of."""
    others = {name for names in known.people.values() for name in names} - people
    return frozenset(o for o in others if any(name in o for name in people))


def _fields(table: ConfigTable) -> tuple[TextField, ...]:
    """Return the fields to look in: a single name means that one and those before it."""
    raw = table.values.get("in", "summary")
    if isinstance(raw, str) and raw in FIELDS:
        return FIELDS[: FIELDS.index(raw) + 1]
    wanted = table.strings("in")
    for name in wanted:
        if name not in FIELDS:
            raise unknown(table, "in", name, FIELDS, noun="field")
    if not wanted:
        raise table.error("in", "is empty", f"choose from {', '.join(FIELDS)}")
    return tuple(name for name in FIELDS if name in wanted)


def holds(wanted: Condition, item: TaggedArticle) -> bool:
    """Tell whether the article meets *wanted*, its companies included."""
    return (
        all(key.holds(wanted, item) for name, key in KEYS.items() if getattr(wanted, name))
        and (not wanted.any_of or any(holds(each, item) for each in wanted.any_of))
        and not any(holds(each, item) for each in wanted.none_of)
    )


def companies_in(wanted: Condition, item: TaggedArticle) -> tuple[str, ...]:
    """Return the companies asked for that the article names, its subjects first.

    Alternatives count that hold. Of several subjects the one named first leads.
    """
    asked = set().union(*(named_in(each, item) for each in _met(wanted, item)))
    if len(asked) <= 1:
        return tuple(asked)
    places: dict[str, tuple[bool, int, int]] = {}
    for mention in item.mentions:
        if mention.company_id in asked:
            place = (not mention.is_about, _depth(mention.field), mention.start)
            here = places.setdefault(mention.company_id, place)
            places[mention.company_id] = min(here, place)
    return tuple(sorted(places, key=lambda company: (places[company], company)))


def subjects_of(item: TaggedArticle) -> frozenset[str]:
    """Return the companies that the article is about."""
    return frozenset(m.company_id for m in item.mentions if m.is_about)


def topic_in(wanted: Condition, item: TaggedArticle) -> str | None:
    """Return the topic asked for that the article is most about."""
    asked = frozenset().union(*(each.topics for each in _met(wanted, item)))
    if not asked:
        return None
    tags = [tag for tag in item.tags if tag.topic_id in asked]
    best = min(tags, key=lambda tag: (-tag.score, tag.topic_id), default=None)
    return best.topic_id if best else None


def term_in(wanted: Condition, item: TaggedArticle, companies: Sequence[str]) -> str:
    """Return the name or word that met the condition: an alias, a person or a term.

    *companies* are those that it asks for and the article names.
    """
    if companies:
        named = (m for m in item.mentions if m.company_id == companies[0])
        return min(named, key=lambda m: (_depth(m.field), m.start)).alias
    for each in _met(wanted, item):
        for pattern in patterns_of(each):
            if (found := found_in(each, item, pattern)) is not None:
                return found
    return ""


def _met(wanted: Condition, item: TaggedArticle) -> Iterator[Condition]:
    """Yield the condition and those of its alternatives that hold."""
    yield wanted
    for each in wanted.any_of:
        if holds(each, item):
            yield from _met(each, item)


def _depth(name: TextField) -> int:
    return ("title", "summary", "content").index(name)


@dataclass(slots=True)
class RuleIndex:
    """Finds the rules whose first condition an article meets.

    A rule that asks for companies can only fire where one of them is named, and so on;
    a rule of which nothing such is known is tried on every article.
    """

    rules: Sequence[Rule]
    _by_trait: dict[Trait, list[int]] = field(default_factory=lambda: defaultdict(list))
    _always: list[int] = field(default_factory=list)
    _literals: list[str] = field(default_factory=list)
    _automaton: AhoCorasick | None = None
    # True if a rule may fire without a company or topic: on a word, or a feed.
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
        self._asks_for_more = bool(self._always) or not kinds <= {"company", "topic"}
        self._literals = sorted(text for kind, text in self._by_trait if kind == "text")
        if self._literals:
            self._automaton = AhoCorasick(self._literals)

    def candidates(self, item: TaggedArticle) -> list[Rule]:
        """Return the rules that may fire on *item*, in their order."""
        found = set(self._always)
        for trait in self._traits_of(item):
            found.update(self._by_trait.get(trait, ()))
        return [self.rules[place] for place in sorted(found)]

    def may_fire(self, companies: Iterable[str], topics: Iterable[str]) -> bool:
        """Tell whether a rule may fire on an article of which only these are known."""
        known = [("company", company) for company in companies]
        known += [("topic", topic) for topic in topics]
        return self._asks_for_more or not self._by_trait.keys().isdisjoint(known)

    def _traits_of(self, item: TaggedArticle) -> Iterator[Trait]:
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


def _traits(wanted: Condition) -> frozenset[Trait] | None:
    """Return traits one of which an article has that meets the condition; None: no idea."""
    asked = (key.traits(wanted) for key in KEYS.values() if key.traits)
    alternatives = [_traits(each) for each in wanted.any_of]
    either = frozenset[Trait]()
    if None not in alternatives:
        either = either.union(*filter(None, alternatives))
    return next(filter(None, (*map(frozenset, asked), either)), None)
