-- On which days feeds were asked and answered, by a table of polls that is named: by all of
-- them, in poll_days; by those of a batch, of which only what is not known yet is written
-- (queries/feeds.sql); `poll_days_follow_from_polls` proves that it comes to the same.
--
-- To ask the zone for the calendar day of each poll takes ten times longer. So it is asked
-- how far ahead of UTC it is at least and at most: where both give one day, it is that one,
-- and only polls of the few hours about midnight that differ are asked for, by the hour.
create or replace macro poll_days_of(polls_of) as table
with polled as (
    select feed_id, epoch_us(polled_at) as micros, answered(outcome) as has_answered
    from query_table(polls_of)
),
bounds as (
    select
        make_timestamp(min(micros))::date as first_day,
        make_timestamp(max(micros))::date as last_day
    from polled
),
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
numbered as (
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
    from polled
    cross join ahead
    group by feed_id, day_number, hour
)
select
    feed_id,
    case
        when hour is null then date '1970-01-01' + day_number::integer
        else reporting_day(to_timestamp(hour * 3600))
    end as day,
    bool_or(has_answered) as has_answered
from numbered
group by feed_id, day;

delete from poll_days;
insert into poll_days by name
from poll_days_of('feed_polls')
order by day, feed_id;

comment on macro table poll_days_of is 'What the rows of poll_days should be, made from a table of polls that is named.';
