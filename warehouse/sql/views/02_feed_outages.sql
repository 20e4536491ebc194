-- The weeks in which a feed's news of whole days is missing. A feed keeps its last entries,
-- so what it published while it could not be read mostly comes in afterwards: a day is lost
-- only where the feed was asked, never answered, and no article of that day came later. A
-- day without polls is none: the next poll brings its news.
create or replace view feed_outages as
with polled as (
    -- By the hour: to find the calendar day of each poll takes ten times longer.
    select
        feed_id,
        epoch_us(polled_at) // 3600000000 as hour,
        bool_or(answered(outcome)) as answered
    from feed_polls
    group by feed_id, hour
),
calendar as (
    select
        hour,
        reporting_day(to_timestamp(hour * 3600)) as day
    from (select distinct hour from polled)
),
asked as (
    select polled.feed_id, calendar.day, bool_or(polled.answered) as answered
    from polled
    join calendar using (hour)
    group by polled.feed_id, calendar.day
),
newest as (
    select greatest(
        (select max(day) from asked),
        (
            select reporting_day(max(published_at))
            from articles
            where not is_digest
        )
    ) as day
),
lost as (
    select asked.feed_id, asked.day
    from asked
    where not asked.answered
    and not exists (
        from article_days as a where a.feed_id = asked.feed_id and a.day = asked.day
    )
)
select
    date_trunc('week', lost.day)::date as week,
    lost.feed_id,
    any_value(feeds.publisher) as publisher,
    count(*)::integer as days_lost,
    greatest(0.0, 1 - count(*) / least(7, any_value(newest.day) - date_trunc('week', lost.day)::date + 1)::double)
        as coverage
from lost
cross join newest
left join feeds using (feed_id)
group by week, lost.feed_id;

comment on view feed_outages is 'One row per week and feed of which whole days are missing: it was asked, never answered, and no article of the day came later.';
comment on column feed_outages.week is 'Monday of the week in the reporting zone.';
comment on column feed_outages.feed_id is 'The feed.';
comment on column feed_outages.publisher is 'Its outlet.';
comment on column feed_outages.days_lost is 'Days of the week of which nothing came.';
comment on column feed_outages.coverage is 'Part of the week''s days that are not lost, 0 to 1; the days that have begun, in the week that is not over.';
