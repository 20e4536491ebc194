"""The opening of a brief: what changed, in sentences that the rows hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.brief.basis import UNCOMPUTED, WINDOW
from transforms.brief.desk import Desk
from transforms.brief.headlines import headline
from transforms.brief.measures import MIN_ARROW, level
from transforms.brief.model import Change, Text
from transforms.brief.sections.by_company.companies import COMPANIES
from transforms.brief.sections.by_company.movers import BURSTS, ENTRANTS, MOVERS

# More than this and an opening is a table in prose; the numbers have the rest.
MOST = 6
BURSTS_TOLD = 3
RISES_TOLD = 2
# A q from here on: of ten such days, one or more are chance.
WEAK = 0.1
NAMES = 4
ENTRANT = 2  # stories; a name that was dropped once is not yet news


def opening(desk: Desk) -> tuple[Change, ...]:
    """Return what changed, the most certain first, or why nothing is told."""
    # What is not known well enough to compare with makes everything a change.
    changes = [*_bursts(desk)] if desk.is_warm else []
    changes += [*_entrants(desk), *(_rises(desk, changes) if desk.is_comparable else ())]
    unknown = _unknown(desk)
    if not changes and not unknown:
        unknown = (Change(desk.line("opening.quiet" if desk.is_warm else "opening.young")),)
    return (*changes[: MOST - len(unknown)], *unknown)


def _unknown(desk: Desk) -> tuple[Change, ...]:
    """Say what was not looked at, which may hold what stands out."""
    window = desk.first(WINDOW)
    if window and window.articles == 0:
        return (Change(desk.line("opening.empty")),)
    days = [row.day for row in desk.rows(UNCOMPUTED)]
    named = desk.enumerated(desk.day(day, form="date.short") for day in days)
    return (Change(desk.line("opening.uncomputed", days=named)),) if days else ()


def _bursts(desk: Desk) -> Iterator[Change]:
    bursts = sorted(desk.rows(BURSTS), key=lambda row: row.q)
    # A company and its topic burst over one story: told once, it leaves room for another.
    causes = [row.headline or number for number, row in enumerate(bursts)]
    told = [row for n, row in enumerate(bursts) if causes.index(causes[n]) == n]
    for row in told[:BURSTS_TOLD]:
        sentence = desk.line(
            "opening.burst" if row.q < WEAK else "opening.burst.weak",
            name=Text(desk.name(row.subject_id), "#movers", "strong"),
            stories=desk.count("story", row.observed),
            day=desk.day(row.day, form="date.short"),
            expected=level(row.expected),
        )
        because = desk.line("opening.because", headline=headline(desk, row))
        yield Change(sentence + (because if row.headline else ()), row.story_id)


def _entrants(desk: Desk) -> Iterator[Change]:
    rows = [row for row in desk.rows(ENTRANTS) if row.stories >= ENTRANT]
    rows.sort(key=lambda row: -row.stories)
    if not rows:
        return
    is_young = rows[0].is_of_short_record
    sentence = desk.line(
        "opening.entrants.young" if is_young else "opening.entrants",
        days=rows[0].days_on_record,
        names=desk.enumerated(
            desk.line(
                "opening.entrant",
                name=Text(desk.name(row.company_id), "#movers", "strong"),
                stories=desk.count("story", row.stories),
            )
            for row in rows[:NAMES]
        ),
    )
    yield Change(sentence)


def _rises(desk: Desk, told: Sequence[Change]) -> Iterator[Change]:
    """Yield whose part of the news is far above that of four periods, and with what."""
    moved = [row for row in desk.rows(MOVERS) if row.state == "up"]
    tops = {row.company_id: row.top for row in desk.rows(COMPANIES) if row.top_headline}
    said = {piece.text for change in told for piece in change.line}
    news = [
        row
        for row in moved
        if row.stories >= MIN_ARROW
        and row.company_id in tops
        and desk.name(row.company_id) not in said
    ]
    for row in news[:RISES_TOLD]:
        sentence = desk.line(
            "opening.up",
            name=Text(desk.name(row.company_id), "#companies", "strong"),
            now=desk.count("story", row.stories),
            expected=level(row.expected),
            before=desk.word(f"before.{desk.period}"),
        )
        because = desk.line(
            "opening.because", headline=headline(desk, tops[row.company_id])
        )
        yield Change(sentence + because)
