"""Absolute dates: RFC 822, ISO 8601, Chinese, American, epochs and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from transforms.dates.zones import parse_zone

_MORNING = "上午 早上 早晨 早间 清晨 凌晨 午前 今早 今晨 오전 오전에"
_NOON = "中午 正午"
_AFTERNOON = "下午 午后 午後 傍晚 오후"
_NIGHT = "晚上 晚间 晚間 夜间 夜間 夜里 夜裡 深夜 午夜 晚"
_HALF = r"(?:{}|[ap]\.?m\b\.?)".format(
    "|".join(
        sorted(f"{_MORNING} {_NOON} {_AFTERNOON} {_NIGHT}".split(), key=len, reverse=True)
    )
)
# 点 and 时 may stand without minutes, as "3 PM" may; a bare "3" is no time.
CLOCK = (
    rf"(?P<half>{_HALF})?\s?(?P<hour>\d{{1,2}})\s?"
    r"(?:(?:[:时時点點h시]|\.(?=\d\d\s?Uhr\b))\s?(?P<minute>\d{1,2})"
    r"(?:\s?[:分분]\s?(?P<second>\d{1,2})(?:[.,]\d+)?)?\s?[分秒분초]?"
    r"|(?:[时時点點]|시)(?P<thirty>半)?[钟鐘整正]?|(?=\s?(?:[ap]\.?m|Uhr)\b))(?:\s?Uhr\b)?"
    rf"\s?(?P<late_half>{_HALF})?"
)
_MORNINGS, _NOONS = frozenset(_MORNING.split()), frozenset(_NOON.split())
_NIGHTS = frozenset(_NIGHT.split())
_MIDNIGHT = 24
_LAST_SECOND = 59
# In English, French, German, Dutch, Spanish, Italian, Portuguese and Russian.
_MONTH_NAMES = """
jan january janvier janv januar januari jänner enero ene gennaio gen janeiro января янв
feb february février fevrier févr februar februari febrero febbraio fevereiro февраля фев
mar march mars märz maart mär mrz mrt marzo março марта мар
apr april avril avr abril abr aprile апреля апр
may mai mei mayo maggio mag maio мая май
jun june juin juni junio giugno giu junho июня июн
jul july juillet juil juli julio luglio lug julho июля июл
aug august août aout augustus agosto ago августа авг
sep sept september septembre septiembre settembre set setembro сентября сен
oct october octobre okt oktober octubre ottobre ott outubro out октября окт
nov november novembre noviembre novembro ноября ноя
dec december décembre decembre dez dezember diciembre dic dicembre dezembro декабря дек
"""
_MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES.split("\n"))
    for name in names.split()
}
_ERAS = {"令和": 2018, "平成": 1988}
_ROC = 1911  # the first year of the Republic of China is 1912
# The text is one line of single spaces, so none is looked for twice.
_TIME = rf"(?:[T\s,]{{0,9}}(?:at\s|à\s|um\s|ore\s|a\slas\s)?{CLOCK}\s?(?P<zone>.*))?"
_NAME = r"(?P<month_name>[^\W\d_]{3,10})\.?"
_YEAR_FIRST = (
    r"(?P<year>\d{4})\s?[-/.年년]\s?(?P<month>\d{1,2})"
    r"(?:\s?[-/.月월]\s?(?P<day>\d{1,2})\s?[日号號일.]?|[月월]?(?!\d))"
)
_DAY_FIRST = (
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?[\s.-]{{0,9}}(?:de\s)?{_NAME}"
    r"[\s,.'-]{0,9}(?:de\s)?(?P<year>\d{4}|\d{2})(?:\s?г\.?)?(?!\d|:)"
)
_MONTH_FIRST = (
    rf"{_NAME}\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,]{{1,9}}(?P<year>\d{{4}})(?!\d|:)"
)
_ANY_ORDER = r"(?P<a>\d{1,2})[-/.年](?P<b>\d{1,2})[-/.月](?P<c>\d{4}|\d{2})日?(?!\d|:)"
_ERA = (
    r"(?:(?:中华|中華)?(?:民国|民國)\s?(?P<roc>\d{1,3})|(?P<bare_roc>1\d\d)"
    r"|(?P<era>令和|平成)\s?(?P<era_year>\d{1,2}|元))"
    r"\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?[日号號]?"
)
_COUNTED = (
    r"(?P<year>\d{4})-(?:(?P<ordinal>\d{3})|W(?P<week>\d\d)(?:-(?P<weekday>[1-7]))?)(?!\d)"
)
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE | re.DOTALL)
    for form in (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST, _ANY_ORDER, _ERA, _COUNTED)
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[T\s]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?\s?(?P<zone>.*))?"
)
# "Sun Aug 23 10:00:00 CST 2026", as C's asctime, date(1) and JavaScript write it.
_ASCTIME = re.compile(
    _NAME + r"\s(?P<day>\d{1,2})\s(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"\s?(?P<zone>.{0,40}?)\s?(?P<year>\d{4})",
    re.IGNORECASE,
)
_EPOCH = re.compile(
    r"/?(?:Date\()?(?:(\d{9,10})(?:\.\d+)?|(\d{12,13})|(\d{15,16})|(\d{18,19}))(?:[+-]\d{4})?\)?/?"
)
_FOREIGN_WEEKDAY = re.compile(r"[^\W\d_]{2,14}\.?,?\s(?=\d)")


def seconds_of(parts: Mapping[str, str | None]) -> int | None:
    """Return the seconds since midnight; None for an invalid time of day.

    24:00 is midnight at the day's end; a leap second is its minute's last.
    """
    hour, minute, second = (int(parts.get(n) or 0) for n in ("hour", "minute", "second"))
    if parts.get("thirty"):
        minute = 30
    half = parts.get("half") or parts.get("late_half") or ""
    hour = _hour24(hour, half.lower())
    if hour > _MIDNIGHT or minute > _LAST_SECOND or second > _LAST_SECOND + 1:
        return None
    if hour == _MIDNIGHT and (minute or second) and half not in _NIGHTS:
        return None
    return hour * 3600 + minute * 60 + min(second, _LAST_SECOND)


def _hour24(hour: int, half: str) -> int:
    noon, past_noon, evening = 12, 3, 5
    if hour > noon or not half:
        return hour
    if half in _MORNINGS or half.startswith("a"):
        return hour % noon
    if half in _NOONS:
        return hour + noon if hour < past_noon else hour
    if half in _NIGHTS:
        # 晚上12点 ends the day, and 夜里1点 begins one.
        return hour + noon if hour >= evening else hour
    return hour % noon + noon


def read_absolute(text: str, local: tzinfo, now: datetime) -> Iterator[datetime]:
    """Yield the possible readings of *text*, likeliest first."""
    if epoch := _EPOCH.fullmatch(text):
        numbers = zip(epoch.groups(), (1, 1e3, 1e6, 1e9), strict=True)
        yield from (
            datetime.fromtimestamp(float(n) / unit, UTC) for n, unit in numbers if n
        )
    for form in (*_FORMS, _ASCTIME, _COMPACT):
        if found := form.fullmatch(text):
            yield from _readings(found.groupdict(), local, now)
    if weekday := _FOREIGN_WEEKDAY.match(text):
        yield from read_absolute(text[weekday.end() :], local, now)


def _readings(
    parts: Mapping[str, str | None], local: tzinfo, now: datetime
) -> Iterator[datetime]:
    zone = parse_zone(parts.get("zone") or "", local=local)
    if zone is None:
        return
    if parts.get("a"):
        yield from sorted(_numeric(parts, zone), key=lambda at: (at > now, abs(now - at)))
    elif day := _day(parts):
        yield from _instant(day, parts, zone)


def _numeric(parts: Mapping[str, str | None], zone: tzinfo) -> Iterator[datetime]:
    """Yield every order that "04/05/26" can mean; a feed means the latest past one."""
    a, b, c = (parts[name] or "" for name in "abc")
    orders = [(c, b, a), (c, a, b)] if len(c) == 4 else [(a, b, c), (c, b, a), (c, a, b)]  # noqa: PLR2004
    for year, month, day in orders:
        if at := as_date(_full_year(year), int(month), int(day)):
            yield from _instant(at, parts, zone)


def _day(parts: Mapping[str, str | None]) -> date | None:
    if parts.get("week") or parts.get("ordinal"):
        return _counted(parts)
    name = parts.get("month_name")
    month = _MONTHS.get(name.lower(), 0) if name else int(parts["month"] or 0)
    return as_date(_year(parts), month, int(parts.get("day") or 1))


def _counted(parts: Mapping[str, str | None]) -> date | None:
    """Return the day of "2026-235" and "2026-W34-7"."""
    year, week, ordinal = (int(parts.get(n) or 0) for n in ("year", "week", "ordinal"))
    try:
        if week:
            return date.fromisocalendar(year, week, int(parts.get("weekday") or 1))
        at = date(year, 1, 1) + timedelta(days=ordinal - 1)
    except (ValueError, OverflowError):
        return None
    return at if at.year == year else None


def _year(parts: Mapping[str, str | None]) -> int:
    if republican := parts.get("roc") or parts.get("bare_roc"):
        return int(republican) + _ROC
    if era := parts.get("era"):
        count = parts["era_year"] or ""
        return _ERAS[era] + (1 if count == "元" else int(count))
    return _full_year(parts["year"] or "")


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004
        return year
    # RFC 2822: two digits up to 49 are of this century.
    return year + (2000 if year < 50 else 1900)  # noqa: PLR2004


def as_date(year: int, month: int, day: int) -> date | None:
    """Return the day, None if there is none: a text may name a 31st of February."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _instant(
    day: date, parts: Mapping[str, str | None], zone: tzinfo
) -> Iterator[datetime]:
    seconds = seconds_of(parts)
    if seconds is None:
        return
    try:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        yield (midnight + timedelta(seconds=seconds)).astimezone(UTC)
    except (ValueError, OverflowError):
        return
