-- Which machine made each run. Two homes on one machine are two of a lake's hosts, and are
-- told apart by their homes where both ran lately.
create or replace view run_hosts as
with clock as (
    select arg_max(started_at, seq) as as_of from runs
),
lately as (
    select host, count(distinct home) as homes
    from runs, clock
    where started_at between as_of - interval 7 day and as_of and host <> ''
    group by host
)
select
    runs.seq,
    runs.run_id,
    lately.host
        || case when homes > 1 and home is not null then ' (' || home || ')' else '' end as host,
    runs.shard,
    runs.outcome,
    runs.started_at,
    -- One that failed or was offline read nothing, and one that crashed may have.
    case runs.outcome
        when 'completed' then runs.ended_at
        when 'running' then runs.started_at
    end as worked_at
from clock, runs
join lately using (host)
where started_at between as_of - interval 7 day and as_of;
comment on view run_hosts is 'Runs of the last seven days and the machine that made each.';
comment on column run_hosts.seq is 'Order of the runs.';
comment on column run_hosts.run_id is 'The run.';
comment on column run_hosts.host is 'The machine''s name, with that of its home where two homes of the machine ran.';
comment on column run_hosts.shard is 'Which shard of the feeds it polled; null where all.';
comment on column run_hosts.outcome is 'As in runs.';
comment on column run_hosts.started_at is 'When it began.';
comment on column run_hosts.worked_at is 'When it completed, or began where it goes on; null where it failed, was offline or crashed.';

-- When each machine ran last, and the pause after which it does: of nine in ten, as it may
-- have stood in for another one meanwhile, between its own runs.
create or replace view host_runs as
with paused as (
    select host, worked_at, worked_at - lag(worked_at) over (partition by host order by worked_at) as pause
    from run_hosts
    where worked_at is not null
)
select
    host,
    max(worked_at) as last_run_at,
    case
        when count(pause) >= 3 then to_seconds(quantile_cont(epoch(pause), 0.9))
    end as usual_pause,
    any_value(newest.outcome) in ('failed', 'offline', 'crashed') as fails
from paused
join (
    select host, arg_max(outcome, seq) as outcome from run_hosts group by host
) as newest using (host)
group by host;
comment on view host_runs is 'When each machine that ran in the last seven days did so last, and how often it does.';
comment on column host_runs.host is 'As in run_hosts.';
comment on column host_runs.last_run_at is 'End of its newest run that completed, or begin of one that goes on.';
comment on column host_runs.usual_pause is 'Pause between its runs that nine of ten keep below; null while there are fewer than four runs.';
comment on column host_runs.fails is 'Whether its newest run failed, was offline or crashed.';

-- When each shard of the feeds was read last. Which shards there are is what the newest run
-- of one says; where for a day all runs were of all feeds, there are none any more.
create or replace view shard_reads as
with sharded as (
    select
        *,
        split_part(shard, '/', 1)::integer as number,
        split_part(shard, '/', 2)::integer as shards
    from run_hosts
    where shard is not null
),
newest as (
    select arg_max(shards, seq) as shards, max(seq) as seq, max(started_at) as started_at
    from sharded
),
deployed as (
    select sharded.*, newest.shards as deployed
    from sharded, newest
    where
        sharded.shards = newest.shards
        and sharded.seq > coalesce(
            (select max(seq) from sharded as former where former.shards <> newest.shards), 0
        )
        and newest.started_at > (select max(started_at) from run_hosts) - interval 1 day
),
paused as (
    select
        number,
        worked_at,
        worked_at - lag(worked_at) over (partition by number order by worked_at) as pause
    from deployed
    where worked_at is not null
),
rhythm as (
    select quantile_cont(epoch(pause), 0.9) as seconds from paused having count(pause) >= 3
)
select
    asked.number || '/' || asked.shards as shard,
    coalesce(max(paused.worked_at), any_value(asked.since)) as read_at,
    count(paused.worked_at) > 0 as was_read,
    to_seconds(any_value(rhythm.seconds)) as usual_pause
from (
    select unnest(range(1, deployed + 1)) as number, deployed as shards, min(started_at) as since
    from deployed
    group by deployed
) as asked
left join paused using (number)
left join rhythm on true
group by asked.number, asked.shards
order by asked.number;
comment on view shard_reads is 'When each shard of the feeds was read last, where machines share them.';
comment on column shard_reads.shard is 'The shard, as in runs.';
comment on column shard_reads.read_at is 'End of the newest run of it that completed, or begin of one that goes on; where there is none, when the first shard of so many was read.';
comment on column shard_reads.was_read is 'Whether any run read it.';
comment on column shard_reads.usual_pause is 'Pause between runs of one shard that nine of ten keep below, over all shards; null while there are too few.';
