"""The opening of a brief: what changed, in sentences that the rows hold."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.brief.basis import UNCOMPUTED, WINDOW
from transforms.brief.desk import Desk
from transforms.brief.headlines import headline, link
from transforms.brief.measures import MIN_ARROW, has_moved, level, percent, small
from transforms.brief.model import Change, Text
from transforms.brief.sections.companies import COMPANIES
from transforms.brief.sections.movers import BURSTS, ENTRANTS
from transforms.brief.sections.share import leaders
from transforms.brief.sections.stories import STORIES
from transforms.brief.sections.topics import TOPICS

# More than this and an opening is a table in prose; the sections have the rest.
BURSTS_TOLD = 3
# A q from here on: of ten such days, one or more are chance.
WEAK = 0.1
NAMES = 4
ENTRANT = 2  # stories; a name that was dropped once is not yet news


def opening(desk: Desk) -> tuple[Change, ...]:
    """Return what changed, the most certain first, or one sentence that nothing did."""
    # What is not known well enough to compare with makes everything a change.
    changes = [*_bursts(desk)] if desk.is_warm else []
    changes += [*_entrants(desk), *(_moves(desk) if desk.is_comparable else ())]
    if desk.period == "week":
        topic = _topic(desk) if desk.is_warm else ()
        changes = [*_leader(desk), *topic, *changes]
    unknown = _unknown(desk)
    quiet = [] if changes or unknown else [Change(desk.line("opening.quiet"))]
    return (*changes, *unknown, *quiet, *_top_story(desk))


def _unknown(desk: Desk) -> tuple[Change, ...]:
    """Say what was not looked at, which may hold what stands out."""
    window = desk.first(WINDOW)
    if window and window.articles == 0:
        return (Change(desk.line("opening.empty")),)
    days = [row.day for row in desk.rows(UNCOMPUTED)]
    named = desk.joined(desk.day(day, form="date.short") for day in days)
    return (Change(desk.line("opening.uncomputed", days=named)),) if days else ()


def _bursts(desk: Desk) -> Iterator[Change]:
    bursts = sorted(desk.rows(BURSTS), key=lambda row: row.q)
    # A company and its topic burst over one story: told once, it leaves room for another.
    causes = [row.headline or number for number, row in enumerate(bursts)]
    told = [row for n, row in enumerate(bursts) if causes.index(causes[n]) == n]
    told = told[:BURSTS_TOLD]
    for row in told:
        sentence = desk.line(
            "opening.burst" if row.q < WEAK else "opening.burst.weak",
            name=Text(desk.name(row.subject_id), "#movers", "strong"),
            stories=desk.count("story", row.observed),
            day=desk.day(row.day, form="date.short"),
            expected=level(row.expected),
            q=small(row.q),
        )
        because = desk.line("opening.because", headline=headline(desk, row))
        yield Change(sentence + (because if row.headline else ()), row.story_id)
    if len(bursts) > len(told):
        section = Text(desk.word("section.movers"), "#movers")
        more = len(bursts) - len(told)
        yield Change(desk.line("opening.more", n=more, section=section))


def _entrants(desk: Desk) -> Iterator[Change]:
    rows = [row for row in desk.rows(ENTRANTS) if row.stories >= ENTRANT]
    rows.sort(key=lambda row: -row.stories)
    if not rows:
        return
    is_young = rows[0].is_of_short_record
    sentence = desk.line(
        "opening.entrants.young" if is_young else "opening.entrants",
        days=rows[0].days_on_record,
        names=desk.joined(
            desk.line(
                "opening.entrant",
                name=Text(desk.name(row.company_id), "#movers", "strong"),
                stories=desk.count("story", row.stories),
            )
            for row in rows[:NAMES]
        ),
    )
    yield Change(sentence)


def _moves(desk: Desk) -> Iterator[Change]:
    moved = [
        row for row in desk.rows(COMPANIES) if has_moved(row.stories, row.previous_stories)
    ]
    moved.sort(key=lambda row: -abs(row.stories - row.previous_stories))
    for key, sign in (("opening.up", 1), ("opening.down", -1)):
        names = [
            desk.line(
                "opening.move",
                name=link(desk.name(row.company_id), row.top_url, style="strong"),
                now=f"{row.stories:,}",
                then=f"{row.previous_stories:,}",
            )
            for row in moved
            if (row.stories - row.previous_stories) * sign > 0
        ]
        if names:
            before = desk.word(f"before.{desk.period}")
            joined = desk.joined(names[:NAMES])
            yield Change(desk.line(key, before=before, names=joined))


def _top_story(desk: Desk) -> Iterator[Change]:
    story = desk.first(STORIES)
    # Told by one outlet it may be big, but nothing here says so.
    if story and story.publishers > 1:
        sentence = desk.line(
            "opening.story",
            publishers=desk.count("publisher", story.publishers),
            headline=headline(desk, story),
        )
        yield Change(sentence, story.story_id)


def _leader(desk: Desk) -> Iterator[Change]:
    rows = leaders(desk)
    most = rows[0].stories if rows else 0
    # Two at the top, or one with a handful of stories, lead nothing.
    if most < MIN_ARROW or (len(rows) > 1 and rows[1].stories == most):
        return
    total = sum(row.stories for row in rows)
    part = percent(rows[0].share * total, total)
    sentence = desk.line(
        "opening.leader" if part else "opening.leader.few",
        name=Text(desk.name(rows[0].company_id), "#share", "strong"),
        stories=desk.count("story", most),
        percent=part,
        week=desk.week_of(desk.week),
    )
    yield Change(sentence)


def _topic(desk: Desk) -> Iterator[Change]:
    rows = [row for row in desk.rows(TOPICS) if row.stories >= MIN_ARROW]
    row = max(rows, key=lambda row: row.lift, default=None)
    if row is None or row.lift <= 1:
        return
    if has_moved(row.stories, round(row.previous_mean)):
        sentence = desk.line(
            "opening.topic",
            name=Text(desk.name(row.topic_id), "#topics", "strong"),
            stories=desk.count("story", row.stories),
            mean=f"{row.previous_mean:.1f}",
        )
        yield Change(sentence)
