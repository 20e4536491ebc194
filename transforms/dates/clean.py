"""Bring the text of a date to the forms that are read: one line, no label, no markup."""

from __future__ import annotations

import re
import unicodedata

from transforms.text.html import unescaped

MAX_LENGTH = 120
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


def clean_date(raw: str) -> str:
    """Return *raw* in one line: normal digits and signs, no markup and no label.

    Its weekday stays, for that alone can be a date.
    """
    text = raw[:_MAX_RAW]
    if "<" in text:
        found = _DATETIME.search(text)
        text = found[1] if found else _TAG.sub(" ", text)
    if "&" in text:
        text = unescaped(text)
    text = " ".join(unicodedata.normalize("NFKC", text).split())[: MAX_LENGTH * 2]
    text = _LABEL.sub("", _LUNAR.sub("", text))
    text = _first_date(text)
    text = _COMMENT.sub(r"\1", _TRAILER.sub("", text))
    if found := _ZONE_AHEAD.match(text):
        text = f"{text[found.end() :]} {found[1]}"
    if found := _CLOCK_AHEAD.match(text):
        text = f"{text[found.end() :]} {found[1]}"
    if any(numeral in text for numeral in _NUMERALS):
        text = _NUMERAL.sub(lambda m: _number(m[0]), text)
    return text.strip(" ,;|")[:MAX_LENGTH]


def without_weekday(text: str) -> str:
    """Return *text* without the day of the week, whose date stands beside it."""
    return " ".join(_WEEKDAY.sub(" ", text).split()).strip(" ,")


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
