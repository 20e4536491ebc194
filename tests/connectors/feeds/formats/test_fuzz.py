"""Documents cut, flipped, spliced and nested: each ends in entries or in a named error."""

from __future__ import annotations

import asyncio
import html
import json
import os
import tarfile
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from invariants import outcome_of

from connectors.errors import FeedError
from connectors.feeds.poll.parse_requests import ParseRequest
from connectors.feeds.poll.parser_process import answer_in_time
from connectors.feeds.poll.pool import open_pool
from transforms.models import Feed

ROOT = Path(__file__).resolve().parents[4]
CAPTURES = ROOT.parent / "shared" / "corpus" / "feeds"
NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
# Examples a test; SINOWIRE_FUZZ=20000 makes it a long run.
EXAMPLES = int(os.environ.get("SINOWIRE_FUZZ", "200"))
MAX_SEED = 30_000
CODECS = [
    "utf-8",
    "gb18030",
    "big5",
    "utf-16",
    "utf-16-be",
    "utf-8-sig",
    "shift_jis",
    "latin-1",
]
CONTENT_TYPES = [
    "",
    "text/xml",
    "text/html; charset=gb2312",
    "application/xml; charset=utf-16",
    "application/json; charset=big5",
    "text/xml; charset=no-such-thing",
]
PIECES = [
    b"<item>",
    b"</item>",
    b"<entry>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE rss [<!ENTITY a 'b'>]>",
    b"&",
    b"&#xD800;",
    b"&#0;",
    b"&a;",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xa1\xa1",
    b"xml:base='//'",
    b"<link>javascript:alert(1)</link>",
    b"<guid isPermaLink='true'>data:x</guid>",
    b"<pubDate>0000-00-00</pubDate>",
    b"<dc:date>99999999999999999999</dc:date>",
    b"<updated>2026-13-45T99:99:99+99:99</updated>",
    b"<script>",
    b"\\ud800",
    b'{"items":[',
]

FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="SINOWIRE_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    database=None,
)


def _seeds():
    """Return real captures where they are, else our own samples."""
    own = [p.read_bytes() for p in sorted((ROOT / "tests/data/feeds").glob("*.[xj]*"))]
    own = [body for body in own if not body.startswith(b"[")]
    captured = []
    for path in sorted(CAPTURES.glob("*.tar.xz")):
        with tarfile.open(path) as archive:
            # The first few of each: reading a whole archive takes seconds.
            members = islice((m for m in archive if m.isfile()), 2)
            captured += [archive.extractfile(member).read(MAX_SEED) for member in members]
    return own + captured


SEEDS = _seeds()


@st.composite
def documents(draw):
    """Draw a document that was a feed before somebody got at it."""
    body = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        body = draw(st.sampled_from(MUTATIONS))(draw, body)[: 4 * MAX_SEED]
    return body


def cut(draw, body):
    """Leave a part out, or all that comes after."""
    start, end = _span(draw, body)
    return body[:start] if draw(st.booleans()) else body[:start] + body[end:]


def flip(draw, body):
    """Change single bytes."""
    changed = bytearray(body)
    for _ in range(draw(st.integers(1, 8))):
        if changed:
            changed[_place(draw, body)] = draw(st.integers(0, 255))
    return bytes(changed)


def splice(draw, body):
    """Put the middle of another document into this one."""
    other = draw(st.sampled_from(SEEDS))
    start, end = _span(draw, other)
    at = _place(draw, body)
    return body[:at] + other[start:end] + body[at:]


def double(draw, body):
    """Repeat a part, up to fifty times."""
    start, end = _span(draw, body)
    return body[:end] + body[start:end][:2_000] * draw(st.integers(1, 50)) + body[end:]


def insert(draw, body):
    """Put in what parsers stumble over."""
    at = _place(draw, body)
    piece = draw(st.sampled_from(PIECES)) * draw(st.sampled_from([1, 1, 2, 100]))
    return body[:at] + piece + body[at:]


def recode(draw, body):
    """Write it in another encoding than it says."""
    codec = draw(st.sampled_from(CODECS))
    return body.decode("utf-8", "replace").encode(codec, "replace")


def nest(draw, body):
    """Put the document into itself, as elements, as text or as JSON."""
    inner = body.decode("utf-8", "replace")[:8_000]
    shape = draw(st.sampled_from(["elements", "text", "cdata", "json"]))
    if shape == "json":
        item = {
            "id": 1,
            "title": inner,
            "content_html": inner,
            "date_published": inner[:40],
        }
        version = "https://jsonfeed.org/version/1.1"
        return json.dumps({"version": version, "items": [item] * 2}).encode()
    text = {"text": html.escape(inner), "cdata": f"<![CDATA[{inner}]]>"}.get(shape, inner)
    item = f"<item><title>{text}</title></item>"
    return f"<rss version='2.0'><channel>{item}</channel></rss>".encode()


MUTATIONS = [cut, flip, splice, double, insert, recode, nest]


def _place(draw, body):
    return draw(st.integers(0, max(0, len(body) - 1)))


def _span(draw, body):
    return sorted((_place(draw, body), _place(draw, body)))


@FUZZ
@given(body=documents(), content_type=st.sampled_from(CONTENT_TYPES))
def test_every_document_ends_in_an_outcome(body, content_type):
    """Whatever happened to a feed, it yields sound entries or an error with a reason."""
    assert outcome_of(body, content_type)


@settings(FUZZ, max_examples=max(20, EXAMPLES // 3))
@given(text=st.text(max_size=200), kind=st.sampled_from(["rss", "json", "html"]))
def test_every_text_ends_in_an_outcome(text, kind):
    """Any text at all may stand where a title, link, date or author does."""
    fields = dict.fromkeys(
        (
            "title",
            "url",
            "id",
            "date_published",
            "date_modified",
            "content_html",
            "language",
        ),
        text,
    )
    fields |= {"tags": [text], "authors": [{"name": text}]}
    version = "https://jsonfeed.org/version/1"
    inside = html.escape(text) if kind == "rss" else f"<![CDATA[{text}]]>"
    names = (
        "title",
        "link",
        "guid",
        "pubDate",
        "author",
        "category",
        "description",
        "language",
    )
    item = "".join(f"<{name}>{inside}</{name}>" for name in names)
    body = (
        json.dumps({"version": version, "title": text, "items": [fields]})
        if kind == "json"
        else f"<rss version='2.0'><channel><item>{item}</item></channel></rss>"
    )

    assert outcome_of(body.encode("utf-8", "replace"))


def test_parser_processes_survive_what_they_are_given():
    """In the pool every document ends in time, and the one after it is parsed as well."""
    bodies = []

    @settings(FUZZ, max_examples=max(10, EXAMPLES // 4))
    @given(body=documents())
    def collect(body):
        bodies.append(body)

    collect()
    good = SEEDS[0]

    async def parse_all():
        async with open_pool(2) as pool:
            ends = []
            for body in [*bodies, good]:
                try:
                    ends.append((await pool.parse(_request(body))).total)
                except FeedError as error:
                    ends.append(error.reason)
            return ends

    ends = asyncio.run(parse_all())

    assert len(ends) == len(bodies) + 1
    assert all(not isinstance(end, str) or "ended its parser" not in end for end in ends)
    assert ends[-1] == answer_in_time(_request(good)).total


def _request(body):
    return ParseRequest(
        body=body,
        feed=Feed(feed_id="fuzzed", url="https://x.example/feed"),
        content_type="",
        base_url="https://x.example/feed",
        now=NOW,
        known=frozenset(),
        deadline=10,
    )
