"""Read when messages may go out: ``digest``, ``quiet``, ``zone`` and ``rate``."""

from __future__ import annotations

import re
from datetime import time

from transforms.config import ConfigTable
from transforms.config.spans import parse_span
from transforms.dates.zones import is_zone
from transforms.models import Rate, Schedule

SCHEDULE_KEYS = ("digest", "quiet", "zone")
# In a rule: switches the channel's digest or quiet hours off.
NEVER = "never"
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_RATE = re.compile(r"\s*+([1-9]\d{0,5})\s*+/\s*+(\d*+\s*+[mhdw])\s*")


def read_schedule(table: ConfigTable) -> Schedule | None:
    """Return the schedule of a rule or channel, None where it has none of its own.

    Raises:
        ConfigError: A time, a span of times or a zone is none.
    """
    zone = read_zone(table)
    if not table.values.keys() & {"digest", "quiet"}:
        return None
    return Schedule(digest=_digest(table), quiet=_quiet(table), zone=zone)


def read_zone(table: ConfigTable, default: str = "UTC") -> str:
    """Return the IANA zone at ``zone``; *default* where there is none."""
    name = table.string("zone", default)
    if not is_zone(name):
        raise table.error(
            "zone", f"names the unknown zone {name!r}", 'write one like "Asia/Shanghai"'
        )
    return name


def read_rate(table: ConfigTable) -> Rate | None:
    """Return how many sendings a channel takes in a time: ``"20/1h"``."""
    text = table.string("rate")
    if "rate" not in table.values:
        return None
    found = _RATE.fullmatch(text)
    unit = found[2].replace(" ", "") if found else ""
    period = parse_span(unit if unit[:1].isdigit() else f"1{unit}")
    if found is None or not period:
        raise table.error(
            "rate", f"is {text!r}", 'write a number and a time, such as "20/1h"'
        )
    return Rate(count=int(found[1]), period=period)


def _digest(table: ConfigTable) -> tuple[time, ...]:
    texts = table.strings("digest")
    if texts == (NEVER,):
        return ()
    return tuple(sorted({_time(table, "digest", text) for text in texts}))


def _quiet(table: ConfigTable) -> tuple[time, time] | None:
    text = table.string("quiet", NEVER)
    if text == NEVER:
        return None
    start, dash, end = text.partition("-")
    if not dash:
        raise table.error("quiet", f"is {text!r}", 'write two times: "22:00-07:00"')
    span = _time(table, "quiet", start), _time(table, "quiet", end)
    if span[0] == span[1]:
        raise table.error("quiet", "begins when it ends", 'write two times: "22:00-07:00"')
    return span


def _time(table: ConfigTable, key: str, text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise table.error(key, f"{text!r} is not a time of day", 'write one like "08:30"')
    return time(int(found[1]), int(found[2]))
