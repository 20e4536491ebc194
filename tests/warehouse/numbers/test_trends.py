from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from brief_rows import asked_of

from transforms.models import Burst, DayCount, Delivery, EmergingTerm, LevelShift
from warehouse.alerting.alerts import append_alerts
from warehouse.alerting.outbox import append_messages, record_deliveries
from warehouse.feeds import sync_feeds
from warehouse.news.findings import sync_watchlist
from warehouse.numbers.brief import Hindsight
from warehouse.numbers.trends import (
    day_counts,
    first_day,
    panel_counts,
    replace_bursts,
    replace_emerging_terms,
    replace_level_shifts,
    titles_for_terms,
    today,
    trends,
)
from warehouse.runs import set_reporting_zone

pytestmark = pytest.mark.slow

TUESDAY = date(2026, 8, 4)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def watched(warehouse, make_company, make_topic):
    sync_watchlist(
        warehouse,
        [
            make_company("alibaba", name_zh="阿里巴巴"),
            make_company("taobao", kind="brand", parent_id="alibaba"),
            make_company("tencent"),
            make_company("cac", kind="regulator", sector="regulator-cn"),
            make_company("bis", kind="regulator", sector="regulator-us"),
        ],
        [],
        [
            make_topic("chips"),
            make_topic("us-export-controls", boards=["policy"]),
            make_topic("funding", "event", boards=["money"]),
            make_topic("regulation-penalty", "event", boards=["policy", "top-stories"]),
            make_topic("sanction-export-control", "event", boards=["policy"]),
        ],
    )
    return warehouse


def burst(subject_id, day=TUESDAY, kind="company"):
    return Burst(
        subject_id=subject_id, kind=kind, day=day, observed=9, expected=1.5, p=1e-4, q=1e-3
    )


def test_today_is_a_day_of_the_reporting_zone(warehouse):
    """Seventeen o'clock in London is tomorrow in Shanghai."""
    assert today(warehouse, datetime(2026, 8, 3, 17, tzinfo=UTC)) == TUESDAY


def test_first_day_is_that_of_the_first_article(warehouse, load, noon):
    """Without an article there is none."""
    assert first_day(warehouse) is None
    load(warehouse, {"article_id": "a1"}, {"article_id": "a2", "published_at": noon - DAY})
    assert first_day(warehouse) == date(2026, 8, 3)


def test_day_counts_are_stories_of_companies_and_topics(watched, load, noon):
    """Copies, digests and event types are not counted; both ends are included."""
    load(
        watched,
        {
            "article_id": "a1",
            "story_id": "s1",
            "companies": ["tencent"],
            "topics": ["chips"],
        },
        {"article_id": "a2", "story_id": "s1", "companies": ["tencent"]},
        {"article_id": "a3", "companies": ["tencent"], "is_digest": True},
        {"article_id": "a4", "companies": ["tencent"], "events": ["funding"]},
        {"article_id": "b1", "companies": ["tencent"], "published_at": noon - DAY},
        {"article_id": "c1", "companies": ["tencent"], "published_at": noon - 2 * DAY},
    )

    assert day_counts(watched, since=TUESDAY - DAY, until=TUESDAY) == [
        DayCount(subject_id="tencent", kind="company", day=TUESDAY - DAY, stories=1),
        DayCount(subject_id="tencent", kind="company", day=TUESDAY, stories=2),
        DayCount(subject_id="chips", kind="topic", day=TUESDAY, stories=1),
    ]


def test_as_of_leaves_out_what_was_not_seen(watched, load, noon):
    """An article that arrived later had not been known then."""
    load(
        watched,
        {"article_id": "a1", "companies": ["tencent"]},
        {"article_id": "a2", "companies": ["tencent"], "first_seen_at": noon + 5 * HOUR},
    )

    [count] = day_counts(watched, since=TUESDAY, until=TUESDAY, as_of=noon + HOUR)
    assert count.stories == 1
    parts = trends(watched, since=TUESDAY, until=TUESDAY, as_of=noon + HOUR)
    [row] = parts["share_of_voice"]
    assert (row["company_id"], row["stories"], row["share"]) == ("tencent", 1, 1.0)


