"""How many titles come back when real Chinese feeds are encoded anew under wrong labels.

    python benchmarks/encodings.py [--shared DIR] [--documents 3]

Takes documents of each Chinese source of the corpus, writes them in GB 18030, Big5
(in traditional characters) and UTF-16, labels each in every way, in the document
or in the HTTP header, and counts the titles that are read as they were.
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from opencc import OpenCC

from connectors.errors import FeedError
from connectors.feeds.formats.parser import parse_document
from transforms.models import Feed

ROOT = Path(__file__).resolve().parents[1]
FEED = Feed(feed_id="case", url="https://feed.example/", language="zh")
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16", "utf-16-le")
LABELS = ("utf-8", "gb2312", "big5", "iso-8859-1", "euc-kr", "shift_jis", "x-unknown", "")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*?\?>")
_HAN = re.compile("[\u4e00-\u9fff]")


def main() -> int:
    """Print the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--documents", type=int, default=3, help="of each source")
    options = parser.parse_args()
    folder = options.shared / "corpus" / "feeds"
    if not folder.is_dir():
        print(f"{folder} is not here; name the folder that holds corpus/ with --shared")
        return 2
    documents = list(chinese_documents(folder, options.documents))
    print(f"{len(documents)} documents; titles read right, by encoding and label")
    print(f"{'':12}" + "".join(f"{label or 'no label':>12}" for label in LABELS))
    total: Counter[str] = Counter()
    for encoding in ENCODINGS:
        cells = [count(documents, encoding, label) for label in LABELS]
        total += sum(cells, Counter())
        shares = "".join(f"{cell['right'] / cell['titles']:>12.2%}" for cell in cells)
        print(f"{encoding:12}{shares}")
    print(f"{total['right']:,} of {total['titles']:,} titles")
    return 0


def chinese_documents(folder: Path, number: int) -> Iterator[str]:
    """Yield *number* documents of each source that has Chinese titles, spread evenly."""
    for path in sorted(folder.glob("*.tar.xz")):
        with tarfile.open(path) as archive:
            members = [member for member in archive if member.isfile()]
            for member in members[:: max(1, len(members) // number)][:number]:
                file = archive.extractfile(member)
                text = file.read().decode("utf-8", "replace") if file else ""
                body = _DECLARATION.sub("", text.lstrip("\ufeff"))
                if len(_HAN.findall(body)) > 100 and titles(body.encode()):
                    yield body


def count(documents: list[str], encoding: str, label: str) -> Counter[str]:
    """Count the titles of documents written in *encoding* and labelled *label*."""
    found: Counter[str] = Counter()
    for body, is_header in product(documents, (False, True)):
        said = f' encoding="{label}"' if label and not is_header else ""
        content_type = f"text/xml; charset={label}" if label and is_header else "text/xml"
        text = traditional(body) if encoding.startswith("big5") else body
        # What an encoding has no sign for is lost before any reader sees it.
        kept = text.encode(encoding, "ignore").decode(encoding)
        raw = f'<?xml version="1.0"{said}?>{kept}'.encode(encoding)
        right = titles(kept.encode())
        found["titles"] += len(right)
        found["right"] += sum(
            a == b for a, b in zip(right, titles(raw, content_type), strict=False)
        )
    return found


_TRADITIONAL: dict[str, str] = {}


def traditional(body: str) -> str:
    """Return *body* in traditional characters."""
    if body not in _TRADITIONAL:
        _TRADITIONAL[body] = OpenCC("s2t").convert(body)
    return _TRADITIONAL[body]


def titles(body: bytes, content_type: str = "text/xml") -> list[str]:
    """Return the titles that we read, none where it is no feed to us."""
    try:
        parsed = parse_document(body, feed=FEED, content_type=content_type, now=NOW)
    except FeedError:
        return []
    return [entry.title for entry in parsed.entries]


if __name__ == "__main__":
    sys.exit(main())
