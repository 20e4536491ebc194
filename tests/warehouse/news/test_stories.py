from __future__ import annotations

import time
from datetime import timedelta

import pytest
from builders import refresh_all_stories

from transforms.models import ArticleMeasure, StoryMember, TitleName
from transforms.models.measures import StateAct
from warehouse import queries
from warehouse.alerting import alerts
from warehouse.feeds import sync_feeds
from warehouse.news.findings import read, sync_watchlist
from warehouse.news.stories import (
    began,
    heads_of,
    holders,
    list_stories,
    refresh_stories,
    refresh_stories_of,
    story_articles,
)

HOUR = timedelta(hours=1)
LIMITS = {"heads": 2, "most": 300}
STORY = """
    select
        story_id, headline, first_published_at, last_published_at, first_publisher,
        articles, publishers, languages, rules_version
    from stories
    where story_id = $story_id
"""


def story(con, story_id):
    return next(iter(queries.rows_of(con, STORY, {"story_id": story_id})), None)


def test_holders_of_a_key_are_numbered_in_order(warehouse, load, noon):
    """Numbers grow with the time of publication, whatever arrived first."""
    load(
        warehouse,
        {"article_id": "a1", "story_keys": (1, 2**64 - 1)},
        {"article_id": "a2", "story_keys": (3,), "published_at": noon - 2 * HOUR},
        {"article_id": "a3", "story_keys": (1,), "published_at": noon - 80 * HOUR},
        {"article_id": "a4", "story_keys": (1, 2), "published_at": noon - HOUR},
        {"article_id": "a5", "story_keys": (1,), "is_digest": True},
    )

    held = holders(warehouse, [1, 2**64 - 1], noon - 72 * HOUR, noon + HOUR, **LIMITS)

    assert held == ([2, 4, 1], {1: [1, 2], 2**64 - 1: [2]})


def test_of_a_key_held_by_many_the_newest_count(warehouse, load, noon):
    """What a batch brings into memory is bounded, however hot a name is."""
    load(
        warehouse,
        *(
            {
                "article_id": f"a{n}",
                "story_keys": (1,),
                "published_at": noon + n * HOUR,
            }
            for n in range(20)
        ),
    )

    _, by_key = holders(warehouse, [1], noon, noon + 30 * HOUR, heads=2, most=5)

    assert by_key == {1: [15, 16, 17, 18, 19]}


def test_only_the_first_headlines_of_a_story_count(warehouse, load, noon):
    """Two of each script: a story cannot wander from turn to turn."""
    story = [
        {
            "article_id": f"a{n}",
            "story_id": "s1",
            "story_keys": (1,),
            "language": "zh-hans" if n % 2 else "en",
            "published_at": noon + n * HOUR,
        }
        for n in range(8)
    ]
    load(warehouse, *reversed(story))

    window = (noon, noon + 30 * HOUR)
    held = holders(warehouse, [1], *window, **LIMITS)

    assert held == ([8, 7, 6, 5], {1: [0, 1, 2, 3]})
    assert [
        head.article_id for head in heads_of(warehouse, [8], *window, heads=2).values()
    ] == ["a3", "a2", "a1", "a0"]


def test_heads_come_with_their_companies(warehouse, load, noon):
    """What is compared: the words, companies and what the title calls them, by seq."""
    load(
        warehouse,
        {"article_id": "a1", "companies": ["nio", "byd"], "published_at": noon},
        {"article_id": "a2", "published_at": noon - HOUR},
    )

    found = heads_of(warehouse, [1], noon - HOUR, noon + HOUR, heads=2)

    assert found == {
        1: StoryMember(
            article_id="a1",
            story_id="sa1",
            title="Headline a1",
            language="en",
            published_at=noon,
            publisher="Sample",
            companies=("byd", "nio"),
            names=(TitleName("byd", "byd"), TitleName("nio", "nio")),
        )
    }


def test_heads_come_with_the_acts_of_states_that_they_tell(warehouse, load, noon):
    """As measures have them; what a state does at home is none."""
    load(warehouse, *({"article_id": f"a{n}", "published_at": noon} for n in (1, 2, 3)))
    for seq, target in ((1, "jp"), (2, "cn")):
        warehouse.execute(
            "insert into article_measures by name select ? as seq,"
            " 'a' || seq as article_id, 'cn' as side, 'mofcom' as actor,"
            " 'ban' as instrument, 'decided' as status,"
            " 'tightens' as direction, ['lumo'] as targets, '' as target_class,"
            " ? as target_side, 'chips' as thing, '' as currency, 'w1' as rules_version",
            [seq, target],
        )

    found = heads_of(warehouse, [1, 2, 3], noon - HOUR, noon + HOUR, heads=2)

    act = StateAct("cn", "jp", "tightens", "ban", "chips", ("lumo",))
    assert {seq: head.act for seq, head in found.items()} == {1: act, 2: None, 3: None}
    [first, second] = read(warehouse, ArticleMeasure, {"a1": 1, "a2": 2}.values())
    assert (first.act, second.act) == (act, None)


