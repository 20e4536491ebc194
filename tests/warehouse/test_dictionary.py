from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.dictionary import comments_of, render

FILE = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"


def test_dictionary_is_current():
    """The file in docs is what the comments in the SQL give."""
    remedy = "run `make reference`"

    assert FILE.read_text(encoding="utf-8") == render(), remedy


def test_it_begins_with_the_twelve_that_most_questions_need():
    """With what each has, and a link to it; a hundred others follow by name."""
    _, first, second, *_ = render().split("\n## ")
    linked = re.findall(r"^\| \[`(\w+)`\]\(#\1\) \| One row per", first, re.MULTILINE)

    assert first.startswith("Start with these twelve\n")
    assert (len(linked), linked[:2]) == (12, ["articles", "stories"])
    assert second.startswith("alert_bases\n")


@pytest.mark.slow
def test_dictionary_is_made_by_a_command():
    """The command prints the same to standard output."""
    made = subprocess.run(
        [sys.executable, "-m", "warehouse.dictionary"], capture_output=True, check=True
    )

    assert made.stdout.decode() == render()
    assert "| `article_id` | varchar |" in render()


def test_comments_of_tables_views_and_later_migrations():
    """Of a table from its migration, of a view from its file; the last one said counts."""
    assert comments_of("bursts")["day"] == "Calendar day of the reporting zone."
    assert "tightens" in comments_of("measures")["direction"]
    assert "frame_weeks, which is no more" in comments_of("computed_days")["relation"]
    assert comments_of("verdict_log")["by"].startswith("Who gave it")
    assert comments_of("quaggas") == {}
