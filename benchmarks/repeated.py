"""As many articles for `sinowire import` as are asked for, of headlines that there are.

    python benchmarks/repeated.py FOLDER --articles 1000000 > lines.jsonl

FOLDER holds headlines as ``*.jsonl.gz``: a line has `title`, `url`, a date, and perhaps
`summary`, `lang` and `source`. Where these are too few they come again, six years earlier
each time, with other digits in each number and address: so no text is there twice, words
and names are as frequent as they were, and a day is as busy.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

DATES = ("published", "first_seen", "first_polled")
EARLIER = timedelta(days=365 * 6)
DIGITS = "0123456789"


def main() -> None:
    """Print the lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000)
    args = parser.parse_args()
    lines = {line["url"]: line for line in islice(repeated(args.folder), 2 * args.articles)}
    for line in islice(lines.values(), args.articles):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def repeated(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines again and again, each time of earlier years."""
    for time in count():
        changed = str.maketrans(DIGITS, DIGITS[time % 10 :] + DIGITS[: time % 10])
        for path in sorted(folder.glob("*.jsonl.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as file:
                yield from filter(None, (_line(text, time, changed) for text in file))


def _line(text: str, time: int, changed: dict[int, int]) -> dict[str, Any] | None:
    row = json.loads(text)
    when = next((row[name] for name in DATES if row.get(name)), "")
    when = when or next((first for first, *_ in row.get("obs", ())), "")
    if not (when and row.get("title") and row.get("url")):
        return None
    published = datetime.fromisoformat(when) - EARLIER * time
    return {
        "url": row["url"] + (f"/{time}" if time else ""),
        "title": row["title"].translate(changed),
        "summary": (row.get("summary") or "").translate(changed),
        "published": published.isoformat(),
        "publisher": row.get("source") or "",
        "language": row.get("lang") or "",
    }


if __name__ == "__main__":
    main()