def test_without_keys_nobody_is_asked_for(warehouse, load, noon):
    """Articles without a key in common have nothing to be compared with."""
    load(warehouse, {"article_id": "a1", "story_keys": (1,)})
    window = (noon - HOUR, noon + HOUR)

    assert holders(warehouse, [], *window, **LIMITS)[1] == {}
    assert holders(warehouse, [2], *window, **LIMITS)[1] == {}
    assert heads_of(warehouse, [], *window, heads=2) == {}


def test_story_is_derived_from_its_articles(warehouse, load, noon):
    """The first to publish gives the headline; outlets and languages are counted."""
    load(
        warehouse,
        {"article_id": "a2", "story_id": "s1", "published_at": noon + HOUR},
        {"article_id": "a1", "story_id": "s1", "publisher": "First", "language": "zh"},
        {"article_id": "a3", "story_id": "s1", "published_at": noon + 2 * HOUR},
    )

    assert story(warehouse, "s1") == {
        "story_id": "s1",
        "headline": "Headline a1",
        "first_published_at": noon,
        "last_published_at": noon + 2 * HOUR,
        "first_publisher": "First",
        "articles": 3,
        "publishers": 2,
        "languages": ["en", "zh"],
        "rules_version": "w0",
    }
    assert story(warehouse, "s2") is None


def test_story_follows_its_articles(warehouse, load, noon):
    """A later article that was published earlier becomes the first; a rerun adds none."""
    load(warehouse, {"article_id": "a1", "story_id": "s1"})
    load(
        warehouse,
        {"article_id": "a0", "story_id": "s1", "published_at": noon - HOUR},
    )
    refresh_stories(warehouse, ["s1", "s1"], "w1")
    refresh_stories(warehouse, [], "w2")

    assert story(warehouse, "s1")["headline"] == "Headline a0"
    assert story(warehouse, "s1")["rules_version"] == "w1"
    assert warehouse.execute("select count(*) from stories").fetchone() == (1,)


def test_a_bound_spares_looking_and_leaves_nothing_out(warehouse, load, noon):
    """A story is read from its first article on, however long before the batch that was."""
    day = timedelta(days=1)
    load(warehouse, {"article_id": "a0", "published_at": noon - 40 * day})
    load(
        warehouse,
        {"article_id": "a1", "published_at": noon - 9 * day, "title": "First"},
        {"article_id": "a2", "published_at": noon, "story_id": "sa1"},
    )
    since = began(warehouse, ["sa1", "new"], since=noon - 3 * day)
    assert since == noon - 9 * day
    assert began(warehouse, ["new"], since=noon) == noon
    asked = "select story_id, headline, first_published_at, articles, publishers from"
    before = warehouse.execute(f"{asked} stories order by story_id").fetchall()

    refresh_stories(warehouse, ["sa1"], "w0", since=since)

    assert warehouse.execute(f"{asked} stories order by story_id").fetchall() == before
    assert before[1][:4] == ("sa1", "First", noon - 9 * day, 2)
    derived = (
        "stories_derived_from('-infinity', 'infinity', ['sa1', 'sa0']) order by story_id"
    )
    assert warehouse.execute(f"{asked} {derived}").fetchall() == before


@pytest.mark.parametrize(
    ("told", "outlets"),
    [
        ([("A", "one"), ("A", "one")], 1),
        ([("A", "one"), ("B", "also-one")], 1),
        ([("A", "one"), ("A", "two")], 1),
        ([("A", "one"), ("B", "two")], 2),
        ([("A", "one"), ("B", "also-one"), ("C", "two")], 2),
        ([("A", "all"), ("B", "all"), ("C", "all")], 3),
        ([("A", "all"), ("A", "two"), ("A", "home")], 1),
        ([("A", "home"), ("B", "home")], 2),
        ([("A", "import"), ("B", "import")], 2),
    ],
)
def test_outlets_are_names_on_sites(warehouse, load, make_feed, told, outlets):
    """Names on one site are one, a name on two sites too; aggregators are believed."""
    sync_feeds(
        warehouse,
        [
            make_feed("one", url="https://www.one.example/feed"),
            make_feed("also-one", url="https://tech.one.example/feed"),
            make_feed("two"),
            make_feed("all", kind="aggregator"),
            make_feed("home", url="http://192.168.0.9/feed"),
        ],
    )
    load(
        warehouse,
        *(
            {"article_id": f"a{n}", "story_id": "s1", "publisher": name, "feed_id": feed}
            for n, (name, feed) in enumerate(told)
        ),
    )

    refresh_stories(warehouse, ["s1"], "w0")

    assert story(warehouse, "s1")["publishers"] == outlets
    assert alerts.coverage(warehouse, ["s1"])[0]["publishers"] == outlets


