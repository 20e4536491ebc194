"""Tables of any columns: ids link to their pages, numbers are aligned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from transforms.brief.sections.share import Share
from transforms.pages.render import Multiple
from transforms.pages.words import Link, PageWords, web_address

# Ids that have a page, and columns that such a page makes needless.
ROOMS = {
    "company_id": "companies",
    "company_a": "companies",
    "company_b": "companies",
    "topic_id": "topics",
    "story_id": "stories",
}
NEEDLESS = frozenset({"name", "name_zh", "name_a", "name_b", "kind"})
# Behind these numbers there are stories of that company or topic in that period.
OPENS = frozenset({"stories", "observed"})
SHARES = frozenset(
    {
        "share",
        "corrected",
        "low",
        "high",
        "first_share",
        "unique_share",
        "copied_share",
        "first_low",
        "first_high",
        "estimated_dates_share",
    }
)
PERCENT = frozenset({"share_of_voice", "source_league", "frames"})
CHARTS = 12
FINE = 1_000
# Below it one digit after the point says nothing.
SMALL = 0.1
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendCell:
    """A printed value with its link."""

    text: str
    href: str = ""
    outside: bool = False
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPart:
    """A table of trends with its definition."""

    key: str
    title: str
    definition: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[TrendCell, ...], ...]
    sql: str


def trend_table(
    words: PageWords,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    sql: str,
    period: tuple[date, date],
) -> TrendPart:
    """Return the rows of a trend as a table."""
    given = list(dict.fromkeys(key for row in rows for key in row))
    keys = [key for key in given if key not in NEEDLESS]
    numeric = {key: _is_numeric(rows, key) for key in keys}
    return TrendPart(
        key=name,
        title=words.word(f"trend.{name}"),
        definition=words.word(f"trend.{name}.is"),
        columns=tuple(
            (words.label("head", key).replace("_", " "), numeric[key]) for key in keys
        ),
        rows=tuple(
            tuple(
                _cell(words, name, key, row, period=period, numeric=numeric[key])
                for key in keys
            )
            for row in rows
        ),
        sql=sql,
    )


def _cell(
    words: PageWords,
    table: str,
    key: str,
    row: Mapping[str, Any],
    *,
    period: tuple[date, date],
    numeric: bool,
) -> TrendCell:
    value = row[key]
    if value is None:
        return TrendCell(text="–", numeric=numeric)
    if key == "subject_id":
        section = "companies" if row.get("kind") == "company" else "topics"
        return TrendCell(text=words.name(value), href=words.href(f"/{section}/{value}"))
    if key == "story_id":
        return TrendCell(
            text=words.word("brief.story"), href=words.href(f"/stories/{value}")
        )
    if key in ROOMS:
        return TrendCell(text=words.name(value), href=words.href(f"/{ROOMS[key]}/{value}"))
    if key == "url":
        return TrendCell(
            text=words.word("alerts.original"), href=web_address(value), outside=True
        )
    shown = _shown(words, table, key, value)
    return TrendCell(text=shown, href=_opens(words, key, row, period), numeric=numeric)


def _opens(
    words: PageWords, key: str, row: Mapping[str, Any], period: tuple[date, date]
) -> str:
    if key not in OPENS:
        return ""
    for name in ("company_id", "topic_id", "subject_id"):
        if subject := row.get(name):
            is_company = name == "company_id" or row.get("kind") == "company"
            path = f"/{'companies' if is_company else 'topics'}/{subject}"
            if "day" in row:
                return words.href(path, day=row["day"]) + "#stories"
            first, last = period
            if isinstance(row.get("week"), date):
                first, last = row["week"], row["week"] + WEEK
            return words.href(path, since=first, until=last) + "#stories"
    return ""


def _shown(words: PageWords, table: str, key: str, value: Any) -> str:
    for kinds, show in _SHOWN:
        if isinstance(value, kinds):
            return show(words, value)
    number = float(value)
    if table in PERCENT and key in SHARES:
        return f"{100 * number:.1f} %"
    return f"{number:.3f}" if 0 < abs(number) < SMALL else f"{number:.1f}"


_SHOWN: tuple[tuple[Any, Callable[[PageWords, Any], str]], ...] = (
    (str, lambda _, value: value),
    (bool, lambda words, value: words.word("yes" if value else "no")),
    (datetime, lambda words, value: words.clock(value)),
    (date, lambda words, value: words.day(value, form="date.short")),
    (list | tuple, lambda words, value: words.joined(map(str, value))),
    (int, lambda _, value: f"{value:,}"),
)


def _is_numeric(rows: Sequence[Mapping[str, Any]], key: str) -> bool:
    values = [row.get(key) for row in rows if row.get(key) is not None]
    return bool(values) and not any(
        isinstance(value, str | bool | date | list | tuple) for value in values
    )


def shares(words: PageWords, rows: Sequence[Share]) -> list[Multiple]:
    """Return charts of the groups with most stories in the last week, on one scale."""
    by_group: defaultdict[str, dict[date, Share]] = defaultdict(dict)
    weeks = sorted({row.week for row in rows})
    for row in rows:
        by_group[row.company_id][row.week] = row
    if not weeks:
        return []
    order = sorted(
        by_group,
        key=lambda group: (-sum(r.stories for r in by_group[group].values()), group),
    )[:CHARTS]
    high = max((r.share or 0.0) for group in order for r in by_group[group].values()) or 1.0
    made = []
    for group in order:
        found = by_group[group]
        values = [(found[week].share or 0.0) if week in found else 0.0 for week in weeks]
        last = f"{100 * values[-1]:.1f} %"
        made.append(
            Multiple(
                link=Link(text=words.name(group), href=words.href(f"/companies/{group}")),
                values=tuple(round(FINE * value / high) for value in values),
                label=words.word(
                    "shares.alt",
                    name=words.name(group),
                    n=len(weeks),
                    high=f"{100 * max(values):.1f} %",
                    last=last,
                ),
                last=last,
            )
        )
    return made
