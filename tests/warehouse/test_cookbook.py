"""Every query of docs/cookbook.md runs, and those with a known answer give it."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from warehouse.file.connect import PUBLISHED_NAME, open_published, writer
from warehouse.file.publish import publish
from warehouse.news.findings import sync_watchlist

COOKBOOK = Path(__file__).resolve().parents[2] / "docs" / "cookbook.md"
BLOCK = re.compile(r"^([^\n]+)\n(?:[^\n]+\n)*\n```sql\n(.+?)```", re.MULTILINE | re.DOTALL)
RECIPES = dict(BLOCK.findall(COOKBOOK.read_text(encoding="utf-8")))
NOON = datetime(2026, 8, 4, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A published warehouse with a made-up month of coverage."""
    data = tmp_path_factory.mktemp("cookbook")
    with writer(data, command="test"):
        pass
    return data


@pytest.fixture
def ask(published, load, make_company, make_topic):
    """Ask the published file one of the cookbook's questions, by its first words."""
    if not (published / PUBLISHED_NAME).exists():
        with writer(published, command="test") as con:
            sync_watchlist(con, companies(make_company), [], [make_topic("ev-auto")])
            load(con, *coverage())
        publish(published)

    def answer(lead):
        [sql] = [sql for words, sql in RECIPES.items() if words.startswith(lead)]
        with closing(open_published(published / PUBLISHED_NAME)) as con:
            return con.execute(sql).fetchall()

    return answer


def companies(make_company):
    return [
        make_company("alibaba"),
        make_company("taobao", kind="brand", parent_id="alibaba"),
        make_company("pdd"),
        make_company("moonshot", sector="ai"),
        make_company("byd", sector="ev"),
        make_company("tesla", kind="foreign_company", sector="ev"),
        make_company("cac", kind="regulator", sector="regulator-cn"),
        make_company("tiktok", kind="brand", sector="social"),
    ]


def coverage():
    yield from (
        {
            "article_id": f"old{n}",
            "published_at": NOON - n * DAY,
            "companies": ["alibaba"],
            "topics": ["us-export-controls"] if n == 30 else [],
            "publisher": "Daily",
        }
        for n in range(1, 200)
    )
    yield from (
        {"article_id": f"today{n}", "companies": ["taobao"], "publisher": "Daily"}
        for n in range(6)
    )
    yield {"article_id": "pdd1", "companies": ["pdd", "alibaba"]}
    # A story told by three outlets, in Chinese first.
    yield from (
        {
            "article_id": f"big{n}",
            "story_id": "sbig",
            "title": title,
            "publisher": publisher,
            "published_at": NOON - 50 * HOUR + n * HOUR,
            "language": language,
            "companies": ["byd", "tesla"],
            "topics": ["ev-auto", "price-competition"],
        }
        for n, (title, publisher, language) in enumerate(
            [
                ("比亚迪超越特斯拉", "甲报", "zh"),
                ("BYD overtakes Tesla", "Wire", "en"),
                ("BYD surpasses Tesla on price", "Herald", "en"),
                ("BYD overtakes Tesla, again", "Wire", "en"),
            ]
        )
    )
    yield from (
        {
            "article_id": f"zh{n}",
            "story_id": "szh",
            "title": "网信办约谈",
            "publisher": publisher,
            "published_at": NOON - 30 * HOUR,
            "language": "zh",
            "companies": ["cac"],
        }
        for n, publisher in enumerate(["甲报", "乙报"])
    )
    yield {
        "article_id": "fund",
        "title": "Moonshot raises $1.2 billion in new round",
        "companies": ["moonshot"],
        "topics": ["funding-vc"],
        "events": ["funding"],
        "published_at": NOON - DAY,
    }
    yield {
        "article_id": "launch",
        "companies": ["moonshot"],
        "events": ["product-launch"],
    }
    yield {
        "article_id": "tt",
        "companies": ["tiktok"],
        "topics": ["tiktok-divestiture", "overseas-expansion"],
        "title": "TikTok in Brazil",
    }
    yield {"article_id": "car", "topics": ["ev-auto"]}


def test_there_are_as_many_recipes_as_questions():
    """Each of the 24 questions of the beat has a recipe."""
    assert len(RECIPES) >= 24


@pytest.mark.parametrize("lead", RECIPES)
def test_recipe_runs(ask, lead):
    """A recipe can be pasted as it stands."""
    assert isinstance(ask(lead), list)


def test_share_of_two_rolls_brands_up(ask):
    """Taobao's stories are Alibaba's."""
    week = date(2026, 8, 3)

    found = [row for row in ask("Which share of the stories") if row[0] == week]

    assert found == [(week, "alibaba", 8, 88.9), (week, "pdd", 1, 11.1)]


def test_abnormal_day_is_on_top(ask):
    """Six stories where there never was one stand out."""
    assert ask("Which companies have far more")[0][:3] == ("taobao", 6, 0)


def test_newcomers_were_never_there_before(ask):
    """Alibaba was named all along; Taobao and Moonshot are new, but to one outlet."""
    names = [row[0] for row in ask("Who is new")]

    assert names[0] == "byd"
    assert {"alibaba", "taobao", "moonshot"}.isdisjoint(names)


def test_export_controls_name_their_companies(ask):
    """The company, its stories and when."""
    [(company, stories, first, last, _)] = ask("Which companies are in the stories on")

    assert (company, stories, first, last) == (
        "alibaba",
        1,
        date(2026, 7, 5),
        date(2026, 7, 5),
    )


def test_first_outlet_and_the_lag_of_the_rest(ask):
    """The Chinese paper was first; Wire came after one hour, Herald after two."""
    [row] = ask("Who was first on each big story")

    assert (row[0], row[2], row[4], row[5]) == ("sbig", "甲报", 3, 90.0)


def test_half_life(ask):
    """Half of four articles were out after one hour."""
    assert [(row[0], row[2], row[3]) for row in ask("How fast does a story spread")] == [
        ("sbig", 4, 1.0)
    ]


def test_gap_between_languages(ask):
    """Only what two outlets told in one language is a lead."""
    assert [(row[0], row[3]) for row in ask("What do Chinese media report")] == [
        ("zh only", "网信办约谈")
    ]


def test_rivals(ask):
    """A headline that sets one against the other makes a pair."""
    assert ask("Which Chinese company is set") == [("byd", "tesla", 1)]


def test_amount_of_a_round(ask):
    """The amount is the text that the headline has."""
    assert [row[2] for row in ask("Which funding rounds")] == ["$1.2 billion"]


def test_launches_against_money(ask):
    """One launch, one round."""
    assert ask("Is it launches or money") == [("moonshot", 1, 1)]


def test_price_war(ask):
    """One of the two car stories is on prices; they fall in one week."""
    assert ask("How hot is the price war") == [
        (date(2026, 7, 27), 1, 100.0),
        (date(2026, 8, 3), 1, 0.0),
    ]


def test_regulators_by_week(ask):
    """Two outlets, one story."""
    assert [row[1:] for row in ask("Which regulators")] == [("cac", "regulator-cn", 1)]


def test_destination(ask):
    """The region is read from the headline."""
    assert ask("Where do Chinese brands go") == [("tiktok", "Latin America", 1)]
