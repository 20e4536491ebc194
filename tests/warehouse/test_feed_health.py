from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from transforms.models import HostHold, Sighting, Standing
from warehouse import queries
from warehouse.feeds import health, record_polls, sync_feeds
from warehouse.file.connect import with_memory
from warehouse.news.articles import append_sightings, hand_over
from warehouse.news.coverage import refresh_all_arrivals
from warehouse.numbers.trends import silences
from warehouse.runs import begin_run

# 300,000 articles of feeds that are silent since a hundred days.
_ARTICLES = """
insert into articles by name
select
    n as seq, n::varchar as article_id, 'r' as run_id, '' as url, '' as title,
    '' as summary, 'en' as language, 'latin' as script, false as is_digest, '' as publisher,
    'f' || n % 20 as feed_id, [] as authors,
    $noon::timestamptz - interval 100 day - to_minutes(300000 - n) as published_at,
    '' as published_raw, 'published' as published_from, published_at as first_seen_at,
    's' as story_id, [] as story_keys, '' as content_hash, '' as search_text
from range(1, 300001) as numbers (n)
"""
_SIGHTINGS = """
insert into sightings by name
select article_id, feed_id, '' as guid, '' as url, first_seen_at, seq from articles
"""


@pytest.fixture
def feed(warehouse, make_feed):
    """One configured feed."""
    sync_feeds(warehouse, [make_feed("a")])
    return warehouse


def state(con):
    [row] = health(con)
    return row["state"], row["reason"]


def run_at(con, make_run, at, run_id="now"):
    begin_run(con, make_run(run_id, started_at=at))


def articles_every(load, con, gap, count, *, until):
    load(
        con,
        *(
            {
                "article_id": f"h{n}",
                "feed_id": "a",
                "published_at": until - n * gap,
                "first_seen_at": until - n * gap + timedelta(minutes=5),
            }
            for n in range(count)
        ),
    )


def seen_in(feed_id, article_id, at):
    return Sighting(
        article_id=article_id, feed_id=feed_id, guid="", url=article_id, first_seen_at=at
    )


def test_feed_not_polled_yet(feed):
    """A feed that was never polled is not ill."""
    assert state(feed) == ("healthy", "Not polled yet.")


def test_feed_that_answers_without_articles(feed, make_poll):
    """An answer without an article is an answer."""
    record_polls(feed, [make_poll("a", "empty")], {})

    assert state(feed)[0] == "healthy"
    assert "has not brought an article" in state(feed)[1]


def test_feed_in_its_rhythm(feed, load, make_poll, make_run, noon):
    """Articles as often as usual: healthy, with the median gap as its rhythm."""
    articles_every(load, feed, timedelta(hours=6), 20, until=noon)
    record_polls(feed, [make_poll("a", "new", entries=5)], {})
    run_at(feed, make_run, noon + timedelta(hours=1))

    [row] = health(feed)
    assert row["state"] == "healthy"
    assert row["usual_gap"] == timedelta(hours=6)
    assert row["last_article_at"] == noon
    assert row["as_of"] == noon + timedelta(hours=1)
    assert row["reason"] == "Answers, and brings articles as usual."


def test_silence_beyond_the_rhythm_is_quiet(feed, load, make_poll, make_run, noon):
    """A daily feed may be silent for two days, not for three."""
    articles_every(load, feed, timedelta(days=1), 20, until=noon)
    record_polls(feed, [make_poll("a", "unchanged")], {})

    run_at(feed, make_run, noon + timedelta(hours=40), "r1")
    assert state(feed)[0] == "healthy"
    run_at(feed, make_run, noon + timedelta(days=3), "r2")
    assert state(feed) == (
        "quiet",
        "No article for 72 hours; 48 are the most to be expected.",
    )


def test_slow_feed_has_its_own_measure(feed, load, make_poll, make_run, noon):
    """Three days without an article are nothing for a weekly newsletter."""
    articles_every(load, feed, timedelta(days=7), 10, until=noon)
    record_polls(feed, [make_poll("a", "unchanged")], {})
    run_at(feed, make_run, noon + timedelta(days=9))

    assert state(feed)[0] == "healthy"


def test_feed_may_set_its_own_patience(feed, make_feed, load, make_poll, make_run, noon):
    """max_silence of feeds.toml goes before the rhythm."""
    sync_feeds(feed, [make_feed("a", max_silence=timedelta(hours=3))])
    articles_every(load, feed, timedelta(days=7), 10, until=noon)
    record_polls(feed, [make_poll("a", "unchanged")], {})
    run_at(feed, make_run, noon + timedelta(hours=4))

    assert state(feed)[0] == "quiet"


