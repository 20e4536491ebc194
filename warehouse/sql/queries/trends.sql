-- name: today
-- The calendar day of an instant in the reporting zone.
select reporting_day($now::timestamptz);

-- name: first_day
-- The first day with an article. In order, most of the history need not be read.
select (select day from dated_articles where first_seen_at <= $as_of order by day limit 1);

-- name: last_day
-- The last day with an article.
select (select day from dated_articles order by day desc limit 1);

-- name: day_counts
-- Stories by subject and day that bursts are computed from, both days included.
from burst_counts_between($since, $until::date + 1, $as_of)
order by kind, subject_id, day;

-- name: hours
-- Stories of the days up to $until by the hour of the day that first told of them.
with told as (
    select
        min(hour(published_at at time zone reporting_zone()))::integer as hour
    from articles_between($since, $until::date + 1)
    where first_seen_at <= $as_of
    group by day, story_id
)
select hour, count(*)::integer as stories
from told
group by hour
order by hour;

-- name: panel_counts
-- Stories by subject and day that level shifts are computed from: the same counts, for
-- outlets present in the whole window.
from shift_counts_between($since, $until::date + 1, $as_of)
order by kind, subject_id, day;

-- name: delete_bursts
-- Make room for the bursts of these days.
delete from bursts
where day between $since and $until;

-- name: insert_bursts
-- Record bursts.
insert into bursts by name
from rows_of($batch, '[{
    "subject_id": "varchar", "kind": "varchar", "day": "date", "observed": "integer",
    "expected": "double", "p": "double", "q": "double"
}]');

-- name: delete_shifts
-- Delete all level shifts; each subject has only its latest.
delete from level_shifts;

-- name: insert_shifts
-- Record level shifts.
insert into level_shifts by name
from rows_of($batch, '[{
    "subject_id": "varchar", "kind": "varchar", "since": "date", "until": "date",
    "before": "double", "after": "double", "ratio": "double", "low": "double", "high": "double",
    "gain": "double"
}]');

-- name: titles
-- Headlines of the weeks from $since to $until, one per story and language. Days and
-- moments say the same as weeks, a day or two more for any zone: by these DuckDB skips
-- what is older or newer unread.
select
    a.week,
    arg_min(articles.title, (a.published_at, a.article_id)) as title,
    a.language,
    arg_min(a.publisher, (articles.published_at, a.article_id)) as publisher
from article_days as a
join articles using (article_id)
where
    a.week between $since and $until
    and a.day between $since and $until::date + 6
    and articles.published_at >= ($since::date - 2)::timestamptz
    and articles.published_at < ($until::date + 9)::timestamptz
    and a.first_seen_at <= $as_of
group by a.week, a.story_id, a.language
order by a.week, a.story_id, a.language;

-- name: delete_terms
-- Make room for the terms of a week.
delete from emerging_terms
where week = $week;

-- name: insert_terms
-- Record emerging terms.
insert into emerging_terms by name
from rows_of($batch, '[{
    "week": "date", "term": "varchar", "language": "varchar", "count": "integer", "z": "double"
}]');

-- name: level_shifts
-- Subjects whose level has changed and stayed there, each in a sentence.
select
    shifts.since,
    kind,
    subject_id,
    coalesce(subjects.name, subject_id) as name,
    shifts.before,
    shifts.after,
    shifts.ratio,
    shifts.low,
    shifts.high,
    shifts.gain,
    format(
        'since {} coverage of {} runs at {:.1f} times',
        strftime(shifts.since, '%-d %B'),
        coalesce(subjects.name, subject_id),
        shifts.ratio
    ) as told
from level_shifts as shifts
left join subjects using (kind, subject_id)
where
    shifts.since <= $until
    and ($subjects::varchar is null or subject_id in (select unnest(from_json($subjects, '["varchar"]'))))
order by shifts.gain desc, subject_id
limit $limit;

-- name: emerging_terms
-- Terms of the newest week of the period that headlines use far more than before.
select week, term, language, count, z
from emerging_terms
where week = (select max(week) from emerging_terms where week <= $until)
order by z desc, term
limit $limit;

