"""The opening of a brief: what changed, in sentences that the rows hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from transforms.brief.desk import Desk
from transforms.brief.measures import MIN_ARROW, has_moved, lift, percent
from transforms.brief.model import Line, Text
from transforms.brief.values import Row, labels, link, number, share_of, whole

# More than this and an opening is a table in prose; the sections have the rest.
BURSTS = 3
# A q from here on: of ten such days, one or more are chance.
WEAK = 0.1
NAMES = 4
ENTRANTS_DAYS = 180  # a newcomer was in none of them
ENTRANT = 2  # stories; a name that was dropped once is not yet news


def opening(desk: Desk) -> tuple[Line, ...]:
    """Return what changed, the most certain first, or one sentence that nothing did."""
    # What is not known well enough to compare with makes everything a change.
    changes = [*_bursts(desk)] if desk.is_warm else []
    changes += [*_entrants(desk), *(_moves(desk) if desk.is_comparable else ())]
    if desk.period == "week":
        topic = _topic(desk) if desk.is_warm else ()
        changes = [*_leader(desk), *topic, *changes]
    unknown = _unknown(desk)
    quiet = [] if changes or unknown else [desk.line("opening.quiet")]
    return (*changes, *unknown, *quiet, *_top_story(desk))


def _unknown(desk: Desk) -> tuple[Line, ...]:
    """Say what was not looked at, which may hold what stands out."""
    window = next(iter(desk.rows("window")), None)
    if window and window.get("articles") == 0:
        return (desk.line("opening.empty"),)
    days = [row.get("day") for row in desk.rows("uncomputed")]
    named = desk.joined(desk.day(day, form="date.short") for day in days)
    return (desk.line("opening.uncomputed", days=named),) if days else ()


def _bursts(desk: Desk) -> Iterator[Line]:
    bursts = sorted(desk.rows("bursts"), key=lambda row: number(row.get("q")))
    # A company and its topic burst over one story: told once, it leaves room for another.
    causes = [row.get("headline") or number for number, row in enumerate(bursts)]
    told = [row for n, row in enumerate(bursts) if causes.index(causes[n]) == n][:BURSTS]
    for row in told:
        is_sure = number(row.get("q")) < WEAK
        sentence = desk.line(
            "opening.burst" if is_sure else "opening.burst.weak",
            name=Text(desk.name(row, "subject_id"), "#movers", "strong"),
            stories=desk.count("story", row.get("observed")),
            day=desk.day(row.get("day"), form="date.short"),
            expected=level(row.get("expected")),
            q=small(row.get("q")),
        )
        has_story = row.get("headline")
        because = desk.line("opening.because", headline=headline(desk, row))
        yield sentence + (because if has_story else ())
    if len(bursts) > len(told):
        section = Text(desk.word("section.movers"), "#movers")
        yield desk.line("opening.more", n=len(bursts) - len(told), section=section)


def _entrants(desk: Desk) -> Iterator[Line]:
    rows = [row for row in desk.rows("entrants") if whole(row.get("stories")) >= ENTRANT]
    rows.sort(key=lambda row: -whole(row.get("stories")))
    if rows:
        known = rows[0].get("days_on_record")
        is_young = known is not None and whole(known) < ENTRANTS_DAYS
        yield desk.line(
            "opening.entrants.young" if is_young else "opening.entrants",
            days=whole(known),
            names=desk.joined(
                desk.line(
                    "opening.entrant",
                    name=Text(desk.name(row), "#movers", "strong"),
                    stories=desk.count("story", row.get("stories")),
                )
                for row in rows[:NAMES]
            ),
        )


def _moves(desk: Desk) -> Iterator[Line]:
    rows = [row for row in desk.rows("companies") if _counts(row)]
    moved = [(row, *(_counts(row) or (0, 0))) for row in rows]
    moved = [move for move in moved if has_moved(move[1], move[2])]
    moved.sort(key=lambda move: -abs(move[1] - move[2]))
    for key, sign in (("opening.up", 1), ("opening.down", -1)):
        names = [
            desk.line(
                "opening.move",
                name=link(desk.name(row), row.get("top_url"), style="strong"),
                now=f"{now:,}",
                then=f"{then:,}",
            )
            for row, now, then in moved
            if (now - then) * sign > 0
        ]
        if names:
            before = desk.word(f"before.{desk.period}")
            yield desk.line(key, before=before, names=desk.joined(names[:NAMES]))


def _counts(row: Row) -> tuple[int, int] | None:
    before = row.get("previous_stories")
    return None if before is None else (whole(row.get("stories")), whole(before))


def _top_story(desk: Desk) -> Iterator[Line]:
    story = next(iter(desk.rows("stories")), None)
    # Told by one outlet it may be big, but nothing here says so.
    if story and publishers(story) > 1:
        yield desk.line(
            "opening.story",
            publishers=desk.count("publisher", publishers(story)),
            headline=headline(desk, story),
        )


def _leader(desk: Desk) -> Iterator[Line]:
    counts = [(whole(row.get("stories")), row) for row in desk.shares().get(desk.week, ())]
    counts.sort(key=lambda pair: -pair[0])
    most = counts[0][0] if counts else 0
    # Two at the top, or one with a handful of stories, lead nothing.
    if most < MIN_ARROW or (len(counts) > 1 and counts[1][0] == most):
        return
    total = sum(stories for stories, _ in counts)
    part = percent(share_of(counts[0][1], total) * total, total)
    yield desk.line(
        "opening.leader" if part else "opening.leader.few",
        name=Text(desk.name(counts[0][1]), "#share", "strong"),
        stories=desk.count("story", most),
        percent=part,
        week=desk.week_of(desk.week),
    )


def _topic(desk: Desk) -> Iterator[Line]:
    rows = [
        (row, lift(whole(row.get("stories")), number(row.get("previous_mean"))))
        for row in desk.rows("topics")
        if whole(row.get("stories")) >= MIN_ARROW
    ]
    row, times = max(rows, key=lambda pair: pair[1], default=({}, 1.0))
    if has_moved(whole(row.get("stories")), round(number(row.get("previous_mean")))):
        if times <= 1:
            return
        yield desk.line(
            "opening.topic",
            name=Text(desk.name(row, "topic_id"), "#topics", "strong"),
            stories=desk.count("story", row.get("stories")),
            mean=f"{number(row.get('previous_mean')):.1f}",
        )


def headline(desk: Desk, story: Row, *, style: Literal["", "strong"] = "") -> Text:
    """Return the headline in the brief's language, linked to the article that has it.

    A story without one in that language has the headline it was first told under.
    """
    own = headline_in(desk.language, story, style=style)
    return own or link(story.get("headline"), story.get("url"), style=style)


def headline_in(
    language: str, story: Row, *, style: Literal["", "strong", "muted"] = ""
) -> Text | None:
    """Return the headline in *language*, linked to its own article; None without one."""
    text = story.get(f"headline_{language}")
    if not text:
        return None
    url = story.get(f"url_{language}")
    if not url and text == story.get("headline"):
        url = story.get("url")
    return link(text, url, style=style)


def publishers(row: Row) -> int:
    """Return how many publishers a row counts or lists."""
    found = row.get("publishers")
    return len(labels(found)) if isinstance(found, list | tuple) else whole(found)


def level(value: object) -> str:
    """Return an expected count; one far below a story keeps its first digit."""
    expected = number(value)
    return f"{expected:.1f}" if expected >= 0.1 else f"{expected:.1g}"  # noqa: PLR2004


def small(value: object) -> str:
    """Return a probability with the digits that matter."""
    q = number(value)
    return f"{q:.3f}" if q >= 0.001 else "<\N{NO-BREAK SPACE}0.001"  # noqa: PLR2004
