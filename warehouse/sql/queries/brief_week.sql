-- name: matrix
-- What the groups with most stories of the period are about: their topics, with stories
-- of each. Ten stories are the least that a share can be taken of.
with loudest as (
    select *, sum(stories) over (partition by topic_id) as told
    from (
        from matrix_between($since::timestamptz, $until::timestamptz)
        where company_stories >= 10
        qualify dense_rank() over (order by company_stories desc, company_id) <= 8
    )
)
select
    company_id,
    companies.name,
    companies.name_zh,
    loudest.topic_id,
    loudest.stories,
    loudest.company_stories
from loudest
join companies using (company_id)
qualify dense_rank() over (order by loudest.told desc, loudest.topic_id) <= 12
order by loudest.company_stories desc, company_id, loudest.stories desc, loudest.topic_id;

-- name: themes
-- The long themes of the beat over 26 weeks, beside all stories of the week. Weeks are
-- seven days up to the period's last.
select theme, start as week, stories, all_stories, is_hardly_covered(articles) as is_hardly_covered
from themes_every(7, $until_day::date - 182, $until_day)
order by theme, week;

-- name: overseas
-- Where headlines on the way abroad of the last 12 weeks say that a company goes. A
-- headline may name two regions; one that names none has no place here.
with placed as (
    select a.article_id, facts.value as region
    from topic_coverage as a
    join headline_facts as facts on facts.article_id = a.article_id and facts.kind = 'region'
    where
        a.kind = 'topic'
        and a.topic_id in (from topics_on('overseas'))
        and a.published_at >= $until - interval 84 day
        and a.published_at < $until
),
counted as (
    select coverage.company_id, placed.region, count(distinct coverage.story_id)::integer as stories
    from placed
    join company_coverage as coverage using (article_id)
    group by coverage.company_id, placed.region
)
select counted.company_id, companies.name, companies.name_zh, counted.region, counted.stories
from counted
join companies using (company_id)
where companies.kind in ('company', 'brand')
order by counted.stories desc, counted.company_id, counted.region;

-- name: languages
-- Stories on each group in English and in Chinese over 28 days, and the sums over all
-- groups that they are measured against.
select
    company_id,
    companies.name,
    companies.name_zh,
    told.stories_en as en,
    told.stories_zh as zh,
    (sum(told.stories_en) over ())::integer as all_en,
    (sum(told.stories_zh) over ())::integer as all_zh
from languages_between($until::timestamptz - interval 672 hour, $until::timestamptz) as told
join companies using (company_id)
where told.stories_en + told.stories_zh > 0
order by told.stories_en + told.stories_zh desc, company_id;

-- name: crackdown
-- Eight weeks of what China did at home, by the day on which an act was first reported: acts
-- by which it rules (events) and supports, as the ledger counts them, the stories that tell
-- of these, and the act that most articles tell of.
with newest as (
    select reporting_day($until::timestamptz - interval 1 second) as day
),
days as (
    select distinct a.day
    from article_days as a
    cross join newest
    where
        a.day > newest.day - 56
        and a.day <= newest.day
        and a.published_at >= $until::timestamptz - interval 1392 hour
        and a.published_at < $until
),
acts as (
    -- Since a moment, of which DuckDB skips what lies before; the days asked for are fewer.
    from new_measures_between($until::timestamptz - interval 1392 hour, $until::timestamptz)
    where lane in ('own', 'supports')
),
counted as materialized (
    select
        day,
        sum(len(stories)) as stories,
        count(*) filter (where lane = 'own') as events,
        count(*) filter (where lane = 'supports') as supports,
        arg_max(article_id, (articles, measure_id)) as article_id,
        arg_max(story_id, (articles, measure_id)) as story_id
    from acts
    group by day
),
told as (
    from headlines_of((select list(story_id) from counted))
)
select
    days.day,
    coalesce(counted.stories, 0)::integer as stories,
    coalesce(counted.events, 0)::integer as events,
    coalesce(counted.supports, 0)::integer as supports,
    articles.title as headline,
    told.headline_en,
    told.headline_zh,
    articles.url,
    told.url_en,
    told.url_zh
from days
left join counted using (day)
left join articles
    on articles.article_id = counted.article_id
    and articles.published_at >= $until::timestamptz - interval 1392 hour
left join told on told.story_id = counted.story_id
order by days.day;

-- name: firsts
-- The outlets of 28 days, with their stories that others told too: how often first, how far
-- behind, what they have alone and what they copy.
select
    publisher,
    stories,
    round(unique_share * stories)::integer as alone,
    shared_stories as shared,
    first_reports as firsts,
    first_low as low,
    first_high as high,
    median_lag_hours as behind_hours,
    articles,
    round(copied_share * articles)::integer as copies
from sources_between($until_day::date - 28, $until_day)
where shared_stories > 0
order by low desc, shared desc, publisher;

-- name: spread
-- How fast the stories that began in the period went round, the most widely told first.
with told as (
    from spread_between($since::timestamptz, $until::timestamptz)
    order by publishers desc, articles desc, story_id
    limit 20
)
select
    story_id,
    called.* exclude (story_id),
    told.* exclude (story_id)
from told
join headlines_of((select list(story_id) from told)) as called using (story_id)
order by told.publishers desc, told.articles desc, story_id;

-- name: ahead
-- What falls on a day or in a week of the seven days after the period, the soonest first.
select *
from dates_due($until_day::date + 1, $until_day::date + 8, $until)
where is_on_beat and status <> 'cancelled' and "precision" in ('day', 'week')
-- A story stands once, and so does a headline.
qualify
    row_number() over (partition by story_id order by due_on, date_id) = 1
    and row_number() over (partition by headline order by due_on, date_id) = 1
order by due_on, publishers desc, date_id
limit 200;

-- name: shifts
-- Subjects whose level of stories changed within half a year and has stayed there since,
-- the latest first.
select
    subject_id,
    kind,
    coalesce(subjects.name, subject_id) as name,
    coalesce(subjects.name_zh, '') as name_zh,
    shifts.since,
    shifts.before,
    shifts.after,
    shifts.ratio,
    shifts.low,
    shifts.high
from level_shifts as shifts
left join subjects using (kind, subject_id)
where shifts.since <= reporting_day($until::timestamptz - interval 1 second)
order by shifts.since desc, shifts.gain desc, subject_id
limit 8;

-- name: arcs
-- Stories of each company and topic by day over 12 weeks; days without any are left out.
-- From them it is computed on which days a subject stayed in the news: Kleinberg's
-- automaton, against what is usual of the day (docs/bursts.md).
from subject_days_between($until::timestamptz - interval 2040 hour, $until::timestamptz)
where kind <> 'event' and day > reporting_day($until::timestamptz - interval 1 second) - 84
order by kind, subject_id, day;