def test_coverage_is_what_it_was_when_an_article_arrived(warehouse, load):
    """A rehearsal of the past does not know what came later."""
    specs = [("a1", "zh", "A"), ("a2", "zh", "B"), ("a3", "en", "C")]
    load(
        warehouse,
        *(
            {"article_id": key, "story_id": "s1", "language": language, "publisher": name}
            for key, language, name in specs
        ),
    )

    found = alerts.coverage(warehouse, [key for key, _, _ in specs], is_then=True)
    found.sort(key=lambda row: row["at_article"])

    assert [row["publishers"] for row in found] == [1, 2, 3]
    assert [row["crossed_by"] for row in found] == [[], [], ["a3"]]


def test_stories_of_feeds_are_derived_again(warehouse, load):
    """Those that one of them tells, and no others."""
    load(
        warehouse,
        {"article_id": "a1", "story_id": "s1", "feed_id": "one"},
        {"article_id": "a2", "story_id": "s2", "feed_id": "two"},
    )

    refresh_stories_of(warehouse, ["one"], "w7")

    versions = [story(warehouse, key)["rules_version"] for key in ("s1", "s2")]
    assert versions[0] == "w7" != versions[1]


def test_all_stories_can_be_derived_again(warehouse, load):
    """Derived rows that went wrong come out right, and strays go."""
    load(warehouse, {"article_id": "a1"}, {"article_id": "a2"})
    before = warehouse.execute("from stories order by story_id").fetchall()
    warehouse.execute("update stories set articles = 99, story_id = 'stray'")

    refresh_all_stories(warehouse, "w0")

    assert warehouse.execute("from stories order by story_id").fetchall() == before


@pytest.fixture
def three_stories(warehouse, load, make_company, noon):
    sync_watchlist(
        warehouse,
        [make_company("bytedance"), make_company("tiktok", parent_id="bytedance")],
        [],
        [],
    )
    load(
        warehouse,
        {"article_id": "a1", "story_id": "s1", "companies": ["tiktok"]},
        {"article_id": "a2", "story_id": "s1", "publisher": "Other"},
        {"article_id": "b1", "story_id": "s2", "published_at": noon - 30 * HOUR},
        {"article_id": "c1", "story_id": "s3", "companies": ["bytedance"]},
    )
    return warehouse


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({}, ["s1", "s3", "s2"], id="newest day first, widest first in it"),
        pytest.param({"limit": 1}, ["s1"], id="limit"),
    ],
)
def test_stories_are_listed(three_stories, wanted, expected):
    """The newest stories, of each day the most widely told first."""
    found = list_stories(three_stories, **wanted)

    assert [row["story_id"] for row in found] == expected


def test_a_new_story_comes_before_a_wider_old_one(warehouse, load, noon):
    """Days are those of the reporting zone: 17:00 in London is tomorrow in Shanghai."""
    evening = noon.replace(hour=17)
    load(
        warehouse,
        {"article_id": "a1", "story_id": "s1"},
        {"article_id": "a2", "story_id": "s1", "publisher": "Other"},
        {"article_id": "b1", "story_id": "s2", "published_at": noon + HOUR},
        {"article_id": "c1", "story_id": "s3", "published_at": evening},
    )

    found = [row["story_id"] for row in list_stories(warehouse)]

    assert found == ["s3", "s1", "s2"]


def test_stories_off_the_beat_can_be_left_out(warehouse, load):
    """What an earlier release tagged counts as on it."""
    load(
        warehouse,
        {"article_id": "on", "is_on_beat": True},
        {"article_id": "off", "is_on_beat": False},
        {"article_id": "old"},
    )

    assert {row["story_id"] for row in list_stories(warehouse, on_beat=True)} == {
        "son",
        "sold",
    }
    assert len(list_stories(warehouse)) == 3


def test_articles_of_a_story_come_in_order(three_stories):
    """The articles of a story, in the order of publication, with their delay."""
    found = story_articles(three_stories, "s1")

    assert [(row["article_id"], row["hours_after_first"]) for row in found] == [
        ("a1", 0.0),
        ("a2", 0.0),
    ]
    assert story_articles(three_stories, "s9") == []


def test_holders_of_a_batch_cost_one_scan(warehouse, load, noon):
    """A batch of 300 against thousands of recent articles is one join, not 300 scans."""
    load(
        warehouse,
        *(
            {
                "article_id": f"a{n}",
                "story_keys": tuple(range(n, n + 12)),
                "published_at": noon - timedelta(seconds=n),
            }
            for n in range(5_000)
        ),
    )
    keys = range(0, 60_000, 17)

    start = time.perf_counter()
    _, by_key = holders(warehouse, keys, noon - 72 * HOUR, noon + HOUR, **LIMITS)

    assert len(by_key) > 250
    # Sixty thousand pairs one by one would take minutes; this is no stopwatch.
    assert time.perf_counter() - start < 10