def test_bursts_are_replaced_for_their_period(watched):
    """Recomputed days replace what was recorded for them and touch no others."""
    earlier = burst("tencent", TUESDAY - 9 * DAY)
    replace_bursts(watched, [burst("cac"), earlier], since=TUESDAY, until=TUESDAY)
    replace_bursts(watched, [burst("bis")], since=TUESDAY - DAY, until=TUESDAY)

    found = watched.execute("select subject_id, day from bursts order by day").fetchall()
    assert found == [("tencent", TUESDAY - 9 * DAY), ("bis", TUESDAY)]
    replace_bursts(watched, [], since=TUESDAY - 9 * DAY, until=TUESDAY)
    assert watched.execute("from bursts").fetchall() == []


def test_terms_are_replaced_for_their_week(watched):
    """A week has the terms that were found last."""
    week = date(2026, 8, 3)
    old = EmergingTerm(week=week, term="old", language="en", count=4, z=3.0)
    new = EmergingTerm(week=week, term="新词", language="zh", count=5, z=4.0)
    replace_emerging_terms(watched, [old], week=week)
    replace_emerging_terms(watched, [new], week=week)

    assert watched.execute("from emerging_terms").fetchall() == [
        (week, "新词", "zh", 5, 4.0)
    ]


def test_titles_are_one_per_story_and_language(watched, load, noon):
    """Ten copies of a headline are one; this week and the weeks before are apart."""
    load(
        watched,
        {"article_id": "a1", "story_id": "s1", "title": "First"},
        {"article_id": "a2", "story_id": "s1", "title": "Copy"},
        {"article_id": "a3", "story_id": "s1", "title": "中文", "language": "zh"},
        {"article_id": "b1", "title": "Before", "published_at": noon - 7 * DAY},
        {"article_id": "c1", "title": "Long ago", "published_at": noon - 70 * DAY},
        {"article_id": "d1", "title": "Digest", "is_digest": True},
    )

    current, before = titles_for_terms(watched, week=date(2026, 8, 3), weeks=4)

    assert sorted(current) == [("First", "en", "Sample"), ("中文", "zh", "Sample")]
    assert before == [("Before", "en", "Sample")]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Shanghai", "Etc/GMT+12"])
def test_titles_are_of_whole_weeks_in_any_zone(watched, load, zone):
    """From the first moment of the first Monday to the last of the last Sunday."""
    set_reporting_zone(watched, zone)
    monday = datetime(2026, 8, 3, tzinfo=ZoneInfo(zone))
    moments = {
        "too early": monday - 28 * DAY - SECOND,
        "first": monday - 28 * DAY,
        "before": monday - SECOND,
        "begins": monday,
        "ends": monday + 7 * DAY - SECOND,
        "too late": monday + 7 * DAY,
    }
    load(
        watched,
        *(
            {"article_id": title, "title": title, "published_at": at.astimezone(UTC)}
            for title, at in moments.items()
        ),
    )

    current, before = titles_for_terms(watched, week=monday.date(), weeks=4)

    assert sorted(title for title, *_ in current) == ["begins", "ends"]
    assert sorted(title for title, *_ in before) == ["before", "first"]


@pytest.fixture
def month(watched, load, noon):
    """A month of Alibaba, a story of today, and what a brief has boards for."""
    load(
        watched,
        *(
            {
                "article_id": f"old{n}",
                "companies": ["alibaba"],
                "published_at": noon - n * DAY,
                "topics": ["chips"],
            }
            for n in range(1, 35)
        ),
        *(
            {
                "article_id": f"big{n}",
                "story_id": "sbig",
                "title": title,
                "publisher": publisher,
                "language": language,
                "published_at": noon - n * HOUR,
                "companies": ["taobao", "cac"],
                "events": ["regulation-penalty"],
            }
            for n, (title, publisher, language) in enumerate(
                [("Taobao fined", "Wire", "en"), ("淘宝被罚", "甲报", "zh")]
            )
        ),
        {
            "article_id": "cut",
            "title": "US curbs chips",
            "topics": ["us-export-controls"],
            "events": ["sanction-export-control"],
        },
        {
            "article_id": "ask",
            "title": "Tencent raises $2 billion",
            "companies": ["tencent"],
            "events": ["funding"],
            "published_from": "relative",
        },
        *(
            {
                "article_id": f"gap{n}",
                "story_id": "sgap",
                "title": "只有中文",
                "publisher": publisher,
                "language": "zh",
                "published_at": noon - 40 * HOUR,
            }
            for n, publisher in enumerate(["甲报", "乙报"])
        ),
    )
    replace_bursts(watched, [burst("taobao")], since=TUESDAY, until=TUESDAY)
    week = date(2026, 8, 3)
    term = EmergingTerm(week=week, term="Fined", language="en", count=4, z=3.0)
    replace_emerging_terms(watched, [term], week=week)
    return watched


