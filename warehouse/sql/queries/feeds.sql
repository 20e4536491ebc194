-- name: all_feeds
-- Every feed as it is recorded.
select
    feed_id, url, publisher, language, region, kind, enabled, timezone,
    epoch(poll) as poll, epoch(max_silence) as max_silence, note, site
from feeds
order by feed_id;

-- name: delete_feeds
-- Make room for newer rows of these feeds.
delete from feeds
where feed_id in (select unnest(from_json($feed_id, '["varchar"]')));

-- name: insert_feeds
-- Record feeds as configured.
insert into feeds by name
select * replace (to_seconds(poll) as poll, to_seconds(max_silence) as max_silence)
from rows_of($batch, '[{
    "feed_id": "varchar", "url": "varchar", "publisher": "varchar", "language": "varchar",
    "region": "varchar", "kind": "varchar", "enabled": "boolean", "timezone": "varchar",
    "poll": "double", "max_silence": "double", "note": "varchar", "site": "varchar"
}]');

-- name: disable_absent
-- Stop counting on feeds that are no longer configured.
update feeds
set enabled = false
where enabled and feed_id not in (select unnest(from_json($feed_id, '["varchar"]')));

-- name: cursors
-- What the last readable poll of each feed left behind.
select feed_id, etag, last_modified, body_hash, item_hashes
from feed_cursors;

-- name: delete_cursors
-- Make room for newer cursors.
delete from feed_cursors
where feed_id in (select unnest(from_json($feed_id, '["varchar"]')));

-- name: insert_cursors
-- Record the cursors that polls left behind.
insert into feed_cursors by name
from rows_of($batch, '[{
    "feed_id": "varchar", "etag": "varchar", "last_modified": "varchar", "body_hash": "varchar",
    "item_hashes": ["ubigint"], "updated_at": "timestamptz"
}]');

-- name: standings
-- What polls taught about each feed.
select
    feed_id, url, pace, news_at, ttl, claim, skip_hours, skip_days, full_at, distrusted_until,
    error_score, gone_seen, moved_to, moved_seen, moved_since, adopted_at,
    coalesce(other_url, '') as other_url
from feed_standings;

-- name: delete_standings
-- Make room for newer standings.
delete from feed_standings
where feed_id in (select unnest(from_json($feed_id, '["varchar"]')));

-- name: insert_standings
-- Record what polls taught about feeds.
insert into feed_standings by name
select * replace (
    to_seconds(pace) as pace, to_seconds(ttl) as ttl, to_seconds(claim) as claim
)
from rows_of($batch, '[{
    "feed_id": "varchar", "url": "varchar", "pace": "double", "news_at": "timestamptz",
    "ttl": "double", "claim": "double", "skip_hours": ["integer"], "skip_days": ["integer"],
    "full_at": "timestamptz", "distrusted_until": "timestamptz", "error_score": "double",
    "gone_seen": "integer", "moved_to": "varchar", "moved_seen": "integer",
    "moved_since": "timestamptz", "adopted_at": "timestamptz", "other_url": "varchar"
}]');

-- name: held_hosts
-- Hosts on hold, and until when. A hold recorded by a later clock does not count.
select host, until
from host_holds
where asked_at <= $now::timestamptz and until > $now::timestamptz;

-- name: delete_holds
-- Make room for newer requests of these hosts.
delete from host_holds
where host in (select unnest(from_json($host, '["varchar"]')));

-- name: insert_holds
-- Record which hosts asked to be left alone.
insert into host_holds by name
from rows_of($batch, '[{
    "host": "varchar", "until": "timestamptz", "asked_at": "timestamptz", "feed_id": "varchar"
}]');

-- name: polled_in
-- The feeds that a run polled.
select feed_id from feed_polls where run_id = $run_id;