def test_rhythm_needs_five_articles(feed, load, make_poll, make_run, noon):
    """With fewer articles the view says that it is warming up rather than guess."""
    articles_every(load, feed, timedelta(hours=1), 4, until=noon)
    record_polls(feed, [make_poll("a", "new", entries=4)], {})
    run_at(feed, make_run, noon + timedelta(days=20))

    [row] = health(feed)
    assert (row["usual_gap"], row["state"]) == (None, "quiet")

    run_at(feed, make_run, noon + timedelta(hours=20), "r2")
    assert "warming up" in state(feed)[1]


def test_what_has_no_rhythm_has_not_fallen_silent(
    feed, make_feed, load, make_poll, make_run, noon
):
    """An outlet of which one article was ever seen, unless its owner said how long."""
    record_polls(feed, [make_poll("a", "new", entries=1)], {})
    later = noon + timedelta(hours=2)
    articles_every(load, feed, timedelta(days=1), 1, until=later)
    append_sightings(feed, [seen_in("a", "h0", later)], {"h0": 1})
    run_at(feed, make_run, noon + timedelta(days=20))

    assert state(feed)[0] == "quiet"
    assert silences(feed) == []
    sync_feeds(feed, [make_feed("a", max_silence=timedelta(days=2))])
    assert [row["feed_id"] for row in silences(feed)] == ["a"]


def test_another_feeds_article_counts_as_a_sign_of_life(feed, warehouse, load, noon):
    """An aggregator lives by articles that other feeds brought first."""
    load(warehouse, {"article_id": "other", "feed_id": "b"})
    seen = seen_in("a", "other", noon)
    append_sightings(warehouse, [seen], {"other": 1})

    assert health(warehouse)[0]["last_article_at"] == noon


def test_the_newest_article_of_a_feed_is_kept_batch_by_batch(warehouse, load, noon):
    """In any order, whichever feeds it was seen in, and where its date becomes another."""

    def newest():
        assert queries.run(warehouse, "checks.feed_arrivals_follow_from_sightings") == []
        return dict(warehouse.execute("from feed_arrivals").fetchall())

    days = [noon - timedelta(days=days) for days in (200, 2, 90, 0, 1)]
    specs = [
        {"article_id": f"a{n}", "feed_id": "own", "published_at": at}
        for n, at in enumerate(days)
    ]
    made = [*load(warehouse, *specs[:2]), *load(warehouse, *specs[2:])]
    at = {article.article_id: n for n, article in enumerate(made, 1)}
    assert newest() == {"own": noon}

    seen = [seen_in("digest", "a3", noon), seen_in("digest", "a0", noon)]
    append_sightings(warehouse, seen[1:], at)
    assert newest() == {"own": noon, "digest": noon - timedelta(days=200)}
    append_sightings(warehouse, seen, at)
    assert newest() == {"own": noon, "digest": noon}

    dated = replace(made[3], published_at=noon - timedelta(days=120))
    hand_over(warehouse, [dated], at=at)
    assert newest() == {
        "own": noon - timedelta(days=1),
        "digest": noon - timedelta(days=120),
    }


def test_feeds_that_are_silent_for_long_cost_no_history(
    data, warehouse, make_feed, make_run, noon
):
    """After a new list of feeds, all that is on record is of feeds that are gone."""
    sync_feeds(warehouse, [make_feed(f"f{n}") for n in range(20)])
    sync_feeds(warehouse, [make_feed("new")])
    run_at(warehouse, make_run, noon)
    warehouse.execute(_ARTICLES, {"noon": noon})
    warehouse.execute(_SIGHTINGS)
    refresh_all_arrivals(warehouse)

    with with_memory(warehouse, "24MB"):
        warehouse.execute("set max_temp_directory_size = '0MB'")
        rows = health(warehouse)

    silent = {row["last_article_at"] for row in rows if row["feed_id"] != "new"}
    assert (len(rows), len(silent)) == (21, 20)
    assert max(silent) == noon - timedelta(days=100)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        pytest.param(["new", "transient_error"], "healthy", id="one passing failure"),
        pytest.param(["transient_error"], "failing", id="never answered"),
        pytest.param(["transient_error"] * 3, "failing", id="three in a row"),
        pytest.param(["not_a_feed"], "failing", id="a web page does not pass by itself"),
        pytest.param(["gone"], "failing", id="gone once"),
        pytest.param(["gone"] * 2, "dead", id="gone twice"),
        pytest.param(["gone", "transient_error", "gone"], "dead", id="gone in between"),
        pytest.param(["gone", "gone", "transient_error"], "dead", id="gone, then silent"),
        pytest.param(["gone"] * 3 + ["new"], "healthy", id="back again"),
        pytest.param(["new", "moved"], "failing", id="moved to a page that is no feed"),
        pytest.param(["challenge"] * 12, "failing", id="long, but for hours only"),
    ],
)
def test_failures_add_up(feed, make_poll, outcomes, expected):
    """The state follows from the kind of failure and how often it came in a row."""
    record_polls(
        feed, [make_poll("a", outcome, error="HTTP 500") for outcome in outcomes], {}
    )

    assert state(feed)[0] == expected


