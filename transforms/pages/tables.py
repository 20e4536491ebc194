"""Tables of any columns, also of a reader's SQL, and where a statement of it failed.

Ids and addresses are links, numbers are aligned.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from transforms.brief.model import Column, Line, Table, Text
from transforms.pages.render import Multiple, as_text
from transforms.pages.voice import WeekVoice, most_told
from transforms.pages.words import Link, PageWords, address_of, web_address

# Beside the number of a topic with few articles stand words.
HARDLY = "is_hardly_covered"
# Whose ids they are, and columns that their pages make needless.
KINDS = {
    "company_id": "company",
    "company_a": "company",
    "company_b": "company",
    "topic_id": "topic",
}
# Outlets are told of in the 28 days up to the last of the period.
OUTLETS = frozenset({"publisher", "publisher_a", "publisher_b", "leader"})
OF_OUTLETS = timedelta(days=27)
NEEDLESS = frozenset({"name", "name_zh", "name_a", "name_b", "kind", "told", HARDLY})
LABELS = {"state": "trend.state", "language": "language"}
# Tables of weeks of the calendar, and those that count stories on the beat alone.
OF_WEEKS = frozenset({"share_of_voice", "movers"})
OF_BEAT = frozenset({"share_of_voice", "movers", "co_mentions"})
# Columns of stories by their subject in the row's period, and in as long a time before it.
BEFORE = frozenset({"before", "last_week"})
COUNTED = frozenset({"share_of_voice", "movers", "changes", "topics", "co_mentions"})
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
PERCENT = frozenset({"share_of_voice", "source_league"})
SUBJECTS = ("company_id", "company_a", "topic_id", "subject_id")
CHARTS = 12
FINE = 1_000
# Below it one digit after the point says nothing.
SMALL = 0.1
DAY, WEEK = timedelta(days=1), timedelta(days=6)


# What columns of ids are called, whatever else their names say.
_OF_SUBJECT = re.compile(
    r"(?:^|_)(?:company|companies|brand|parent|subject|topic|topics|event|id|a|b)(?:_|$)"
)
_OF_STORY = ("story_id", "merged_into", "split_from")
_OF_ARTICLE = "article_id"
_ID = re.compile(r"[\w.-]{1,80}")
_AROUND = 60


def trend_table(
    words: PageWords,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    period: tuple[date, date],
) -> Table:
    """Return the rows of a trend as a table."""
    given = list(dict.fromkeys(key for row in rows for key in row))
    # A headline leads to its story itself.
    needless = {*NEEDLESS, "story_id"} if "headline" in given else NEEDLESS
    keys = [key for key in given if key not in needless]
    return Table(
        caption=words.word(f"trend.{name}"),
        columns=tuple(
            Column(words.word(f"head.{key}"), numeric=_is_numeric(rows, key))
            for key in keys
        ),
        rows=tuple(
            tuple(_line(words, name, key, row, period) for key in keys) for row in rows
        ),
    )


def _line(
    words: PageWords,
    table: str,
    key: str,
    row: Mapping[str, Any],
    period: tuple[date, date],
) -> Line:
    if key != "stories" or not row.get(HARDLY):
        return (_cell(words, table, key, row, period),)
    few = Text(words.word("hardly_covered"), style="muted")
    count = (_cell(words, table, key, row, period), Text(" ")) if row[key] else ()
    return (*count, few)


def _cell(
    words: PageWords,
    table: str,
    key: str,
    row: Mapping[str, Any],
    period: tuple[date, date],
) -> Text:
    value = row[key]
    if value is None:
        return Text("–")
    if key in ("story_id", "headline") and row.get("story_id"):
        said = value if key == "headline" else words.word("brief.story")
        return Text(said, words.href(f"/stories/{row['story_id']}"))
    if key in KINDS or key == "subject_id":
        link = words.subject(KINDS.get(key) or row.get("kind", ""), value)
        return Text(link.text, link.href)
    if key == "url":
        return Text(words.word("alerts.original"), web_address(value))
    return Text(_shown(words, table, key, value), opens(words, table, key, row, period))


def opens(
    words: PageWords,
    table: str,
    key: str,
    row: Mapping[str, Any],
    period: tuple[date, date],
) -> str:
    """Return where the stories are that a cell counts, or those of an outlet, or ""."""
    if key in OUTLETS and row[key]:
        since, until = period[1] - OF_OUTLETS, period[1]
        return words.href("/search", outlet=row[key], since=since, until=until)
    subject = next((row[name] for name in SUBJECTS if name in row), None)
    kind = row.get("kind") or ("topic" if "topic_id" in row else "company")
    query: dict[str, object] = {}
    if table == "bursts" and key == "day":
        # What was counted when it was flagged is not what the day has now.
        query = {"day": row["day"]}
    elif table in COUNTED and key in BEFORE | {"stories"} and row[key]:
        first, last = period
        if table in OF_WEEKS:
            first, last = row["week"], row["week"] + WEEK
        if key in BEFORE:
            first, last = first - (last - first) - DAY, first - DAY
        query = {"since": first, "until": last, "with": row.get("company_b")}
        query |= {"beat": 1} if table in OF_BEAT else {}
    return (
        words.subject(kind, subject, **query).href + "#stories" if query and subject else ""
    )


def _shown(words: PageWords, table: str, key: str, value: Any) -> str:
    if key in LABELS:
        return words.label(LABELS[key], value)
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


def shares(
    words: PageWords, rows: Sequence[WeekVoice], weeks: Sequence[date]
) -> list[Multiple]:
    """Return charts of the groups with most stories in these weeks, on one scale."""
    known = {row.week for row in rows}
    shares = {(row.company_id, row.week): row.share or 0.0 for row in rows}
    drawn = {
        group: [shares.get((group, day), 0.0) if day in known else None for day in weeks]
        for group in most_told(rows, CHARTS)
    }
    high = max((value or 0.0 for values in drawn.values() for value in values), default=0)
    made = []
    for group, values in drawn.items():
        last = "–" if values[-1] is None else f"{100 * values[-1]:.1f} %"
        most = f"{100 * max(value or 0.0 for value in values):.1f} %"
        made.append(
            Multiple(
                link=words.subject("company", group),
                values=tuple(
                    None if value is None else round(FINE * value / (high or 1))
                    for value in values
                ),
                label=words.word(
                    "shares.alt", name=words.name(group), n=len(weeks), high=most, last=last
                ),
                last=words.word("shares.last", high=most, last=last),
            )
        )
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIds:
    """Ids that have pages: whether each is a company, topic or event type; stories."""

    kinds: Mapping[str, str]
    story_of: Mapping[str, str]


def articles_in(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the ids of articles in some rows."""
    places = [at for at, name in enumerate(columns) if name.lower().endswith(_OF_ARTICLE)]
    return list({each for row in rows for at in places for each in _texts(row[at])})


