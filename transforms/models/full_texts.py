"""Full texts: what an article's page held, or why nothing was read there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FullTextOutcome = Literal[
    "read",
    "no_text",
    "not_a_page",
    "disallowed",
    "challenge",
    "gone",
    "unreadable",
    "transient_error",
    "permanent_error",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """The last visit to an article's page; the fields are columns of ``full_texts``.

    ``url`` is where the text came from, after redirects. ``content_hash`` is that of the
    feed's words at that time. Without ``next_try_at`` nobody visits the page again.
    """

    article_id: str
    fetched_at: datetime
    url: str
    outcome: FullTextOutcome
    attempts: int
    next_try_at: datetime | None
    content_hash: str
    http_status: int | None = None
    bytes: int = 0
    reason: str | None = None
    extractor: str | None = None
    text: str | None = None
    search_text: str | None = None
