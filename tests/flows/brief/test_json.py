"""A brief as JSON: what other programs read of it, beside the file and the page."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from transforms.brief import render_json, render_markdown
from transforms.brief.model import plain
from transforms.brief.sections import sections_of
from warehouse.file.connect import open_published

pytestmark = pytest.mark.slow

MONDAY, SUNDAY = date(2025, 11, 24), date(2025, 11, 30)
THEN = datetime(2025, 11, 29, 10, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def content_of(brief_of):
    return lambda *asked: json.loads(render_json(brief_of(*asked)))


@pytest.fixture(scope="module")
def rows(desk):
    """Return the rows of a query on the published file, opened as all others open it."""

    def call(sql, *params):
        with open_published(desk / "data/sinowire.duckdb") as con:
            result = con.execute(sql, params)
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return call


def test_the_frame_says_what_it_is_of(content_of, rows):
    """Period, ends, and of when the data are, as moments of ISO 8601."""
    content = content_of("week")

    assert list(content) == [
        "period", "since", "until", "as_of", "freshness", "stories", "changed", "sections",
    ]  # fmt: skip
    since, until = (datetime.fromisoformat(content[key]) for key in ("since", "until"))
    assert content["period"] == "week"
    assert since == datetime(2025, 11, 23, 16, tzinfo=UTC)
    assert since < until <= since + timedelta(days=7)
    [known] = rows("select as_of, asked from freshness")
    assert datetime.fromisoformat(content["as_of"]) == known["as_of"]
    assert content["freshness"]["as_of"] == content["as_of"]
    assert content["freshness"]["asked"] == known["asked"]


def test_of_an_earlier_moment_it_is_as_of_that(content_of):
    assert datetime.fromisoformat(content_of("day", "en", THEN)["as_of"]) == THEN


def test_shares_are_those_of_the_relation(content_of, rows):
    """Every group of the beat in the week, with the share corrected for outages."""
    found = content_of("week")["sections"]["share"]

    of_the_beat = "from share_between($1, $2) where not is_peer"
    view = rows(of_the_beat, MONDAY, SUNDAY + timedelta(days=1))
    assert found
    assert {row["company_id"]: row["stories"] for row in found} == {
        row["company_id"]: row["stories"] for row in view
    }
    by_id = {row["company_id"]: row for row in view}
    for row in found:
        own = by_id[row["company_id"]]
        assert [row["share"], row["low"], row["high"]] == pytest.approx(
            [own["corrected"], own["low"], own["high"]]
        )
        assert row["week"] == "2025-11-24"


def test_gaps_are_those_of_the_relation(content_of, rows):
    view = {row["story_id"] for row in rows("from coverage_gaps")}

    found = {row["story_id"] for row in content_of("week")["sections"]["gaps"]}
    assert found
    assert found <= view


def test_movers_are_those_of_the_view(content_of, rows):
    """Of the brief's week, as parts of the news: what the view says of that week."""
    found = content_of("week")["sections"]["movers"]

    asked = "from movers where week = $1 and state in ('up', 'down', 'warming_up')"
    view = {row["company_id"]: row for row in rows(asked, MONDAY)}
    assert found
    assert {row["company_id"] for row in found} == set(view)
    for row in found:
        own = view[row["company_id"]] | {"previous": view[row["company_id"]]["last_week"]}
        same = ("stories", "previous", "ratio", "low", "high", "state")
        assert [row[key] for key in same] == [own[key] for key in same]


@pytest.mark.parametrize("period", ["day", "week"])
def test_it_has_the_rows_of_every_section(content_of, period):
    """Each query of the period's sections has its rows there, under its name."""
    asked = {query.key for heading in sections_of(period) for query in heading.queries}

    assert asked <= set(content_of(period)["sections"])
    assert all(isinstance(found, list) for found in content_of(period)["sections"].values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_story_has_all_its_articles_and_the_shown_one_first(
    content_of, brief_of, rows, language
):
    """Titles and addresses are parallel, of every article but digests.

    Those of other stories of its affair are there, and named as such: the rest is its own.
    """
    stories = content_of("week", language)["stories"]
    [section] = [s for s in brief_of("week", language).front if s.key == "stories"]
    shown = [(line[0].text, line[0].url) for line in section.blocks[0].lines]

    assert [(s["titles"][0], s["urls"][0]) for s in stories] == shown
    assert [story["rank"] for story in stories] == list(range(1, len(stories) + 1))
    for story in stories:
        # An affair may be told by several stories: they are all there, and whole.
        every = rows(
            "from articles where not is_digest and story_id in "
            "(select story_id from articles where list_contains($1, url)) ",
            story["urls"],
        )
        keys = ("titles", "urls", "story_ids")
        told = sorted(zip(*(story[key] for key in keys), strict=True))
        assert told == sorted((row["title"], row["url"], row["story_id"]) for row in every)
        own = [row for row in every if row["story_id"] == story["story_id"]]
        assert own
        assert set(story["publishers"]) == {row["publisher"] for row in own}
        assert set(story["languages"]) == {row["language"] for row in own}
        assert story["score"] > 0
        assert story["why"]
    assert any(len(story["urls"]) > 1 for story in stories)
    assert any(story["topics"] for story in stories)


def test_what_changed_leads_to_its_story(content_of, brief_of, rows):
    """The sentences of the page, each with the story that it tells, where it tells one."""
    changed = content_of("week")["changed"]
    known = {row["story_id"] for row in rows("select story_id from articles")}

    assert [c["text"] for c in changed] == [plain(s) for s in brief_of("week").opening]
    assert {c["story_id"] for c in changed} <= known | {None}
    bursts = [c for c in changed if "above its usual level" in c["text"]]
    assert bursts
    assert all(c["story_id"] for c in bursts)


def test_the_command_prints_it_and_writes_it(desk, tmp_path):
    """One JSON object on standard output, or in a file."""
    command = ["brief", "--period", "week", "--until", "2025-11-30", "--format", "json"]
    printed = sinowire(desk, *command)
    sinowire(desk, *command, "-o", str(tmp_path / "new/week.json"))

    assert json.loads(printed.stdout)["sections"]["share"]
    assert json.loads((tmp_path / "new/week.json").read_text("utf-8"))["period"] == "week"


def test_a_full_disk_leaves_the_former_file(desk, tmp_path):
    """Nobody reads half a brief, and the command says that it failed."""
    file = tmp_path / "day.md"
    file.write_text("the former one\n", encoding="utf-8")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "

    failed = sinowire(
        desk, "brief", "--until", "2025-11-30", "-o", str(file), before=limit, code=1
    )

    assert file.read_text("utf-8") == "the former one\n"
    assert [path.name for path in tmp_path.iterdir()] == ["day.md"]
    assert failed.stderr.startswith("error: ")


def test_a_pipe_is_written_to(desk, brief_of):
    """What is no file of its own cannot be replaced."""
    told = sinowire(desk, "brief", "--until", "2025-11-30", "-o", "/dev/stdout")

    title = render_markdown(brief_of("day")).splitlines()[0]
    assert told.stdout.startswith(title.split(",")[0])


def sinowire(home: Path, *args: str, before: str = "", code: int = 0):
    script = f"{before}from flows.console.cli import main; main()"
    found = subprocess.run(
        [sys.executable, "-c", script, "--home", str(home), *args],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert found.returncode == code, found.stderr
    return found
