"""Verdicts of readers, append-only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

import orjson

from transforms.grouping import grouped, grouped_pairs
from transforms.models.verdicts import UNDO, GivenVerdict, Verdict
from warehouse import appends, queries
from warehouse.queries import Connection

_FIELDS = ("by", "subject_id", "kind", "value", "scope", "why")
Verdicts = Mapping[str, Sequence[Verdict]]
# By article, and measure or claim: by which articles it is told, its own story's first.
Tellers = Mapping[tuple[str, str], Sequence[str]]
# The number of a verdict by when it was given, by whom, and its kind.
Moments = Mapping[tuple[datetime | None, str, str], int]


class SubjectNow(NamedTuple):
    """Current id of a subject; of a story, the article that represents it."""

    kind: str
    now_id: str


def standing(con: Connection) -> list[Verdict]:
    """Return the verdicts in force, in order, with current article ids."""
    if not queries.scalar(con, "verdicts.has_any"):
        return []
    return [Verdict(*row) for row in queries.run(con, "verdicts.standing")]


def of_articles(con: Connection) -> Verdicts:
    """Return the verdicts in force by the article or alert they concern."""
    return grouped(standing(con), attrgetter("subject_id"))


def append(con: Connection, given: Sequence[GivenVerdict], now: datetime) -> list[int]:
    """Append verdicts in order; return their numbers."""
    last = last_id(con)
    numbers = list(range(last + 1, last + 1 + len(given)))
    _insert(con, numbers, given, [None] * len(given), now)
    return numbers


def take_back(
    con: Connection, verdict_ids: Sequence[int], said: GivenVerdict, now: datetime
) -> None:
    """Append the retractions of verdicts; *said* gives their author and reason."""
    row = replace(said, subject_id="", kind=UNDO, value="")
    first, wanted = last_id(con) + 1, len(verdict_ids)
    _insert(con, range(first, first + wanted), [row] * wanted, verdict_ids, now)


def last_id(con: Connection) -> int:
    """Return the number of the newest row; 0 without any."""
    return int(queries.scalar(con, "verdicts.last_id"))


def one(con: Connection, verdict_id: int) -> queries.Row | None:
    """Return a verdict by its number; None if unknown."""
    return queries.first(con, "verdicts.one", verdict_id=verdict_id)


def listed(con: Connection, *, limit: int | None = None) -> list[queries.Row]:
    """Return all verdicts, retracted ones included, newest first."""
    return queries.rows(con, "verdicts.listed", limit=limit)


def of_subjects(con: Connection, ids: Iterable[str]) -> list[queries.Row]:
    """Return the verdicts in force on, or naming, these articles or alerts."""
    return queries.rows(con, "verdicts.of_subjects", id=set(ids))


def shown_stories(con: Connection, article_ids: Iterable[str]) -> dict[str, str]:
    """Return the stories of these articles, by them and by those that readers chose."""
    return dict(queries.run(con, "verdicts.shown_stories", id=set(article_ids)))


def given_at(con: Connection, moments: Iterable[datetime]) -> Moments:
    """Return the last verdict's number by moment, author and kind, for these moments."""
    return {
        (at, by, kind): number
        for at, by, kind, number in queries.run(
            con, "verdicts.given_at", made_at=[at.isoformat() for at in moments]
        )
    }


def subjects(con: Connection, ids: Iterable[str]) -> dict[str, SubjectNow]:
    """Return the current subject of each of these ids; unknown ones are left out."""
    return {
        id_: SubjectNow(kind, now_id)
        for id_, kind, now_id in queries.run(con, "verdicts.subjects", id=set(ids))
    }


def tellers(con: Connection, article_ids: Iterable[str]) -> Tellers:
    """Return the articles that report the measures and claims of these articles' stories.

    For a measure, that is one article of each of its stories.
    """
    rows = queries.run(con, "verdicts.tellers", id=set(article_ids))
    return grouped_pairs(((own, what), teller) for own, what, teller in rows)


def apart(con: Connection) -> list[tuple[str, str]]:
    """Return the pairs of current stories that verdicts separate."""
    pairs = [v for v in standing(con) if v.kind == "not-one-event"]
    if not pairs:
        return []
    one, other = [v.subject_id for v in pairs], [v.value for v in pairs]
    return queries.run(
        con, "verdicts.apart", one=one, other=other, id=sorted({*one, *other})
    )


def members(
    con: Connection, story_ids: Iterable[str], article_ids: Iterable[str]
) -> list[queries.Row]:
    """Return the articles of these stories, by and without verdicts, and these articles.

    A row has article_id, published_at, story_id, and base_id, the story without verdicts.
    """
    return queries.rows(
        con, "verdicts.members", story_id=set(story_ids), article_id=set(article_ids)
    )


def move_articles(
    con: Connection,
    moved: Sequence[queries.Row],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> None:
    """Move articles published in [since, until] to other stories; keep the former ids.

    A row has article_id, story_id, the current former_id, and base_id without verdicts.
    """
    fields = ("article_id", "story_id", "base_id", "former_id")
    queries.run_each(
        con,
        *("verdicts.stage_moves", "verdicts.move_articles", "verdicts.move_coverage"),
        *("verdicts.keep_bases", "verdicts.forget_merges", "verdicts.note_merges"),
        since=since,
        until=until,
        now=now,
        **{name: [row[name] for row in moved] for name in fields},
    )


def alerts_told(con: Connection, article_ids: Iterable[str]) -> list[queries.Row]:
    """Return the alerts on these articles, by and without verdicts, in order."""
    return queries.rows(con, "verdicts.alerts_told", article_id=set(article_ids))


def move_alerts(
    con: Connection, moved: Sequence[queries.Row], bases: Sequence[queries.Row]
) -> None:
    """Move alerts to other stories; *bases* are their ids without verdicts."""
    ids = [row["alert_id"] for row in moved]
    queries.run(con, "verdicts.move_alerts", rows=list(moved))
    queries.run(con, "verdicts.forget_alert_bases", alert_id=ids)
    queries.run(con, "verdicts.keep_alert_bases", rows=list(bases))


def share_told(con: Connection, now: datetime) -> None:
    """Copy the alert history of stories just split to their parts."""
    queries.run_each(
        con,
        *("verdicts.find_parted", "verdicts.forget_shares"),
        *("verdicts.share_told", "verdicts.drop_moves"),
        now=now,
    )


def _insert(
    con: Connection,
    numbers: Sequence[int],
    given: Sequence[GivenVerdict],
    undoes: Sequence[int | None],
    now: datetime,
) -> None:
    columns = appends.columns(given, _FIELDS)
    columns |= {
        name: orjson.dumps(values).decode()
        for name, values in (
            ("verdict_id", list(numbers)),
            ("undoes", list(undoes)),
            ("made_at", [(each.made_at or now).isoformat() for each in given]),
        )
    }
    if numbers:
        appends.insert_columns(con, "verdict_log", columns)
