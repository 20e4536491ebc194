-- Companies, topics and event types are counted alike: here is what, by any period of days
-- or moments. Content does not count, nor do digests (company_coverage, topic_coverage).
create or replace view subjects as
select 'company' as kind, company_id as subject_id, name, name_zh
from companies
union all
select kind, topic_id, name, name_zh
from topics;

create or replace macro coverage_between(since, until) as table
    select *, date_trunc('week', day)::date as week
    from coverage
    where
        kind <> 'article'
        and (kind = 'company' or is_on_beat)
        and is_told_within(day, published_at, since, until);

create or replace macro subjects_between(since, until) as table
    select
        kind,
        subject_id,
        count(*)::integer as articles,
        count(distinct hash(story_id))::integer as stories,
        count(distinct publisher)::integer as publishers,
        (count(*) filter (where language = 'en'))::integer as articles_en,
        (count(*) filter (where language = 'zh'))::integer as articles_zh
    from coverage_between(since, until)
    group by kind, subject_id;

-- A firm with its brands: a story that names two of one family is one of the family's. Only
-- families of several need to be made distinct, what stands alone is unique already.
create or replace macro family_stories_every(days, since, until) as table
with told as materialized (
    from subject_stories_every(days, since, until)
),
relatives as (
    select company_id, family_id
    from company_families
    qualify count(*) over (partition by family_id) > 1
)
from told
where kind <> 'company' or subject_id not in (select family_id from relatives)
union all
select distinct told.kind, relatives.family_id as subject_id, told.start, told.story
from told
join relatives on told.kind = 'company' and relatives.company_id = told.subject_id;

-- Of whole days.
create or replace macro family_changes_between(since, until) as table
    select
        kind,
        subject_id,
        (count(*) filter (where start >= since::date))::integer as stories,
        (count(*) filter (where start < since::date))::integer as previous
    from family_stories_every(
        until::date - since::date, since::date - (until::date - since::date)::integer, until::date
    )
    group by kind, subject_id;

create or replace macro family_latest(last_day) as table
with days as (
    select kind, subject_id, start, count(*)::integer as stories
    from family_stories_every(1, last_day::date - 27, last_day::date + 1)
    group by kind, subject_id, start
),
sparks as (
    select seen.kind, seen.subject_id, list(coalesce(days.stories, 0) order by calendar.start) as days
    from (select distinct kind, subject_id from days) as seen
    cross join (select last_day::date - unnest(range(28))::integer as start) as calendar
    left join days using (kind, subject_id, start)
    group by seen.kind, seen.subject_id
)
select
    sparks.kind,
    sparks.subject_id,
    coalesce(weeks.stories, 0) as stories,
    coalesce(weeks.previous, 0) as previous,
    sparks.days
from sparks
left join family_changes_between(last_day::date - 6, last_day::date + 1) as weeks using (kind, subject_id);

create or replace macro subject_days_between(since, until) as table
    select subject_id, kind, start as day, count(*)::integer as stories
    from subject_stories_every(1, since, until)
    group by subject_id, kind, start;

-- A story that goes on for two periods counts in both.
create or replace macro changes_between(since, until, before) as table
with counted as (
    select
        kind,
        subject_id,
        spans_ago(day, published_at, since, until) as back,
        count(distinct hash(story_id)) as stories
    from coverage_between(
        since::date - ((until::date - since::date + 1) * before + 1)::integer, until
    )
    where not are_days(since, until) and back <= before
    group by kind, subject_id, back
    union all
    select
        kind,
        subject_id,
        (until::date - start - 1) // nullif(until::date - since::date, 0) as back,
        count(*) as stories
    from subject_stories_every(
        until::date - since::date,
        since::date - ((until::date - since::date) * before)::integer,
        until
    )
    where are_days(since, until)
    group by kind, subject_id, start
)
select
    kind,
    subject_id,
    coalesce(sum(stories) filter (where back = 0), 0)::integer as stories,
    coalesce(sum(stories) filter (where back = 1), 0)::integer as previous,
    coalesce(sum(stories) filter (where back > 0), 0) / before as usual
from counted
group by kind, subject_id;

