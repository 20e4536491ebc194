-- The spans of days in which a feed's news of whole days is missing. A feed keeps its last
-- entries, so what it published while it could not be read mostly comes in afterwards: a day
-- is lost only where the feed was asked, never answered, and no article of that day came
-- later. A day without polls is none: the next poll brings its news.
create or replace macro outages_every(days, since, until) as table
with silent as (
    select feed_id, day
    from poll_days
    where not has_answered and day >= since::date and day < until::date
),
told as (
    select distinct silent.feed_id, silent.day
    from silent
    join dated_between(since, until) as a on a.feed_id = silent.feed_id and a.day = silent.day
),
lost as (
    select feed_id, span_start(day, days, since) as start
    from (from silent anti join told using (feed_id, day))
),
newest as (
    select greatest(
        (select max(day) from poll_days where day < until::date + 2),
        (select reporting_day(max(published_at)) from articles where is_news(is_digest, published_from))
    ) as day
),
begun as (
    -- A span that is not over has the days that have begun.
    select lost.*, least(days, newest.day - lost.start + 1) as days_begun
    from lost
    cross join newest
)
select
    begun.start,
    begun.feed_id,
    any_value(feeds.publisher) as publisher,
    count(*)::integer as days_lost,
    greatest(0.0, 1 - count(*) / any_value(begun.days_begun)::double) as coverage
from begun
left join feeds using (feed_id)
group by begun.start, begun.feed_id;

create or replace macro outages_between(since, until) as table
    select * exclude (start) from outages_every(until::date - since::date, since, until);

create or replace view feed_outages as
select start as week, * exclude (start)
from outages_every(7, date '0001-01-01', date '9999-12-31');

comment on macro table outages_every is 'feed_outages by spans of so many days; start is the first day of each.';
comment on macro table outages_between is 'feed_outages of the days from since to the day before until, as one span.';
comment on view feed_outages is 'One row per week and feed of which whole days are missing: it was asked, never answered, and no article of the day came later.';
comment on column feed_outages.week is 'Monday of the week in the reporting zone.';
comment on column feed_outages.feed_id is 'The feed.';
comment on column feed_outages.publisher is 'Its outlet.';
comment on column feed_outages.days_lost is 'Days of the week of which nothing came.';
comment on column feed_outages.coverage is 'Part of the week''s days that are not lost, 0 to 1; the days that have begun, in the week that is not over.';