def test_failing_for_two_weeks_is_dead(feed, make_poll, make_run, noon):
    """Ten failures over fourteen days: nobody answers any more."""
    record_polls(
        feed,
        [
            make_poll("a", "transient_error", polled_at=noon + timedelta(days=2 * n))
            for n in range(10)
        ],
        {},
    )
    run_at(feed, make_run, noon + timedelta(days=20))

    assert state(feed)[0] == "dead"


def test_reasons_are_sentences(feed, make_poll):
    """A failure's words are part of the reason, with one full stop."""
    record_polls(feed, [make_poll("a", "transient_error", error="timed out.")], {})
    assert state(feed)[1] == (
        "Has never answered: 1 failed poll, the last one transient error: timed out."
    )

    failed = make_poll("a", "transient_error", error="timed out.")
    record_polls(feed, [make_poll("a", "new"), failed], {})
    assert state(feed)[1].endswith("passes: timed out.")

    record_polls(feed, [make_poll("a", "not_a_feed")], {})
    assert state(feed)[1] == "2 failed polls in a row, the last one not a feed."

    record_polls(feed, [make_poll("a", "gone"), make_poll("a", "gone")], {})
    assert state(feed)[1] == (
        "Gone (410), retired on 2026-08-04; asked once a week in case it comes back."
    )


def test_disabled_feed_is_paused(feed, make_poll):
    """A feed that is not polled is neither well nor ill."""
    record_polls(feed, [make_poll("a", "gone")] * 5, {})
    sync_feeds(feed, [])

    assert state(feed)[0] == "paused"


def test_clock_that_went_back_is_the_clock(feed, load, make_poll, make_run, noon):
    """Health is judged at the last run by order, as a replay needs it."""
    articles_every(load, feed, timedelta(hours=1), 9, until=noon)
    record_polls(feed, [make_poll("a", "new", entries=9)], {})
    run_at(feed, make_run, noon + timedelta(days=300), "r1")
    assert state(feed)[0] == "quiet"

    run_at(feed, make_run, noon + timedelta(hours=1), "r2")
    assert state(feed)[0] == "healthy"


def test_a_desk_that_rests_and_one_that_breaks(
    warehouse, make_feed, load, make_poll, make_run, noon
):
    """A weekend without news is rest, a longer silence is quiet, and no answer is neither.

    Two outlets bring an article each three hours on working days. From Friday evening
    one answers "unchanged", the other a gateway's error.
    """
    con = warehouse
    sync_feeds(con, [make_feed("rests"), make_feed("breaks")])
    friday = noon + timedelta(days=3, hours=6)
    for feed_id in ("rests", "breaks"):
        moments = [
            friday - timedelta(days=day, hours=3 * n)
            for day in range(15)
            for n in range(5)
            if (friday - timedelta(days=day)).weekday() < 5
        ]
        load(
            con,
            *(
                {
                    "article_id": f"{feed_id}{n}",
                    "feed_id": feed_id,
                    "published_at": moment,
                    "first_seen_at": moment + timedelta(minutes=9),
                }
                for n, moment in enumerate(moments)
            ),
        )
    record_polls(
        con, [make_poll(f, polled_at=friday, entries=9) for f in ("rests", "breaks")], {}
    )

    def states_after(hours):
        at = friday + timedelta(hours=hours)
        record_polls(
            con,
            [
                make_poll("rests", "unchanged", polled_at=at),
                make_poll("breaks", "transient_error", polled_at=at, error="HTTP 502"),
            ],
            {},
        )
        run_at(con, make_run, at, f"r{hours}")
        return {row["feed_id"]: row["state"] for row in health(con)}

    assert states_after(12) == {"rests": "healthy", "breaks": "healthy"}
    assert states_after(24) == {"rests": "healthy", "breaks": "healthy"}
    assert states_after(47) == {"rests": "healthy", "breaks": "failing"}
    assert states_after(80) == {"rests": "quiet", "breaks": "failing"}


