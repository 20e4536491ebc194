"""Read ``[brief.<id>]``: which brief goes where, and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import time
from typing import Literal

from transforms.alerts.rules.channels import check_id
from transforms.alerts.rules.ids import KnownIds, known_ids, unknown
from transforms.alerts.rules.timing import read_zone
from transforms.config import ConfigTable, ConfigText, tables
from transforms.models import BriefPeriod, ScheduledBrief

KEYS = ("period", "at", "zone", "language", "channels", "only", "search", "enabled", "note")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AT = re.compile(
    r"(?:(?P<day>[a-z]{3})[a-z]* +)?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
)
_EXAMPLE = {"day": 'write a time such as "08:00"', "week": 'write one such as "Mon 08:00"'}
# The section that tells what searches found.
_SEARCHES = "searches"
_LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")


def read_briefs(
    config: ConfigText, known: KnownIds, sections: Callable[[], Collection[str]]
) -> dict[str, ScheduledBrief | None]:
    """Return the briefs of the file by id, None for one that is off.

    *sections* says which ones a brief may be held to.

    Raises:
        ConfigError: A brief is wrong; names file, line and the nearest known name.
    """
    return {key: _brief(key, t, known, sections) for key, t in tables(config, "brief")}


def _brief(
    brief_id: str,
    table: ConfigTable,
    known: KnownIds,
    sections: Callable[[], Collection[str]],
) -> ScheduledBrief | None:
    check_id(table, brief_id)
    table.only(*KEYS)
    table.string("note")
    period: BriefPeriod = (
        "week" if table.choice("period", ("day", "week"), "day") == "week" else "day"
    )
    weekday, at = _at(table, period)
    searches = _searches(table, known)
    made = ScheduledBrief(
        brief_id=brief_id,
        period=period,
        at=at,
        weekday=weekday,
        zone=read_zone(table, "Asia/Shanghai"),
        language=_language(table),
        channels=_channels(table, known),
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


def _language(table: ConfigTable) -> Literal["en", "zh"]:
    value = table.choice("language", _LANGUAGES, "en")
    return next(each for each in _LANGUAGES if each == value)


def _channels(table: ConfigTable, known: KnownIds) -> tuple[str, ...]:
    if not table.values.get("channels"):
        raise table.error("channels", "is missing", 'add channels = ["…"]')
    found = known_ids(table, "channels", known.channels, known, noun="channel")
    return tuple(name for name in dict.fromkeys(table.strings("channels")) if name in found)


def _searches(table: ConfigTable, known: KnownIds) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(table.strings("search")))
    for name in named:
        if name not in known.searches:
            raise unknown(table, "search", name, known.searches, noun="search")
    return named


def _only(
    table: ConfigTable, sections: Callable[[], Collection[str]], searches: Collection[str]
) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(table.strings("only")))
    known = sections() if named else ()
    for name in named:
        if name not in known:
            raise unknown(table, "only", name, known, noun="section")
    if _SEARCHES in named and not searches:
        raise table.error(
            "only", f"keeps {_SEARCHES!r}", 'name them as well: search = ["…"]'
        )
    # Whoever names searches wants to read what they find.
    return (*named, _SEARCHES) if named and searches and _SEARCHES not in named else named