def brief(con, noon, **terms):
    return asked_of(con, since=noon - 23 * HOUR, until=noon + HOUR, **terms)


def test_brief_has_its_window(month, noon):
    """How much there was, and how much there usually is."""
    [window] = brief(month, noon)["window"]

    assert (window["articles"], window["stories"]) == (4, 3)
    assert window["usual_stories"] == pytest.approx(29 / 28, abs=0.1)


def test_brief_has_a_story_with_its_outlets(month, noon):
    """Two outlets with words of their own, a penalty, a tracked company: on top."""
    top = brief(month, noon)["stories"][0]

    assert top["story_id"] == "sbig"
    assert (top["headline_en"], top["headline_zh"]) == ("Taobao fined", "淘宝被罚")
    assert (top["url_en"], top["url_zh"]) == (
        "https://x.example/big0",
        "https://x.example/big1",
    )
    assert top["url"] == top["url_zh"]
    assert top["first_publisher"] == "甲报"
    assert top["companies"] == ["cac", "taobao"]
    assert top["events"] == ["regulation-penalty"]
    assert (top["articles"], top["publishers"]) == (2, 2)


def test_brief_follows_each_company(month, noon):
    """Stories now and before, 29 days for a sparkline, the top story and topics."""
    rows = {row["company_id"]: row for row in brief(month, noon)["companies"]}

    assert set(rows) == {"alibaba", "taobao", "tencent"}
    assert (rows["alibaba"]["stories"], rows["alibaba"]["previous_stories"]) == (0, 1)
    assert rows["alibaba"]["days"] == [1] * 28 + [0]
    assert rows["taobao"]["days"] == [0] * 28 + [1]
    assert rows["taobao"]["top_headline"] in {"Taobao fined", "淘宝被罚"}
    assert rows["alibaba"]["topics"] == []


def test_brief_shows_bursts_with_their_story(month, noon):
    """A burst comes with its numbers and the story that most outlets told."""
    [row] = brief(month, noon)["bursts"]

    assert (row["subject_id"], row["name"], row["observed"], row["q"]) == (
        "taobao",
        "Taobao",
        9,
        1e-3,
    )
    assert row["headline"] == "淘宝被罚"


def test_as_of_recorded_bursts_and_terms_are_not_looked_at(month, noon):
    """They know what came later: what was found anew stands in, or nothing."""
    found = Hindsight(
        bursts=[burst("alibaba")],
        terms=[],
        counted=(TUESDAY - 56 * DAY, TUESDAY),
        titled=(date(2026, 7, 6), date(2026, 8, 3)),
    )
    terms = {"since": TUESDAY, "until": TUESDAY, "as_of": noon}

    blind = brief(month, noon, as_of=noon)
    then = brief(month, noon, as_of=noon, found=found)

    assert (blind["bursts"], blind["emerging"]) == ([], [])
    assert [row["subject_id"] for row in then["bursts"]] == ["alibaba"]
    assert trends(month, **terms)["bursts"] == []
    seen = trends(month, **terms, found=found)["bursts"]
    assert [row["subject_id"] for row in seen] == ["alibaba"]
    # The recorded ones are still there, and found again without as_of.
    assert [row["subject_id"] for row in brief(month, noon)["bursts"]] == ["taobao"]
    assert len(brief(month, noon)["emerging"]) == 1


