"""Dates that count back from the poll: "3小时前", "昨天 10:00", "2 hours ago"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

_NOW = re.compile(
    r"刚刚|剛剛|刚才|剛才|just now|now|moments? ago|a few (?:seconds|moments) ago",
    re.IGNORECASE,
)
# Nobody who counts in months means a day, so thirty days are near enough.
_SECONDS = {
    1: "秒 sec",
    60: "分 min m",
    3600: "小时 小時 钟头 hour hr h",
    86_400: "天 日 day d",
    7 * 86_400: "周 週 星期 week",
    30 * 86_400: "月 month",
    365 * 86_400: "年 year",
}
_UNITS = {
    name: timedelta(seconds=seconds)
    for seconds, names in _SECONDS.items()
    for name in names.split()
}
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
           "九": 9, "十": 10, "半": 0.5, "几": 3}  # fmt: skip
_AGO_ZH = re.compile(
    r"(?:约|約|大约|大約)?\s*(?P<count>\d+|[一二两三四五六七八九十半几])\s*个?個?\s*"
    r"(?P<unit>秒|分|小时|小時|钟头|天|日|周|週|星期|月|年)(?:钟|鐘)?\s*(?:之|以)?前"
)
_AGO_EN = re.compile(
    r"(?:about |over |almost )?(?P<count>\d+|an?|one|half an)\s*"
    r"(?P<unit>sec|min|hour|hr|h|m|d|day|week|month|year)(?:ond|ute)?s?\.? ago",
    re.IGNORECASE,
)
_DAYS = {
    "今天": 0,
    "今日": 0,
    "today": 0,
    "昨天": 1,
    "昨日": 1,
    "yesterday": 1,
    "前天": 2,
    "前日": 2,
}
_DAY = re.compile(
    r"(?P<day>今天|今日|today|昨天|昨日|yesterday|前天|前日)?[\s,]*(?:at\s+)?"
    r"(?P<half>上午|下午|晚上|晚间|凌晨|早上)?\s*"
    r"(?:(?P<hour>\d{1,2})[:：点點时時](?P<minute>\d\d)?(?::(?P<second>\d\d))?分?)?\s*(?P<am>[ap]m)?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    r"(?P<month>\d{1,2})(?:月|[-/])(?P<day>\d{1,2})日?"
    r"(?:\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?)?"
)


def parse_relative(text: str, *, zone: tzinfo, now: datetime) -> datetime | None:
    """Return the instant that *text* means at *now*, or None if it is not relative."""
    if _NOW.fullmatch(text):
        return now.astimezone(UTC)
    for form, read in (
        (_AGO_ZH, _ago),
        (_AGO_EN, _ago),
        (_DAY, _day),
        (_MONTH_DAY, _month_day),
    ):
        if found := form.fullmatch(text):
            try:
                at = read(found, now.astimezone(zone))
            except (ValueError, OverflowError):
                return None
            return at.astimezone(UTC) if at else None
    return None


def _ago(found: re.Match[str], now: datetime) -> datetime:
    count = found["count"].lower()
    number = (
        float(count)
        if count.isdecimal()
        else _DIGITS.get(count, 0.5 if "half" in count else 1)
    )
    return now - _UNITS[found["unit"].lower()] * number


def _day(found: re.Match[str], now: datetime) -> datetime | None:
    day, hour = found["day"], found["hour"]
    if not day and not hour:
        return None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    then = midnight - timedelta(days=_DAYS[day.lower()] if day else 0)
    late = (found["half"] or "").startswith(("下", "晚")) or (
        found["am"] or ""
    ).lower() == "pm"
    clock = int(hour or 0) + (12 if late and int(hour or 0) < 12 else 0)  # noqa: PLR2004
    at = then.replace(
        hour=clock, minute=int(found["minute"] or 0), second=int(found["second"] or 0)
    )
    # A bare clock time that has not come yet today was yesterday's.
    return at if day or at <= now else at - timedelta(days=1)


def _month_day(found: re.Match[str], now: datetime) -> datetime:
    at = now.replace(
        month=int(found["month"]),
        day=int(found["day"]),
        hour=int(found["hour"] or 0),
        minute=int(found["minute"] or 0),
        second=int(found["second"] or 0),
        microsecond=0,
    )
    return at if at <= now + timedelta(days=1) else at.replace(year=at.year - 1)
