"""What a form is about, read from what is published."""

from __future__ import annotations

from datetime import timedelta

import duckdb

from flows.web.errors import BadRequest, NotFound
from flows.web.shelf import Publication
from transforms.pages.judging import Judged
from transforms.pages.phrases import page_phrases
from transforms.pages.rows.verdicts import (
    JUDGED,
    JUDGED_ALERT,
    LIKE_STORIES,
    VERDICTS,
    JudgedArticle,
    LikeStory,
)
from warehouse.news.stories import current_story
from warehouse.typed import read

# Clicks that corrected several articles have a row for each.
MOST_OF_ONE = 200
LIKE, APART = 20, timedelta(days=3)


def judged(con: duckdb.DuckDBPyConnection, about: str, language: str) -> Judged:
    """Return what ``story:ID``, ``article:ID``, ``alert:ID`` or ``verdict:N`` is today.

    Raises:
        NotFound: There is none.
        BadRequest: It is nothing that can be judged.
    """
    what, _, which = about.partition(":")
    if what == "story":
        story = _story(con, which)
        found = Judged(about=about, own=story, story=story) if story else None
    elif what == "article":
        own = read(con, JUDGED, {"article_id": which, "story_id": None})
        story = _story(con, own[0].story_id) if own else ()
        found = Judged(about=about, own=tuple(own), story=story) if story else None
    elif what == "alert":
        alerts = read(con, JUDGED_ALERT, {"alert_id": which})
        found = Judged(about=about, alert=alerts[0]) if alerts else None
    elif what == "verdict" and which.isascii() and which.isdigit():
        found = _given(con, about, int(which[:18]))
    else:
        raise BadRequest(page_phrases()["judge.what"][language])
    if found is None:
        raise NotFound(page_phrases()["judge.none"][language].format(id=which))
    return found


def like_stories(con: duckdb.DuckDBPyConnection, found: Judged) -> list[LikeStory]:
    """Return stories that may be the same event."""
    at = found.story[0].published_at
    asked = {
        "story_id": found.story[0].story_id,
        "company_ids": list(found.companies),
        "at": at,
        "since": at - APART,
        "until": at + APART,
        "limit": LIKE,
    }
    return read(con, LIKE_STORIES, asked) if found.companies else []


def ids_by_name(publication: Publication) -> dict[str, str]:
    """Return the ids of companies and topics by all that they are called.

    Topics and event types go by ``topic:ID`` and ``event:ID`` too.
    """
    found: dict[str, str] = {}
    for each, names in publication.names.items():
        kind = publication.kinds.get(each)
        own = f"{kind}:{each}" if kind else each
        for name in (own, each, *names):
            found.setdefault(name.casefold(), own)
    return found


def _story(con: duckdb.DuckDBPyConnection, story_id: str) -> tuple[JudgedArticle, ...]:
    current = current_story(con, story_id)
    if current is None:
        return ()
    return tuple(read(con, JUDGED, {"story_id": current, "article_id": None}))


def _given(con: duckdb.DuckDBPyConnection, about: str, number: int) -> Judged | None:
    """Return a verdict with those of the same click, as far as they stand."""
    found = read(con, VERDICTS, {"verdict_id": number, "limit": 1, "skip": 0})
    if not found or found[0].undone_at:
        return None
    near = {"verdict_id": None, "limit": MOST_OF_ONE, "skip": 0}
    [one] = found
    rest = [each for each in read(con, VERDICTS, near) if each.undone_at is None]
    own = [each for each in rest if click_of(each) == click_of(one)] or [one]
    return Judged(about=about, verdicts=tuple(own))


def click_of(verdict: object) -> tuple[object, ...]:
    """Return what verdicts of one click have in common."""
    names = ("made_at", "by", "kind", "value", "why")
    return tuple(getattr(verdict, name) for name in names)
