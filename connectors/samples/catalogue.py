"""Which sample feeds there are, and how the server answers for each.

Every outlet is invented, as is all that they report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from transforms.models import FeedKind

MOMENTS = (1, 2, 3)

_XML = "application/xml"
_RSS = "application/rss+xml"
_ATOM = "application/atom+xml"
_RDF = "application/rdf+xml"
_JSON = "application/feed+json"


class SampleDocument(NamedTuple):
    """What a feed answers with: a template, its type, and the moment it is from."""

    template: str
    content_type: str
    moment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample feed: its line in ``feeds.toml`` and its manner of answering.

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
        """Return how it stands at *moment*; None means it answers 500.

        Where nothing was written for a moment, it stands as before.
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
        content_type=_JSON,
        suffix="json",
    ),
    Sample(
        feed_id="circuit-port",
        publisher="Circuit & Port",
        language="en",
        region="us",
        content_type=_RDF,
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
