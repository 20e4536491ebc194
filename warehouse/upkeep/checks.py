"""Checks: assertions on the data, run on one part at a time.

The warehouse has no keys or constraints of its own; these checks verify afterwards that the
appending queries keep their invariants.

A check names the key that divides it (``-- by:`` in ``checks.sql``), so that memory stays
bounded. For each part temporary views shadow the tables, in the file's views and macros
too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from warehouse import feeds, queries, runs
from warehouse.queries import Connection

_REMEDY = re.compile(r"^-- remedy: (.+)$", re.MULTILINE)
_BY = re.compile(r"^-- by: (\w+)$", re.MULTILINE)
_SAMPLES = 5
# Articles whose findings are compared at once, in some hundred megabytes.
PLACES = 100_000
# Of more articles stories and ids are divided: by their first digit, then by two.
_DIVIDED = (250_000, 4_000_000)
# What bears the place of its article in the order of arrival; polls have their own.
_OF_ARTICLES = (
    *("articles", "article_versions", "sightings", "mentions", "tags", "headline_facts"),
    *("article_measures", "article_claims", "article_dates", "full_texts", "seen"),
)
_TOUCHED = "(select {} from touched_articles)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Result of one assertion: violations found, and the remedy."""

    name: str
    ok: bool
    count: int
    sample: list[str]
    remedy: str


def run_checks(
    con: Connection,
    *,
    only: Pass | None = None,
    progress: Callable[[str], object] = lambda _: None,
) -> list[Check]:
    """Run all checks, in the order of ``checks.sql``; the published file suffices.

    They run on one part after the other; *only* limits them to the parts of that pass.
    """
    checks = queries.load("checks")
    found: dict[str, set[str]] = {name: set() for name in checks}
    for part in parts_of(con, only):
        progress(f"checking {part.said}")
        with of_part(con, part):
            for name, sql in checks.items():
                divided = _BY.search(sql)
                if (divided[1] if divided else "all") == part.by:
                    found[name].update(text for (text,) in con.execute(sql).fetchall())
    return [_check(name, checks[name], rows) for name, rows in found.items()]


def _check(name: str, sql: str, found: set[str]) -> Check:
    remedy = _REMEDY.search(sql)
    return Check(
        name=name,
        ok=not found,
        count=len(found),
        sample=sorted(found)[:_SAMPLES],
        remedy=remedy[1] if remedy else "",
    )


class Part(NamedTuple):
    """A part of the data: its divisor, its name, and a condition on rows per table."""

    by: str
    said: str
    rows: Mapping[str, str]


class Pass(NamedTuple):
    """An incremental pass: all changes *since*, and a share of the rest.

    Each part of the rest is checked in one of *nights* nights.
    """

    since: datetime
    night: int
    nights: int = 7


class Derivation(NamedTuple):
    """Version of the derivation rules, and the start of the newest run."""

    derived_by: str
    seen_at: datetime | None


def state_of(con: Connection) -> Derivation:
    """Return the current derivation, the basis of an incremental pass."""
    return Derivation(*queries.run(con, "parts.state")[0])


def parts_of(con: Connection, only: Pass | None) -> Iterator[Part]:
    """Yield all parts, or those of the incremental pass *only*."""
    yield Part("all", "the whole", {})
    size, last = queries.run(con, "parts.size")[0]
    digits = _digits(size)
    whole = [
        *_places(last or 0),
        *_texts("id", digits, {"articles": "article_id"}, ""),
        *_texts("story", digits, {"articles": "story_id", "stories": "story_id"}, "s"),
        *_numbers(len(digits) + 1),
    ]
    months = list(_months(con))
    if only is None:
        yield from (*whole, *(part for _, part in months))
        return
    queries.run(con, "parts.touch", since=only.since)
    touched = set(queries.values(con, "parts.touched_months"))
    yield from _changed()
    yield from (part for month, part in months if month in touched)
    rest = [*whole, *(part for month, part in months if month not in touched)]
    yield from rest[only.night % only.nights :: only.nights]
    queries.run(con, "parts.forget_touched")


