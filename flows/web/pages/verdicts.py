"""``/verdicts``: what readers said, and what waits; ``/verdicts/new``: the form for it."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby

from flows.steps import spool
from flows.steps.spool import Click
from flows.web.judged import click_of, judged, like_stories
from flows.web.pages.page import Page
from flows.web.reading import PageView, Reading
from transforms.pages import verdicts as shown
from transforms.pages.judging import Judged
from transforms.pages.links import DataTable
from transforms.pages.rows.verdicts import VERDICTS

ROWS, PLACES = 200, 50


def verdicts_page(reading: Reading) -> PageView:
    """Who said what when, the newest first, and what waits for its turn."""
    words, place = reading.words, reading.ask.number("page", default=1, most=PLACES)
    skip = ROWS * (place - 1)
    found = reading.rows(VERDICTS, verdict_id=None, limit=ROWS + 1, skip=skip)
    rows, data = found[:ROWS], reading.settings.data
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
            "queued": [shown.queued(words, click) for click in (*refused, *waiting)][::-1],
            "place": place,
            "more": len(found) > ROWS,
            "sql": reading.sql(VERDICTS, verdict_id=None, limit=ROWS, skip=skip),
        },
        tables=(
            DataTable(name="verdicts", rows=[asdict(row) for row in rows]),
            DataTable(
                name="queue", rows=[_record(click) for click in (*refused, *waiting)]
            ),
        ),
    )


def form_page(reading: Reading) -> PageView:
    """What can be said of a story, an article or an alert; or one word: undo."""
    ask, words = reading.ask, reading.words
    about = ask.text("about") or ""
    found = judged(reading.con, about, words.language)
    names = reading.publication.names
    return PageView(
        template="judge.html.j2",
        title=words.word("judge.undo" if found.verdicts else "judge.title"),
        section="verdicts",
        is_kept=False,
        given={
            "judged": found,
            "stamp": ask.stamp,
            "back": ask.text("back") or "",
            "by": ask.text("by") or "",
            "undone": shown.line(words, found.verdicts) if found.verdicts else None,
            "headline": shown.headline(found),
            "named": [(each, words.name(each)) for each in found.companies],
            "treated": [(each, shown.topic(words, each)) for each in found.topics],
            "likes": like_stories(reading.con, found) if found.story else [],
            "companies": sorted(names[each][0] for each in reading.publication.entities),
            "topics": _topics(reading, found),
        },
    )


def _topics(reading: Reading, found: Judged) -> list[tuple[str, str]]:
    """Return the topics and events that are not found there, by name."""
    ids = (f"{kind}:{each}" for each, kind in reading.publication.kinds.items())
    named = [(each, shown.topic(reading.words, each)) for each in ids]
    return sorted(
        ((each, name) for each, name in named if each not in found.topics),
        key=lambda pair: pair[1],
    )


def _record(click: Click) -> dict[str, object]:
    return {
        "key": click.key,
        "made_at": click.made_at,
        "state": "refused" if click.refused else "queued",
        "reason": click.refused,
        "verdicts": [asdict(each) for each in click.verdicts],
    }


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