def test_as_of_the_printed_queries_give_what_the_statistics_were_given(month, noon):
    """The counts and headlines seen by then, with a note that the test is in Python."""
    found = Hindsight(
        bursts=[],
        terms=[],
        counted=(TUESDAY - 56 * DAY, TUESDAY),
        titled=(date(2026, 7, 6), date(2026, 8, 3)),
    )
    asked = brief(month, noon, as_of=noon, found=found)["queries"]

    counts = month.execute(asked["bursts"]).fetchall()
    assert counts
    assert counts == [
        (c.subject_id, c.kind, c.day, c.stories)
        for c in day_counts(month, since=TUESDAY - 56 * DAY, until=TUESDAY, as_of=noon)
    ]
    assert "in Python" in asked["bursts"]
    now, before = titles_for_terms(month, week=date(2026, 8, 3), weeks=4, as_of=noon)
    assert len(month.execute(asked["emerging"]).fetchall()) == len(now) + len(before)
    assert not {"bursts", "emerging"} & set(brief(month, noon, as_of=noon)["queries"])


def test_as_of_the_state_of_feeds_is_not_known(month, noon, make_feed):
    """The view judges by the last run, which may be later."""
    sync_feeds(month, [make_feed()])

    assert len(brief(month, noon)["sources"]) == 1
    then = brief(month, noon, as_of=noon)
    assert "sources" not in then
    assert "sources" not in then["queries"]


def test_as_of_what_is_warming_up_is_told_by_what_had_been_seen(month, noon):
    """History that was imported later had not been there; now is what the view says."""
    view = month.execute(
        "select relation, state, days, needed from readiness "
        "where state = 'warming_up' order by relation"
    ).fetchall()
    day = {"since": TUESDAY, "until": TUESDAY}
    assert [tuple(row.values()) for row in trends(month, **day)["warming_up"]] == view
    assert brief(month, noon)["warming_up"] == []

    young = trends(month, **day, as_of=noon - 30 * DAY)["warming_up"]

    assert {"relation": "bursts", "state": "warming_up", "days": 4, "needed": 29} in young
    shown = brief(month, noon, as_of=noon - 30 * DAY)["warming_up"]
    assert shown == [row for row in young if row in shown]
    # Of what a brief does not show it need not say how young it is.
    assert {row["relation"] for row in young} - {row["relation"] for row in shown} == {
        "movers",
        "level_shifts",
        "lead_lag",
        "source_league",
    }


def test_as_of_an_alert_has_the_state_of_then(month, noon, make_alert, make_message):
    """What was delivered later was still pending; what was tried before is told."""
    append_alerts(month, [make_alert(), make_alert("x2", state="suppressed")])
    append_messages(month, [make_message()])
    tries = [("retry", 1, noon + HOUR / 4), ("delivered", 2, noon + HOUR / 2)]
    for outcome, attempt, at in tries:
        tried = Delivery(
            message_id="m1",
            alert_id="x1",
            channel_id="desk",
            attempt=attempt,
            attempted_at=at,
            outcome=outcome,
        )
        record_deliveries(month, [tried])

    def states(as_of):
        rows = brief(month, noon, as_of=as_of)["alerts"]
        return {row["alert_id"]: row["state"] for row in rows}

    assert states(noon - HOUR) == {}
    assert states(noon) == {"x1": "pending", "x2": "suppressed"}
    assert states(noon + HOUR / 3) == {"x1": "pending", "x2": "suppressed"}
    assert states(noon + HOUR) == {"x1": "delivered", "x2": "suppressed"}
    assert states(None) == states(noon + HOUR)


def test_brief_names_newcomers_only_with_a_past_to_be_new_to(month, noon):
    """Thirty-four days of coverage: whom two outlets name that was not in it is new."""
    names = {row["company_id"] for row in brief(month, noon)["entrants"]}

    assert names == {"taobao"}
    early = asked_of(month, since=noon - 20 * DAY, until=noon - 19 * DAY)
    assert early["entrants"] == []


def test_brief_has_the_money(month, noon):
    """Event, company and the amount as the headline has it."""
    [row] = brief(month, noon)["money"]

    assert (row["event"], row["companies"], row["amount"]) == (
        "funding",
        ["tencent"],
        "$2 billion",
    )


def test_brief_lists_gaps_of_a_day_ago(month, noon):
    """Younger stories may still follow in the other language."""
    [row] = brief(month, noon)["gaps"]

    assert (row["story_id"], row["language"], row["publishers"]) == ("sgap", "zh", 2)


