"""``/healthz``: whether the desk has something to show, and how new."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flows.web.answer import FRESH, Answer, make_answer
from flows.web.shelf import Publication


def health(publication: Publication | None, now: datetime) -> Answer:
    """Return ``ok`` with the age of the data in seconds, or 503 where there are none."""
    if publication is None:
        said: dict[str, object] = {
            "status": "no publication",
            "published_at": None,
            "age_seconds": None,
            "newest_article_at": None,
        }
        return make_answer(
            json.dumps(said) + "\n", status=503, media="application/json", headers=FRESH
        )
    published = datetime.fromtimestamp(publication.mark.modified_ns / 1e9, UTC)
    newest = publication.newest_article_at
    said = {
        "status": "ok",
        "published_at": published.isoformat(timespec="seconds"),
        "age_seconds": round((now - publication.as_of).total_seconds()),
        "newest_article_at": newest and newest.isoformat(timespec="seconds"),
    }
    return make_answer(json.dumps(said) + "\n", media="application/json", headers=FRESH)
