"""Pages of verdicts: ``/verdicts`` and the form ``/verdicts/new``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from itertools import groupby

import duckdb

from flows.steps import spool
from flows.web.errors import BadRequest, NotFound
from flows.web.page import Page, PageView, Reading
from flows.web.shelf import Publication
from transforms.models.verdicts import KINDS
from transforms.pages import verdict_lines as shown
from transforms.pages.judging import (
    JUDGED,
    JUDGED_ALERT,
    LIKE_STORIES,
    VERDICTS,
    Judged,
    JudgedArticle,
    LikeStory,
)
from transforms.pages.words import DataTable
from transforms.words import say
from warehouse.news.stories import current_story
from warehouse.queries import read

ROWS, PLACES = 200, 50
# Clicks that corrected several articles have a row for each.
MOST_OF_ONE = 200
LIKE, APART = 20, timedelta(days=3)


def verdicts_page(reading: Reading) -> PageView:
    """Return all verdicts, newest first, and those that wait."""
    words, place = reading.words, reading.ask.number("page", default=1, most=PLACES)
    skip = ROWS * (place - 1)
    verdicts = reading.rows(VERDICTS, verdict_id=None, limit=ROWS + 1, skip=skip)
    rows, data = verdicts[:ROWS], reading.settings.data
    waiting, refused = spool.waiting(data), spool.refused(data)
    clicks = [list(own) for _, own in groupby(rows, key=click_of)]
    return PageView(
        template="verdicts.html.j2",
        title=words.word("nav.verdicts"),
        section="verdicts",
        # What waits changes without a publication.
        is_kept=False,
        given={
            "lines": [shown.line(words, own) for own in clicks],
            "queued": [
                shown.queued(words, click.verdicts, click.made_at, click.refused)
                for click in (*refused, *waiting)
            ][::-1],
            "place": place,
            "more": len(verdicts) > ROWS,
            "sql": reading.sql(VERDICTS, verdict_id=None, limit=ROWS, skip=skip),
        },
        tables=(
            DataTable(name="verdicts", rows=[asdict(row) for row in rows]),
            DataTable(
                name="queue",
                rows=[
                    {
                        "key": click.key,
                        "made_at": click.made_at,
                        "state": "refused" if click.refused else "queued",
                        "reason": click.refused,
                        "verdicts": [asdict(each) for each in click.verdicts],
                    }
                    for click in (*refused, *waiting)
                ],
            ),
        ),
    )


def form_page(reading: Reading) -> PageView:
    """Return the form for a story, an article or an alert, or to undo a verdict."""
    ask, words = reading.ask, reading.words
    about = ask.text("about") or ""
    subject = judged(reading.con, about, words.language)
    names = reading.publication.names
    return PageView(
        template="judge.html.j2",
        title=words.word("judge.undo" if subject.verdicts else "judge.title"),
        section="verdicts",
        is_kept=False,
        given={
            "judged": subject,
            "stamp": ask.stamp,
            "back": ask.text("back") or "",
            "by": ask.text("by") or "",
            "undone": shown.line(words, subject.verdicts) if subject.verdicts else None,
            "headline": shown.headline(subject),
            "named": [(each, words.name(each)) for each in subject.companies],
            "treated": [(each, shown.topic(words, each)) for each in subject.topics],
            "likes": like_stories(reading.con, subject) if subject.story else [],
            "companies": sorted(names[each][0] for each in reading.publication.entities),
            "topics": _topics(reading, subject),
            "choices": {name: kind.choices for name, kind in KINDS.items()},
        },
    )


def _topics(reading: Reading, found: Judged) -> list[tuple[str, str]]:
    """Return the topics and events missing from the subject, by name."""
    ids = (f"{kind}:{each}" for each, kind in reading.publication.kinds.items())
    named = [(each, shown.topic(reading.words, each)) for each in ids]
    return sorted(
        ((each, name) for each, name in named if each not in found.topics),
        key=lambda pair: pair[1],
    )


def judged(con: duckdb.DuckDBPyConnection, about: str, language: str) -> Judged:
    """Return the subject of ``story:ID``, ``article:ID``, ``alert:ID`` or ``verdict:N``.

    Raises:
        NotFound: There is none.
        BadRequest: It is nothing that can be judged.
    """
    what, _, which = about.partition(":")
    if what == "story":
        story = _story(con, which)
        subject = Judged(about=about, own=story, story=story) if story else None
    elif what == "article":
        own = read(con, JUDGED, {"article_id": which, "story_id": None})
        story = _story(con, own[0].story_id) if own else ()
        subject = Judged(about=about, own=tuple(own), story=story) if story else None
    elif what == "alert":
        alerts = read(con, JUDGED_ALERT, {"alert_id": which})
        subject = Judged(about=about, alert=alerts[0]) if alerts else None
    elif what == "verdict" and which.isascii() and which.isdigit():
        subject = _given(con, about, int(which[:18]))
    else:
        raise BadRequest(say("judge.what", language))
    if subject is None:
        raise NotFound(say("judge.none", language, id=which))
    return subject


def like_stories(con: duckdb.DuckDBPyConnection, found: Judged) -> list[LikeStory]:
    """Return stories that may report the same event."""
    at = found.story[0].published_at
    params = {
        "story_id": found.story[0].story_id,
        "company_ids": list(found.companies),
        "at": at,
        "since": at - APART,
        "until": at + APART,
        "limit": LIKE,
    }
    return read(con, LIKE_STORIES, params) if found.companies else []


def ids_by_name(publication: Publication) -> dict[str, str]:
    """Return the ids of companies and topics by all their names.

    Topics and event types go by ``topic:ID`` and ``event:ID`` too.
    """
    ids: dict[str, str] = {}
    for each, names in publication.names.items():
        kind = publication.kinds.get(each)
        own = f"{kind}:{each}" if kind else each
        for name in (own, each, *names):
            ids.setdefault(name.casefold(), own)
    return ids


def _story(con: duckdb.DuckDBPyConnection, story_id: str) -> tuple[JudgedArticle, ...]:
    current = current_story(con, story_id)
    if current is None:
        return ()
    return tuple(read(con, JUDGED, {"story_id": current, "article_id": None}))


def _given(con: duckdb.DuckDBPyConnection, about: str, number: int) -> Judged | None:
    """Return a verdict with the standing ones of the same click."""
    verdicts = read(con, VERDICTS, {"verdict_id": number, "limit": 1, "skip": 0})
    if not verdicts or verdicts[0].undone_at:
        return None
    near = {"verdict_id": None, "limit": MOST_OF_ONE, "skip": 0}
    [one] = verdicts
    rest = [each for each in read(con, VERDICTS, near) if each.undone_at is None]
    own = [each for each in rest if click_of(each) == click_of(one)] or [one]
    return Judged(about=about, verdicts=tuple(own))


def click_of(verdict: object) -> tuple[object, ...]:
    """Return the key that verdicts of one click share."""
    names = ("made_at", "by", "kind", "value", "why")
    return tuple(getattr(verdict, name) for name in names)


PAGES = (
    Page(
        path="/verdicts/new",
        view=form_page,
        known=frozenset({"story", "article", "alert", "verdict"}),
        forms=(),
        is_form=True,
    ),
    Page(path="/verdicts", nav="verdicts", view=verdicts_page, known=frozenset({"page"})),
)