-- What a subject was in the news for: the story that most outlets told of it, and its first
-- article; of two such stories the older. Without a number of days it is all one span.
create or replace macro top_stories_every(days, since, until) as table
with counted as materialized (
    select
        span_start(day, days, since) as start,
        kind,
        subject_id,
        hash(story_id) as story,
        count(*) as articles
    from coverage_between(since, until)
    group by all
),
-- A story has no more outlets than articles: what has fewer than the largest has outlets
-- is not looked at, which is nearly all.
largest as (
    select start, kind, subject_id, arg_max(story, articles) as story
    from counted
    group by start, kind, subject_id
),
enough as (
    select largest.start, largest.kind, largest.subject_id, count(distinct a.publisher) as publishers
    from coverage_between(since, until) as a
    join largest
        on largest.kind = a.kind
        and largest.subject_id = a.subject_id
        and largest.story = hash(a.story_id)
        and largest.start is not distinct from span_start(a.day, days, since)
    group by largest.start, largest.kind, largest.subject_id
),
likely as (
    select counted.start, counted.kind, counted.subject_id, counted.story
    from counted
    join enough
        on enough.kind = counted.kind
        and enough.subject_id = counted.subject_id
        and enough.start is not distinct from counted.start
    where counted.articles >= enough.publishers
),
told as (
    select
        likely.start,
        a.kind,
        a.subject_id,
        a.story_id,
        count(distinct a.publisher)::integer as publishers,
        arg_min(a.article_id, (a.published_at, a.article_id)) as article_id,
        min(a.published_at) as published_at
    from coverage_between(since, until) as a
    join likely
        on likely.kind = a.kind
        and likely.subject_id = a.subject_id
        and likely.story = hash(a.story_id)
        and likely.start is not distinct from span_start(a.day, days, since)
    group by all
)
select start, kind, subject_id, story_id, article_id, publishers
from told
qualify row_number() over (
    partition by start, kind, subject_id order by publishers desc, published_at, article_id
) = 1;

create or replace macro top_stories_between(since, until) as table
    select * exclude (start) from top_stories_every(null::integer, since, until);

create or replace macro company_topics_between(since, until) as table
    select a.subject_id as company_id, topics.subject_id as topic_id, count(distinct a.story_id)::integer as stories
    from coverage as a
    join coverage as topics using (article_id)
    where
        a.kind = 'company'
        and topics.kind = 'topic'
        and is_told_within(a.day, a.published_at, since, until)
        and is_told_within(topics.day, topics.published_at, since, until)
    group by a.subject_id, topics.subject_id;

-- Spans of 24 hours, which end where the period ends.
create or replace macro sparks_between(since, until) as table
with span as (
    select began_at, ended_at, ceil((epoch(ended_at) - epoch(began_at)) / 86400)::integer as slots
    from moments_between(since, until)
),
counted as (
    select
        a.kind,
        a.subject_id,
        ceil((epoch(span.ended_at) - epoch(a.published_at)) / 86400)::integer - 1 as ago,
        count(distinct a.story_id)::integer as stories
    from coverage_between(since, until) as a
    cross join span
    group by all
)
select seen.kind, seen.subject_id, list(coalesce(counted.stories, 0) order by slot.ago desc) as stories
from (select distinct kind, subject_id from counted) as seen
cross join (select unnest(range(slots))::integer as ago from span) as slot
left join counted using (kind, subject_id, ago)
group by seen.kind, seen.subject_id;

comment on view subjects is 'One row per company, topic and event type that can be counted, with its names.';
comment on column subjects.kind is 'company, topic or event.';
comment on column subjects.subject_id is 'Its id in the watchlist.';
comment on column subjects.name is 'Its name in English.';
comment on column subjects.name_zh is 'Its name in Chinese; empty where there is none.';
comment on macro table coverage_between is 'company_coverage and topic_coverage from since to before until, by kind and subject_id.';
comment on macro table subjects_between is 'company_weeks and topic_weeks of the period from since to before until, by kind and subject_id.';
comment on macro table family_stories_every is 'subject_stories_every of companies with their brands and subsidiaries (company_families), and of topics and event types as they are: what pages, lists and trends count.';
comment on macro table family_changes_between is 'Stories of each firm with its brands, topic and event type of the days from since to the day before until, and of as many days before them (previous).';
comment on macro table family_latest is 'Stories of each firm with its brands, topic and event type that has any in the 28 days up to last_day: of the last seven days (stories), of the seven before (previous), and by day, the oldest first (days).';
comment on macro table subject_days_between is 'Stories of company_days and topic_days from since to before until, by kind and subject_id.';
comment on macro table changes_between is 'Stories of each subject from since to before until, in the period of the same length before it (previous), and the mean of so many such periods (usual).';
comment on macro table top_stories_every is 'top_stories_between by spans of so many days; start is the first day of each.';
comment on macro table top_stories_between is 'The story that most outlets told of each subject from since to before until, with its first article and its outlets (story_id, article_id, publishers).';
comment on macro table company_topics_between is 'Stories of each company on each topic from since to before until.';
comment on macro table sparks_between is 'Stories of each subject by 24 hours from since to before until, as a list, the oldest first.';
