"""`sinowire retag` after an edit: what it reads, and that the end is that of all."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from random import Random

import digest
import pytest
from edits_of_rules import config_of, edited, retagged, stored
from either_kind import writer
from killed import Victims

from connectors.samples.history import history
from flows.steps.ingest.history import Imported, import_file
from flows.steps.reach import scope_of
from flows.steps.upkeep import retag as run_retag
from transforms.release import READERS, VERSION
from warehouse.upkeep import retag as retag_store

pytestmark = pytest.mark.slow

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[3] / "shared"


def bring(home, watchlist, rows):
    """Import articles by the rules of a watchlist."""
    (home / "h.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    config = config_of(home, watchlist)
    import_file(config, home / "h.jsonl", Imported(), now=NOW, report=str, progress=str)


def read(home, most=40):
    """Return headlines, and the companies that most of them name."""
    with writer(home) as con:
        titles = con.execute("select title from articles order by seq").fetchall()
        named = con.execute(
            "select company_id from mentions group by 1 order by count(*) desc, 1 limit 40"
        ).fetchall()
    return [title for (title,) in titles], [company for (company,) in named][:most]


def edits(home, watchlist, dice, *, kinds=((),), most=40):
    """Yield one watchlist after another, each with one edit more, of the next kinds."""
    beat, (titles, named) = config_of(home).beat, read(home, most)
    for some in cycle(kinds):
        known = {company.company_id for company in watchlist.companies}
        there = [company for company in named if company in known]
        watchlist, _ = edited(dice, watchlist, beat, titles, there, kinds=some)
        yield watchlist


def differing(some, others):
    """Return the tables that differ."""
    return [table for table in some if some[table] != others[table]]


def test_a_part_is_left_as_all_would_be(home, tmp_path, monkeypatch):
    """Edits with news in between, none of them retagged, and a retag that is cut off."""
    (home / "watchlist.toml").unlink()
    rows = sorted(history(NOW), key=lambda row: row["published"])[-100:]
    watchlist = config_of(home).watchlist
    bring(home, watchlist, rows[:80])
    retagged(config_of(home), NOW, everything=True)
    kinds = ("elsewhere",), ("an_alias_not_with",), ("a_company_less",), ("a_word_more",)
    made = edits(home, watchlist, Random(3), kinds=kinds, most=5)
    for _ in range(3):
        watchlist = next(made)
        bring(home, watchlist, rows[80:])
    watchlist = next(made)
    shutil.copytree(home, tmp_path / "other")
    monkeypatch.setattr(retag_store, "PART", 3)
    left = [2]

    def cut_off(_):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt

    monkeypatch.setattr(run_retag.time, "sleep", cut_off)
    with pytest.raises(KeyboardInterrupt):
        retagged(config_of(home, watchlist), NOW, everything=False)
    part = retagged(config_of(home, watchlist), NOW, everything=False)
    monkeypatch.setattr(retag_store, "PART", 100)
    whole = retagged(config_of(tmp_path / "other", watchlist), NOW, everything=True)

    assert part.articles < whole.articles == 100
    assert 3 < len(part.scope.seqs) < 50
    assert differing(stored(home), stored(tmp_path / "other")) == []


def test_stories_that_the_engine_would_find_again_are_left(home, tmp_path, monkeypatch):
    """Another zone reads all; only stories since the last whole retag are made anew."""
    rows = sorted(history(NOW), key=lambda row: row["published"])[-240:]
    late = rows[100:110]
    bring(home, None, rows[:100] + rows[110:200])
    retagged(config_of(home), NOW, everything=True)
    bring(home, None, late + rows[200:])
    monkeypatch.setenv("SINOWIRE_REPORTING_ZONE", "Pacific/Auckland")
    shutil.copytree(home, tmp_path / "other")
    heard = []
    part = retagged(config_of(home), NOW, everything=False, progress=heard.append)
    all_of_them = []
    other = config_of(tmp_path / "other")
    whole = retagged(other, NOW, everything=True, progress=all_of_them.append)
    again = []
    monkeypatch.setenv("SINOWIRE_REPORTING_ZONE", "UTC")
    retagged(config_of(home), NOW, everything=False, progress=again.append)
    found = stored(home)
    retagged(config_of(home), NOW, everything=True)

    assert part.articles == whole.articles == 240
    assert 0 < stories_made(heard) < stories_made(all_of_them)
    assert stories_made(again) == 0
    assert differing(stored(home), found) == []


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("words.toml", "[tech]\nwords = ["),
        ("roles.toml", "[aside]\nbefore = ["),
        ("measures.toml", "\nchips = ["),
    ],
)
def test_a_word_of_a_list_bears_on_the_articles_that_have_it(home, tmp_path, name, before):
    """Of a beat's list one word more; another list's change has all of them read."""
    rows = sorted(history(NOW), key=lambda row: row["published"])[-120:]
    bring(home, None, rows)
    retagged(config_of(home), NOW, everything=True)
    shutil.copytree(home, tmp_path / "other")
    beat = config_of(home).beat
    assert before in beat.texts[name]
    more = beat.texts[name].replace(before, before + '"=Huawei", "发布", ', 1)
    changed = replace(beat, texts={**beat.texts, name: more}, changed=frozenset({name}))
    part = retagged(of_beat(home, changed), NOW, everything=False)
    whole = retagged(of_beat(tmp_path / "other", changed), NOW, everything=True)
    weights = beat.texts["weights.toml"] + "# read in another way\n"
    other = replace(beat, texts={**beat.texts, "weights.toml": weights})
    with writer(home) as con:
        scope = scope_of(con, of_beat(home, other))

    assert f"they name what changed: words of {name}" in part.scope.sentence
    assert 0 < part.articles < whole.articles == 120
    assert differing(stored(home), stored(tmp_path / "other")) == []
    assert scope.sentence == "120 articles to read: changed: weights.toml"


def of_beat(home, beat):
    """Return a home's configuration, with another beat's lists."""
    config = config_of(home)
    version = f"{config.watchlist.rules_version} {beat.rules[:8]}"
    watchlist = replace(config.watchlist, rules_version=version)
    config = config_of(home, watchlist)
    config.__dict__["beat"] = beat
    return config


def stories_made(heard):
    """Return how many parts of stories were made anew."""
    return sum(message.startswith("stories of ") for message in heard)


def test_what_is_read_and_why_is_said(home, sinowire, subscribe):
    """An edit, none, another release, and who asks for all; the next run says it once."""
    subscribe()
    titles = "Baidu opens", "Weather in Baoding", "In Bonn", "x", "y"
    lines = (
        json.dumps({"url": f"https://x.example/{n}", "title": title})
        for n, title in enumerate(titles)
    )
    (home / "h.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert sinowire("import", home / "h.jsonl")[0] == 0

    def said(*options):
        code, _, err = sinowire("retag", *options)
        assert code == 0
        return err

    assert "no article to read: nothing that articles are read by has changed" in said()
    with (home / "watchlist.toml").open("a", encoding="utf-8") as file:
        file.write('\n[company.baoding]\nname = "Baoding"\nsector = "cars"\n')
    expected = "1 of 5 articles to read: they name what changed: aliases of Baoding"
    told = f"the rules changed; sinowire retag has {expected}"
    assert [told in sinowire("run")[2] for _ in range(2)] == [True, False]
    assert expected in said("--dry-run")
    assert expected in said()
    assert "no article to read" in said("--dry-run")
    assert "5 articles to read: as --all says" in said("--all", "--dry-run")
    with writer(home) as con:
        con.execute("update rules_read set rules = 'another'")
        assert not retag_store.are_noted(con, f"{VERSION} another")
        con.execute("delete from rules_read")
    assert "5 articles to read: it is not known by which rules" in said("--dry-run")


WATCHED = """
[company.alibaba]
name = "Alibaba"
zh = "阿里巴巴"
sector = "internet"
[company.moonshot]
name = "Moonshot AI"
sector = "internet"
[topic.models]
name = "Models"
terms = ["Qwen"]
"""
# A company, a company's alias and a topic's word more, which half of the articles hold.
EDITED = """
[company.huawei]
name = "Huawei"
zh = "华为"
sector = "internet"
aliases = ["華為"]
"""


@pytest.mark.long
def test_one_that_is_killed_at_any_boundary_is_ended_by_the_next(home):
    """Kill -9 of a real command at each commit, there and back; the end is that of all."""
    rows = sorted(history(NOW), key=lambda row: row["published"])[-150:]
    watched = home / "watchlist.toml"
    before = watched.read_text(encoding="utf-8") + WATCHED
    more = before.replace('"Qwen"', '"Qwen", "Kimi"').replace(
        'name = "Moonshot AI"', 'name = "Moonshot AI"\naliases = ["Ningbo", "月之暗面"]'
    )
    bring(home, None, rows)
    victims, wholes, commits, left = Victims(home), {}, {}, []
    for text in (before, more + EDITED):
        watched.write_text(text, encoding="utf-8")
        assert victims.execute(["retag", "--all"]).code == 0
        wholes[text] = stored(home)
    for text, whole in wholes.items():
        watched.write_text(text, encoding="utf-8")
        passed = victims.execute(["retag"]).passed
        commits[text] = [n for n, name in enumerate(passed, 1) if name.endswith("commit")]
        left.append(differing(stored(home), whole))
    # Each commit once, of the way there or of that back.
    most = range(max(map(len, commits.values())))
    for step, (text, whole) in zip(most, cycle(wholes.items()), strict=False):
        numbers = commits[text]
        watched.write_text(text, encoding="utf-8")
        assert victims.execute(["retag"], at=numbers[min(step, len(numbers) - 1)]).killed
        assert victims.execute(["retag"]).code == 0
        left.append(differing(stored(home), whole))
    victims.close()
    said = (home / "stderr").read_text(encoding="utf-8")

    assert min(map(len, commits.values())) > 12
    assert any(left) is False
    # Killed as it read, and as it grouped stories.
    assert len(set(re.findall(r"resuming after (\d+) of 150", said))) > 1
    assert len(set(re.findall("resuming with stories from .*", said))) > 1


def test_an_edit_that_every_article_holds_has_all_of_them_read(home, sinowire):
    """It is said, and the end is that of a retag of all."""
    rows = sorted(history(NOW), key=lambda row: row["published"])[-40:]
    rows = [{**row, "summary": "The quick brown fox"} for row in rows]
    bring(home, None, rows)
    with (home / "watchlist.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[company.fox]\nname = "Fox"\nsector = "cars"\n'
            'aliases = [{ text = "brown fox", common = true }]\n'
        )
    part = retagged(config_of(home), NOW, everything=False)
    found = stored(home)
    retagged(config_of(home), NOW, everything=True)

    assert part.articles == 40
    assert part.scope.sentence == (
        "40 articles to read: most of them name what changed: aliases of Fox, what Fox is"
    )
    assert differing(found, stored(home)) == []
    assert len({m for m in found["mentions"] if "fox" in m}) == 40


@pytest.mark.long
def test_twenty_edits_over_a_replayed_month(tmp_path):
    """Each leaves what a retag of all articles leaves."""
    if not (SHARED / "replay" / "replay.py").is_file():
        pytest.skip("no captures to replay")
    month = argparse.Namespace(
        shared=SHARED, every="6d", start="2026-07-01T00:00Z", end="2026-07-31T00:00Z"
    )
    home, other = tmp_path / "home", tmp_path / "other"
    digest.poll_corpus(digest.Home(home), month)
    for _ in range(3):
        retagged(config_of(home), NOW, everything=True)
    made = edits(home, config_of(home).watchlist, Random(1))
    differ = {}
    for number in range(20):
        watchlist = next(made)
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(home, other)
        part = retagged(config_of(home, watchlist), NOW, everything=False)
        retagged(config_of(other, watchlist), NOW, everything=True)
        if found := differing(stored(home), stored(other)):
            differ[number, part.scope.sentence] = found

    assert differ == {}


def test_all_code_that_reads_articles_is_part_of_the_rules():
    """A release with other code in any module that reading loads has all read anew."""
    script = (
        "import sys, transforms.articles.reader, transforms.articles.normalize\n"
        "import transforms.names.tagging, transforms.headlines.facts\n"
        "import transforms.stories.features, transforms.search.query\n"
        "print(*(name for name in sys.modules if name.startswith('transforms.')))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    packages = {name.split(".")[1] for name in said.stdout.split()}

    assert {"names", "claims", "measures", "text"} < packages
    assert packages - set(READERS) == set()