def test_brief_says_how_good_its_data_are(month, noon):
    """Dates that had to be guessed, and the delay between publication and arrival."""
    [row] = brief(month, noon)["quality"]

    assert (row["articles"], row["estimated"], row["undated"]) == (4, 1, 0)
    assert row["delay_median_min"] == 10


def test_brief_of_dates_is_of_the_reporting_zone(month):
    """A date means midnight in Shanghai."""
    data = asked_of(month, since=TUESDAY, until=TUESDAY + DAY)

    assert data["window"][0]["articles"] == 4
    assert "timestamptz '2026-08-03 16:00:00+00'" in data["queries"]["window"]


def test_brief_of_what_had_been_seen(month, noon):
    """As of yesterday nothing of today is known."""
    data = brief(month, noon, as_of=noon - DAY)

    assert data["window"][0]["articles"] == 0
    assert data["stories"] == []


def test_every_number_can_be_traced(month, noon):
    """The SQL that comes with a brief gives the rows of the brief."""
    data = brief(month, noon)

    for key, sql in data["queries"].items():
        result = month.execute(sql)
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        assert rows == data[key]
        assert "$" not in sql.replace("[$€£¥]", "")


def test_brief_of_an_empty_warehouse_is_empty(warehouse, noon):
    """Nothing is made up where there is nothing."""
    data = brief(warehouse, noon)

    [window] = data["window"]
    assert (window["articles"], window["stories"], window["publishers"]) == (0, 0, 0)
    assert (window["usual_stories"], window["days_on_record"]) == (None, 0)
    assert not window["is_comparable"]
    assert not any(data[key] for key in ("stories", "companies", "bursts", "share"))
    assert data["warming_up"]


def test_trends_of_a_period(month):
    """Shares, movers, topics and bursts of a period; what is too young is named."""
    parts = trends(month, since=TUESDAY - DAY, until=TUESDAY)

    assert set(parts) - {"warming_up"} == {
        "share_of_voice",
        "movers",
        "changes",
        "level_shifts",
        "topics",
        "emerging_terms",
        "co_mentions",
        "not_yet_in_english",
        "lead_lag",
        "source_league",
        "bursts",
    }
    shares = {row["company_id"]: row["share"] for row in parts["share_of_voice"]}
    assert shares == {"alibaba": pytest.approx(2 / 3), "tencent": pytest.approx(1 / 3)}
    changes = {row["company_id"]: row["change"] for row in parts["changes"]}
    # A brand counts for its owner: one more of the one is one less of the other.
    assert changes == {"tencent": 1, "alibaba": 0}
    assert [row["subject_id"] for row in parts["bursts"]] == ["taobao"]


def test_trends_of_one_company_take_its_brands(month):
    """Day by day, with what it is about and its own bursts only."""
    parts = trends(month, since=TUESDAY - DAY, until=TUESDAY, company="alibaba")

    days = [(row["day"], row["articles"]) for row in parts["company_days"]]
    assert days == [(TUESDAY - DAY, 1), (TUESDAY, 2)]
    topics = {row["topic_id"] for row in parts["company_topics"]}
    assert topics == {"chips", "regulation-penalty"}
    assert parts["bursts"] == []


def test_trends_of_one_topic_name_its_companies(month):
    """Day by day, with the companies in it."""
    parts = trends(month, since=TUESDAY - DAY, until=TUESDAY, topic="chips")

    assert [row["stories"] for row in parts["topic_days"]] == [1]
    assert [row["company_id"] for row in parts["topic_companies"]] == ["alibaba"]


def test_an_event_with_the_id_of_a_topic_is_not_counted_with_it(month):
    """A topic and a type of event may share an id; the topic is meant."""
    month.execute(
        """insert into topics by name
        select * replace ('event' as kind) from topics where topic_id = 'chips'"""
    )
    month.execute(
        """insert into tags by name
        select * replace ('chips' as topic_id) from tags where kind = 'event'"""
    )

    parts = trends(month, since=TUESDAY - DAY, until=TUESDAY, topic="chips")

    assert [row["stories"] for row in parts["topic_days"]] == [1]
    assert [row["company_id"] for row in parts["topic_companies"]] == ["alibaba"]


