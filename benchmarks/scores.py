"""Counting how values agree, and the forms in which values are compared."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import FeedParseError
from connectors.feeds.formats.parser import parse_document
from connectors.feeds.formats.result import Parsed
from transforms.models import Feed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
_NO_WORDS = re.compile(
    r"<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1\s*>|</?[a-z!?][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A value that is not theirs, or one that only we have (``theirs`` is empty)."""

    case: str
    field: str
    theirs: Any
    ours: Any


@dataclass
class Score:
    """One suite's figures."""

    name: str
    documents: int = 0
    not_feeds: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)
    agreed: Counter[str] = field(default_factory=Counter)
    disagreements: list[Disagreement] = field(default_factory=list)

    def compare(self, case: str, name: str, theirs: Any, ours: Any) -> None:
        """Count one of their values; keep the two where they differ."""
        kind = name.partition(".")[0]
        self.values[kind] += bool(theirs)
        self.agreed[kind] += bool(theirs) and theirs == ours
        if theirs != ours and (theirs or ours):
            self.disagreements.append(Disagreement(case, name, theirs, ours))

    @property
    def share(self) -> float:
        """The share of their values that are ours as well."""
        return self.agreed.total() / (self.values.total() or 1)


def read(
    path: Path, score: Score, case: str, *, base_url: str, content_type: str = ""
) -> Parsed | None:
    """Return what we make of a document; count it, and what went wrong."""
    score.documents += 1
    try:
        return parse_document(
            path.read_bytes(),
            feed=Feed(feed_id="case", url=base_url),
            content_type=content_type,
            base_url=base_url,
            now=NOW,
            keep_blank=True,
        )
    except FeedParseError as exc:
        score.not_feeds.append(f"{case}: {exc.reason}")
    except Exception as exc:  # noqa: BLE001 (a crash is what is counted)
        score.exceptions.append(f"{case}: {type(exc).__name__}: {exc}")
    return None


def crashes(name: str, folder: Path) -> Score:
    """Return the score of a suite that is read for exceptions alone."""
    score = Score(name)
    for path in sorted(folder.rglob("*")):
        is_golden = path.suffix == ".json" and path.with_suffix(".xml").exists()
        if path.suffix in {".xml", ".rss", ".atom", ".rdf", ".json"} and not is_golden:
            read(path, score, path.name, base_url="https://feed.example/")
    return score


def words(text: str | None) -> str:
    """Return the words of a text: no markup or code, entities decoded, single spaces."""
    for _ in range(2):
        text = html.unescape(_NO_WORDS.sub("", text or ""))
    return " ".join((text or "").split())


def address(url: str | None) -> str:
    """Return *url* with the path that an empty one stands for."""
    url = (url or "").strip()
    return f"{url}/" if "://" in url and not urlsplit(url).path else url


def instant(text: str | None) -> datetime | None:
    """Return the moment that a golden output names."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