@contextmanager
def of_part(con: Connection, part: Part) -> Iterator[None]:
    """Limit the tables to their rows of *part*."""
    [(name,)] = con.execute("select current_database()").fetchall()
    with ExitStack() as stack:
        for table, rows in part.rows.items():
            of_file = queries.identifier(name, "main", table)
            con.execute(f"create temp view {table} as from {of_file} where {rows}")
            stack.callback(con.execute, f"drop view temp.{table}")
        yield


def _digits(size: int) -> list[str]:
    """Return where ids are divided, which begin with digits that are spread evenly."""
    places = sum(size > bound for bound in _DIVIDED)
    return [f"{n:0{places}x}" for n in range(1, 16**places)] if places else []


def _places(last: int) -> Iterator[Part]:
    tables = (*_OF_ARTICLES, "feed_polls")
    for after in range(0, max(last, 1), PLACES):
        until = after + PLACES
        bounds = [f"seq > {after}"] if after else []
        bounds += [f"seq <= {until}"] if until < last else []
        # What bears no place at all is of the first part.
        rows = " and ".join(bounds) or "true"
        rows = rows if after else f"({rows} or seq is null)"
        yield Part(
            "place",
            f"articles {after:,} to {min(until, last):,} of {last:,}",
            dict.fromkeys(tables, rows),
        )


def _texts(
    by: str, digits: list[str], columns: Mapping[str, str], prefix: str
) -> Iterator[Part]:
    for since, until in zip([None, *digits], [*digits, None], strict=True):
        rows = {
            table: " and ".join(
                [
                    *([f"{column} >= '{prefix}{since}'"] if since else []),
                    *([f"{column} < '{prefix}{until}'"] if until else []),
                ]
            )
            or "true"
            for table, column in columns.items()
        }
        yield Part(by, f"{by} {since or ''}…", rows)


def _numbers(parts: int) -> Iterator[Part]:
    for n in range(parts):
        yield Part(
            "number", f"story {n + 1} of {parts}", {"story_days": f"story % {parts} = {n}"}
        )


def _months(con: Connection) -> Iterator[tuple[date, Part]]:
    for month, first, last in queries.run(con, "parts.months"):
        span = _span("published_at", month)
        named = f"seq between {first} and {last}"
        rows = {"articles": span, "coverage": span, "mentions": named, "tags": named}
        yield month, Part("month", f"{month:%Y-%m}", rows)
    for (month,) in queries.run(con, "parts.days"):
        rows = dict.fromkeys(("coverage", "story_days"), _span("day", month))
        yield month, Part("day", f"{month:%Y-%m}", rows)


def _span(column: str, month: date) -> str:
    return f"{column} >= '{month}' and {column} < date '{month}' + interval 1 month"


def _changed() -> Iterator[Part]:
    yield Part(
        "place",
        "what changed",
        dict.fromkeys(_OF_ARTICLES, f"seq in {_TOUCHED.format('seq')}"),
    )
    ids = {"articles": f"article_id in {_TOUCHED.format('article_id')}"}
    yield Part("id", "what changed", ids)
    stories = f"story_id in {_TOUCHED.format('story_id')}"
    yield Part("story", "what changed", {"articles": stories, "stories": stories})
    story = f"story in {_TOUCHED.format('md5_number_lower(story_id)')}"
    yield Part("number", "what changed", {"story_days": story})


def reader_state(con: Connection) -> str:
    """Return a digest that stays equal while only polls are added.

    That is: no article is new or edited, no feed changed its state, and the last run had
    the same outcome. Other tables count by their rows: writers that update them publish in
    any case.
    """
    last = runs.last_run(con)
    facts = (
        queries.run(con, "changes.counts"),
        queries.run(con, "changes.settings"),
        sorted((row["feed_id"], row["state"]) for row in feeds.health(con)),
        last and last.outcome,
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()