def test_host_that_wants_rest_holds_all_its_feeds(warehouse, make_feed, make_poll, noon):
    """A Retry-After that one feed was told is the next poll of every feed of the host."""
    sync_feeds(
        warehouse,
        [
            make_feed("a", url="https://Busy.example/a"),
            make_feed("b", url="https://busy.example:443/b"),
            make_feed("c", url="https://else.example/c"),
        ],
    )
    until = noon + timedelta(hours=5)
    record_polls(
        warehouse,
        [
            make_poll("a", "transient_error", next_poll_at=until, retry_after_at=until),
            make_poll("b", "unchanged", next_poll_at=noon + timedelta(hours=1)),
            make_poll("c", "unchanged", next_poll_at=noon + timedelta(hours=1)),
        ],
        {},
        holds=[HostHold(host="busy.example", until=until, asked_at=noon, feed_id="a")],
    )

    rows = {row["feed_id"]: row for row in health(warehouse)}

    assert [rows[key]["retry_after_at"] for key in "abc"] == [until, until, None]
    assert rows["b"]["next_poll_at"] == until
    assert rows["b"]["reason"].endswith(
        "Its server asked to be left alone until 2026-08-04 09:00 UTC."
    )
    assert rows["c"]["next_poll_at"] == noon + timedelta(hours=1)


def test_a_hold_from_a_later_clock_is_none(feed, make_poll, make_run, noon):
    """What a pretended clock of next year was told holds nothing back today."""
    later = noon + timedelta(days=365)
    record_polls(
        feed,
        [
            make_poll(
                "a",
                "transient_error",
                polled_at=later,
                retry_after_at=later + timedelta(hours=1),
            )
        ],
        {},
        holds=[
            HostHold(
                host="a.example",
                until=later + timedelta(hours=1),
                asked_at=later,
                feed_id="a",
            )
        ],
    )
    run_at(feed, make_run, noon)

    assert health(feed)[0]["retry_after_at"] is None


def test_adopted_address_pace_and_score_are_shown(feed, make_poll, noon):
    """What polls taught about a feed stands in its row, as long as its address does."""
    standing = Standing(
        url="https://a.example/feed",
        pace=timedelta(hours=3),
        error_score=0.25,
        moved_to="https://new.example/feed",
        adopted_at=noon - timedelta(days=2),
        distrusted_until=noon + timedelta(days=9),
    )
    record_polls(feed, [make_poll("a", entries=1)], {}, {"a": standing})

    [row] = health(feed)
    assert (row["pace"], row["error_score"]) == (timedelta(hours=3), 0.25)
    assert row["moved_to"] == "https://new.example/feed"
    assert (
        "It moved for good and is asked at https://new.example/feed since 2026-08-02."
        in row["reason"]
    )
    assert "so it is asked for whole until 2026-08-13." in row["reason"]


def test_what_was_learned_elsewhere_is_not_shown(feed, make_feed, make_poll, noon):
    """A feed whose url changed in feeds.toml has not moved from there."""
    standing = Standing(
        url="https://a.example/feed",
        moved_to="https://new.example/feed",
        adopted_at=noon,
    )
    record_polls(feed, [make_poll("a")], {}, {"a": standing})
    sync_feeds(feed, [make_feed("a", url="https://third.example/feed")])

    assert health(feed)[0]["moved_to"] is None


def test_document_that_always_breaks_off_is_failing(feed, make_poll):
    """It brings articles but is never read whole, so nothing of it is alerted."""
    cut = make_poll("a", "new", entries=5, error="the end of the document is missing")
    record_polls(feed, [cut, cut], {})
    assert state(feed)[0] == "healthy"

    record_polls(feed, [make_poll("a", "unchanged")], {})
    assert state(feed)[0] == "failing"
    assert "nothing of it is alerted" in state(feed)[1]

    record_polls(feed, [make_poll("a", "new", entries=9)], {})
    assert state(feed)[0] == "healthy"
