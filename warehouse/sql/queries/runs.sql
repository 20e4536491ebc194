-- name: begin_run
-- Record a run that starts now.
insert into runs by name
select
    $run_id as run_id,
    (select coalesce(max(seq), 0) + 1 from runs) as seq,
    $started_at::timestamptz as started_at,
    'running' as outcome,
    $feeds as feeds,
    $version as version,
    $rules_version as rules_version,
    $feeds_version as feeds_version,
    $shard as shard,
    $process as process,
    $host as host,
    $home as home
where not exists (from runs where run_id = $run_id);

-- name: finish_run
-- Record how a run ended.
update runs
set
    ended_at = $ended_at::timestamptz,
    outcome = $outcome,
    feeds = $feeds,
    new_articles = $new_articles,
    alerts = $alerts,
    waited_seconds = $waited_seconds,
    held_seconds = $held_seconds
where run_id = $run_id;

-- name: give_up_run
-- Record that a run did not get its turn to write.
update runs
set
    ended_at = $ended_at::timestamptz,
    outcome = 'failed',
    waited_seconds = $waited_seconds,
    held_seconds = 0
where run_id = $run_id and outcome = 'running';

-- name: running
-- Runs that have not said how they ended.
select run_id, process, started_at
from runs
where outcome = 'running'
order by seq;

-- name: crash_runs
-- Mark runs whose process went away.
update runs
set outcome = 'crashed'
where run_id in (select unnest(from_json($run_ids, '["varchar"]')));

-- name: was_offline
-- Whether the newest run of these feeds that has ended found no host that answered as it should.
select outcome = 'offline'
from runs
where outcome in ('completed', 'failed', 'offline') and shard is not distinct from $shard
order by seq desc
limit 1;

-- name: offline_since
-- When the first of the newest runs began that all found no host to answer as it should.
select min(started_at)
from runs
where
    outcome = 'offline'
    and seq > coalesce((select max(seq) from runs where outcome not in ('offline', 'running')), 0);

-- name: last_run
-- The run that began last.
select
    run_id, started_at, ended_at, outcome, feeds, new_articles, alerts, version, rules_version,
    feeds_version, shard, home
from runs
order by seq desc
limit 1;

-- name: last_elsewhere
-- The run that another host, or another home of this one, began last.
select host, home, started_at, rules_version
from runs
where host <> '' and (host <> $host or home <> $home)
order by seq desc
limit 1;

-- name: feed_lists
-- Which list of feeds each host of a lake has, as of its last run in the last two days.
select
    named.host,
    runs.started_at as ran_at,
    runs.feeds_version as version,
    runs.host = $host and coalesce(runs.home, $home) = $home as is_here
from run_hosts as named
join runs using (run_id)
where runs.started_at > (select max(started_at) from run_hosts) - interval 48 hours
qualify row_number() over (partition by named.host order by runs.seq desc) = 1
order by named.host;

-- name: hosts
-- When each host ran last, and how often it does.
select host.host, host.last_run_at, host.usual_pause, host.fails, named.is_here
from host_runs as host
join (
    select
        run_hosts.host,
        bool_or(runs.host = $host and coalesce(runs.home, $home) = $home) as is_here
    from run_hosts
    join runs using (run_id)
    group by run_hosts.host
) as named using (host)
order by host.host;

-- name: shards
-- When each shard was read last, and how often one is.
select shard, read_at, was_read from shard_reads;

-- name: set_zone
-- Set the reporting zone.
update reporting set zone = $zone;

-- name: zone
-- The reporting zone.
select zone from reporting;

-- name: synced_rules
-- The version of the rules that companies, aliases and topics stand for.
select rules_version from reporting;

-- name: set_synced_rules
-- Record which rules companies, aliases and topics stand for now.
update reporting set rules_version = $rules_version;
