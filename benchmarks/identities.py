"""Count how many articles of real lists would be stored twice.

    python benchmarks/identities.py FILE.jsonl.gz …

Each line has ``url``, ``title`` and a time. Of one headline of one site on one day every
id beyond the first counts, once by ids that are hashes of the address alone, and once by
those of today. Joined addresses whose headlines differ most are printed, to be read.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from transforms.urls.canonical import canonical_url
from transforms.urls.identity import identity_of
from transforms.urls.sites import site_of

READ_BY_HAND = 50


class Item(NamedTuple):
    """A line of a list, by its canonical address."""

    url: str
    title: str
    day: str


def main() -> None:
    """Print the shares before and after, and what to read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    items = [item for file in parser.parse_args().files for item in read(file)]
    print(f"by address  {twice(items, str):.2%} stored twice")
    print(f"by identity {twice(items, identity_of):.2%} stored twice")
    for likeness, one, other in unlike(items)[:READ_BY_HAND]:
        print(f"{likeness:.2f}  {one.title} | {other.title}\n      {one.url}  {other.url}")


def read(file: Path) -> Iterator[Item]:
    """Yield the lines of *file* that have an address."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            when = row.get("published") or row.get("first_seen") or ""
            if url := canonical_url(row.get("url") or ""):
                yield Item(url, (row.get("title") or "").strip(), when[:10])


def twice(items: list[Item], identity: Callable[[str], str]) -> float:
    """Return the share of articles that are another one's second id."""
    ids = defaultdict(set)
    for item in items:
        ids[site_of(item.url), item.title, item.day].add(identity(item.url))
    stored = sum(map(len, ids.values()))
    return (stored - len(ids)) / stored


def unlike(items: list[Item]) -> list[tuple[float, Item, Item]]:
    """Return joined addresses, those with the least similar headlines first."""
    firsts: dict[str, Item] = {}
    pairs = {}
    for item in items:
        first = firsts.setdefault(identity_of(item.url), item)
        if first.url != item.url and first.title != item.title:
            pairs.setdefault((first.url, item.url), (first, item))
    found = [
        (SequenceMatcher(None, one.title, other.title).ratio(), one, other)
        for one, other in pairs.values()
    ]
    return sorted(found)


if __name__ == "__main__":
    main()