def cell_links(
    words: PageWords, known: LinkedIds, column: str, value: object
) -> list[Link]:
    """Return the parts of a cell; ids that have a page and web addresses are links."""
    values = value if isinstance(value, list | tuple) else [value]
    return [
        Link(text=as_text(each), href=_href(words, known, column.lower(), each))
        for each in values
    ]


def _href(words: PageWords, known: LinkedIds, column: str, value: object) -> str:
    if not isinstance(value, str):
        return ""
    if not _ID.fullmatch(value):
        return web_address(value)
    if value in known.kinds and _OF_SUBJECT.search(column):
        return words.href(address_of(known.kinds[value], value))
    story = value if column.endswith(_OF_STORY) else ""
    if column.endswith(_OF_ARTICLE):
        story = known.story_of.get(value, "")
    return words.href(f"/stories/{story}") if story else ""


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [each for each in values if isinstance(each, str)]


def caret(statement: str, place: tuple[int, int]) -> str:
    """Return the line of a *statement* with a caret under the *place* of its error."""
    line, column = place[0], place[1] - 1
    text = [*statement.split("\n"), ""][line - 1].rstrip("\r")
    begins = max(0, column - _AROUND)
    before = text[begins:column]
    # A wide space below each wide character: the caret stands where its column is.
    pad = "".join(
        "\u3000" if unicodedata.east_asian_width(char) in "WF" else " " for char in before
    )
    return f"{text[begins : column + _AROUND]}\n{pad}^"
