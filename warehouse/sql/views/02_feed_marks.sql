-- Where feeds stand after some polls, each of them: after all of them, in feed_marks; after
-- those of a batch, which are then added to what was (queries/feeds.sql);
-- `feed_marks_follow_from_polls` proves that it comes to the same.
create or replace macro feed_marks_of(polls_of) as table
with polled as (
    select feed_id, seq, polled_at, outcome, entries, error, next_poll_at, retry_after_at
    from query_table(polls_of)
),
marks as (
    select
        feed_id,
        arg_max(
            {
                'seq': seq, 'polled_at': polled_at, 'outcome': outcome, 'error': error,
                'next_poll_at': next_poll_at, 'retry_after_at': retry_after_at
            },
            seq
        ) as latest,
        count(*) as polls,
        -- A document that broke off has entries and an error; such a feed is not seeded.
        coalesce(bool_or(entries > 0), false) as was_read,
        coalesce(bool_or(entries > 0 and error is null), false) as was_read_whole,
        coalesce(max(seq) filter (where answered(outcome)), -1) as last_good_seq,
        max(polled_at) filter (where answered(outcome)) as last_success_at
    from polled
    group by feed_id
),
since_good as (
    select
        polled.feed_id,
        count(*)::integer as failures,
        min(polled.polled_at) as failing_since,
        coalesce(
            (list(polled.polled_at order by polled.seq) filter (where polled.outcome = 'gone'))[:2],
            []
        ) as gone_at
    from polled
    join marks on marks.feed_id = polled.feed_id and polled.seq > marks.last_good_seq
    group by polled.feed_id
)
select
    marks.feed_id,
    latest.seq as last_seq,
    latest.polled_at as polled_at,
    latest.outcome as outcome,
    latest.error as error,
    latest.next_poll_at as next_poll_at,
    latest.retry_after_at as retry_after_at,
    marks.polls,
    marks.was_read,
    marks.was_read_whole,
    marks.last_good_seq,
    marks.last_success_at,
    coalesce(since_good.failures, 0)::integer as failures,
    since_good.failing_since,
    coalesce(since_good.gone_at, []::timestamptz[]) as gone_at
from marks
left join since_good using (feed_id);

delete from feed_marks;
insert into feed_marks by name
from feed_marks_of('feed_polls');

-- The baseline's comment is from before documents could be too large.
comment on column feed_polls.outcome is 'new, unchanged, empty, not_a_feed, challenge, undated, stale_copy, gone, moved, too_large, transient_error or permanent_error.';

comment on macro table feed_marks_of is 'What the rows of feed_marks should be, made from a table of polls that is named.';
