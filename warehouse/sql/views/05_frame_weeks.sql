-- How headlines put it: of two opposite wordings, how many stories had each, by span of
-- days and language. Headlines that name a company or brand of the watchlist in title or
-- summary; which words are meant is in frames.toml, which headline has one in framings.
create or replace macro worded_between(since, until) as table
    select distinct framings.frame_id, framings.pole, a.day, a.language, a.story_id
    from framings
    join company_coverage as a using (article_id)
    join companies using (company_id)
    where
        companies.kind in ('company', 'brand')
        and a.is_on_beat
        and is_told_within(a.day, a.published_at, since, until);

-- By month of the calendar, whatever the language.
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

comment on macro table worded_between is 'Stories of articles from since to before until that name a company or brand under a headline worded so, once by frame, pole, day and language.';
comment on macro table wording_between is 'Stories worded so from since to before until, by month of the calendar, frame and pole, in all languages together.';
comment on macro table frames_every is 'frame_weeks by spans of so many days; start is the first day of each.';
comment on macro table frames_between is 'frame_weeks of the days from since to the day before until, as one span.';
comment on view frame_weeks is 'One row per week, frame, pole and language with stories worded one way or the other; headlines that name companies or brands, digests left out.';
comment on column frame_weeks.week is 'Monday of the week of publication in the reporting zone.';
comment on column frame_weeks.frame_id is 'The pair of opposite wordings.';
comment on column frame_weeks.pole is 'One of the two.';
comment on column frame_weeks.language is 'Language of the headlines, ISO 639.';
comment on column frame_weeks.stories is 'Stories with a headline worded so.';
comment on column frame_weeks.either_stories is 'Stories of both poles added up: what the share is of.';
comment on column frame_weeks.share is 'stories as a part of either_stories, 0 to 1.';
comment on column frame_weeks.low is 'Lower end of its 95 % interval (Wilson).';
comment on column frame_weeks.high is 'Upper end of it.';
comment on column frame_weeks.state is 'firm, or few: fewer than 30 stories, to be shown in grey if at all.';
