"""A search finds stories by words, names and filters, one row a story."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import refresh_all_stories

from transforms.models import AliasRow, SearchFilters, TopicRow
from transforms.search.named import NEAR_NAMES
from transforms.search.query import SearchError, read_search
from warehouse.news.articles import update_articles
from warehouse.news.findings import sync_watchlist
from warehouse.news.search import (
    search,
    search_names,
    search_sql,
    search_with_facets,
    sign_articles,
)
from warehouse.queries import read

HOUR = timedelta(hours=1)
ALIASES = {
    "huawei": ("Huawei", "华为", "HW Technologies"),
    "honor": ("荣耀",),
    "apple": ("Apple", "苹果"),
}
RULES = {"荣耀": "needs 手机", "苹果": "not with 苹果树", "Apple": "exact spelling"}


@pytest.fixture
def told(warehouse, load, noon, make_company):
    """Stories in both scripts, of companies and topics, on the beat and off it."""
    sync_watchlist(
        warehouse,
        [
            make_company("huawei", name_zh="华为"),
            make_company("hisilicon", parent_id="huawei"),
            make_company("honor", name_zh="荣耀"),
            make_company("apple", name_zh="苹果"),
        ],
        [
            AliasRow(company_id=c, alias=a, script="latin", rule=RULES.get(a, "always"))
            for c, aliases in ALIASES.items()
            for a in aliases
        ],
        [topic("chips"), topic("memory", parent="chips"), topic("ipo", kind="event")],
    )
    load(
        warehouse,
        {
            "article_id": "ban",
            "title": "Huawei chips: Export controls bite",
            "companies": ["huawei"],
            "topics": ["chips"],
        },
        {
            "article_id": "ban2",
            "story_id": "sban",
            "title": "美国对华为芯片实施出口管制",
            "language": "zh",
            "publisher": "Caixin",
            "published_at": noon + HOUR,
            "companies": ["huawei"],
        },
        {
            "article_id": "dram",
            "title": "長江存儲的記憶體芯片",
            "language": "zh",
            "topics": ["memory"],
            "published_at": noon + 2 * HOUR,
        },
        {
            "article_id": "unit",
            "title": "HiSilicon aims for an IPO",
            "summary": "The chipmaker says AI is next.",
            "companies": ["hisilicon"],
            "events": ["ipo"],
            "published_at": noon + 30 * HOUR,
        },
        {
            "article_id": "farm",
            "title": "苹果树开花",
            "language": "zh",
            "is_on_beat": False,
        },
        {
            "article_id": "phone",
            "title": "荣耀手机 said to aim high",
            "companies": ["honor"],
        },
    )
    return warehouse


def topic(topic_id, kind="topic", parent=None):
    return TopicRow(
        topic_id=topic_id, kind=kind, name=topic_id, name_zh="", parent_id=parent, boards=()
    )


@pytest.fixture
def found(told):
    """Ask, and return the stories in their order."""
    names = search_names(told)

    def ask(text="", *, limit=20, offset=0, on_beat=True, order="best", **filters):
        asked = read_search(
            text, names, SearchFilters(**filters), on_beat=on_beat, order=order
        )
        made = search(told, asked, limit=limit, offset=offset)
        assert len(made.stories) == min(limit, max(0, made.total - offset))
        return [story.story_id for story in made.stories]

    return ask


def test_words_in_any_order_and_script(found):
    """Latin words are whole or begin a longer one, Chinese ones stand anywhere."""
    wanted = {
        "controls huawei": {"sban"},
        '"export controls"': {"sban"},
        '"controls export"': set(),
        "內存 芯片": set(),
        "长江存储 芯片": {"sdram"},
        "記憶體": {"sdram"},
        "chip": {"sban", "sunit"},
        "ai": {"sunit"},
        "aim": {"sphone"},
        "port": set(),
        "华": {"sban"},
        "100%_": set(),
        "'; drop table articles; --": set(),
    }

    assert {text: set(found(text)) for text in wanted} == wanted


def test_name_stands_for_its_aliases(found):
    """A name in quotes is mere letters, and one that needs a context is a word."""
    wanted = {
        "HW Technologies": {"sban"},
        '"HW Technologies"': set(),
        "華為芯片": {"sban"},
        "荣耀": {"sphone"},
        "苹果": set(),
        '"苹果"': {"sfarm"},
    }

    assert {text: set(found(text, on_beat=False)) for text in wanted} == wanted


def test_filters_meet(found):
    """Families count with those below them; days are of the reporting zone."""
    wanted = [
        ({"companies": ("huawei",)}, {"sban", "sunit"}),
        ({"companies": ("hisilicon", "honor")}, {"sunit", "sphone"}),
        ({"topics": ("chips",)}, {"sban", "sdram"}),
        ({"events": ("ipo",)}, {"sunit"}),
        ({"languages": ("zh",)}, {"sban", "sdram"}),
        ({"publishers": ("caixin",)}, {"sban"}),
        ({"since": date(2026, 8, 5)}, {"sunit"}),
        ({"until": date(2026, 8, 4), "topics": ("chips",)}, {"sban", "sdram"}),
        ({"topics": ("chips",), "companies": ("huawei",), "text": "bite"}, {"sban"}),
        ({"languages": ("zh",), "on_beat": False}, {"sban", "sdram", "sfarm"}),
    ]

    for filters, stories in wanted:
        assert set(found(**filters)) == stories, filters


def test_story_is_one_row(told):
    """With the article that fits best, and what the whole story is."""
    asked = read_search("华为", search_names(told))
    made = search(told, asked)
    [story] = made.stories

    assert (made.total, made.off_beat) == (1, 0)
    assert story.article_id == "ban2"
    assert story.headline == "美国对华为芯片实施出口管制"
    assert (story.matches, story.articles, story.publishers) == (2, 2, 2)
    assert set(story.languages) == {"en", "zh"}
    assert story.is_in_headline
    assert story.is_on_beat


def test_orders(found):
    """Best: in one headline, then widely told, then new; newest: by the newest article."""
    assert found("chip") == ["sban", "sunit"]
    assert found("chip", order="newest") == ["sunit", "sban"]
    assert found("chip", limit=1, offset=1) == ["sunit"]
    assert found("chip", limit=1, offset=2) == []


def test_names_as_typed_come_first(told, load, noon):
    """A story of another name of theirs comes after, however many outlets tell it."""
    load(
        told,
        {"article_id": "hw", "title": "HW Technologies grows", "companies": ["huawei"]},
        *(
            {
                "article_id": f"zh{n}",
                "story_id": "szh",
                "title": "华为增长",
                "language": "zh",
                "publisher": f"outlet {n}",
                "published_at": noon + 40 * HOUR,
                "companies": ["huawei"],
            }
            for n in range(3)
        ),
    )
    names = search_names(told)
    result = search(told, read_search("HW Technologies", names))
    assert [story.story_id for story in result.stories][:2] == ["shw", "szh"]
    quoted = search(told, read_search('"hw technologies"', names))
    assert (result.typed, quoted.total, quoted.typed) == (1, 1, 1)
    assert result.total > 1


def test_what_is_off_the_beat_is_counted(told):
    """Nothing found says that there is something elsewhere."""
    made = search(told, read_search('"苹果"', search_names(told)))

    assert (made.stories, made.total, made.off_beat) == ((), 0, 1)


def test_text_of_an_earlier_release_is_read(told, found):
    """Without a mask nothing is skipped, and each gets that of its text."""
    masks = told.execute("select article_id, search_bits from articles").fetchall()
    told.execute("update articles set search_bits = null")

    assert set(found("chip")) == {"sban", "sunit"}
    assert sign_articles(told) == 6
    signed = told.execute("select article_id, search_bits from articles").fetchall()
    assert sorted(signed) == sorted(masks)
    assert sign_articles(told) == 0


def test_new_wording_is_found_by_its_own_words(told, found, make_article):
    """And no longer by the former ones."""
    update_articles(told, [make_article("dram", title="長鑫的內存", language="zh")])
    refresh_all_stories(told, "w0")

    assert found("长鑫") == ["sdram"]
    assert found("长江存储") == []


def test_sql_can_be_pasted(told):
    """It gives the same stories, with every value in its place."""
    text = """bite "it's" 华为"""
    filters = SearchFilters(companies=("huawei",), since=date(2026, 8, 1))
    pasted = search_sql(told, read_search("bite 华为", search_names(told), filters))

    assert [row[0] for row in told.execute(pasted).fetchall()] == ["sban"]
    assert "'it''s'" in search_sql(told, read_search(text, search_names(told)))


def test_unknown_filter_names_the_nearest(told):
    """Before any SQL."""
    with pytest.raises(SearchError, match="did you mean 'huawei'"):
        read_search("x", search_names(told), SearchFilters(companies=("huawey",)))


FILTER_OF = {
    "company": "companies",
    "topic": "topics",
    "event": "events",
    "outlet": "publishers",
    "language": "languages",
}


@pytest.mark.parametrize("on_beat", [True, False])
@pytest.mark.parametrize("text", ["", "chip", "芯片 Huawei", "aim"])
def test_a_facet_counts_what_its_filter_finds(told, found, text, on_beat):
    """Brands count with their company, and topics below one with it."""
    filters = SearchFilters(languages=("en", "zh"))
    query = read_search(text, search_names(told), filters, on_beat=on_beat)
    facets = search_with_facets(told, query, most=20).facets
    kinds = {facet.kind for facet in facets}
    for facet in facets:
        asked = {"languages": ("en", "zh")}
        if facet.kind == "week":
            monday = date.fromisoformat(facet.id)
            asked |= {"since": monday, "until": monday + timedelta(days=6)}
        else:
            asked |= {FILTER_OF[facet.kind]: (facet.id,)}
        assert len(found(text, on_beat=on_beat, **asked)) == facet.stories, facet
    assert text or kinds == {*FILTER_OF, "week"}
    assert text or ("topic", "chips") in {(f.kind, f.id) for f in facets}


def test_few_articles_are_no_plenty(told):
    """Whoever wants many is told that there are less, before they are counted."""
    query = read_search("chip", search_names(told))

    assert search_with_facets(told, query, most=1, least=99) is None
    found = search_with_facets(told, query, most=1, least=1)
    assert found.stories == search(told, query).stories


@pytest.mark.parametrize(
    ("asked", "name", "nearness"),
    [
        ("huawei", "Huawei", 0),
        ("华为", "华为", 0),
        ("hua", "Huawei", 1),
        ("huwaei", "Huawei", 2),
        ("hw teknologies", "HW Technologies", 2),
        ("华为公司", "华为", 2),
        ("jak ma", "Jack Ma", 2),
        ("chps", "chips", 2),
        ("zzz", None, None),
        ("hu", None, None),
    ],
)
def test_a_name_is_found_by_what_is_nearly_it(told, asked, name, nearness):
    """In either script, names and aliases, of whatever has a page."""
    people = {"person_ids": ["jack-ma"], "person_names": ["Jack Ma"]}
    near = read(told, NEAR_NAMES, {"asked": [asked], **people, "limit": 5})

    assert [(each.name, each.nearness) for each in near[:1]] == [(name, nearness)] * bool(
        name
    )
