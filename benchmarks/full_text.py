"""How well articles are found in pages: recall, precision and CPU time.

    python benchmarks/full_text.py [--pages DIR] [--shared DIR]

Two sets. *pages*: saved pages, DIR/html/NAME.html, with the text that a person took out
of each, DIR/txt/NAME.txt, as the sources of newspaper4k have them under tests/data.
*contents*: full articles that the feeds of ../shared/corpus carry, each put into an
invented page with menus, a list of other headlines and a footer. A set that is not here
is left out, and said to be.
"""

from __future__ import annotations

import argparse
import gzip
import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

from connectors.errors import FeedError
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.full_text.extract import extractor, text_of
from transforms.articles.full_text import clean, is_enough
from transforms.models import Feed
from transforms.text.html import plain_text

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 26, tzinfo=UTC)
# Characters, spaces left out, of the pieces that are compared.
PIECE = 8
FEWEST = 600
PER_OUTLET = 25
DOCUMENTS = 40


class Sample(NamedTuple):
    """A page, and the text that is to be found in it."""

    name: str
    page: bytes
    text: str


class Score(NamedTuple):
    """How much of a text was found, and how much of what was found is text."""

    name: str
    recall: float
    precision: float
    seconds: float


def main() -> int:
    """Print the scores of both sets."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    shared = ROOT.parent / "shared"
    parser.add_argument("--pages", type=Path, default=shared / "corpus" / "pages")
    parser.add_argument("--shared", type=Path, default=shared)
    options = parser.parse_args()
    print(f"by {extractor()}")
    print_scores("pages", list(saved_pages(options.pages)), options.pages)
    feeds = options.shared / "corpus" / "feeds"
    print_scores("contents", list(contents(feeds)), feeds)
    return 0


def saved_pages(folder: Path) -> Iterator[Sample]:
    """Yield saved pages with their texts."""
    for text in sorted(folder.glob("txt/*.txt")):
        page = folder / "html" / f"{text.stem}.html"
        if page.exists():
            yield Sample(text.stem, page.read_bytes(), text.read_text("utf-8"))


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


def print_scores(name: str, samples: list[Sample], folder: Path) -> None:
    """Print how a set scores, and the worst of it."""
    if not samples:
        print(f"{name}: left out, {folder} has none")
        return
    text_of(b"<html><body><p>warm</p></body></html>", "")
    scores = [score(sample) for sample in samples]
    whole = sum(s.recall >= 0.9 for s in scores)
    pure = sum(s.precision >= 0.9 for s in scores)
    print(
        f"{name}: {len(scores)}; nine tenths of the text found in {whole}, nine tenths of"
        f" what was found is text in {pure}; medians: recall"
        f" {median(s.recall for s in scores):.2f}, precision"
        f" {median(s.precision for s in scores):.2f}, CPU"
        f" {1000 * median(s.seconds for s in scores):.0f} ms"
    )
    for worst in sorted(scores, key=lambda s: s.recall + s.precision)[:8]:
        print(f"  {worst.recall:.2f} {worst.precision:.2f} {worst.name}")


def score(sample: Sample) -> Score:
    """Compare what is found in a page with its text, by pieces of eight characters."""
    began = time.process_time()
    found = clean(text_of(sample.page, "text/html"))
    spent = time.process_time() - began
    meant, made = pieces(sample.text), pieces(found if is_enough(found) else "")
    both = len(meant & made)
    return Score(sample.name, both / max(1, len(meant)), both / max(1, len(made)), spent)


def pieces(text: str) -> set[str]:
    """Return the pieces of *text*."""
    joined = "".join(text.split())
    return {joined[at : at + PIECE] for at in range(max(1, len(joined) - PIECE + 1))}


if __name__ == "__main__":
    raise SystemExit(main())
