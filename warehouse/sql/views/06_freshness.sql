-- How new the data are, and how complete: the one definition that briefs, trends, alerts
-- and the doctor tell by. Of what had been polled, imported and computed by `moment`.
--
-- Where feeds stand by a table of marks that is named: feed_marks after all polls, which
-- reads none of them, or what they were at a moment.
create or replace macro freshness_by(marks_of, moment) as table (
    with marks as (
        select feed_id, outcome, last_success_at from query_table(marks_of)
    ),
    cycle as (
        select
            (select count(*) from feeds where enabled)::integer as feeds,
            count(*)::integer as asked,
            (count(*) filter (where answered(marks.outcome)))::integer as answered
        from marks
        join feeds on feeds.feed_id = marks.feed_id and feeds.enabled
    ),
    newest as (
        select
            (select max(last_success_at) from marks) as newest_poll_at,
            -- An undated row bears the moment of its import, which says nothing of its age.
            (
                select max(published_at)
                from articles
                where run_id = '' and is_dated(published_from) and first_seen_at <= moment
            ) as newest_import_at,
            (
                select max(day)
                from computed_days
                where relation = 'bursts' and computed_at <= moment
            ) as computed_until
    )
    select
        greatest(newest.newest_poll_at, newest.newest_import_at) as as_of,
        newest.newest_poll_at,
        newest.newest_import_at,
        cycle.feeds,
        cycle.asked,
        cycle.answered,
        newest.computed_until
    from newest
    cross join cycle
);

create or replace macro freshness_at(moment) as table (
    with marks_then as (
        select
            feed_id,
            arg_max(outcome, seq) as outcome,
            max(polled_at) filter (where answered(outcome)) as last_success_at
        from feed_polls
        where polled_at <= moment
        group by feed_id
    )
    from freshness_by('marks_then', moment)
);

create or replace view freshness as
from freshness_by('feed_marks', '9999-01-01 00:00:00+00'::timestamptz);

comment on view freshness is 'One row: how new the data are, how many feeds answered, and until when statistics were computed. `from freshness_at(moment)` says it as of then.';
comment on column freshness.as_of is 'The newest successful poll or imported article; null where there is neither.';
comment on column freshness.newest_poll_at is 'The newest poll that read a feed.';
comment on column freshness.newest_import_at is 'Publication of the newest imported article that has a date of its own.';
comment on column freshness.feeds is 'Feeds that are enabled.';
comment on column freshness.asked is 'Those of them that were polled.';
comment on column freshness.answered is 'Those whose last poll read a feed.';
comment on column freshness.computed_until is 'Last day that was looked at for bursts.';
comment on macro table freshness_at is 'freshness as it was at a moment.';
comment on macro table freshness_by is 'freshness, by a table of where feeds stand that is named and what was there at a moment.';
