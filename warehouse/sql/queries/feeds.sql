-- name: all_feeds
-- Every feed as it is recorded.
select
    feed_id, url, publisher, language, region, kind, enabled, timezone,
    epoch(poll) as poll, epoch(max_silence) as max_silence, note
from feeds
order by feed_id;

-- name: delete_feeds
-- Make room for newer rows of these feeds.
delete from feeds
where feed_id in (select unnest($feed_id));

-- name: insert_feeds
-- Record feeds as configured.
insert into feeds by name
select
    unnest($feed_id) as feed_id,
    unnest($url) as url,
    unnest($publisher) as publisher,
    unnest($language) as language,
    unnest($region) as region,
    unnest($kind) as kind,
    unnest($enabled) as enabled,
    unnest($timezone) as timezone,
    to_seconds(unnest($poll::double[])) as poll,
    to_seconds(unnest($max_silence::double[])) as max_silence,
    unnest($note) as note;

-- name: disable_absent
-- Stop counting on feeds that are no longer configured.
update feeds
set enabled = false
where enabled and feed_id not in (select unnest($feed_id::varchar[]));

-- name: cursors
-- What the last readable poll of each feed left behind.
select feed_id, etag, last_modified, body_hash, item_hashes
from feed_cursors;

-- name: delete_cursors
-- Make room for newer cursors.
delete from feed_cursors
where feed_id in (select unnest($feed_id));

-- name: insert_cursors
-- Record the cursors that polls left behind.
insert into feed_cursors by name
select
    unnest($feed_id) as feed_id,
    unnest($etag) as etag,
    unnest($last_modified) as last_modified,
    unnest($body_hash) as body_hash,
    unnest($item_hashes::ubigint[][]) as item_hashes,
    unnest($updated_at::timestamptz[]) as updated_at;

-- name: append_polls
-- Append polls, numbered in the order of the lists.
insert into feed_polls by name
with batch as (
    select
        unnest(range(len($feed_id))) as position,
        unnest($feed_id) as feed_id,
        unnest($run_id) as run_id,
        unnest($polled_at::timestamptz[]) as polled_at,
        unnest($outcome) as outcome,
        unnest($http_status::integer[]) as http_status,
        unnest($duration_ms) as duration_ms,
        unnest($bytes) as bytes,
        unnest($entries) as entries,
        unnest($new_articles) as new_articles,
        unnest($error::varchar[]) as error,
        unnest($next_poll_at::timestamptz[]) as next_poll_at,
        unnest($retry_after_at::timestamptz[]) as retry_after_at
)
select
    * exclude (position),
    (select coalesce(max(seq), 0) from feed_polls) + 1 + position as seq
from batch;

-- name: poll_state
-- The last poll of each feed, its failures in a row, and whether it ever brought entries.
-- A first answer without any, or with nothing but an error page, seeds nothing.
with marks as (
    select
        feed_id,
        max(seq) as last_seq,
        coalesce(max(seq) filter (
            where outcome in ('new', 'unchanged', 'empty', 'undated', 'stale_copy', 'moved')
        ), -1) as good_seq,
        bool_or(entries > 0 or outcome in ('new', 'unchanged', 'undated', 'stale_copy')) as seeded
    from feed_polls
    group by feed_id
)
select
    marks.feed_id,
    (arg_max(polls.polled_at, polls.seq)) as polled_at,
    arg_max(polls.outcome, polls.seq) as outcome,
    max(polls.next_poll_at) filter (where polls.seq = marks.last_seq) as next_poll_at,
    max(polls.retry_after_at) filter (where polls.seq = marks.last_seq) as retry_after_at,
    (count(*) filter (where polls.seq > marks.good_seq))::integer as failures,
    any_value(marks.seeded) as seeded
from marks
join feed_polls as polls
    on polls.feed_id = marks.feed_id
    and (polls.seq = marks.last_seq or polls.seq > marks.good_seq)
group by marks.feed_id
order by marks.feed_id;

-- name: health
-- How each feed does.
from feed_health
order by feed_id;

-- name: recent_polls
-- The last polls of one feed, newest first.
select
    polled_at, outcome, http_status, duration_ms, bytes, entries, new_articles, error, next_poll_at
from feed_polls
where feed_id = $feed_id
order by seq desc
limit $limit;
