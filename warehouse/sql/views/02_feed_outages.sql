-- The spans of days in which a feed's news of whole days is missing. A feed keeps its last
-- entries, so what it published while it could not be read mostly comes in afterwards: a day
-- is lost only where the feed was asked, never answered, and no article of that day came
-- later. A day without polls is none: the next poll brings its news.
create or replace macro outages_every(days, since, until) as table
with bounds as (
    select
        make_timestamp(epoch_us(min(polled_at)))::date as first_day,
        make_timestamp(epoch_us(max(polled_at)))::date as last_day
    from feed_polls
    where
        polled_at >= (since::date - 2)::timestamptz
        and polled_at < (until::date + 2)::timestamptz
),
-- To ask the zone for the calendar day of each poll takes ten times longer. So it is asked
-- how far ahead of UTC it is at least and at most: where both give one day, it is that one,
-- and only polls of the few hours about midnight that differ are asked for, by the hour.
ahead as materialized (
    select min(micros) as least_micros, max(micros) as most_micros
    from (
        select
            epoch_us((days.utc_day at time zone 'UTC') at time zone reporting_zone())
                - epoch_us(days.utc_day) as micros
        from (
            select unnest(range(first_day - 1, last_day + 2, interval 1 day)) as utc_day
            from bounds
        ) as days
    )
),
polled as (
    select
        feed_id,
        (micros + least_micros) // 86400000000 as day_number,
        case
            when least_micros <> most_micros
                and (micros + least_micros) // 86400000000
                <> (micros + most_micros) // 86400000000
                then micros // 3600000000
        end as hour,
        bool_or(has_answered) as has_answered
    from (
        select feed_id, epoch_us(polled_at) as micros, answered(outcome) as has_answered
        from feed_polls
        where
            polled_at >= (since::date - 2)::timestamptz
            and polled_at < (until::date + 2)::timestamptz
    )
    cross join ahead
    group by feed_id, day_number, hour
),
asked as (
    select
        feed_id,
        case
            when hour is null then date '1970-01-01' + day_number::integer
            else reporting_day(to_timestamp(hour * 3600))
        end as day,
        bool_or(has_answered) as has_answered
    from polled
    group by feed_id, day
),
newest as (
    select greatest(
        (select max(day) from asked),
        (select reporting_day(max(published_at)) from articles where not is_digest)
    ) as day
),
lost as (
    select feed_id, span_start(day, days, since) as start
    from asked
    where
        not has_answered
        and day >= since::date
        and day < until::date
        and not exists (
            from dated_between(since, until) as a
            where a.feed_id = asked.feed_id and a.day = asked.day
        )
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
