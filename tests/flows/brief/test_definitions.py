"""Each number has one definition: what views say of weeks, macros say of any days.

All weeks of three warehouses are walked: ten weeks of invented news with the demo's feeds;
as many drawn by chance, with feeds that were down and a day of 23 hours; and four weeks
of real feeds, where their captures are at hand.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import duckdb
import pytest
from brief_rows import asked_of
from either_kind import publish, writer

from warehouse.file.connect import PUBLISHED_NAME, transaction
from warehouse.news.coverage import refresh_all_coverage
from warehouse.numbers.brief import seen_by
from warehouse.numbers.trends import bursts, trends
from warehouse.queries import sql
from warehouse.runs import set_reporting_zone

pytestmark = pytest.mark.slow

WEEK = timedelta(days=7)

DRAWN = """
insert into companies
select
    'c' || i, 'Company ' || i, '',
    case when i % 10 < 7 then 'company' when i % 10 < 8 then 'brand' else 'regulator' end,
    'sector', case when i % 10 = 7 then 'c' || (i - 1) end, [], 'CN'
from range(40) as numbers (i);

insert into feeds by name
select
    'f' || i as feed_id, 'https://f' || i || '.example/feed' as url,
    'Outlet ' || i as publisher, '' as language, '' as region, 'news' as kind,
    true as enabled, 'UTC' as timezone
from range(8) as numbers (i);

