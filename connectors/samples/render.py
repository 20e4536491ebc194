"""Fill the dates into a sample document, so that it is fresh whenever it is served.

A placeholder is an age and a form: ``{{-3h rfc822}}``, ``{{-1d2h30m iso}}``; with a plus
it is what comes after the moment that the samples are dated by, ``{{+20m iso}}``.
Half of the forms are the ones that feeds get wrong in practice: no zone, a zone
that means two things, digits in an order of their own, "three hours ago".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

_PLACEHOLDER = re.compile(r"\{\{(?P<body>[^{}]*)\}\}")
_BODY = re.compile(r"(?P<sign>[-+])(?P<age>(?:\d+[dhms])+) (?P<form>[a-z0-9]+)")
_PART = re.compile(r"(\d{1,6})([dhms])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_UTC = ZoneInfo("UTC")
_BEIJING = ZoneInfo("Asia/Shanghai")


def render(template: str, now: datetime) -> str:
    """Return *template* with every placeholder replaced by its date before or after *now*.

    Raises:
        ValueError: A placeholder is not an age and a known form.
    """
    return _PLACEHOLDER.sub(lambda found: _date(found["body"].strip(), now), template)


def _date(body: str, now: datetime) -> str:
    found = _BODY.fullmatch(body)
    if not found or found["form"] not in _FORMS:
        raise ValueError(
            f"{{{{{body}}}}} is not a placeholder; write an age and one of "
            f"{', '.join(_FORMS)}, as in {{{{-3h rfc822}}}}"
        )
    age = _age(found["age"]) * (1 if found["sign"] == "-" else -1)
    return _FORMS[found["form"]](now.replace(microsecond=0) - age, age)


def _age(text: str) -> timedelta:
    parts = {_UNITS[unit]: int(number) for number, unit in _PART.findall(text)}
    return timedelta(**parts)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(_UTC)


def _beijing(moment: datetime) -> datetime:
    return moment.astimezone(_BEIJING)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _slash(moment: datetime) -> str:
    # No leading zeros: that is what the sites with this form write.
    return f"{moment.year}/{moment.month}/{moment.day} {moment:%H:%M:%S}"


def _han(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    if minutes < 1:
        return "刚刚"
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return f"{minutes}分钟前"
    return f"{age.days}天前" if age.days else f"{minutes // 60}小时前"


_FORMS: Mapping[str, Callable[[datetime, timedelta], str]] = {
    "rfc822": lambda at, _: format_datetime(_utc(at)),
    "gmt8": lambda at, _: format_datetime(_beijing(at)).replace("+0800", "GMT+8"),
    "cst": lambda at, _: format_datetime(_beijing(at)).replace("+0800", "CST"),
    "iso": lambda at, _: f"{_stamp(_utc(at))}Z",
    "iso8": lambda at, _: f"{_stamp(_beijing(at))}+08:00",
    "beijing": lambda at, _: f"{_beijing(at):%Y-%m-%d %H:%M:%S}",
    "slash": lambda at, _: _slash(_beijing(at)),
    "han": lambda at, _: _han(_beijing(at)),
    "ago": lambda _, age: _ago(age),
    "epoch": lambda at, _: str(int(at.timestamp())),
    "path": lambda at, _: f"{_utc(at):%Y/%m/%d}",
}
