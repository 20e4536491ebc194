"""No figure stands in the docs that its benchmark did not print."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import figures
import pytest
import results

ROOT = Path(__file__).resolve().parents[1]

AGE = re.compile(r"^Age: .*$", re.MULTILINE)
TABLE = results.Table(
    columns=["what", "s", "of"], rows=[["all", 1.234, 1000], ["b", 2.0, 3]]
)
RESULT = results.Result(
    name="x",
    title="X",
    summary="1.23 s",
    code=("warehouse",),
    tables=[TABLE],
    run=results.Run(
        command="python benchmarks/x.py",
        commit="none",
        date="2026-01-01",
        machine="2 cores",
    ),
)


def test_the_page_is_what_the_records_say():
    """docs/figures.md is made from the records, but for their age, which git tells."""
    made = figures.page(results.recorded())

    assert AGE.sub("", figures.PAGE.read_text("utf-8")) == AGE.sub("", made)


def test_the_readme_quotes_six_records_and_no_other_figure():
    """Its table is made from the records, all six of them."""
    [block] = figures.BLOCK.findall(figures.README.read_text("utf-8"))

    assert block == figures.quoted(results.recorded())
    assert len(block.splitlines()) == 2 + len(figures.QUOTED)


@pytest.mark.parametrize("record", results.recorded(), ids=lambda r: r.name)
def test_a_record_says_how_to_repeat_it(record):
    """Its command is here, and so are the paths by which it ages."""
    assert (ROOT / record.run.command.split()[1]).is_file()
    assert re.fullmatch(r"[0-9a-f]{10}", record.run.commit)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", record.run.date)
    assert all((ROOT / path).exists() for path in record.code)


def test_a_table_shows_numbers_to_the_right():
    """Text is left, numbers are right, with two digits and separators."""
    assert TABLE.markdown() == [
        "| what | s | of |",
        "|---|---:|---:|",
        "| all | 1.23 | 1,000 |",
        "| b | 2.00 | 3 |",
    ]


def test_a_record_is_kept_whole(tmp_path, monkeypatch, capsys):
    """What is recorded is read again, with the run that made it."""
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    monkeypatch.setattr(sys, "argv", [str(ROOT / "benchmarks" / "views.py"), "--record"])
    made = replace(RESULT, code=("LICENSE",))

    results.publish(made, record=True)

    [kept] = results.recorded()
    assert "| all | 1.23 | 1,000 |" in capsys.readouterr().out
    assert kept.run.command == "python benchmarks/views.py"
    assert [table.markdown() for table in kept.tables] == [TABLE.markdown()]
    assert (kept.summary, kept.code) == ("1.23 s", ["LICENSE"])


@pytest.mark.skipif(
    results.git("rev-parse", "--is-shallow-repository") != "false",
    reason="this checkout has not all commits",
)
@pytest.mark.parametrize("record", results.recorded(), ids=lambda r: r.name)
def test_a_record_is_of_this_history(record):
    """Or its age cannot be told: a commit that was rebased has another name."""
    assert "not in this history" not in figures.age(record)


def test_a_figure_of_an_unknown_commit_says_so():
    """A record of another history is no promise."""
    assert figures.age(RESULT) == "measured on a commit that is not in this history"
