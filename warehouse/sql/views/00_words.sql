-- Words that the views, the queries and anybody's own SQL share.

create or replace macro reporting_zone() as (select any_value(zone) from reporting);

create or replace macro reporting_day(instant) as (instant at time zone reporting_zone())::date;

create or replace macro day_start(calendar_day) as calendar_day::timestamp at time zone reporting_zone();

create or replace macro answered(outcome) as
    outcome in ('new', 'unchanged', 'empty', 'undated', 'stale_copy');

comment on macro reporting_zone is 'The zone on whose calendar days and weeks are counted.';
comment on macro reporting_day is 'The calendar day of an instant in the reporting zone.';
comment on macro day_start is 'The instant at which a calendar day begins in the reporting zone.';
comment on macro answered is 'Whether the outcome of a poll means that the feed answered.';
