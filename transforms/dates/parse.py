"""Dates of feeds and pages, in any usual format.

A further form of a day stands in ``absolute.py`` or ``relative.py``, one of a time of day
with the words in and after it ("14 Uhr") in ``absolute.py``, a zone's name in ``zones.py``.

Ours comes before feedparser's: that one takes zoneless times for UTC, CST for
Chicago and "2026年8月23日" for the first day of this month.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from transforms.dates.absolute import read_absolute
from transforms.dates.relative import parse_relative
from transforms.text.html import unescaped

# No feed is older than RSS; what claims to be is an epoch of zero or a typing error.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
# Clocks and zones may be wrong by hours; a date a day ahead is not a publication time.
MAX_AHEAD = timedelta(hours=24)
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)"
_OFFSET = r"(Z|GMT|UTC|[+-](?:0\d|1[0-4]):?[0-5]\d)"
_ISO = re.compile(
    rf"\s*(\d{{4}})-(\d\d)-(\d\d)[T ]{_CLOCK}(?:\.\d{{1,9}})? ?{_OFFSET}?\s*", re.ASCII
)
_RFC822 = re.compile(
    r"\s*(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{1,2})"
    rf" (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{{4}}) {_CLOCK} {_OFFSET}\s*",
    re.ASCII,
)
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
# The dates of the document at hand: each is asked for twice.
_AT_HAND = 1 << 9
_MAX_LENGTH = 120
# No date needs more, and markup around one has its attribute near the front.
_MAX_RAW = 1000
_DATETIME = re.compile(r"""\bdatetime\s*=\s*["']([^"'<>]{4,60})["']""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LABEL = re.compile(
    r"^(?:(?:发布|發布|发表|發表|更新|创建|刊登|上传|编辑|原创)(?:时间|時間|日期|于|於|在)?"
    r"|时间|時間|日期|posted|updated|created|modified|date|time|issued|release date"
    r"|publish(?:ed)?(?: (?:date|time))?)\s*(?::|\bon\b|\bat\b|\s(?=\d)|(?=\d))\s*",
    re.IGNORECASE,
)
_TRAILER = re.compile(r"\s?(?:发布|發布|发表|發表|更新|编辑|上传)$")
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]*"
    r"|[(]?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天][)]?,?|[(][一二三四五六日월화수목금토일][)]"
    r"|[월화수목금토일]요일",
    re.IGNORECASE,
)
# A comment repeats the zone: "+0800 (CST)", "GMT+0800 (中国标准时间)".
_COMMENT = re.compile(r"([+-]\d\d:?\d\d)\s*\([^()]*\)\s*$")
_ZONE_AHEAD = re.compile(
    r"^(北京时间|北京時間|香港时间|香港時間|台北时间|台北時間|臺北時間|东京时间|当地时间)[\s:,]*(?=\d)"
)
_CLOCK_AHEAD = re.compile(
    r"^(\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m)?)\s?,?\s(?=\d.*\d{2})", re.IGNORECASE
)
_LUNAR = re.compile(r"\s?[(]?(?:农历|農曆|阴历|陰曆|夏历).*$")
_ONE_DATE = re.compile(r"(?<!\d)\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)")
_BETWEEN = re.compile(
    r"[\s,;|/~()–—-]{0,20}(?:最后|最近)?(?:更新|修改|编辑|updated|edited|modified|to|until|至|到)?(?:时间|時間|于|於|on)?[\s:,;|/~()–—-]{0,20}$",
    re.IGNORECASE,
)
_NUMERALS = "〇○零一二三四五六七八九十廿卅"
# From the first of them on, and possessive: a long row is looked at once.
_NUMERAL = re.compile(rf"(?<![{_NUMERALS}])[{_NUMERALS}]++(?=[年月日号號时時点點分])")
_DIGITS = {
    "〇": 0, "○": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """An instant in UTC, and whether the text was absolute or relative."""

    at: datetime
    origin: Literal["published", "relative"] = "published"


@lru_cache(maxsize=_AT_HAND)
def parse_date(raw: str, *, zone: str, now: datetime) -> Dated | None:
    """Return the date in *raw*, in any format of feeds; None if unreadable.

    A date without a zone is in *zone*. Dates before 1995 or more than a day after *now* are
    rejected.
    """
    if usual := _usual(raw, zone):
        return _plausible(Dated(usual), now)
    whole = _clean_date(raw)
    # Without the day of the week, whose date stands beside it.
    text = " ".join(_WEEKDAY.sub(" ", whole).split()).strip(" ,")
    local = ZoneInfo(zone)
    # The weekday is the date in "周三 10:00", and beside it in "周三 8-19 10:00".
    for short in (whole, text) if text != whole else (text,):
        if relative := parse_relative(short, zone=local, now=now):
            return _plausible(Dated(relative, "relative"), now)
    found = (_plausible(Dated(at), now) for at in read_absolute(text, local, now))
    return next(filter(None, found), None)


def _usual(raw: str, zone: str) -> datetime | None:
    """Read the two forms that nearly all dates have, at a quarter of the price."""
    if found := _ISO.fullmatch(raw):
        year, month, day, hour, minute, second, offset = found.groups()
        number = int(month)
    elif found := _RFC822.fullmatch(raw):
        day, name, year, hour, minute, second, offset = found.groups()
        number = _MONTHS[name]
    else:
        return None
    try:
        at = datetime(
            int(year), number, int(day), int(hour), int(minute), int(second),
            tzinfo=UTC if offset else ZoneInfo(zone),
        )  # fmt: skip
        return at - _east(offset) if offset else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _east(offset: str) -> timedelta:
    if offset[0] not in "+-":
        return timedelta(0)
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timedelta(minutes=-minutes if offset[0] == "-" else minutes)


def _plausible(dated: Dated, now: datetime) -> Dated | None:
    return dated if EARLIEST <= dated.at <= now + MAX_AHEAD else None


def _clean_date(raw: str) -> str:
    """Return *raw* in one line: normal digits and signs, no markup and no label.

    Its weekday stays, for that alone can be a date.
    """
    text = raw[:_MAX_RAW]
    if "<" in text:
        found = _DATETIME.search(text)
        text = found[1] if found else _TAG.sub(" ", text)
    if "&" in text:
        text = unescaped(text)
    text = " ".join(unicodedata.normalize("NFKC", text).split())[: _MAX_LENGTH * 2]
    text = _LABEL.sub("", _LUNAR.sub("", text))
    text = _first_date(text)
    text = _COMMENT.sub(r"\1", _TRAILER.sub("", text))
    if found := _ZONE_AHEAD.match(text):
        text = f"{text[found.end() :]} {found[1]}"
    if found := _CLOCK_AHEAD.match(text):
        text = f"{text[found.end() :]} {found[1]}"
    if any(numeral in text for numeral in _NUMERALS):
        text = _NUMERAL.sub(lambda m: _number(m[0]), text)
    return text.strip(" ,;|")[:_MAX_LENGTH]


def _first_date(text: str) -> str:
    """Return the first of several dates, which is when the text came out."""
    starts = [found.start() for found in _ONE_DATE.finditer(text)]
    if len(starts) < 2:  # noqa: PLR2004
        return text
    return _BETWEEN.sub("", text[: starts[1]])


def _number(numeral: str) -> str:
    """Return "23" for 二十三, and "2026" for 二〇二六."""
    text = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return "".join(str(_DIGITS[c]) for c in text)
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
