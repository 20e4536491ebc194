-- name: stage
-- The newest article of each feed that one of these was seen in, where it is newer.
create or replace temp table arrived_now as
with given as (
    select unnest(from_json_strict($seq, '["bigint"]')) as seq
),
seen_now as (
    from sightings where seq in (select seq from given)
),
dated_now as (
    select seq, published_at from articles where seq in (select seq from given)
)
select found.feed_id, found.last_article_at
from feed_arrivals_of('seen_now', 'dated_now') as found
left join feed_arrivals as before using (feed_id)
where before.last_article_at is null or before.last_article_at < found.last_article_at;

-- name: feeds
-- The feeds that these articles were seen in, and when the newest of the most silent came.
select list(feed_id order by feed_id), min(last_article_at)
from feed_arrivals
where
    feed_id in (
        select feed_id
        from sightings
        where seq in (select unnest(from_json_strict($seq, '["bigint"]')))
    );

-- name: stage_again
-- The newest article of some feeds, of those that they carried since a moment: where there
-- is one from after it, none from before is newer.
create or replace temp table arrived_now as
with seen_since as (
    from sightings
    where
        first_seen_at >= coalesce($since::timestamptz, '-infinity'::timestamptz)
        and feed_id in (select unnest(from_json_strict($feed_id, '["varchar"]')))
)
from feed_arrivals_of('seen_since', 'articles')
where last_article_at >= coalesce($since::timestamptz, '-infinity'::timestamptz);

-- name: exchange
-- Record what was staged; return the feeds.
delete from feed_arrivals where feed_id in (select feed_id from arrived_now);
insert into feed_arrivals by name from arrived_now;
select feed_id from arrived_now;

-- name: drop_staged
-- Leave nothing behind.
drop table if exists temp.arrived_now;

-- name: derive
-- Derive every row anew.
delete from feed_arrivals;
insert into feed_arrivals by name
from feed_arrivals_of('sightings', 'articles');
