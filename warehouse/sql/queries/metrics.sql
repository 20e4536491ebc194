-- How the pipeline does, for `/metrics`: states as they are, outcomes over the day up to
-- $until. Each is read by itself, so that one that cannot be read takes no other along.

-- name: articles
-- How many there are, and how new the newest is.
select 'articles' as metric, '' as label, count(*)::double as value from articles
union all
select 'newest_article', '', epoch(max(published_at)) from articles;

-- name: runs
-- The last run that completed, runs of the day by outcome, whether the last one was offline,
-- and what runs had the turn for.
with day_runs as (
    select * from runs where started_at > $until::timestamptz - interval 24 hours
),
last_run as (
    select started_at, ended_at from runs where outcome = 'completed' order by seq desc limit 1
),
hosts as (
    select run_hosts.host, max(waited_seconds) as waited, sum(held_seconds) as held
    from day_runs
    join run_hosts using (run_id)
    where held_seconds is not null
    group by run_hosts.host
)
select 'last_run' as metric, '' as label, epoch(ended_at) as value from last_run
union all
select 'last_run_seconds', '', epoch(ended_at - started_at) from last_run
union all
select 'runs', outcome, count(*) from day_runs group by outcome
union all
select 'offline', '', (arg_max(outcome, seq) = 'offline')::double
from runs where outcome <> 'running'
union all
select 'turn_waited', host, waited from hosts
union all
select 'turn_held', host, held from hosts
union all
select 'new_articles', '', coalesce(sum(new_articles), 0) from day_runs
order by metric, label;

-- name: hosts
-- When each host ran last, and each shard of the feeds was read last.
select 'host_last_run' as metric, host as label, epoch(last_run_at) as value from host_runs
union all
select 'shard_age', shard, epoch(read_at) from shard_reads
order by metric, label;

-- name: polls
-- Polls of the day by outcome.
select 'polls' as metric, outcome as label, count(*)::double as value
from feed_polls
where polled_at > $until::timestamptz - interval 24 hours
group by outcome
order by label;

-- name: feeds
-- Feeds by state.
select 'feeds' as metric, state as label, count(*)::double as value
from feed_health
group by state
order by label;

-- name: alerts
-- Alerts by state.
select 'alerts' as metric, state as label, count(*)::double as value
from alerts
where kind <> 'brief'
group by state
order by label;

-- name: deliveries
-- How long what was delivered in the day had waited.
with waits as (
    select decided_to_delivered as seconds
    from alert_latency
    where delivered_at > $until::timestamptz - interval 24 hours
)
select 'delivery' as metric, '0.5' as label, quantile_cont(seconds, 0.5)::double as value from waits
union all
select 'delivery', '0.95', quantile_cont(seconds, 0.95) from waits;

-- name: verdicts
-- The verdicts of readers that stand, by kind.
select 'verdicts' as metric, kind as label, count(*)::double as value
from verdicts
where undone_at is null
group by kind
order by label;
