"""Read an ``alerts.toml``, alone or on top of the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from transforms.alerts.rules.briefs import read_briefs
from transforms.alerts.rules.channels import ChannelKeys, Env, read_channels
from transforms.alerts.rules.ids import KnownIds
from transforms.alerts.rules.index import RuleIndex
from transforms.alerts.rules.mutes import Mutes, mutes_of
from transforms.alerts.rules.rule import read_groups, read_rules
from transforms.config import EXTENDS_KEYS, ConfigText, read_base
from transforms.models import Channel, Feed, FeedKind, Rule, ScheduledBrief, SearchQuery
from transforms.watchlist import Watchlist

SECTIONS = (*EXTENDS_KEYS, "brief", "channel", "group", "rule")
NO_ENV: Env = {}
NO_SEARCHES: Mapping[str, SearchQuery] = {}


@dataclass(frozen=True, kw_only=True)
class AlertRules:
    """Everything that one ``alerts.toml`` says: rules and briefs in an order of ids.

    ``feed_kinds`` and ``roots`` (a company's top parent, where it has one) are what the
    rules are decided with, and ``mutes`` what verdicts taught to keep back.
    """

    rules: tuple[Rule, ...] = ()
    briefs: tuple[ScheduledBrief, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)
    feed_kinds: Mapping[str, FeedKind] = field(default_factory=dict)
    roots: Mapping[str, str] = field(default_factory=dict)
    mutes: Mutes | None = None

    @cached_property
    def index(self) -> RuleIndex:
        """The rules that look at articles, by what an article must hold."""
        return RuleIndex(self.rules)

    @cached_property
    def waiting(self) -> RuleIndex:
        """Those of them that wait until several outlets tell a story."""
        return RuleIndex([rule for rule in self.rules if rule.min_publishers > 1])

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by their ids."""
        return {rule.rule_id: rule for rule in self.rules}

    @cached_property
    def lacking(self) -> Mapping[str, str]:
        """The channels whose messages wait for a variable, each with a sentence on it."""
        return {
            channel_id: f"{channel.lacks}; what channel {channel_id} is to get waits for it"
            for channel_id, channel in self.channels.items()
            if channel.lacks
        }

    @cached_property
    def channels_of(self) -> Mapping[str, tuple[str, ...]]:
        """The channels of each rule and brief, by the id that their alerts bear."""
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
    sections: Callable[[], Collection[str]] = tuple,
    searches: Mapping[str, SearchQuery] = NO_SEARCHES,
) -> AlertRules:
    """Read rules, briefs, and channels of *channel_types*.

    *default* is what ``extends = "default"`` extends. *sections* says which ones a brief
    may be held to; it is called if one is. *searches* are those that a rule may name.

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
    )
    is_shipped = {layer: layer is not config or text == default for layer in layers}
    groups: dict[str, frozenset[str]] = {}
    for layer in layers:
        groups |= read_groups(layer, replace(known, is_shipped=is_shipped[layer]))
    rules: dict[str, Rule | None] = {}
    for layer in layers:
        rules |= read_rules(
            layer, replace(known, groups=groups, is_shipped=is_shipped[layer])
        )
    briefs: dict[str, ScheduledBrief | None] = {}
    for layer in layers:
        within = replace(known, is_shipped=is_shipped[layer])
        briefs |= read_briefs(layer, within, sections)
    return AlertRules(
        briefs=tuple(brief for _, brief in sorted(briefs.items()) if brief),
        rules=tuple(rule for _, rule in sorted(rules.items()) if rule),
        channels=channels,
        feed_kinds=known.feeds,
        roots=_roots(watchlist),
        mutes=mutes_of(watchlist.taught),
    )


def _roots(watchlist: Watchlist) -> dict[str, str]:
    return {
        company.company_id: watchlist.root(company.company_id)
        for company in watchlist.companies
        if company.parent_id
    }
