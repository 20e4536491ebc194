"""What stands beside the stories of a day: who is named most, what is unusual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.brief.measures import level
from transforms.brief.sections.by_company.movers import BurstRow
from transforms.pages.links import Link, Ranked, Ranking, levels
from transforms.pages.rows.stories import ChangedSubject, NamedOften
from transforms.pages.words import PageWords

BURSTS = 6
# A q from here on: of ten such days, one or more are chance.
WEAK = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstNote:
    """A burst in a line: whose, how far above what was expected, told by which story."""

    subject: Link
    observed: int
    opens: str
    expected: str
    is_weak: bool
    story: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNote:
    """A company or topic, its stories and those of the day before."""

    subject: Link
    stories: int
    previous: int
    opens: str


def most_named(
    words: PageWords, rows: Sequence[NamedOften], *, sql: str, opens: Mapping[str, object]
) -> Ranking:
    """Return the companies with the most stories; a number *opens* those of the period."""
    parts = levels([row.stories for row in rows])
    return Ranking(
        key="named",
        title=words.word("board.named"),
        sql=sql,
        rows=[
            Ranked(
                link=Link(
                    text=words.name(row.company_id),
                    href=words.href(f"/companies/{row.company_id}"),
                ),
                count=row.stories,
                opens=words.href(f"/companies/{row.company_id}", **opens) + "#stories",
                level=part,
            )
            for row, part in zip(rows, parts, strict=True)
        ],
    )


def changed(
    words: PageWords, rows: Sequence[ChangedSubject], opens: Mapping[str, object]
) -> list[ChangeNote]:
    """Return who has more stories than the day before, or fewer, as a line each."""
    notes = []
    for row in rows:
        room = "companies" if row.kind == "company" else "topics"
        path = f"/{room}/{row.subject_id}"
        notes.append(
            ChangeNote(
                subject=Link(text=words.name(row.subject_id), href=words.href(path)),
                stories=row.stories,
                previous=row.previous,
                opens=words.href(path, **opens) + "#stories" if row.stories else "",
            )
        )
    return notes


def bursts(words: PageWords, rows: Sequence[BurstRow]) -> list[BurstNote]:
    """Return the bursts of the days, the surest first, each with its story."""
    notes = []
    for row in sorted(rows, key=lambda row: row.q)[:BURSTS]:
        room = "companies" if row.kind == "company" else "topics"
        path = f"/{room}/{row.subject_id}"
        story = row.story_id and Link(
            text=_headline(words, row), href=words.href(f"/stories/{row.story_id}")
        )
        notes.append(
            BurstNote(
                subject=Link(text=words.name(row.subject_id), href=words.href(path)),
                observed=row.observed,
                opens=words.href(path, day=row.day) + "#stories",
                expected=level(row.expected),
                is_weak=row.q >= WEAK,
                story=story or None,
            )
        )
    return notes


def _headline(words: PageWords, row: BurstRow) -> str:
    own = row.headline_zh if words.language == "zh" else row.headline_en
    return own or row.headline or ""
