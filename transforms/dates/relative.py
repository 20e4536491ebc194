"""Relative dates: "3小时前", "昨天 10:00", "2 hours ago", "Friday"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from transforms.dates.absolute import CLOCK, seconds_of

_NOW = re.compile(
    r"刚刚|剛剛|刚才|剛才|just now|now|moments? ago|a few (?:seconds|moments) ago"
    r"|less than a minute ago",
    re.IGNORECASE,
)
# A date counted in months is approximate, so thirty days are near enough.
_SECONDS = {
    1: "秒 sec s",
    60: "分 min m",
    900: "刻",
    3600: "小时 小時 钟头 鐘頭 時間 hour hr h",
    86_400: "天 日 day d",
    7 * 86_400: "周 週 星期 礼拜 week w wk",
    30 * 86_400: "月 month mo",
    365 * 86_400: "年 year yr y",
}
_UNITS = {
    name: timedelta(seconds=seconds)
    for seconds, names in _SECONDS.items()
    for name in names.split()
}
_WORDS = {
    "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9, "十": 10, "半": 0.5, "几": 3, "幾": 3, "数": 3, "a": 1, "an": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "half an": 0.5, "half a": 0.5, "a few": 3,
    "several": 3, "a couple of": 2,
}  # fmt: skip
_COUNT_ZH = (
    r"(?:\d{1,6}(?:\.\d)?|[一二三四五六七八九]?十[一二三四五六七八九]?"
    r"|[一二两兩三四五六七八九半几幾数])"
)
_UNIT_ZH = r"(?:秒|分|刻|小时|小時|钟头|鐘頭|時間|天|日|周|週|星期|礼拜|月|年)(?:钟|鐘)?"
_COUNT_EN = (
    r"(?:\d{1,6}|half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|a few|several|a couple of)"
)
_UNIT_EN = (
    r"(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|wk|month|mo|year|yr|[smhdwy])"
    r"s?\.?(?![a-z])"
)
_PART = re.compile(
    rf"(?P<count>{_COUNT_ZH})\s?[个個]?\s?(?P<half>半)?(?P<unit>{_UNIT_ZH})"
    rf"|(?P<count_en>{_COUNT_EN})\s?(?P<unit_en>{_UNIT_EN})",
    re.IGNORECASE,
)
_AGO_ZH = re.compile(
    rf"(?:约|約|大约|大約)?\s?(?P<span>(?:{_COUNT_ZH}\s?[个個]?\s?半?{_UNIT_ZH}\s?){{1,3}})"
    rf"(?:左右)?(?:之|以)?前(?:\s?(?P<time>\d.*))?"
)
_AGO_EN = re.compile(
    r"(?:about |over |almost |around |~)?"
    rf"(?P<span>(?:{_COUNT_EN}\s?{_UNIT_EN},?\s?(?:and\s)?){{1,3}})\s?ago",
    re.IGNORECASE,
)
_DAYS = {
    "今天": 0, "今日": 0, "当天": 0, "today": 0, "今晚": 0, "今早": 0, "今晨": 0, "오늘": 0,
    "昨天": 1, "昨日": 1, "昨晚": 1, "昨夜": 1, "昨早": 1, "yesterday": 1, "어제": 1,
    "前天": 2, "前日": 2, "大前天": 3,
}  # fmt: skip
_NIGHTS = {"晚": "晚上", "夜": "晚上", "早": "早上", "晨": "早上"}
_CLOCK = re.compile(CLOCK, re.IGNORECASE)
_DAY_NAMES = "|".join(sorted(_DAYS, key=len, reverse=True))
_DAY = re.compile(
    rf"(?P<day>{_DAY_NAMES})?[\s,]{{0,9}}(?:at\s)?(?P<time>.*)", re.IGNORECASE
)
_WEEKDAY_NAMES = """一 mon
二 tue tues
三 wed weds wednes
四 thu thur thurs
五 fri
六 sat satur
日 天 sun"""
_WEEKDAYS = {
    name: number
    for number, names in enumerate(_WEEKDAY_NAMES.split("\n"))
    for name in names.split()
}
_WEEKDAY = re.compile(
    r"(?:(?P<which>上|本|这|這)?(?:个|個)?(?:星期|周|週|礼拜|禮拜)(?P<zh>[一二三四五六日天])"
    r"|(?:(?:last|this|on)\s)?(?P<en>mon|tues?|weds?|wednes|thu(?:rs?)?|fri|sat(?:ur)?|sun)"
    r"(?:day)?\.?)(?:[\s,]{0,9}(?:at\s)?(?P<time>\S.*))?",
    re.IGNORECASE,
)
_NAMES = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_MONTH_DAY = re.compile(
    r"(?:(?P<month>\d{1,2})\s?(?:[月월]|[-/])\s?(?P<day>\d{1,2})[日号號일]?"
    rf"|{_MONTH}\s?(?P<day_en>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
    rf"|(?P<day_uk>\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH.replace('name', 'name_uk')})"
    r"(?:[\s,]{0,9}(?:at\s)?(?P<time>\S.*))?",
    re.IGNORECASE,
)


def parse_relative(text: str, *, zone: tzinfo, now: datetime) -> datetime | None:
    """Return the instant that *text* means at *now*; None if it is not relative."""
    if _NOW.fullmatch(text):
        return now.astimezone(UTC)
    for form, read in _FORMS:
        if found := form.fullmatch(text):
            try:
                at = read(found, now.astimezone(zone))
            except (ValueError, OverflowError):
                at = None
            if at:
                return at.astimezone(UTC)
    return None


def _ago(found: re.Match[str], now: datetime) -> datetime | None:
    span = timedelta()
    for part in _PART.finditer(found["span"]):
        span += _span(part)
    at = now - span
    time = found.groupdict().get("time")
    return _at(at, time) if time else at


def _span(part: re.Match[str]) -> timedelta:
    count = (part["count"] or part["count_en"]).lower()
    unit = (part["unit"] or part["unit_en"]).lower()
    name = unit.rstrip("钟鐘") if part["unit"] else _singular(unit)
    return _UNITS[name] * (_number(count) + (0.5 if part["half"] else 0))


def _singular(unit: str) -> str:
    unit = unit.rstrip(".")
    unit = unit[:-1] if len(unit) > 1 and unit.endswith("s") else unit
    return {"second": "sec", "minute": "min"}.get(unit, unit)


def _number(count: str) -> float:
    if count in _WORDS:
        return _WORDS[count]
    tens, ten, ones = count.partition("十")
    return _WORDS.get(tens, 1) * 10 + _WORDS.get(ones, 0) if ten else float(count)


def _day(found: re.Match[str], now: datetime) -> datetime | None:
    day, time = (found["day"] or "").lower(), found["time"]
    if not day and not time:
        return None
    part = _NIGHTS.get(day[-1:], "") if time and time[0].isdecimal() else ""
    at = _at(now - timedelta(days=_DAYS.get(day, 0)), part + time)
    # A bare clock time that has not come yet today was yesterday's.
    return at if not at or day or at <= now else at - timedelta(days=1)


def _weekday(found: re.Match[str], now: datetime) -> datetime | None:
    """Return the last such day that has come; 上周三 is the one of the week before."""
    number = _WEEKDAYS[(found["zh"] or found["en"]).lower()]
    monday = now - timedelta(days=now.weekday())
    at = _at(monday + timedelta(days=number), found["time"])
    if at and (found["which"] == "上" or at > now):
        at -= timedelta(days=7)
    return at


def _month_day(found: re.Match[str], now: datetime) -> datetime | None:
    name = (found["name"] or found["name_uk"] or "")[:3].lower()
    month = _NAMES.index(name) + 1 if name else int(found["month"])
    day = int(found["day"] or found["day_en"] or found["day_uk"])
    for year in (now.year, now.year - 1):
        at = _at(now.replace(year=year, month=month, day=day), found["time"])
        if not at or at <= now + timedelta(days=1):
            return at
    return None


def _at(day: datetime, time: str | None) -> datetime | None:
    """Return *day* at a time of day, at its start where it names none."""
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    if not time:
        return midnight
    found = _CLOCK.fullmatch(time)
    seconds = seconds_of(found.groupdict()) if found else None
    return None if seconds is None else midnight + timedelta(seconds=seconds)


_FORMS: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], datetime], datetime | None]], ...
] = (
    (_AGO_ZH, _ago),
    (_AGO_EN, _ago),
    (_MONTH_DAY, _month_day),
    (_WEEKDAY, _weekday),
    (_DAY, _day),
)
