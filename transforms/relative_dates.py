"""Dates that count back from the poll: "3小时前", "昨天 10:00", "2 hours ago"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

_NOW = re.compile(
    r"刚刚|剛剛|刚才|剛才|just now|now|moments? ago|a few (?:seconds|moments) ago", re.I
)
_UNITS = {
    "秒": timedelta(seconds=1), "sec": timedelta(seconds=1),
    "分": timedelta(minutes=1), "min": timedelta(minutes=1),
    "小时": timedelta(hours=1), "小時": timedelta(hours=1), "钟头": timedelta(hours=1), "hour": timedelta(hours=1),
    "hr": timedelta(hours=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "d": timedelta(days=1),
    "天": timedelta(days=1), "日": timedelta(days=1), "day": timedelta(days=1),
    "周": timedelta(days=7), "週": timedelta(days=7), "星期": timedelta(days=7), "week": timedelta(days=7),
    # Nobody who counts in months means a day, so thirty days are near enough.
    "月": timedelta(days=30), "month": timedelta(days=30), "年": timedelta(days=365), "year": timedelta(days=365),
}  # fmt: skip
_DIGITS = dict(
    zip(
        "一二两三四五六七八九十半几",
        (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0.5, 3),
        strict=True,
    )
)
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
    r"(?P<month>\d{1,2})(?:月|[-/])(?P<day>\d{1,2})日?(?:\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?)?"
)


def parse_relative(text: str, *, zone: tzinfo, now: datetime) -> datetime | None:
    """Return the instant that *text* means as seen at *now*, or None if it is not relative."""
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
