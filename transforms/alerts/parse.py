"""Read an ``alerts.toml``, alone or on top of the shipped one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from transforms.alerts.channels import Env, read_channels
from transforms.alerts.known import Known
from transforms.alerts.rules import read_rules
from transforms.config import ConfigText
from transforms.models import Channel, Rule
from transforms.watchlist import Watchlist

SECTIONS = ("extends", "channel", "rule")
NO_ENV: Env = {}


@dataclass(frozen=True, kw_only=True)
class AlertRules:
    """Everything that one ``alerts.toml`` says: rules in an order of ids."""

    rules: tuple[Rule, ...] = ()
    channels: Mapping[str, Channel] = field(default_factory=dict)


def parse_alerts(
    text: str,
    *,
    source: str = "alerts.toml",
    watchlist: Watchlist,
    feed_ids: Collection[str],
    default: str | None = None,
    env: Env = NO_ENV,
) -> AlertRules:
    """Read rules and channels; *default* is what ``extends = "default"`` extends.

    Raises:
        ConfigError: Something is wrong; the message says where and what to do.
    """
    config = ConfigText(text, source)
    layers = [layer for layer in (_base(config, default), config) if layer]
    channels: dict[str, Channel] = {}
    for layer in layers:
        layer.check_keys(layer.data, SECTIONS, ())
        # What the user's own file names anew need not be valid below.
        channels |= read_channels(layer, env)
    rules: dict[str, Rule | None] = {}
    for layer in layers:
        known = Known(
            watchlist=watchlist,
            feeds=frozenset(feed_ids),
            channels=frozenset(channels),
            is_shipped=layer is not config or text == default,
        )
        rules |= read_rules(layer, known)
    return AlertRules(
        rules=tuple(rule for _, rule in sorted(rules.items()) if rule), channels=channels
    )


def _base(config: ConfigText, default: str | None) -> ConfigText | None:
    extends = config.data.get("extends")
    if extends is None:
        return None
    if extends != "default":
        raise config.error(
            ("extends",), f"is {extends!r}", 'write extends = "default" or leave it out'
        )
    if default is None:
        raise config.error(
            ("extends",), "has nothing to extend here", "leave it out in this file"
        )
    return ConfigText(default, "the shipped alerts.toml")