-- name: movers
-- Movers: groups whose share in the last week of the period differs from the four before.
select date_trunc('week', $until::date)::date as week, moved.company_id, companies.name, moved.stories,
    moved.previous as last_week, moved.usual, moved.ratio, moved.low, moved.high, moved.state
from movers_between(
    date_trunc('week', $until::date)::date, date_trunc('week', $until::date)::date + 7, 4
) as moved
join companies using (company_id)
where moved.state in ('up', 'down', 'warming_up')
order by abs(ln(moved.ratio)) desc, moved.company_id
limit $limit;

-- name: co_mentions
-- Groups that the stories of the period name together beyond chance, each with its brands.
select company_a, company_b, stories, npmi
from group_pairs_between($since, $until::date + 1)
where npmi > 0
order by npmi desc, stories desc, company_a, company_b
limit $limit;

-- name: not_yet_in_english
-- Stories begun in the period that two outlets or more told in Chinese and none in
-- English, a day and more after; the most widely told first.
with missing as materialized (
    select first_zh_at, first_zh_publisher, publishers_zh, age_hours, story_id
    from gaps_between($since, $until::date + 1)
    where is_mostly_on_beat and led_by = 'zh only' and publishers_zh >= 2 and age_hours >= 24
    order by publishers_zh desc, first_zh_at desc, story_id
    limit $limit
),
-- None of these stories has an article from before: what is older is skipped unread.
bound as (
    select min(first_published_at) as looked_from
    from stories
    where last_published_at >= ($since::date - 2)::timestamptz
)
select
    missing.first_zh_at,
    missing.first_zh_publisher,
    missing.publishers_zh,
    missing.age_hours,
    missing.story_id,
    arg_min(articles.title, (articles.published_at, articles.article_id)) as headline
from bound
join articles on articles.published_at >= bound.looked_from
join missing using (story_id)
group by all
order by missing.publishers_zh desc, missing.first_zh_at desc, missing.story_id;

-- name: lead_lag
-- Pairs of outlets of which one is first more often than chance would have it, on the
-- stories that began in the 28 days up to the last of the period.
select publisher_a, publisher_b, stories, a_first, b_first, median_hours, leader
from leads_between($until::date - 27, $until::date + 1)
where leader is not null
order by stories desc, publisher_a, publisher_b
limit $limit;

-- name: source_league
-- The outlets of the 28 days up to the last of the period, ordered by the lower bound of
-- their share of first reports.
select publisher, stories, shared_stories, first_reports, first_share, first_low,
    median_lag_hours, unique_share, copied_share, estimated_dates_share, hours_down
from sources_between($until::date - 27, $until::date + 1)
order by first_low desc nulls last, stories desc, publisher
limit $limit;

-- name: share_of_voice
-- Each group's part of the company-stories of each week of the calendar that the period
-- touches, also corrected for feeds that were down; of the groups the $limit largest.
select
    shares.start as week,
    shares.company_id,
    companies.name,
    companies.name_zh,
    shares.stories,
    shares.share,
    shares.corrected,
    shares.low,
    shares.high
from share_every(
    7, date_trunc('week', $since::date)::date, date_trunc('week', $until::date)::date + 7
) as shares
join companies using (company_id)
where not shares.is_peer
qualify row_number() over (
    partition by shares.start order by shares.stories desc, shares.company_id
) <= coalesce($limit::integer, 1000000)
order by week desc, shares.stories desc, shares.company_id;

-- name: bursts
-- Days far above a subject's own level: those of the beat, or of the subjects asked for.
select day, kind, subject_id, name, observed, expected, p, q
from bursts_between($since, $until::date + 1)
where case when $subjects::varchar is null then is_on_beat else subject_id in (select unnest(from_json($subjects, '["varchar"]'))) end
order by day desc, q, subject_id;

-- name: changes
-- Stories of each group of the beat in the period and in the one of equal length before.
-- Ordered by the change in units of chance: the difference of two counts of one level
-- has their sum for variance.
select
    companies.company_id,
    companies.name,
    moved.stories,
    moved.previous as before,
    moved.stories - moved.previous as change