-- Every feed every six hours; each is down on some days, feed 7 for three weeks.
insert into feed_polls by name
select
    'f' || feed as feed_id, tick * 8 + feed as seq, 'r1' as run_id,
    timestamptz '2026-03-02 00:00:00+00' + to_hours(6 * tick) as polled_at,
    case when hash(feed, tick // 4) % 6 = 0 or (feed = 7 and tick // 84 % 2 = 0)
        then 'transient_error' else 'unchanged' end as outcome,
    0 as duration_ms, 0 as bytes, 0 as entries, 0 as new_articles
from range(280) as ticks (tick), range(8) as feeds (feed);

insert into poll_days by name from poll_days_of('feed_polls');

insert into articles by name
with drawn as (
    select
        i,
        (i * 0.4 + 12 * pow((hash(i) % 1000) / 1000.0, 8))::bigint as story,
        (hash(i, 1) % 8)::bigint as feed,
        timestamptz '2026-03-02 00:00:00+00' + to_seconds(i * 1512) as published_at
    from range(4000) as numbers (i)
)
select
    'a' || i as article_id, i as seq, 'r1' as run_id, 'https://f.example/' || i as url,
    'Headline of ' || i // 3 as title, '' as summary,
    case when feed % 2 = 0 then 'zh' else 'en' end as language, 'latin' as script,
    hash(i, 2) % 50 = 0 as is_digest, 'Outlet ' || feed as publisher,
    'f' || feed as feed_id, [] as authors, published_at, '' as published_raw,
    case when hash(i, 3) % 20 = 0 then 'first_seen' else 'published' end as published_from,
    published_at + interval 10 minute as first_seen_at, 's' || story as story_id,
    [] as story_keys, 'h' || i as content_hash, '' as search_text
from drawn
-- What a feed that was down brought is lost, but for some of it.
where not exists (
    from feed_polls as p
    where p.feed_id = 'f' || feed and p.outcome = 'transient_error'
    and abs(epoch(p.polled_at) - epoch(drawn.published_at)) < 43200
    and hash(i, 4) % 40 > 0
);

insert into mentions by name
select distinct
    article_id,
    'c' || floor(40 * pow((hash(story_id, n) % 1000) / 1000.0, 3))::integer as company_id,
    case when hash(seq, n) % 9 = 0 then 'content' else 'title' end as field,
    'alias' as alias, 0 as start, 5 as length, 'w0' as rules_version
from articles, range(3) as numbers (n);

insert into topics
select 't' || i, case when i < 7 then 'topic' else 'event' end, 'Topic ' || i, '', null, []
from range(10) as numbers (i);

insert into topics
values ('rnd-talent', 'topic', 'Research', '', null, ['theme-research']);

insert into tags by name
select distinct
    article_id,
    case when i = 6 then 'rnd-talent' else 't' || i end as topic_id,
    case when i < 7 then 'topic' else 'event' end as kind,
    'term' as term, 1.0 as score, 'w0' as rules_version, seq
from articles, range(2) as numbers (n), (select unnest(range(10)) as i) as topics
where hash(story_id, n, 7) % 10 = i;

insert into bursts
select 'c' || i, 'company', date '2026-05-04' + i::integer, 9, 1.5, 1e-6, 1e-4
from range(7) as numbers (i);
"""
# On the last day all that is told of bursts, topics surer than companies.
ON_THE_LAST = """
insert into bursts
select
    subject_id, kind, start, 9, 1.5, 1e-6,
    case when kind = 'topic' then 1e-5 else 1e-4 end
from top_stories_every(1, newest_day(), newest_day() + 1)
where kind in ('company', 'topic')
"""


@pytest.fixture(scope="session")
def drawn(make_home_once):
    """A published file of ten weeks drawn by chance, reported on the calendar of Paris."""

    def fill(home):
        with writer(home) as con, transaction(con):
            set_reporting_zone(con, "Europe/Paris")
            con.execute(DRAWN)
            refresh_all_coverage(con)
            con.execute(ON_THE_LAST)
        publish(home)

    return make_home_once("drawn", fill) / "data" / PUBLISHED_NAME


@pytest.fixture(
    scope="module",
    params=["demo", "drawn", pytest.param("replayed", marks=pytest.mark.long)],
)
def file(request):
    """Yield a connection to the published file of each warehouse."""
    if request.param == "demo":
        path = request.getfixturevalue("desk") / "data" / PUBLISHED_NAME
    elif request.param == "replayed":
        path = request.getfixturevalue("replayed") / "data" / PUBLISHED_NAME
    else:
        path = request.getfixturevalue(request.param)
    with duckdb.connect(path, read_only=True) as con:
        yield con


@pytest.fixture
def is_short(request):
    """Whether the warehouse has four weeks, too few for what needs a long record."""
    return request.node.callspec.params["file"] == "replayed"


def rows(con, sql, *params):
    """Return rows in order of their words and dates; sums differ by their last digits."""
    found = con.execute(sql, params)
    names = [column[0] for column in found.description]
    return sorted(
        (
            {k: pytest.approx(v) if isinstance(v, float) else v for k, v in row.items()}
            for row in (
                dict(zip(names, values, strict=True)) for values in found.fetchall()
            )
        ),
        key=lambda row: [str(v) for v in row.values() if isinstance(v, str | date)],
    )


@pytest.mark.parametrize(
    ("view", "macro"),
    [
        ("feed_outages", "outages_between($1, $2)"),
        ("share_of_voice", "share_between($1, $2)"),
        ("movers", "movers_between($1, $2, 4)"),
    ],
)
def test_a_week_of_the_view_is_the_macro_between_two_mondays(file, view, macro, is_short):
    """Row by row, every column but the week, for every week there is."""
    weeks = [w for (w,) in file.execute(f"select distinct week from {view}").fetchall()]

    for monday in weeks:
        of_view = f"select * exclude (week) from {view} where week = $1"
        assert rows(file, f"from {macro}", monday, monday + WEEK) == [
            {"previous" if k == "last_week" else k: v for k, v in row.items()}
            for row in rows(file, of_view, monday)
        ]
    assert len(weeks) >= (3 if is_short else 9) or view == "feed_outages"


@pytest.mark.parametrize(
    "macro",
    [
        "share_every(7, $1, $2)",
        "share_every(5, $1, $2)",
        "share_between($1, $2)",
        "movers_every(7, $1, $2, 2)",
        "pairs_between($1, $2)",
        "subject_days_between($1, $2)",
        "changes_between($2::date - 10, $2, 3)",
        "subject_stories_every(3, $1, $2)",
        "beat_stories_every(null::integer, $1, $2)",
    ],
)
def test_what_is_rolled_up_by_day_is_what_coverage_gives(file, macro):
    """All there is, and a part of it that begins and ends within stories."""
    whole = span(file)
    part = (whole[0] + timedelta(days=9), whole[1] - timedelta(days=8))
    if "stories_every" in macro:
        macro = f"(select kind, subject_id, start, count(*) from {macro} group by all)"
    for first, last in (whole, part):
        days = (first, last) if "$1" in macro else (last,)
        asked = f"from {macro if '$1' in macro else macro.replace('$2', '$1')}"
        kept = rows(file, asked, *days)
        file.execute("create temp view roll_ups as select false as are_whole")
        counted = rows(file, asked, *days)
        file.execute("drop view temp.roll_ups")

        assert kept == counted
        assert kept or part == (first, last)


def test_what_is_lost_of_weeks_is_lost_of_days(drawn):
    """Outages by days and of all ten weeks at once add up to those of the weeks."""
    with duckdb.connect(drawn, read_only=True) as con:
        lost = "select feed_id, sum(days_lost)::integer as days from {} group by feed_id"
        span = "date '2026-03-02', date '2026-05-18'"
        weeks = rows(con, lost.format("feed_outages"))

        assert weeks == rows(con, lost.format(f"outages_every(1, {span})"))
        assert weeks == rows(con, lost.format(f"outages_between({span})"))
        assert len(weeks) == 8


def test_spans_follow_each_other_from_any_day(file, is_short):
    """Twelve spans of five days are the twelve macros between their ends."""
    last = span(file)[1] - timedelta(days=2)
    first = last - timedelta(days=60)

    spans = rows(file, "from share_every(5, $1, $2)", first, last)

    assert len({row["start"] for row in spans}) == 12 or is_short
    for start in {row["start"] for row in spans}:
        assert rows(
            file, "from share_between($1, $2)", start, start + timedelta(days=5)
        ) == [
            {k: v for k, v in row.items() if k != "start"}
            for row in spans
            if row["start"] == start
        ]


def test_pairs_of_all_days_are_co_mentions(file):
    """And those of a month are of stories told in it."""
    first, last = span(file)

    assert rows(file, "from pairs_between($1, $2)", first, last) == rows(
        file, "from co_mentions"
    )
    month = rows(file, "from pairs_between($1, $2)", last - 4 * WEEK, last)
    assert month
    assert month != rows(file, "from co_mentions")


def test_gaps_of_all_weeks_are_coverage_gaps(file):
    """A story is in the week that it began in, and in no other."""
    first, last = span(file)
    monday = first - timedelta(days=first.weekday())
    mondays = [monday + n * WEEK for n in range((last - monday).days // 7 + 1)]
    weeks = "select distinct week from dated_articles"
    told = {w for (w,) in file.execute(weeks).fetchall()}

    found = [
        row
        for week in mondays
        if week in told
        for row in rows(file, "from gaps_between($1, $2)", week, week + WEEK)
    ]

    assert sorted(found, key=lambda row: row["story_id"]) == sorted(
        rows(file, "from coverage_gaps"), key=lambda row: row["story_id"]
    )


@pytest.mark.parametrize("kind", ["company", "topic"])
def test_a_week_of_a_subject_is_the_macro_between_two_mondays(file, kind, is_short):
    """Articles, stories, outlets and languages, for every week there is."""
    weeks = [
        w for (w,) in file.execute(f"select distinct week from {kind}_weeks").fetchall()
    ]
    named = {"company": "'company' as kind", "topic": "kind"}[kind]
    of_view = f"""
        select {named}, {kind}_id as subject_id, articles, stories, publishers,
            articles_en, articles_zh
        from {kind}_weeks
        where week = $1
    """
    macro = f"from subjects_between($1, $2) where kind {OF[kind]}"

    for monday in weeks:
        assert rows(file, macro, monday, monday + WEEK) == rows(file, of_view, monday)
    assert len(weeks) >= (3 if is_short else 9)


OF = {"company": "= 'company'", "topic": "<> 'company'"}


def test_days_of_a_subject_are_those_of_the_views(file):
    """Over all days that there are."""
    first, last = span(file)

    assert rows(file, "from subject_days_between($1, $2)", first, last) == rows(
        file,
        "select company_id as subject_id, 'company' as kind, day, stories from company_days"
        " union all select topic_id, kind, day, stories from topic_days",
    )


@pytest.mark.slow
def test_days_are_the_moments_at_which_they_begin(file):
    """A number of days is that of the moments between their midnights."""
    _, last = span(file)
    since, until = last - 2 * WEEK, last - WEEK
    [(start, end)] = file.execute(
        "select day_start($1), day_start($2)", [since, until]
    ).fetchall()

    calls = calls_of_periods(file)
    assert calls.keys() >= NOT_BY_EITHER.keys() | MAY_BE_EMPTY
    for name in calls.keys() - NOT_BY_EITHER.keys():
        of_days = rows(file, f"from {calls[name]}", since, until)
        assert of_days == rows(file, f"from {calls[name]}", start, end), name
        assert of_days or name in MAY_BE_EMPTY, name


WHOLE_DAYS = "its spans are whole days, which moments do not say"
MOMENTS = "it compares with the moments at which articles appeared, and is asked by moments"
# Of all macros of a period, those that take days only, or moments only.
NOT_BY_EITHER = {
    "family_changes_between": WHOLE_DAYS,
    "gaps_between": WHOLE_DAYS,
    "movers_between": WHOLE_DAYS,
    "outages_between": WHOLE_DAYS,
    "share_between": WHOLE_DAYS,
    "themes_between": WHOLE_DAYS,
    "moments_between": "it is what makes moments of days",
    "act_stories_between": MOMENTS,
    "acts_between": MOMENTS,
    "official_articles_between": MOMENTS,
}
# Of a week that has none: what is rare, or needs a record of months.
MAY_BE_EMPTY = {
    f"{name}_between"
    for name in (
        *("entrants", "group_pairs", "leads", "pairs", "spread"),
        *("measures", "told_measures", "new_measures", "claims"),
    )
}
GIVEN = {"since": "$1", "until": "$2", "before": "4", "seen_by": "now()"}


def calls_of_periods(con):
    """Return a call of every macro of a period in the file, by the macro's name."""
    macros = con.execute(
        "select function_name, parameters from duckdb_functions()"
        " where not internal and function_type = 'table_macro'"
        " and ends_with(function_name, '_between')"
    ).fetchall()
    calls = {
        name: f"{name}({', '.join(GIVEN[p] for p in given)})" for name, given in macros
    }
    return {**calls, "top_stories_every": "top_stories_every(1, $1, $2)"}


def test_a_change_is_between_two_counts(file):
    """Stories of a week, of the week before, and the mean of those of four before."""
    _, last = span(file)
    ends = [last - n * WEEK for n in range(5)]
    counts = [
        {
            (row["kind"], row["subject_id"]): row["stories"]
            for row in rows(file, "from subjects_between($1, $2)", end - WEEK, end)
        }
        for end in ends
    ]

    changes = rows(file, "from changes_between($1, $2, 4)", last - WEEK, last)

    for row in changes:
        subject = row["kind"], row["subject_id"]
        told = [count.get(subject, 0) for count in counts]
        assert (row["stories"], row["previous"]) == (told[0], told[1])
        assert row["usual"] == pytest.approx(sum(told[1:]) / 4)
    assert {(r["kind"], r["subject_id"]) for r in changes} == set().union(*counts)


def test_groups_have_the_stories_of_their_share(file):
    """What a language or a topic is a part of is what a share is made from."""
    _, last = span(file)
    days = last - WEEK, last
    of_the_beat = "from share_between($1, $2) where not is_peer"
    shares = rows(file, f"select company_id, stories {of_the_beat}", *days)

    assert shares == rows(
        file, "select company_id, stories from languages_between($1, $2)", *days
    )
    stories = {row["company_id"]: row["stories"] for row in shares}
    matrix = rows(file, "from matrix_between($1, $2)", *days)
    assert matrix
    for row in matrix:
        assert row["stories"] <= row["company_stories"] == stories[row["company_id"]]


def test_spans_of_a_theme_are_the_macros_between_their_ends(file):
    """Over twelve weeks; stories of all are those of the days."""
    _, last = span(file)
    first = last - 12 * WEEK
    found = rows(file, "from themes_every(7, $1, $2)", first, last)

    for start in {row["start"] for row in found}:
        days = start, start + WEEK
        mine = [{k: row[k] for k in row if k != "start"} for row in found
                if row["start"] == start]  # fmt: skip
        assert mine == rows(file, "from themes_between($1, $2)", *days)
        [(told,)] = file.execute(
            "select count(distinct story_id) from articles_between($1, $2)", days
        ).fetchall()
        assert {row["all_stories"] for row in mine} == {told}
    assert any(row["stories"] for row in found)


def test_level_shifts_are_counted_on_outlets_that_stay(file, is_short):
    """Never more stories than there are, and never another subject or day."""
    last = span(file)[1]
    first = last - 8 * WEEK
    all_days = {
        (row["kind"], row["subject_id"], row["day"]): row["stories"]
        for row in rows(file, "from subject_days_between($1, $2)", first, last)
    }

    counts = rows(file, "from shift_counts_between($1, $2, now())", first, last)

    assert counts or is_short
    assert all(
        row["stories"] <= all_days[row["kind"], row["subject_id"], row["day"]]
        for row in counts
    )


@pytest.mark.parametrize(
    ("view", "macro"), [("lead_lag", "leads_between"), ("source_league", "sources_between")]
)
def test_outlets_are_those_of_the_28_days_to_the_newest_arrival(
    file, view, macro, is_short
):
    """The last of them is the day of that arrival."""
    [(day,)] = file.execute("select newest_day()").fetchall()
    last = day + timedelta(days=1)

    found = rows(file, f"from {macro}($1, $2)", last - 4 * WEEK, last)

    assert found == rows(file, f"from {view}")
    assert found or (is_short and view == "lead_lag")


def span(con):
    """Return the first day with an article, and the day after the last."""
    [(first, last)] = con.execute(
        "select min(day), max(day) + 1 from dated_articles"
    ).fetchall()
    return first, last


# --- a brief and trends beside the views -------------------------------------------------


@pytest.fixture(scope="module")
def told(file):
    """What a brief of the last week and trends of its four weeks say, and its Monday.

    The week of the newest arrival; its last day may not be over.
    """
    [(day,)] = file.execute("select newest_day()").fetchall()
    monday = day - timedelta(days=day.weekday())
    until = monday + WEEK
    month = trends(file, since=until - 4 * WEEK, until=until - timedelta(days=1))
    return asked_of(file, since=monday, until=until), month, monday


def columns(found, *names):
    """Return some columns of rows, in order, with numbers that sums leave alone."""
    picked = [tuple(row[name] for name in names) for row in found]
    return sorted(
        tuple(round(v, 9) if isinstance(v, float) else v for v in row) for row in picked
    )


def test_a_brief_trends_and_the_view_give_the_same_shares(file, told):
    """Corrected for feeds that were down, of every group, with the interval."""
    brief, month, monday = told
    view = rows(file, "from share_of_voice where week = $1 and not is_peer", monday)
    week = [row for row in brief["share"] if row["week"] == monday]
    twenty = [row for row in month["share_of_voice"] if row["week"] == monday]

    said = columns(plain(view), "company_id", "stories", "corrected", "low", "high")
    assert columns(week, "company_id", "stories", "share", "low", "high") == said
    of_trends = columns(twenty, "company_id", "stories", "corrected", "low", "high")
    assert set(of_trends) <= set(said)
    assert len(of_trends) == min(len(said), 20)


def test_a_brief_and_trends_name_the_same_pairs(file, told):
    """Of four weeks, beyond chance, of different groups."""
    brief, month, monday = told
    asked = "from pairs_between($1, $2) where not is_one_group"
    said = columns(
        plain(rows(file, asked, monday - 3 * WEEK, monday + WEEK)),
        "company_a", "company_b", "stories", "npmi",
    )  # fmt: skip
    names = ("company_a", "company_b", "stories", "npmi")

    assert set(columns(brief["co_mentions"], *names)) <= set(said)
    assert len(brief["co_mentions"]) == min(len(said), 60)
    # Trends count groups, each with its brands.
    of_groups = "from group_pairs_between($1, $2) where npmi > 0"
    since = monday - 3 * WEEK
    beyond = columns(plain(rows(file, of_groups, since, monday + WEEK)), *names)
    assert set(columns(month["co_mentions"], *names)) <= set(beyond)
    assert len(month["co_mentions"]) == min(len(beyond), 20)


def test_a_brief_and_trends_know_the_same_outlets(file, told):
    """Firsts, lags and copies of four weeks."""
    brief, month, monday = told
    said = plain(
        rows(file, "from sources_between($1, $2)", monday - 3 * WEEK, monday + WEEK)
    )
    shared = [row for row in said if row["shared_stories"]]

    assert columns(
        brief["firsts"], "publisher", "stories", "shared", "firsts", "low", "high"
    ) == columns(
        shared,
        "publisher", "stories", "shared_stories", "first_reports", "first_low",
        "first_high",
    )  # fmt: skip
    names = ("publisher", "stories", "shared_stories", "first_reports", "copied_share")
    assert columns(month["source_league"], *names) == columns(said, *names)


def test_trends_and_the_view_name_the_same_movers(file, told):
    """Of the last week, those that move."""
    _, month, monday = told
    asked = "from movers where week = $1 and state in ('up', 'down', 'warming_up')"
    names = ("company_id", "stories", "last_week", "ratio", "low", "high", "state")

    said = columns(plain(rows(file, asked, monday)), *names)
    assert set(columns(month["movers"], *names)) <= set(said)
    assert len(month["movers"]) == min(len(said), 20)


def test_a_gap_of_the_brief_is_one_of_the_view(file, told):
    """As many outlets in one language, and none in the other."""
    brief, _, _ = told
    view = {row["story_id"]: row for row in rows(file, "from coverage_gaps")}

    for row in brief["gaps"]:
        gap = view[row["story_id"]]
        assert gap["led_by"] == f"{row['language']} only"
        assert gap[f"publishers_{row['language']}"] == row["publishers"]


def test_a_brief_and_trends_count_the_same_stories_of_a_subject(file, told):
    """The brief's week is one of the macro, the four weeks of trends another."""
    brief, month, monday = told
    week, weeks = (
        {
            (row["kind"], row["subject_id"]): row
            for row in rows(
                file, f"from changes_between($1, $2, {before})", since, monday + WEEK
            )
        }
        for since, before in ((monday, 4), (monday - 3 * WEEK, 1))
    )

    of_families = "from family_changes_between($1, $2)"
    families = {
        (row["kind"], row["subject_id"]): row
        for row in rows(file, of_families, monday - 3 * WEEK, monday + WEEK)
    }
    for key, row in families.items():
        alone = weeks.get(key, {"stories": 0, "previous": 0})
        assert row["stories"] >= alone["stories"]
        assert key[0] == "company" or row["previous"] == alone["previous"]

    for row in brief["companies"]:
        said = week["company", row["company_id"]]
        assert row["stories"] == said["stories"]
        assert row["previous_stories"] == said["previous"]
        assert sum(row["days"][-7:]) >= row["stories"]
    for row in brief["topics"]:
        said = week["topic", row["topic_id"]]
        assert (row["stories"], row["previous_mean"]) == (said["stories"], said["usual"])
    for kind, table in (("company", "changes"), ("topic", "topics")):
        assert month[table] or not weeks
        for row in month[table]:
            said = families[kind, row[f"{kind}_id"]]
            assert (row["stories"], row["before"]) == (said["stories"], said["previous"])


def test_a_brief_trends_and_signals_name_the_same_bursts(file, told):
    """With the story that most outlets told; a brief has one of each story and day.

    That is a company's, where a topic bursts over the same story.

    Rules are shown the others as well.
    """
    brief, month, monday = told
    asked = "from bursts_between($1, $2) where is_on_beat"
    names = ("day", "kind", "subject_id", "name", "observed", "expected")
    said = columns(plain(rows(file, asked, monday, monday + WEEK)), *names)
    signalled = bursts(file, monday, monday + WEEK - timedelta(days=1))
    signalled = [row for row in signalled if row["is_on_beat"]]

    assert columns(signalled, *names) == said
    shown = ("day", "kind", "subject_id", "name", "observed", "expected", "headline", "url")
    assert set(columns(brief["bursts"], *shown)) <= set(columns(signalled, *shown))
    stories = columns(brief["bursts"], "day", "story_id")
    assert len(stories) == len(set(stories))
    assert set(stories) == set(columns(signalled, "day", "story_id"))
    of_firms = {
        (row["day"], row["story_id"]) for row in signalled if row["kind"] == "company"
    }
    shown_firms = [row for row in brief["bursts"] if row["kind"] == "company"]
    assert set(columns(shown_firms, "day", "story_id")) == of_firms
    trended = columns(plain(rows(file, asked, monday - 3 * WEEK, monday + WEEK)), *names)
    assert columns(month["bursts"], *names) == trended


def test_as_of_a_number_is_that_of_what_had_been_seen(file, told):
    """A look back and the macro on the articles seen by then agree, and not with today."""
    _, _, monday = told
    since = monday - WEEK
    as_of = datetime.combine(since + timedelta(days=3), time(10), UTC)
    now = asked_of(file, since=since, until=monday)
    then = asked_of(file, since=since, until=monday, as_of=as_of)
    days = since - 3 * WEEK, monday
    month = trends(file, since=days[0], until=days[1] - timedelta(days=1), as_of=as_of)

    with seen_by(file, as_of, None):
        week = rows(file, "from changes_between($1, $2, 4)", since, monday)
        weeks = rows(file, "from family_changes_between($1, $2)", *days)
    for kind, found, counted in (
        ("company", then["companies"], week),
        ("topic", then["topics"], week),
        ("company", month["changes"], weeks),
        ("topic", month["topics"], weeks),
    ):
        stories = {r["subject_id"]: r["stories"] for r in counted if r["kind"] == kind}
        assert found
        assert all(row["stories"] == stories[row[f"{kind}_id"]] for row in found)
    names = ("topic_id", "stories")
    assert columns(then["topics"], *names) != columns(now["topics"], *names)


@pytest.mark.parametrize(
    ("query", "relation"),
    [
        ("brief.companies", "changes_between"),
        ("brief.bursts", "bursts_between"),
        ("brief.burst_stories", "top_stories_every"),
        ("brief.entrants", "entrants_between"),
        ("brief.topics", "changes_between"),
        ("brief_week.matrix", "matrix_between"),
        ("brief_week.themes", "themes_every"),
        ("brief_week.languages", "languages_between"),
        ("brief_week.spread", "spread_between"),
        ("brief_week.arcs", "subject_days_between"),
        ("signals.bursts", "bursts_between"),
        ("trends.bursts", "bursts_between"),
        ("trends.changes", "family_changes_between"),
        ("trends.topics", "changes_between"),
        ("trends.day_counts", "burst_counts_between"),
        ("trends.panel_counts", "shift_counts_between"),
        ("brief.share", "share_every"),
        ("brief.co_mentions", "pairs_between"),
        ("brief.gaps", "gaps_between"),
        ("brief.warming_up", "readiness"),
        ("brief_week.firsts", "sources_between"),
        ("trends.share_of_voice", "share_every"),
        ("trends.movers", "movers_between"),
        ("trends.co_mentions", "group_pairs_between"),
        ("trends.not_yet_in_english", "gaps_between"),
        ("trends.lead_lag", "leads_between"),
        ("trends.source_league", "sources_between"),
        ("trends.warming_up", "readiness"),
    ],
)
def test_a_query_names_the_relation_that_defines_its_number(query, relation):
    """It selects, sorts and limits: what would count anew is not in it."""
    text = re.sub(r"(?m)^--.*$", "", sql(query))

    assert re.search(rf"\bfrom {relation}\b", text)
    counted = (
        r"\b(article_days|company_coverage|mentions|count|sum|wilson_low|ln)\b"
        r"(?!.*(desc|over \())"
    )
    assert re.findall(counted, text) == []


def plain(found):
    """Return rows with the numbers themselves in place of what is as near as they are."""
    return [{k: getattr(v, "expected", v) for k, v in row.items()} for row in found]
