-- Words that the views, the queries and anybody's own SQL share.

create or replace macro reporting_zone() as (select any_value(zone) from reporting);

create or replace macro reporting_day(instant) as (instant at time zone reporting_zone())::date;

create or replace macro day_start(calendar_day) as calendar_day::timestamp at time zone reporting_zone();

create or replace macro span_start(calendar_day, days, since) as
    since::date + ((calendar_day - since::date) // days * days)::integer;

create or replace macro newest_day() as (select reporting_day(max(first_seen_at)) from articles);

create or replace macro answered(outcome) as
    outcome in ('new', 'unchanged', 'empty', 'undated', 'stale_copy');

-- Joined, these moments let DuckDB skip what lies outside; a sub-query in a filter does not.
create or replace macro moments_between(since, until) as table
    select
        day_start(since) as began_at,
        day_start(until) as ended_at,
        day_start(since::date - (until::date - since::date)::integer) as looked_from;

comment on macro reporting_zone is 'The zone on whose calendar days and weeks are counted.';
comment on macro reporting_day is 'The calendar day of an instant in the reporting zone.';
comment on macro day_start is 'The instant at which a calendar day begins in the reporting zone.';
comment on macro span_start is 'The first day of the span that a calendar day is in, where spans of so many days follow each other from since on.';
comment on macro newest_day is 'The calendar day of the newest arrival in the reporting zone.';
comment on macro answered is 'Whether the outcome of a poll means that the feed answered.';
comment on macro table moments_between is 'One row: the instants at which the days from since to the day before until begin and end (began_at, ended_at), and at which as many days before them begin (looked_from).';
