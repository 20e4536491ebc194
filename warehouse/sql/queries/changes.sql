-- name: counts
-- Rows of every table but those that each poll writes.
select table_name, estimated_size as rows
from duckdb_tables()
where
    schema_name = 'main'
    and not temporary
    and table_name not in (
        'feed_polls', 'feed_marks', 'poll_days', 'feed_cursors', 'feed_standings', 'host_holds',
        'runs'
    )
union all
select 'crashed runs', count(*) filter (outcome = 'crashed')
from runs
order by table_name;

-- name: settings
-- Feeds, the watchlist's version and the zone as they were last read.
select f.* replace (epoch(poll) as poll, epoch(max_silence) as max_silence), r.*
from reporting as r
left join feeds as f on true
order by feed_id;