-- name: stage_polls
-- Polls, numbered in the order they come in.
create or replace temp table polled_now as
with batch as (
    from numbered_rows_of($batch, '[{
        "feed_id": "varchar", "run_id": "varchar", "polled_at": "timestamptz",
        "outcome": "varchar", "http_status": "integer", "duration_ms": "integer",
        "bytes": "bigint", "entries": "integer", "new_articles": "integer", "error": "varchar",
        "next_poll_at": "timestamptz", "retry_after_at": "timestamptz"
    }]')
)
select
    * exclude (position),
    (select coalesce(max(last_seq), 0) from feed_marks) + position as seq
from batch;

-- name: append_polls
-- Keep them.
insert into feed_polls by name
from polled_now;

-- name: stage_marks
-- Where their feeds stand after them: what failed in a row goes on, or is over.
create or replace temp table marked_now as
select
    now.* replace (
        coalesce(before.polls, 0) + now.polls as polls,
        coalesce(before.was_read, false) or now.was_read as was_read,
        coalesce(before.was_read_whole, false) or now.was_read_whole as was_read_whole,
        greatest(before.last_good_seq, now.last_good_seq) as last_good_seq,
        greatest(before.last_success_at, now.last_success_at) as last_success_at,
        now.failures + case when now.last_good_seq < 0 then coalesce(before.failures, 0) else 0 end
            as failures,
        case
            when now.last_good_seq < 0 then least(before.failing_since, now.failing_since)
            else now.failing_since
        end as failing_since,
        case
            when now.last_good_seq < 0 then (coalesce(before.gone_at, []) || now.gone_at)[:2]
            else now.gone_at
        end as gone_at
    )
from feed_marks_of('polled_now') as now
left join feed_marks as before using (feed_id);

-- name: delete_marks
-- Make room for it.
delete from feed_marks
where feed_id in (select feed_id from marked_now);

-- name: insert_marks
-- Record it.
insert into feed_marks by name
from marked_now;

-- name: stage_days
-- The days on which these feeds were not known to be asked, or to answer, from $since on.
create or replace temp table asked_now as
with given as (
    from poll_days_of('polled_now')
)
select given.*
from given
left join poll_days as before
    on before.feed_id = given.feed_id
    and before.day = given.day
    and before.day >= $since::date
where before.feed_id is null or (given.has_answered and not before.has_answered);

-- name: delete_days
-- Make room for them.
delete from poll_days
where
    not has_answered
    and day >= $since::date
    and (feed_id, day) in (select (feed_id, day) from asked_now);

-- name: insert_days
-- Record them.
insert into poll_days by name
from asked_now;

-- name: delete_all_days
-- Forget all of it; it is derived.
delete from poll_days;

-- name: insert_all_days
-- Derive every row anew.
insert into poll_days by name
from poll_days_of('feed_polls')
order by day, feed_id;

-- name: drop_staged
-- Leave nothing behind.
drop table if exists temp.polled_now;
drop table if exists temp.marked_now;
drop table if exists temp.asked_now;

-- name: poll_state
-- The last poll of each feed, its failures in a row, and whether it ever was read whole.
-- A first answer without entries, or with nothing but an error page, seeds nothing; nor
-- does a document that broke off, which has entries and an error: the rest is to come.
select
    feed_id, polled_at, outcome, next_poll_at, retry_after_at, failures,
    was_read_whole as seeded
from feed_marks
order by feed_id;

-- name: followed
-- Feeds that were read whole once and have answered since: what they have by now without a
-- date, they did not have then.
select feed_id
from feed_marks
where was_read_whole and last_success_at >= $since::timestamptz;

-- name: answers
-- What the list of feeds is worth today.
from feed_answers;

-- name: missed
-- Feeds of which a poll of the last day before $now found that entries were missed.
select feed_id, count(*) as polls
from feed_polls
where polled_at between $now::timestamptz - interval 1 day and $now::timestamptz
    and starts_with(error, $said)
group by feed_id
order by polls desc, feed_id;

-- name: health
-- How each feed does, those in trouble first.
from feed_health
order by
    case state
        when 'dead' then 0 when 'failing' then 1 when 'quiet' then 2 when 'healthy' then 3
        else 4
    end,
    feed_id;
