create or replace macro worded_between(since, until) as table
    select distinct framings.frame_id, framings.pole, a.day, a.language, a.story_id
    from framings
    join company_coverage as a using (article_id)
    join companies using (company_id)
    where
        companies.kind in ('company', 'brand')
        and a.is_on_beat
        and is_told_within(a.day, a.published_at, since, until);

create or replace macro wording_between(since, until) as table
    select
        date_trunc('month', day)::date as month,
        frame_id,
        pole,
        count(distinct story_id)::integer as stories
    from worded_between(since, until)
    group by all;

create or replace macro frames_every(days, since, until) as table
with counted as (
    select
        frame_id,
        pole,
        span_start(day, days, since) as start,
        language,
        count(distinct story_id)::integer as stories
    from worded_between(since, until)
    group by all
),
either as (
    select frame_id, start, language, sum(stories)::integer as stories
    from counted
    group by frame_id, start, language
)
select
    either.start,
    either.frame_id,
    frames.pole,
    either.language,
    coalesce(counted.stories, 0) as stories,
    either.stories as either_stories,
    coalesce(counted.stories, 0) / either.stories as share,
    wilson_low(coalesce(counted.stories, 0), either.stories) as low,
    wilson_high(coalesce(counted.stories, 0), either.stories) as high,
    case when either.stories >= 30 then 'firm' else 'few' end as state
from either
join frames using (frame_id)
left join counted
    on counted.frame_id = either.frame_id
    and counted.pole = frames.pole
    and counted.start = either.start
    and counted.language = either.language;

create or replace macro frames_between(since, until) as table
    select * exclude (start) from frames_every(until::date - since::date, since, until);

create or replace view frame_weeks as
select start as week, * exclude (start)
from frames_every(7, date '0001-01-01', date '9999-12-31');

