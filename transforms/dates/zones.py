"""Time zones in feeds: offsets, names, and ambiguous names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from math import ceil
from zoneinfo import ZoneInfo, available_timezones

_OFFSET = re.compile(
    r"(?:(?:UTC/GMT|GMT/UTC|GMT|UTC|UT|北京时间|北京時間|BJT|CST|HKT)[\s(]*){0,2}"
    r"(?P<sign>[+\-−])\s*(?P<hours>\d{1,2}?)(?::?(?P<minutes>\d\d))?(?![\d:])",
    re.IGNORECASE,
)
_MAX_OFFSET = timedelta(hours=15)
# Hours east of Greenwich. CST is both China's and Chicago's: see parse_zone.
_NAMES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0,
    "bst": 1, "west": 1, "cet": 1, "met": 1, "cest": 2, "mest": 2, "eet": 2, "sast": 2,
    "eest": 3, "msk": 3, "ist": 5.5, "ict": 7, "wib": 7,
    "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "bjt": 8, "cct": 8,
    "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "hst": -10, "brt": -3, "art": -3, "ast": -4, "adt": -3,
    "北京时间": 8, "北京時間": 8, "香港时间": 8, "香港時間": 8, "台北时间": 8,
    "台北時間": 8, "臺北時間": 8, "东八区": 8, "中原标准时间": 8, "中原標準時間": 8,
    "中国标准时间": 8, "中國標準時間": 8, "东京时间": 9, "日本时间": 9,
    "china standard time": 8, "taipei standard time": 8, "hong kong standard time": 8,
    "singapore standard time": 8, "beijing time": 8, "beijing": 8, "hong kong time": 8,
    "taipei time": 8, "singapore time": 8, "北京": 8, "japan standard time": 9,
    "greenwich mean time": 0, "coordinated universal time": 0, "utc time": 0, "gmt time": 0,
    "universal time": 0,
}  # fmt: skip
_BARE = frozenset(
    {"PRC", "ROC", "Hongkong", "Singapore", "Japan", "ROK", "EST5EDT", "PST8PDT"}
)
# Names that mean another offset in summer.
_PLACES = {
    "et": "America/New_York", "eastern": "America/New_York",
    "eastern time": "America/New_York", "pt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "pacific time": "America/Los_Angeles",
    "ct": "America/Chicago", "central time": "America/Chicago", "mt": "America/Denver",
    "london time": "Europe/London", "uk time": "Europe/London",
}  # fmt: skip
_DAY = timedelta(days=1)
# A day may be this much shorter: clocks go forward.
_CLOCK_CHANGE = timedelta(hours=1)


def is_zone(name: str) -> bool:
    """Tell whether *name* is an IANA time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def parse_zone(text: str, *, local: tzinfo) -> tzinfo | None:
    """Return the zone that *text* names: *local* if empty, None if it is no zone.

    "CST" means China's for a feed of that longitude, else North America's. In "+0800 CST"
    the number takes precedence.
    """
    text = text.strip().strip("()[],").strip()
    if not text or text == "当地时间":
        return local
    if offset := _OFFSET.match(text):
        return _fixed(offset)
    lowered = text.lower().rstrip(".")
    if lowered == "cst":
        eight = timedelta(hours=8)
        return timezone(
            eight
            if datetime(2026, 1, 1, tzinfo=UTC).astimezone(local).utcoffset() == eight
            else timedelta(hours=-6)
        )
    return timezone(timedelta(hours=_NAMES[lowered])) if lowered in _NAMES else _named(text)


def _fixed(offset: re.Match[str]) -> tzinfo | None:
    east = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    if east > _MAX_OFFSET:
        return None
    return timezone(east if offset["sign"] == "+" else -east)


def _named(text: str) -> tzinfo | None:
    if place := _PLACES.get(text.lower()):
        return ZoneInfo(place)
    if ("/" in text or text in _BARE) and text in available_timezones():
        return ZoneInfo(text)
    # RFC 822's military letters were specified wrongly, so RFC 2822 reads them as UTC.
    return UTC if len(text) == 1 and text.isalpha() else None


def start_of(value: date | datetime, zone: tzinfo) -> datetime:
    """Return a moment as it is, and of a day its midnight in *zone*."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), zone)


def days_of(since: datetime, until: datetime, zone: tzinfo) -> tuple[date, date]:
    """Return the period's first day and the day after its last, in *zone*.

    The first begins at the midnight nearest to *since*, and there are as many as the
    period has, begun ones included: Monday to Sunday for the seven days up to nine on a
    Monday morning, and for those up to Sunday noon that began at a midnight.
    """
    first = (since + _DAY / 2).astimezone(zone).date()
    days = max(ceil((until - since - _CLOCK_CHANGE) / _DAY), 1)
    return first, first + days * _DAY