def test_young_warehouse_says_that_it_is_warming_up(watched, load):
    """A day of history is not enough for a level."""
    load(watched, {"article_id": "a1", "companies": ["tencent"]})

    parts = trends(watched, since=TUESDAY, until=TUESDAY)

    assert "bursts" in {row["relation"] for row in parts["warming_up"]}


def test_trends_are_those_of_the_views(month, noon):
    """What stands in for the views while trends are asked gives what they give."""
    week = TUESDAY - DAY
    shares = "select company_id, corrected, low, high from share_of_voice where week = ?"
    view = {row[0]: row[1:] for row in month.execute(shares, [week]).fetchall()}

    found = trends(month, since=week, until=week + 6 * DAY)
    part = {
        row["company_id"]: (row["corrected"], row["low"], row["high"])
        for row in found["share_of_voice"]
    }

    assert part == view
    league = {row["publisher"]: row["stories"] for row in found["source_league"]}
    last = week + 6 * DAY
    asked = "select publisher, stories from sources_between($1, $2)"
    assert league == dict(month.execute(asked, [last - 27 * DAY, last + DAY]).fetchall())


def test_the_views_of_trends_are_as_of(month, noon, load):
    """A story that had not come in was told by nobody; now it is."""
    late = {"story_id": "slate", "language": "zh", "published_at": noon - 60 * HOUR}
    load(
        month,
        *(
            {"article_id": f"late{p}", "publisher": p, "first_seen_at": noon + DAY} | late
            for p in ("甲报", "乙报", "丙报")
        ),
    )
    days = {"since": TUESDAY - 7 * DAY, "until": TUESDAY}

    def untold(**terms):
        return [r["story_id"] for r in trends(month, **days, **terms)["not_yet_in_english"]]

    assert untold(as_of=noon + HOUR) == ["sgap"]
    assert untold() == ["slate", "sgap"]
    # And the file is as it was: nothing that stood in has stayed.
    assert month.execute(
        "select count(*) from duckdb_tables() where temporary"
    ).fetchone() == (0,)
    assert month.execute(
        "select count(*) from duckdb_views() where temporary and not internal"
    ).fetchone() == (0,)


def test_a_shift_is_told_in_a_sentence(month):
    """The latest shift of each subject, by the name that people know it by."""
    shift = LevelShift(
        subject_id="tencent", kind="company", since=date(2026, 7, 2), until=TUESDAY,
        before=4.0, after=9.2, ratio=2.31, low=1.7, high=3.1, gain=33.0,
    )  # fmt: skip
    replace_level_shifts(month, [shift, replace(shift, subject_id="cac")])
    replace_level_shifts(month, [shift])

    parts = trends(month, since=TUESDAY - DAY, until=TUESDAY)
    [row] = parts["level_shifts"]

    assert row["told"] == "since 2 July coverage of Tencent runs at 2.3 times"
    one = trends(month, since=TUESDAY, until=TUESDAY, company="alibaba")
    assert one["level_shifts"] == []
    # Looking back, only what was found of then counts.
    then = trends(
        month, since=TUESDAY, until=TUESDAY, as_of=datetime(2026, 8, 4, tzinfo=UTC)
    )
    assert then["level_shifts"] == []


def test_the_panel_is_of_outlets_that_were_there_all_along(watched, load, noon):
    """One that came in the middle, one that left, one that hardly ever tells: left out."""
    there = {
        "Steady": range(56),
        "New": range(20),
        "Gone": range(20, 56),
        "Rare": (0, 25, 55),
    }
    load(
        watched,
        *(
            {
                "article_id": f"{publisher}{n}",
                "publisher": publisher,
                "companies": ["tencent"],
                "topics": ["chips"],
                "published_at": noon - n * DAY,
            }
            for publisher, days in there.items()
            for n in days
        ),
    )
    span = {"since": TUESDAY - 55 * DAY, "until": TUESDAY}

    counts = panel_counts(watched, **span)

    assert {count.stories for count in counts} == {1}
    assert len(counts) == 2 * 56
    assert panel_counts(watched, **span, as_of=noon - 30 * DAY) == []
