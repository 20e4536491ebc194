"""How well articles are found in pages: recall, precision, CPU time and memory.

    python benchmarks/full_text.py [--pages DIR] [--texts DIR] [--shared DIR] [--record]

Two sets. *pages*: a folder of saved pages of outlets (``saved_pages.py`` says how it
looks), read as a pass reads them; --texts keeps what was found, for a person to read.
Half of their hosts may be looked at to mend the extraction, the others are held out.
*contents*: full articles that the feeds of ../shared/corpus carry, each put into an
invented page with menus, a list of other headlines and a footer. A set that is not here
is left out, and said to be.
"""

from __future__ import annotations

import argparse
import gzip
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import results
from saved_pages import (
    Reading,
    agreement,
    keep_texts,
    outcomes,
    read_saved,
    refusals,
    saved_pages,
    summary,
    verdicts,
)
from scoring import Score, scored

from connectors.errors import FeedError
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.full_text.extract import extractor, text_of
from transforms.articles.full_text import clean, is_enough
from transforms.models import Feed
from transforms.text.html import plain_text

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 26, tzinfo=UTC)
FEWEST = 600
PER_OUTLET = 25
DOCUMENTS = 40


class Sample(NamedTuple):
    """A page, and the text that is to be found in it."""

    name: str
    page: bytes
    text: str


def main() -> int:
    """Print the scores of both sets, and keep them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    shared = ROOT.parent / "shared"
    parser.add_argument("--pages", type=Path, default=shared / "corpus" / "pages")
    parser.add_argument("--texts", type=Path, help="write what was found here")
    parser.add_argument("--shared", type=Path, default=shared)
    results.add_record_option(parser)
    options = parser.parse_args()
    readings = read_saved(saved_pages(options.pages))
    feeds = options.shared / "corpus" / "feeds"
    samples = list(contents(feeds))
    if options.texts:
        keep_texts(readings, options.texts)
    if not samples:
        print(f"contents: left out, {feeds} has none")
    if not readings:
        print(f"pages: left out, {options.pages} has none")
        print(*([framed_scores(samples)] if samples else ()))
        return 0
    results.publish(result(readings, samples, options.pages), record=options.record)
    return 0


def result(readings: list[Reading], samples: list[Sample], folder: Path) -> results.Result:
    """Return what is kept of both sets."""
    sources = Counter(each.saved.source for each in readings if each.saved.source)
    origin = ", ".join(f"{source} ({count})" for source, count in sources.items())
    return results.Result(
        name="full_text",
        title="Articles in their pages",
        summary=summary(readings),
        code=("connectors/feeds/full_text", "transforms/articles/full_text.py"),
        tables=[
            outcomes(readings),
            refusals(readings),
            agreement(readings),
            *verdicts(folder),
        ],
        notes=[
            f"By {extractor()}. Pages from the sources of {origin or 'a folder'}.",
            *([framed_scores(samples)] if samples else ()),
        ],
    )


def contents(folder: Path) -> Iterator[Sample]:
    """Yield full articles of each outlet's feeds, each in a page of its own."""
    for archive in sorted(folder.glob("*.tar.xz")):
        outlet = archive.name.partition(".")[0]
        found: dict[str, Sample] = {}
        for body in documents(archive):
            for title, content, titles in full_articles(body, outlet):
                page = framed(title, content, titles)
                found.setdefault(title, Sample(outlet, page, plain_text(content)))
            if len(found) >= PER_OUTLET:
                break
        yield from list(found.values())[:PER_OUTLET]


def documents(archive: Path) -> Iterator[bytes]:
    """Yield the first documents of an archive."""
    with tarfile.open(archive) as files:
        for member in islice((m for m in files if m.isfile()), DOCUMENTS):
            if file := files.extractfile(member):
                body = file.read()
                yield gzip.decompress(body) if member.name.endswith(".gz") else body


def full_articles(body: bytes, outlet: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield title and content of entries that have a full one, and all titles."""
    feed = Feed(feed_id="x", url=f"https://{outlet}.example/feed")
    try:
        parsed = parse_document(
            body, feed=feed, content_type="", base_url=feed.url, now=NOW
        )
    except FeedError:
        return
    titles = [entry.title for entry in parsed.entries]
    for entry in parsed.entries:
        content = max(entry.content, entry.summary, key=len)
        if len(plain_text(content)) >= FEWEST:
            yield entry.title, content, titles


def framed(title: str, content: str, others: list[str]) -> bytes:
    """Return a page with *content* between what pages have around their articles."""
    menu = "".join(f"<li><a href='/s/{n}'>Section {n}</a></li>" for n in range(12))
    more = "".join(f"<li><a href='/a/{escape(t)}'>{escape(t)}</a></li>" for t in others)
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title></head><body>"
        f"<header><nav><ul>{menu}</ul></nav></header><main><h1>{escape(title)}</h1>"
        f"<div class='article-body'>{content}</div><aside class='related'><h2>More</h2>"
        f"<ul>{more}</ul></aside></main><footer><p>Terms of use and privacy policy of this"
        " site. All rights reserved.</p></footer></body></html>"
    ).encode("utf-8", "replace")


def framed_scores(samples: list[Sample]) -> str:
    """Return how well articles of feeds are found in invented pages."""
    scores = [score(sample) for sample in samples]
    found = sum(s.recall >= 0.9 for s in scores)
    pure = sum(s.precision >= 0.9 for s in scores)
    return (
        f"Of {len(scores)} full articles of feeds in invented pages, nine tenths of the"
        f" text were found in {found}, nine tenths of what was found are text in {pure}."
    )


def score(sample: Sample) -> Score:
    """Compare what is found in a page with its text."""
    found = clean(text_of(sample.page, "text/html").text)
    return scored(sample.text, found if is_enough(found) else "")


if __name__ == "__main__":
    raise SystemExit(main())
