"""Hosts of one lake: their watchlists, time zones, feeds and shards must agree."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from connectors.feeds.poll.schedule import DAY, Bounds
from flows.beats import DEFAULT_BEAT
from flows.home import Config, home_name
from transforms.config import ConfigError
from transforms.freshness import stamp
from transforms.models import Feed, Run
from transforms.models.articles import EARLY
from warehouse import runs as run_store
from warehouse.news import findings as finding_store
from warehouse.runs import FeedList

# A host that ran no more for so long has no say in the watchlist.
GONE_AFTER = timedelta(days=7)
SAME_FEEDS = "copy the feeds.toml that you want to every machine"
_NEW = "if it is new to the lake, then run on one of them: sinowire retag"


def refuse_other_rules(
    con: duckdb.DuckDBPyConnection, config: Config, now: datetime
) -> None:
    """Check that this host has the rules of the lake's other hosts.

    Raises:
        ConfigError: Another host does not; names both. `sinowire retag` settles it.
    """
    if config.settings.lake_address is None:
        return
    has_rules = finding_store.is_synced(con, config.rules_version)
    zone, theirs = config.settings.reporting_zone, run_store.reporting_zone(con)
    if has_rules and zone == theirs:
        return
    home = home_name(config.settings.home)
    elsewhere = run_store.last_elsewhere(con, home)
    if elsewhere is None or now - elsewhere.started_at > GONE_AFTER:
        return
    host, here, at = elsewhere.host, socket.gethostname(), elsewhere.started_at
    if host == here:
        host, here = f"{host} ({elsewhere.home})", f"{here} ({home})"
    if has_rules:
        raise ConfigError(
            "sinowire.toml",
            f"`reporting_zone` is {zone} on {here}, but {host}, which ran at "
            f"{at:%Y-%m-%d %H:%M} UTC, left the lake with {theirs}; all hosts of a lake "
            "need the same zone",
            f"set the zone that you want on every machine; {_NEW}",
        )
    ours, of_others = config.rules_version, elsewhere.rules_version
    if ours.removesuffix(EARLY) == of_others.removesuffix(EARLY):
        raise ConfigError(
            "sinowire.toml",
            f"only one of {here} and {host}, which ran at {at:%Y-%m-%d %H:%M} UTC, looks "
            "for topics in every article; all hosts of a lake must do the same",
            "set `topics_off_beat = true` on every machine, or see what `sinowire doctor` "
            f"names there; {_NEW}",
        )
    beat, other = map(_beat_of, (ours, of_others))
    if beat != other:
        raise ConfigError(
            "sinowire.toml",
            f"`beat` is {beat!r} on {here}, but {other!r} on {host}, which ran at "
            f"{at:%Y-%m-%d %H:%M} UTC; all hosts of a lake need the same beat",
            "set the beat that you want on every machine, and give the other beat a home "
            f"of its own; {_NEW}",
        )
    raise ConfigError(
        "watchlist.toml",
        f"{here} and {host}, which ran at {at:%Y-%m-%d %H:%M} UTC, have different "
        "watchlists; all hosts of a lake need the same one",
        f"copy the watchlist that you want to every machine; {_NEW}",
    )


def _beat_of(rules_version: str) -> str:
    """Return the beat that a version of rules is of."""
    return rules_version.rpartition(" ")[0] or DEFAULT_BEAT


def polls_a_day(feeds: Iterable[Feed]) -> list[tuple[str, int]]:
    """Return each enabled feed's address and its initial number of polls a day.

    As `feeds.toml` alone has it: what hosts learn and are set to may differ.
    """
    pace = Bounds()
    return [
        (feed.url, max(1, DAY // max(feed.poll or pace.default, pace.shortest)))
        for feed in feeds
        if feed.enabled
    ]


def feeds_version(feeds: Iterable[Feed]) -> str:
    """Return a digest of a list of published feeds, independent of its order.

    So proxies and secrets are not in it: a host may have its own.
    """
    listed = "\n".join(sorted(repr(astuple(feed)) for feed in feeds))
    return "p" + hashlib.sha256(listed.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def other_feeds(con: duckdb.DuckDBPyConnection, run: Run) -> str | None:
    """Return a warning where other hosts have another list of feeds than *run*.

    It is no error: which list stands changes on one host first.
    """
    home = str(run.home)
    lists = run_store.feed_lists(con, home)
    others = [
        each for each in lists if not each.is_here and each.version != run.feeds_version
    ]
    if not others:
        return None
    here = socket.gethostname()
    if any(each.host.partition(" (")[0] == here for each in others):
        here = f"{here} ({home})"
    return f"feeds.toml of {here} differs from that of {_named(others)}; {_LEFT}"


def differing_feeds(con: duckdb.DuckDBPyConnection, home: Path) -> str | None:
    """Return a warning where hosts that ran lately differ in their lists of feeds."""
    lists = run_store.feed_lists(con, home_name(home))
    if len({each.version for each in lists}) < 2:  # noqa: PLR2004
        return None
    return f"feeds.toml differs between {_named(lists)}; {_LEFT}"


_LEFT = "a feed that is in one of them alone is polled only if its shard is run there"


def _named(hosts: Iterable[FeedList]) -> str:
    *first, last = (f"{each.host} (ran at {stamp(each.ran_at)})" for each in hosts)
    return " and ".join(filter(None, (", ".join(first), last)))
