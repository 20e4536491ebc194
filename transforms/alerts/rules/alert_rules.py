"""Contents of alerts.toml: rules, channels and briefs, alone or over the shipped ones.

Rules are found by the traits that they require of an article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from functools import cached_property
from typing import Literal, get_args

from ahocorasick_rs import AhoCorasick

from transforms.alerts.rules.channels import ChannelKeys, Env, read_channels
from transforms.alerts.rules.condition_keys import KEYS, Trait
from transforms.alerts.rules.rule import (
    KEYS_OF_KIND,
    asks_off_beat,
    channels_at,
    read_group,
    read_rule,
)
from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.alerts.rules.values import (
    KnownIds,
    check_id,
    names_at,
    read_language,
    read_zone,
)
from transforms.config import EXTENDS_KEYS, ConfigTable, ConfigText, read_base, tables
from transforms.models import (
    BriefPeriod,
    Channel,
    Condition,
    Feed,
    FeedKind,
    Rule,
    ScheduledBrief,
    SearchQuery,
)
from transforms.models.alerts import WATCHING
from transforms.names.rules.watchlist import Watchlist

# Traits that are found before rules are asked.
_FOUND = frozenset({"company", "topic", "act"})
SECTIONS = (*EXTENDS_KEYS, "brief", "channel", "group", "rule")
NO_ENV: Env = {}
Names = Mapping[Literal["sections", "things"], Callable[[], Collection[str]]]
NO_NAMES: Names = {"sections": tuple, "things": tuple}
NO_SEARCHES: Mapping[str, SearchQuery] = {}
BRIEF_KEYS = (
    "period",
    "at",
    "zone",
    "language",
    "channels",
    "only",
    "search",
    "enabled",
    "note",
)
PERIODS: tuple[BriefPeriod, ...] = get_args(BriefPeriod)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AT = re.compile(
    r"(?:(?P<day>[a-z]{3})[a-z]* +)?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
)
_EXAMPLE = {"day": 'write a time such as "08:00"', "week": 'write one such as "Mon 08:00"'}
# The section that tells what searches found.
_SEARCHES = "searches"


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
        self.rules = [rule for rule in self.rules if rule.kind not in WATCHING]
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


@dataclass(frozen=True, kw_only=True)
class AlertRules:
    """Contents of one ``alerts.toml``: rules and briefs in order of id.

    ``feed_kinds`` and ``roots`` (a company's top parent, if any) are input of decisions.
    """

    rules: tuple[Rule, ...] = ()
    briefs: tuple[ScheduledBrief, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    feed_kinds: Mapping[str, FeedKind] = field(default_factory=dict)
    roots: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def index(self) -> RuleIndex:
        """Index of the rules on articles, by required traits."""
        return RuleIndex(self.rules)

    @cached_property
    def waiting(self) -> RuleIndex:
        """Index of the rules that wait for several outlets."""
        return RuleIndex([rule for rule in self.rules if rule.min_publishers > 1])

    @property
    def tells_outcomes(self) -> bool:
        """Tell whether any rule reports the outcome of claims that it alerted on."""
        return any(rule.updates.outcomes for rule in self.rules)

    @property
    def off_beat(self) -> str | None:
        """A rule that reads topics off the beat; None if there is none."""
        on_articles = (rule for rule in self.rules if rule.kind not in KEYS_OF_KIND)
        asking = (rule.rule_id for rule in on_articles if asks_off_beat(rule.wanted))
        return next(asking, None)

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by id."""
        return {rule.rule_id: rule for rule in self.rules}

    @cached_property
    def lacking(self) -> Mapping[str, str]:
        """Sentences on channels with an unset variable, whose messages wait."""
        return {
            channel_id: f"{channel.lacks}; messages to channel {channel_id} wait for it"
            for channel_id, channel in self.channels.items()
            if channel.lacks
        }

    @cached_property
    def channels_of(self) -> Mapping[str, tuple[str, ...]]:
        """Channels of each rule and brief, by the rule id of their alerts."""
        of_briefs = {brief.rule_id: brief.channels for brief in self.briefs}
        return of_briefs | {rule.rule_id: rule.channels for rule in self.rules}

    def of_kind(self, kind: str) -> tuple[Rule, ...]:
        """Return the rules of one kind."""
        return tuple(rule for rule in self.rules if rule.kind == kind)


def parse_alerts(
    text: str,
    *,
    source: str = "alerts.toml",
    watchlist: Watchlist,
    feeds: Iterable[Feed],
    channel_types: Mapping[str, ChannelKeys],
    default: str | None = None,
    env: Env = NO_ENV,
    names: Names = NO_NAMES,
    searches: Mapping[str, SearchQuery] = NO_SEARCHES,
) -> AlertRules:
    """Read rules, briefs, and channels of *channel_types*.

    *default* is the text for ``extends = "default"``. *names* are the sections that a
    brief may select, and what measures are about; each is called if it is asked for.
    *searches* are those that a rule may name.

    Raises:
        ConfigError: Something is wrong; the message says where and what to do.
    """
    config = ConfigText(text, source)
    base = read_base(config, default, name="alerts.toml")
    layers = [layer for layer in (base, config) if layer]
    channels: dict[str, Channel] = {}
    for layer in layers:
        layer.check_keys(layer.data, SECTIONS, ())
        # What the user's own file names anew need not be valid below.
        channels |= read_channels(layer, channel_types, env)
    known = KnownIds(
        watchlist=watchlist,
        feeds={feed.feed_id: feed.kind for feed in feeds},
        channels=frozenset(channels),
        searches=searches,
        things=names["things"],
    )

    def entries(
        section: str, known: KnownIds
    ) -> Iterator[tuple[str, ConfigTable, KnownIds]]:
        for layer in layers:
            is_shipped = layer is not config or text == default
            for key, table in tables(layer, section):
                yield key, table, replace(known, is_shipped=is_shipped)

    groups = {key: read_group(key, t, ids) for key, t, ids in entries("group", known)}
    grouped = replace(known, groups=groups)
    rules = {key: read_rule(key, t, ids) for key, t, ids in entries("rule", grouped)}
    briefs = {
        key: _brief(key, t, ids, names["sections"])
        for key, t, ids in entries("brief", known)
    }
    return AlertRules(
        briefs=tuple(brief for _, brief in sorted(briefs.items()) if brief),
        rules=tuple(rule for _, rule in sorted(rules.items()) if rule),
        channels=channels,
        feed_kinds=known.feeds,
        roots={
            company.company_id: watchlist.root(company.company_id)
            for company in watchlist.companies
            if company.parent_id
        },
    )


def _brief(
    brief_id: str,
    table: ConfigTable,
    known: KnownIds,
    sections: Callable[[], Collection[str]],
) -> ScheduledBrief | None:
    check_id(table, brief_id)
    table.only(*BRIEF_KEYS)
    table.string("note")
    period = table.choice("period", PERIODS, "day")
    weekday, at = _at(table, period)
    searches = names_at(table, "search", known.searches, noun="search")
    made = ScheduledBrief(
        brief_id=brief_id,
        period=period,
        at=at,
        weekday=weekday,
        zone=read_zone(table, "Asia/Shanghai"),
        language=read_language(table),
        channels=channels_at(table, known),
        only=_only(table, sections, searches),
        searches=searches,
    )
    is_on = "enabled" not in table.values or table.flag("enabled")
    return made if is_on and made.channels else None


def _at(table: ConfigTable, period: BriefPeriod) -> tuple[int | None, time]:
    text = table.required("at")
    found = _AT.fullmatch(text.strip().lower())
    if found is None or (found["day"] and found["day"] not in WEEKDAYS):
        raise table.error("at", f"{text!r} is not a time of day", _EXAMPLE[period])
    if found["day"] and period == "day":
        raise table.error(
            "at", f"{text!r} names a weekday, and a day's brief is daily", _EXAMPLE["day"]
        )
    weekday = WEEKDAYS.index(found["day"] or "mon") if period == "week" else None
    return weekday, time(int(found["hour"]), int(found["minute"]))


def _only(
    table: ConfigTable, sections: Callable[[], Collection[str]], searches: Collection[str]
) -> tuple[str, ...]:
    known = sections() if table.values.get("only") else ()
    named = names_at(table, "only", known, noun="section")
    if _SEARCHES in named and not searches:
        raise table.error(
            "only", f"keeps {_SEARCHES!r}", 'name them as well: search = ["…"]'
        )
    # A brief with searches keeps to them, or has their section beside those it keeps.
    return (*named, _SEARCHES) if searches and _SEARCHES not in named else named