from family_changes_between($since, $until::date + 1) as moved
join companies on companies.company_id = moved.subject_id
join competing_groups as groups using (company_id)
where
    moved.kind = 'company'
    and groups.group_id = companies.company_id
    and competes(companies.kind)
    and not is_peer(companies.kind, companies.country)
order by abs(change) / sqrt(moved.stories + moved.previous) desc, moved.stories desc, companies.company_id
limit $limit;

-- name: topics
-- Stories of each topic in the period and in the one of equal length before it.
select
    subject_id as topic_id,
    subjects.name,
    moved.stories,
    moved.previous as before,
    moved.stories - moved.previous as change,
    is_hardly_covered(counted.articles) as is_hardly_covered
from changes_between($since, $until::date + 1, 1) as moved
join subjects using (kind, subject_id)
left join subjects_between($since, $until::date + 1) as counted using (kind, subject_id)
where kind = 'topic'
order by moved.stories desc, topic_id
limit $limit;

-- name: company_days
-- One company by day, its brands and subsidiaries with it.
select
    day,
    count(distinct article_id)::integer as articles,
    count(distinct story_id)::integer as stories,
    count(distinct publisher)::integer as publishers,
    (count(distinct article_id) filter (where language = 'en'))::integer as articles_en,
    (count(distinct article_id) filter (where language = 'zh'))::integer as articles_zh
from company_coverage
where
    company_id in (select company_id from company_families where family_id = $company_id)
    and day between $since and $until
group by day
order by day;

-- name: company_topics
-- What the stories on one company are about, its brands and subsidiaries with it.
select treated.subject_id as topic_id, treated.kind, count(distinct treated.story_id)::integer as stories
from coverage as treated
where
    treated.kind in ('topic', 'event')
    and treated.article_id in (
        select article_id
        from company_coverage
        where company_id in (select company_id from company_families where family_id = $company_id)
    )
    and treated.day between $since and $until
group by treated.subject_id, treated.kind
order by stories desc, topic_id
limit $limit;

-- name: topic_days
-- One topic or event type by day.
select day, articles, stories, publishers, articles_en, articles_zh
from topic_days
where
    topic_id = $topic_id
    -- Of a topic and a type of event with one id, the topic is meant.
    and kind = (select max(kind) from topics where topic_id = $topic_id)
    and day between $since and $until
order by day;

-- name: topic_companies
-- Which companies the stories on one topic name, each group once, with its brands.
select companies.company_id, companies.name, count(distinct coverage.story_id)::integer as stories
from company_coverage as coverage
join company_groups as groups on groups.company_id = coverage.company_id
join companies on companies.company_id = groups.group_id
where
    coverage.article_id in (
        select article_id
        from topic_coverage
        where topic_id = $topic_id and kind = (select max(kind) from topics where topic_id = $topic_id)
    )
    and coverage.day between $since and $until
group by companies.company_id, companies.name
order by stories desc, companies.company_id
limit $limit;

-- name: warming_up
-- Relations that do not have enough history yet, as seen by the session's moment.
select relation, state, days, needed
from readiness
where state = 'warming_up'
order by relation;

-- name: delete_columns
-- Make room for the columns of today.
delete from outlet_columns;

-- name: insert_columns
-- Record the columns of outlets, of the 60 days up to $until.
insert into outlet_columns by name
with told as (
    select publisher, unnest(list_distinct(column_labels(title))) as label, reporting_day(published_at) as day
    from articles
    where
        published_at >= ($until::date - 60)::timestamptz
        and published_at < ($until::date + 2)::timestamptz
        and is_news(is_digest, published_from)
)
select publisher, label, count(distinct day)::integer as days, count(*)::integer as articles
from told
group by publisher, label
having days >= 5 and articles <= 1.25 * days
order by publisher, label;

-- name: columns_are_of
-- Whether columns were looked for on that day.
select 1 from computed_days where relation = 'outlet_columns' and day = $day::date limit 1;
