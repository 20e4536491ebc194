"""What lasts: levels that changed, and how long subjects stay in the news."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from brief_rows import answers
from builders import shipped_writing

from transforms.brief import compose_brief, render_markdown
from transforms.brief.model import Section, Spark, plain

DAY = timedelta(days=1)
LAST = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
SHIFT = {
    "subject_id": "roborock", "kind": "company", "name": "Roborock", "name_zh": "石头科技",
    "since": date(2026, 8, 12), "before": 2.0, "after": 5.25, "ratio": 2.31, "low": 1.62,
    "high": 3.29,
}  # fmt: skip


def section(key, data, language="en"):
    brief = compose_brief(
        answers(data),
        shipped_writing(),
        period="week",
        since=date(2026, 11, 16),
        until=LAST + DAY,
        as_of=None,
        now=NOW,
        language=language,
    )
    assert render_markdown(brief)
    return next((s for s in brief.sections if s.key == key), Section(key, ""))


def days(subject, counts, kind="company"):
    """Return rows of daily counts that end on the brief's last day."""
    return [
        {"subject_id": subject, "kind": kind, "day": LAST - back * DAY, "stories": count}
        for back, count in zip(reversed(range(len(counts))), counts, strict=True)
        if count
    ]


def words(table):
    return [
        ["▁" if isinstance(cell, Spark) else plain(cell) for cell in row]
        for row in table.rows
    ]


def test_a_shift_is_a_sentence_in_either_language():
    """Since when, how many times, how sure, and the two levels."""
    [items] = section("shifts", {"shifts": [SHIFT]}).blocks
    [chinese] = section("shifts", {"shifts": [SHIFT]}, "zh").blocks

    assert plain(items.lines[0]) == (
        "Since 12 Aug coverage of Roborock runs at 2.3 times its former part of the news "
        "(1.6 to 3.3): 5.2 stories a week, 2.0 before."
    )
    assert plain(chinese.lines[0]).startswith(
        "自8月12日起，石头科技占新闻的比重为此前的2.3倍"
    )


def test_a_subject_stays_in_the_news_by_its_interval():
    """The interval that goes on, its stories beside what is usual, and the one before."""
    steady = [2] * 84
    rising = [*[2] * 50, 9, 9, *[2] * 27, 8, 9, 8, 9, 8]
    rows = days("byd", rising) + days("nio", steady) + days("ev-auto", steady, "topic")

    [table] = section("arcs", {"arcs": rows}).blocks

    [[name, _, arc, stories, usual, earlier]] = words(table)
    assert (name, arc, stories, earlier) == (
        "byd", "since 18 Nov", "42", "20 Oct to 21 Oct",
    )  # fmt: skip
    assert 5 < float(usual) < 15
    assert table.rows[0][1].values == tuple(rising[-56:])


def test_an_arc_that_is_over_is_told_with_its_end():
    """Within the week it has both its days; one before the week is no news of it."""
    over = [*[2] * 78, 9, 9, 9, 2, 2, 2]
    past = [*[2] * 60, 9, 9, 9, *[2] * 21]
    rows = days("byd", over) + days("nio", past) + days("xpeng", [2] * 84)

    [table] = section("arcs", {"arcs": rows}).blocks

    assert [row[:1] + row[2:4] for row in words(table)] == [
        ["byd", "17 Nov to 19 Nov", "27"]
    ]


def test_without_history_nothing_is_an_arc():
    """A fortnight of counts says what is usual of no day."""
    assert section("arcs", {"arcs": days("byd", [2] * 9 + [20])}).blocks == ()
