"""What a rule asks of measures: its reader, and its test on an article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transforms.alerts.rules.tagged_article import TaggedArticle
from transforms.alerts.rules.values import KnownIds
from transforms.config import ConfigError, ConfigTable, did_you_mean
from transforms.models import Condition
from transforms.models.measures import (
    EVERYWHERE,
    INSTRUMENTS,
    SIDES,
    STATUSES,
    MeasureFilter,
)

MEASURE_KEYS = ("side", "instrument", "status", "thing", "target")


def read_measure(table: ConfigTable, key: str, known: KnownIds) -> MeasureFilter | None:
    """Return what is asked at *key*; None if a shipped rule has lost all of it."""
    if key not in table.values:
        return None
    values = table.values[key]
    if not isinstance(values, dict) or not values:
        keys = ", ".join(MEASURE_KEYS)
        raise table.error(
            key,
            "is not a table with one of its keys",
            f'write {key} = {{ side = "us" }}; its keys are {keys}',
        )
    inner = ConfigTable(table.config, (*table.path, key), values)
    for name in values:
        if name not in MEASURE_KEYS:
            raise _refused(inner, name, "is not a known key", name, MEASURE_KEYS)
    asked = {
        "sides": _chosen(inner, "side", SIDES),
        "instruments": _chosen(inner, "instrument", INSTRUMENTS),
        "statuses": _chosen(inner, "status", STATUSES),
        "things": _things(inner, known),
    }
    targets, target_sides = _targets(inner, known, is_exact=table.flag("exact"))
    if known.is_shipped and (
        ("thing" in values and not asked["things"])
        or ("target" in values and not targets | target_sides)
    ):
        return None
    return MeasureFilter(**asked, targets=targets, target_sides=target_sides)


def tells_measure(wanted: Condition, item: TaggedArticle) -> bool:
    """Tell whether the article tells of a measure as the condition asks for it."""
    asked, told = wanted.measure, item.measure
    if asked is None or told is None:
        return asked is None
    is_target = told.target_side in asked.target_sides or not asked.targets.isdisjoint(
        told.targets
    )
    return (
        (not asked.sides or told.side in asked.sides)
        and (not asked.instruments or told.instrument in asked.instruments)
        and (not asked.statuses or told.status in asked.statuses)
        and (not asked.things or told.thing in asked.things)
        and (is_target or not (asked.targets or asked.target_sides))
    )


def sides_of(wanted: Condition) -> Iterable[str]:
    """Return the sides whose measures may meet the condition."""
    return (wanted.measure.sides or SIDES) if wanted.measure else ()


def hit_in(wanted: Condition, item: TaggedArticle) -> set[str]:
    """Return the condition's companies that the article's measure hits."""
    if wanted.measure is None or item.measure is None:
        return set()
    return set(wanted.measure.targets & item.companies).intersection(item.measure.targets)


def _chosen(inner: ConfigTable, key: str, allowed: Sequence[str]) -> frozenset[str]:
    """Return the values at *key*, each one of those *allowed*."""
    named = inner.strings(key)
    if key in inner.values and not named:
        raise inner.error(key, "is empty", f"choose from {', '.join(allowed)}")
    for name in named:
        if name not in allowed:
            raise _refused(inner, key, f"names the unknown {key} {name!r}", name, allowed)
    return frozenset(named)


def _things(inner: ConfigTable, known: KnownIds) -> frozenset[str]:
    if "thing" not in inner.values:
        return frozenset()
    things = sorted(known.things())
    if known.is_shipped:
        return frozenset(inner.strings("thing")).intersection(things)
    return _chosen(inner, "thing", things)


def _targets(
    inner: ConfigTable, known: KnownIds, *, is_exact: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the companies and the sides at ``target``."""
    sides = (*SIDES, EVERYWHERE)
    named = inner.strings("target")
    if "target" in inner.values and not named:
        raise inner.error("target", "is empty", "name a company, or a side such as cn")
    companies = frozenset(name for name in named if name not in sides)
    for name in sorted(companies - known.companies if not known.is_shipped else ()):
        raise inner.error(
            "target",
            f"names the unknown company or side {name!r}",
            f"{did_you_mean(name, [*known.companies, *sides]) or 'correct it.'} "
            f"Write the id of a company, or a side: {', '.join(sides)}",
        )
    companies &= known.companies
    widened = companies if is_exact else known.watchlist.descendants(companies)
    return widened, frozenset(name for name in named if name in sides)


def _refused(
    inner: ConfigTable, key: str, problem: str, name: str, allowed: Sequence[str]
) -> ConfigError:
    """Return an error whose remedy is the nearest name, and all that are *allowed*."""
    every = f"choose from {', '.join(allowed)}"
    near = did_you_mean(name, allowed)
    return inner.error(key, problem, f"{near} Or {every}" if near else every)
