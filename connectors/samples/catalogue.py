"""Catalogue of the sample feeds: documents, their dates, and how the server answers.

Every outlet is invented, as is all that they report. Dates are filled in, so that a
document is fresh whenever it is served. A placeholder is an age and a form: ``{{-3h
rfc822}}``, ``{{-1d2h30m iso}}``; with a plus it is what comes after the moment that the
samples are dated by, ``{{+20m iso}}``. Half of the forms are the ones that feeds get wrong
in practice: no zone, a zone that means two things, digits in an order of their own, "three
hours ago".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

from transforms.models import FeedKind

MOMENTS = (1, 2, 3)
_XML = "application/xml"
_RSS = "application/rss+xml"
_ATOM = "application/atom+xml"
_PLACEHOLDER = re.compile(r"\{\{(?P<body>[^{}]*)\}\}")
_BODY = re.compile(r"(?P<sign>[-+])(?P<age>(?:\d+[dhms])+) (?P<form>[a-z0-9]+)")
_PART = re.compile(r"(\d{1,6})([dhms])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_UTC = ZoneInfo("UTC")
_BEIJING = ZoneInfo("Asia/Shanghai")


class SampleDocument(NamedTuple):
    """Answer of a feed: a template, its content type, and its moment."""

    template: str
    content_type: str
    moment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample feed: its line in ``feeds.toml`` and its answers.

    ``fault`` is what goes wrong with it, and ``validator`` what it sends to make
    the next request conditional: real servers send one, the other, or both.
    """

    feed_id: str
    publisher: str
    language: str
    content_type: str
    region: str = ""
    kind: FeedKind = "news"
    suffix: str = "xml"
    encoding: str = "utf-8"
    gzip: bool = False
    validator: str = "both"
    fault: str = ""

    @property
    def path(self) -> str:
        """The path of its address on the sample server."""
        return f"/{self.feed_id}.{self.suffix}"

    def document(self, moment: int) -> SampleDocument | None:
        """Return the feed's document at *moment*, None if it answers 500.

        Without a document of that moment, it is the last one before.
        """
        written = (self._written(earlier) for earlier in range(moment, 0, -1))
        return next(filter(None, written), None)

    def _written(self, moment: int) -> SampleDocument | None:
        found = _documents().get(f"{self.feed_id}.{moment}.{self.suffix}")
        if found is not None:
            return SampleDocument(found, self.content_type, moment)
        page = _documents().get(f"{self.feed_id}.{moment}.html")
        return (
            None
            if page is None
            else SampleDocument(page, "text/html; charset=utf-8", moment)
        )


SAMPLES = (
    Sample(
        feed_id="harbour",
        publisher="Harbour Technology Review",
        language="en",
        region="hk",
        content_type=_RSS,
        gzip=True,
    ),
    Sample(
        feed_id="tidewater",
        publisher="Tidewater Asia",
        language="en",
        region="sg",
        content_type=f"{_ATOM}; charset=utf-8",
        validator="etag",
    ),
    Sample(
        feed_id="silk-ledger",
        publisher="The Silk Ledger",
        language="en",
        region="uk",
        kind="newsletter",
        content_type="application/feed+json",
        suffix="json",
    ),
    Sample(
        feed_id="circuit-port",
        publisher="Circuit & Port",
        language="en",
        region="us",
        content_type="application/rdf+xml",
        validator="modified",
    ),
    Sample(
        feed_id="market-square",
        publisher="Market Square",
        language="en",
        region="us",
        content_type="text/xml",
        fault="turns into a web page at moment 2",
    ),
    Sample(
        feed_id="chenguang",
        publisher="晨光科技报",
        language="zh",
        region="cn",
        content_type=f"{_XML}; charset=utf-8",
        validator="etag",
    ),
    Sample(
        feed_id="jiangnan",
        publisher="江南商业观察",
        language="zh",
        region="cn",
        content_type="text/xml",
        encoding="gb18030",
    ),
    Sample(
        feed_id="qianyan",
        publisher="前沿快讯",
        language="zh",
        region="cn",
        content_type=_RSS,
        validator="none",
    ),
    Sample(
        feed_id="zhengce",
        publisher="政策简报",
        language="zh",
        region="cn",
        kind="research",
        content_type=_XML,
        validator="modified",
    ),
    Sample(
        feed_id="gangwan",
        publisher="港灣科技日誌",
        language="zh",
        region="hk",
        content_type=_ATOM,
    ),
    Sample(
        feed_id="dongan",
        publisher="東岸資訊",
        language="zh",
        region="tw",
        content_type="application/json",
        suffix="json",
    ),
    Sample(
        feed_id="lantern",
        publisher="Lantern Weekly",
        language="en",
        region="de",
        kind="newsletter",
        content_type=_ATOM,
        fault="slow",
    ),
    Sample(
        feed_id="quayside",
        publisher="Quayside Wire",
        language="en",
        region="us",
        content_type=_RSS,
        fault="answers 500, then a document cut in its head",
    ),
)


def feeds_toml(base_url: str) -> str:
    """Return a ``feeds.toml`` of all sample feeds, served at *base_url*."""
    return "\n".join(_table(sample, base_url.rstrip("/")) for sample in SAMPLES)


def _table(sample: Sample, base_url: str) -> str:
    values = {
        "url": base_url + sample.path,
        "publisher": sample.publisher,
        "language": sample.language,
        "region": sample.region,
        "kind": sample.kind,
        "note": sample.fault,
    }
    # A JSON string without escapes for Chinese is a TOML string as well.
    lines = (
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
        if value
    )
    return "\n".join((f"[feed.{sample.feed_id}]", *lines, ""))


@cache
def _documents() -> dict[str, str]:
    folder = files("connectors.samples") / "feeds"
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


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
    parts = {_UNITS[unit]: int(number) for number, unit in _PART.findall(found["age"])}
    age = timedelta(**parts) * (1 if found["sign"] == "-" else -1)
    return _FORMS[found["form"]](now.replace(microsecond=0) - age, age)


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
