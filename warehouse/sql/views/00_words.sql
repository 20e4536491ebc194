-- Words that the views, the queries and anybody's own SQL share.

create or replace macro reporting_zone() as (select any_value(zone) from reporting);

create or replace macro reporting_day(instant) as (instant at time zone reporting_zone())::date;

create or replace macro day_start(calendar_day) as calendar_day::timestamp at time zone reporting_zone();

-- A day or a moment: a number of days is one of any period, and a brief's may end at noon.
create or replace macro instant_of(bound) as
    case
        when typeof(bound) = 'TIMESTAMP WITH TIME ZONE' then bound::timestamptz
        else day_start(bound::date)
    end;

-- The bounds at two days' distance need no zone, so by them most of a file can be skipped.
create or replace macro is_within(instant, since, until) as
    instant >= (since::date - 2)::timestamptz
    and instant < (until::date + 2)::timestamptz
    and instant >= instant_of(since)
    and instant < instant_of(until);

-- The same where the calendar day of the instant is known: a period of days asks no zone,
-- and DuckDB skips what lies outside of it.
create or replace macro is_told_within(day, instant, since, until) as
    case
        when typeof(since) = 'TIMESTAMP WITH TIME ZONE' then instant >= since::timestamptz
        else day >= since::date
    end
    and case
        when typeof(until) = 'TIMESTAMP WITH TIME ZONE' then instant < until::timestamptz
        else day < until::date
    end;

create or replace macro span_start(calendar_day, days, since) as
    since::date + ((calendar_day - since::date) // days * days)::integer;

create or replace macro newest_day() as (select reporting_day(max(first_seen_at)) from articles);

-- A list: DuckDB asks it once for each outcome that there is, `in` for each poll.
create or replace macro answered(outcome) as
    list_contains(['new', 'unchanged', 'empty', 'undated', 'stale_copy'], outcome);

-- Joined, these moments let DuckDB skip what lies outside; a sub-query in a filter does not.
create or replace macro moments_between(since, until) as table
    select
        instant_of(since) as began_at,
        instant_of(until) as ended_at,
        day_start(since::date - (until::date - since::date)::integer) as looked_from;

-- Microseconds are divided, not days: those go through the session's calendar.
create or replace macro spans_ago(day, instant, since, until) as
    case
        when typeof(since) = 'TIMESTAMP WITH TIME ZONE'
            then (epoch_us(until::timestamptz) - epoch_us(instant) - 1)
                // nullif(epoch_us(until::timestamptz) - epoch_us(since::timestamptz), 0)
        else (until::date - day - 1) // nullif(until::date - since::date, 0)
    end;

drop macro table if exists spans_before;

create or replace macro topics_on(board) as table
    select topic_id from topics where kind = 'topic' and list_contains(boards, board);

create or replace macro events_on(board) as table
    select topic_id from topics where kind = 'event' and list_contains(boards, board);

-- So few say more of the feeds than of the theme.
create or replace macro is_hardly_covered(articles) as
    coalesce(articles, 0) < 5;

comment on macro is_hardly_covered is 'Whether a topic or long theme has so few articles in a period that these feeds hardly cover it: fewer than five. Their number then says nothing of it, least of all a zero.';
comment on macro reporting_zone is 'The zone on whose calendar days and weeks are counted.';
comment on macro reporting_day is 'The calendar day of an instant in the reporting zone.';
comment on macro day_start is 'The instant at which a calendar day begins in the reporting zone.';
comment on macro instant_of is 'The instant at which a bound lies: a day begins with its midnight in the reporting zone, a moment is one.';
comment on macro is_within is 'Whether an instant lies from since to before until, which are days or moments.';
comment on macro is_told_within is 'is_within of an instant whose calendar day in the reporting zone is given.';
comment on macro span_start is 'The first day of the span that a calendar day is in, where spans of so many days follow each other from since on.';
comment on macro newest_day is 'The calendar day of the newest arrival in the reporting zone.';
comment on macro answered is 'Whether the outcome of a poll means that the feed answered.';
comment on macro table moments_between is 'One row: the instants at which the days from since to the day before until begin and end (began_at, ended_at), and at which as many days before them begin (looked_from).';
comment on macro spans_ago is 'How many periods of the same length lie between the one from since to before until and that of an instant before until, whose calendar day is given: 0 within it.';
comment on macro table topics_on is 'The topics of a board of the brief (watchlist.toml).';
comment on macro table events_on is 'The event types of a board of the brief (watchlist.toml).';
