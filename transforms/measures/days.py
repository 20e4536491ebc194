"""When a measure takes effect, and its sum of money, where the headline says so."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from transforms.dates.absolute import as_date
from transforms.headlines.facts import find_amount

# A day counts only beside a word for the beginning of a rule.
_BEGINS = re.compile(
    r"生效|实施|施行|落地|执行|[日月年]起|今起|即日|明起|起正式"
    r"|\b(?:take|took|taking|come|came|go|went|enter)(?:s|es)? (?:into |in )?"
    r"(?:effect|force)"
    r"|\b(?:effective|starting|beginning|from|as of|by|in force|begins?|starts?)\b"
)
_MONTHS = (
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
_NAME = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"民国(?P<minguo>\d{2,3})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]",
        r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]",
        rf"\b{_NAME} {_DAY}(?:,? (?P<year>20\d\d)\b)?",
        rf"\b{_DAY} {_NAME}(?:,? (?P<year>20\d\d)\b)?",
        r"民国(?P<minguo>\d{2,3})年(?:起|实施|施行|落地|生效)",
        r"(?P<year>20\d\d)年(?P<month>\d{1,2})月(?:起|实施|施行|落地|生效|底)",
        r"(?P<year>20\d\d)年(?:起|实施|施行|落地|生效|正式)",
        r"\b(?:from|in|by|starting|beginning) (?P<year>20\d\d)\b",
    )
)
# "In force in 30 days", "10天后施行": counted from the day of publication.
_LATER = re.compile(
    r"\bin (?P<count>\d{1,3}) (?P<unit>day|week)s?\b"
    r"|\b(?P<days>\d{1,3}) (?P<each>day|week)s? (?:later|from now|after publication)\b"
    r"|(?P<zh>\d{1,3}) ?[天日][后後]",
    re.ASCII,
)
_TODAY = re.compile(r"今起|今日起|今天起|即日起|今日实施|\btoday\b")
_TOMORROW = re.compile(r"明起|明日起|明天起|\btomorrow\b")
_MINGUO = 1911


def effective_on(lower: str, published: date | None) -> date | None:
    """Return the day from which the measure holds; None if the text does not tell it.

    A day without a year is the nearest to the day of publication, and a year alone its
    first day.
    """
    if not _BEGINS.search(lower) and not _TODAY.search(lower):
        return None
    for pattern in _DATES:
        if found := pattern.search(lower):
            return _day(found.groupdict(), published)
    if published and _BEGINS.search(lower):
        if found := _LATER.search(lower):
            return published + _delay(found)
        if _TODAY.search(lower):
            return published
        if _TOMORROW.search(lower):
            return published + timedelta(days=1)
    return None


def _delay(found: re.Match[str]) -> timedelta:
    count = int(found["count"] or found["days"] or found["zh"])
    is_weeks = "week" in (found["unit"], found["each"])
    return timedelta(weeks=count) if is_weeks else timedelta(days=count)


def _day(parts: dict[str, str | None], published: date | None) -> date | None:
    name, month = parts.get("name"), parts.get("month")
    at = _MONTHS.index(name) + 1 if name else int(month or 1)
    day = int(parts.get("day") or 1)
    if parts.get("minguo"):
        return as_date(_MINGUO + int(parts["minguo"] or 0), at, day)
    if parts.get("year"):
        return as_date(int(parts["year"] or 0), at, day)
    if published is None:
        return None
    years = (published.year - 1, published.year, published.year + 1)
    near = [made for year in years if (made := as_date(year, at, day))]
    return min(near, key=lambda made: abs((made - published).days), default=None)


class Sum(NamedTuple):
    """An amount of money; without a currency where the headline names none."""

    amount: float
    currency: str


_SCALE = {
    **dict.fromkeys(("trillion", "trn", "tn"), 1e12),
    **dict.fromkeys(("billion", "bln", "bn", "b"), 1e9),
    **dict.fromkeys(("million", "mln", "mn", "m"), 1e6),
    "k": 1e3,
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
}
_CURRENCY = (
    (re.compile(r"hk\$|港[元币]"), "HKD"),
    (re.compile(r"nt\$|新台币"), "TWD"),
    (re.compile(r"(?<![a-z])a\$"), "AUD"),
    (re.compile(r"(?<![a-z])c\$"), "CAD"),
    (re.compile(r"(?<![a-z])s\$"), "SGD"),
    (re.compile(r"\$|dollar|美[元金]"), "USD"),
    (re.compile(r"€|euro|欧元"), "EUR"),
    (re.compile(r"£|pound|英镑"), "GBP"),
    (re.compile(r"日元|\byen\b"), "JPY"),
    (re.compile(r"韩元|\bwon\b"), "KRW"),
    (re.compile(r"卢比|rupee"), "INR"),
    (re.compile(r"franc"), "CHF"),
    (re.compile(r"rmb|cny|yuan|人民币|[¥￥]|元"), "CNY"),
)
_NUMBER = r"\d+(?:[.,]\d+)*"
_UNIT = r"[\s-]{0,3}([a-z]+|[\u4e00-\u9fff]{0,2})"
_AMOUNT = re.compile(rf"({_NUMBER}){_UNIT}")
# The other number of a range: behind the one with a sign, or before the one with a unit.
_TO = r"\s?[-–—~至到]\s?"
_BEHIND = re.compile(rf"{_TO}[$€£¥]?{_NUMBER}{_UNIT}")
_BEFORE = re.compile(rf"(?<![\d.,])({_NUMBER}){_TO}$")


def money(text: str) -> Sum | None:
    """Return the first sum of money in a headline; of a range its beginning."""
    found = find_amount(text)
    parts = _AMOUNT.search(found.value.lower()) if found else None
    if not found or not parts:
        return None
    at = text.find(found.value)
    number, unit = parts.groups()
    if not unit and (rest := _BEHIND.match(text[at + len(found.value) :].lower())):
        unit = rest[1]
    if before := _BEFORE.search(text[:at]):
        number = before[1]
    # A Chinese unit may go on with the currency; a Latin one is a word.
    latin = _SCALE.get(unit, 1.0) if unit.isascii() else None
    scale = latin or next((_SCALE[u] for u in _SCALE if unit.startswith(u)), 1.0)
    said = found.value.lower()
    currency = next((code for pattern, code in _CURRENCY if pattern.search(said)), "")
    return Sum(_number(number) * scale, currency)


def _number(said: str) -> float:
    # A comma is a decimal point in "1,5" but not in "1,500".
    return float(said.replace(",", "." if re.fullmatch(r"\d+,\d{1,2}", said) else ""))
