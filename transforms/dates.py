"""Read the dates that feeds write, in the zone they mean.

Ours comes before feedparser's: that one takes zoneless times for UTC, CST for
Chicago and "2026年8月23日" for the first day of this month.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from transforms.relative_dates import parse_relative
from transforms.zones import parse_zone

# No feed is older than RSS; what claims to be is an epoch of zero or a typing error.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
# Clocks and zones are wrong by hours; a day ahead is not a publication time.
MAX_AHEAD = timedelta(hours=24)
MAX_LENGTH = 120

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier janv januar januari",
            "feb february février fevrier février februar februari",
            "mar march mars märz maart",
            "apr april avril avr",
            "may mai mei",
            "jun june juin juni",
            "jul july juillet juil juli",
            "aug august août aout augustus",
            "sep sept september septembre",
            "oct october octobre okt oktober",
            "nov november novembre",
            "dec december décembre decembre dez dezember",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]*"
    r"|[(（]?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天][)）]?[,，]?",
    re.IGNORECASE,
)
_HALF = r"(?P<half>上午|下午|中午|晚上|晚间|晚間|凌晨|早上|早晨|清晨|傍晚|[ap]\.?m\.?)?"
_TIME = (
    rf"(?:[T\s,，]*(?:at\s+|à\s+|um\s+)?{_HALF}\s*(?P<hour>\d{{1,2}})\s*[:：时時点點h]\s*(?P<minute>\d{{1,2}})"
    r"(?:\s*[:：分]\s*(?P<second>\d{1,2})(?:[.,]\d+)?)?\s*[分秒]?\s*"
    + _HALF.replace("half", "late_half")
    + r"\s*(?P<zone>.*))?"
)
_NAME = r"(?P<month_name>[^\W\d_]{3,10})\.?"
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE | re.DOTALL)
    for form in (
        r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})(?:\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号號.]?|月?(?!\d))",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]*(?:de\s+)?"
        + _NAME
        + r"[\s,.-]*(?P<year>\d{4}|\d{2})(?!\d|:)",
        _NAME + r"\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s,]+(?P<year>\d{4})(?!\d|:)",
        r"(?P<a>\d{1,2})[-/.年](?P<b>\d{1,2})[-/.月](?P<c>\d{4}|\d{2})日?(?!\d|:)",
    )
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:[T\s]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<zone>.*))?"
)
# "Sun Aug 23 10:00:00 CST 2026", as C's asctime, date(1) and JavaScript write it.
_ASCTIME = re.compile(
    _NAME
    + r"\s+(?P<day>\d{1,2})\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"\s*(?P<zone>.*?)\s*(?P<year>\d{4})",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})|(\d{15,16})")
_AFTERNOON = ("下午", "晚", "傍", "p")
_NOON = ("中午",)


@dataclass(frozen=True, slots=True)
class Dated:
    """An instant in UTC and whether the text named it or counted back from now."""

    at: datetime
    origin: Literal["published", "relative"] = "published"


def parse_date(raw: str, *, zone: str, now: datetime) -> Dated | None:
    """Read *raw*, a date in any form that feeds use, or return None.

    What carries no zone of its own is in *zone*. What lies before 1995 or more
    than a day after *now* is no publication date.
    """
    text = _clean(raw)
    if not text:
        return None
    local = ZoneInfo(zone)
    if relative := parse_relative(text, zone=local, now=now):
        return _plausible(Dated(relative, "relative"), now)
    found = (_plausible(Dated(at), now) for at in _absolute(text, local, now))
    return next(filter(None, found), None)


def _clean(raw: str) -> str:
    text = unicodedata.normalize("NFKC", raw[: MAX_LENGTH * 2])
    # A comment repeats the zone: "+0800 (CST)", "GMT+0800 (中国标准时间)".
    text = re.sub(r"(?<=\d)\s*\([^()]*\)\s*$", "", text)
    return " ".join(_WEEKDAY.sub(" ", text).split()).strip(" ,")[:MAX_LENGTH]


def _plausible(dated: Dated, now: datetime) -> Dated | None:
    return dated if EARLIEST <= dated.at <= now + MAX_AHEAD else None


def _absolute(text: str, local: tzinfo, now: datetime) -> Iterator[datetime]:
    """Yield the readings of *text*, likeliest first."""
    if epoch := _EPOCH.fullmatch(text):
        seconds, millis, micros = epoch.groups()
        number = float(seconds or 0) or float(millis or 0) / 1e3 or float(micros or 0) / 1e6
        yield datetime.fromtimestamp(number, UTC)
        return
    for form in (*_FORMS, _ASCTIME, _COMPACT):
        if found := form.fullmatch(text):
            yield from _readings(found.groupdict(), local, now)


def _readings(
    parts: dict[str, str | None], local: tzinfo, now: datetime
) -> Iterator[datetime]:
    zone = parse_zone(parts.get("zone") or "", local=local)
    if zone is None:
        return
    if "a" in parts:
        yield from sorted(_numeric(parts, zone), key=lambda at: (at > now, abs(now - at)))
        return
    name = parts.get("month_name")
    month = _MONTHS.get(name.lower(), 0) if name else int(parts["month"] or 0)
    date = _full_year(parts["year"] or ""), month, int(parts.get("day") or 1)
    yield from _instant(date, parts, zone)


def _numeric(parts: dict[str, str | None], zone: tzinfo) -> Iterator[datetime]:
    """Yield every order that "04/05/26" can mean; a feed means the latest past one."""
    a, b, c = (parts[name] or "" for name in "abc")
    orders = [(c, b, a), (c, a, b)] if len(c) == 4 else [(a, b, c), (c, b, a), (c, a, b)]  # noqa: PLR2004
    for year, month, day in orders:
        yield from _instant((_full_year(year), int(month), int(day)), parts, zone)


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004
        return year
    # RFC 2822: two digits up to 49 are of this century.
    return year + (2000 if year < 50 else 1900)  # noqa: PLR2004


def _instant(
    date: tuple[int, int, int], parts: dict[str, str | None], zone: tzinfo
) -> Iterator[datetime]:
    hour, minute, second = (
        int(parts.get(name) or 0) for name in ("hour", "minute", "second")
    )
    half = (parts.get("half") or parts.get("late_half") or "").lower()
    try:
        day = datetime(*date, tzinfo=zone)
        # 24:00 is midnight at the day's end; a leap second is the minute's last.
        wall = day + timedelta(
            hours=_hour24(hour, half), minutes=minute, seconds=min(second, 59)
        )
        if hour <= 24 and minute < 60:  # noqa: PLR2004
            yield wall.astimezone(UTC)
    except (ValueError, OverflowError):
        return


def _hour24(hour: int, half: str) -> int:
    if half.startswith(_AFTERNOON) and hour < 12:  # noqa: PLR2004
        return hour + 12
    if half.startswith(_NOON) and hour < 3:  # noqa: PLR2004
        return hour + 12
    if half.startswith(("a", "上午", "凌晨")) and hour == 12:  # noqa: PLR2004
        return 0
    return hour
