"""A brief as a mail, and its front page as a letter."""

from __future__ import annotations

import email
import email.policy
import json
import re
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from brief_rows import answers
from builders import shipped_writing

from transforms.brief import (
    compose_brief,
    keep_sections,
    render_mail,
    without_numbers,
    write_letter,
)
from transforms.brief.model import Chart
from transforms.brief.render.html import cell_bars
from transforms.brief.render.shapes import PRINTED

DATA = Path(__file__).parents[2] / "data/brief"


def weekly(language="en", **changed):
    rows = json.loads((DATA / "week.json").read_text(encoding="utf-8")) | changed
    return compose_brief(
        answers(rows),
        shipped_writing(),
        period="week",
        since=date(2026, 11, 16),
        until=date(2026, 11, 23),
        as_of=None,
        now=datetime(2026, 11, 24, 23, 30, tzinfo=UTC),
        language=language,
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_charts_are_bars_of_cells_in_a_small_mail(language):
    """Named, with their numbers; no picture, style sheet, script or SVG, under 100 KB."""
    raw = render_mail(weekly(language))

    message = email.message_from_bytes(raw, policy=email.policy.default)
    page = message.get_body(("html",)).get_content()
    [chart] = [
        block for part in weekly(language).sections if part.key == "share"
        for block in part.blocks if isinstance(block, Chart)
    ]  # fmt: skip
    bars = cell_bars(chart)
    assert len(raw) < 100_000
    assert max(length for _, length, _ in bars) == 100
    assert all(name in page and number in page for name, _, number in bars)
    assert page.count(f"background:{PRINTED}") >= len(bars)
    assert [part.get_content_type() for part in message.walk()][1:] == [
        "text/plain",
        "text/html",
    ]
    assert not re.search(r"<(?:script|svg|style|link|img)\b", page)


def test_a_long_brief_leaves_sections_out_of_its_mail():
    """Four hundred kilobytes of headlines do not make a mail that is cut."""
    long = {"headline": "x" * 900, "titles": ["x" * 900], "publishers": 2, "outlets": ["a"]}
    policy = [
        {"story_id": f"p{n}", "headline": "y" * 900, "side": "china"} for n in range(400)
    ]

    raw = render_mail(weekly(stories=[long | {"story_id": "s"}], policy=policy))

    assert len(raw) < 100_000


@pytest.mark.parametrize("url", ["https://desk.example/brief/week/numbers", ""])
def test_a_mail_without_numbers_says_where_they_are(url):
    """In both its parts: a link, or the command that prints them."""
    front = without_numbers(weekly(), url, "sinowire brief --period week")

    message = email.message_from_bytes(render_mail(front), policy=email.policy.default)
    parts = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    assert all((url or "sinowire brief --period week") in part for part in parts)
    assert all(part.title not in parts[1] for part in weekly().sections)
    assert all(part.title in parts[1] for part in weekly().front)


def test_a_letter_is_the_front_page():
    """Numbered leads with their lines and link, what weighs less, what changed, policy."""
    letter = write_letter(weekly())

    titles = [section.title for section in letter.sections]
    assert titles[:3] == ["Leading stories of the week", "Of less weight", "What changed"]
    first = letter.sections[0].items[0]
    assert first.headline.startswith("1. ")
    assert first.link.startswith("https://")
    assert "publishers" in first.lines[0]


def test_a_brief_may_be_held_to_sections():
    """What changed stays; nothing that was not asked for does."""
    kept = keep_sections(weekly(), ["stories", "share"])

    assert [s.key for s in (*kept.front, *kept.sections)] == ["stories", "share"]
    assert kept.changed == weekly().changed


def test_bars_have_the_colour_of_the_page_by_day():
    """The style sheet and the mail say the same."""
    css = (files("transforms.brief.render") / "templates/style.css").read_text("utf-8")
    day = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", css.partition("@media")[0]))

    assert day["series-0"] == PRINTED
