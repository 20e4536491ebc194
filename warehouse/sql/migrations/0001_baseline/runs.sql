-- The reporting zone, runs of the pipeline and imports.
--
-- No primary keys, indexes or checks anywhere in this warehouse: the queries that
-- append see to uniqueness, `sinowire checks` proves it, and the same SQL runs on
-- DuckLake, which has none of them.
--
-- On a lake rows lie in files of a month each, by when they came or what day they are of: so
-- upkeep writes anew the months in which rows went, and a month that is over stays as it is.
-- A file has no such parts.

create table reporting (
    zone          varchar not null,
    rules_version varchar
);
insert into reporting (zone) values ('Asia/Shanghai');
comment on table reporting is 'How calendar days are reckoned; exactly one row.';
comment on column reporting.zone is 'IANA name of the reporting zone: every day and week in the views is a calendar day or week there.';
comment on column reporting.rules_version is 'Version of the watchlist that companies, aliases and topics stand for; null before the first run.';

create table runs (
    run_id         varchar     not null,
    seq            bigint      not null,
    started_at     timestamptz not null,
    ended_at       timestamptz,
    outcome        varchar     not null,
    feeds          integer     not null default 0,
    new_articles   integer     not null default 0,
    alerts         integer     not null default 0,
    version        varchar     not null,
    rules_version  varchar     not null,
    process        varchar,
    feeds_version  varchar,
    waited_seconds double,
    held_seconds   double,
    shard          varchar,
    host           varchar,
    home           varchar
);
comment on table runs is 'One row per run of the pipeline.';
comment on column runs.run_id is 'Identity of the run.';
comment on column runs.seq is 'Order of the runs as they began. The clock may go back, this does not.';
comment on column runs.started_at is 'The pipeline''s clock at the start; the pretended one where --now was given.';
comment on column runs.ended_at is 'The pipeline''s clock at the end; null while running, or where the run crashed.';
comment on column runs.outcome is 'running, completed, failed (no feed worked) or crashed (its process went away).';
comment on column runs.feeds is 'Feeds polled.';
comment on column runs.new_articles is 'Articles that were not in the warehouse before.';
comment on column runs.alerts is 'Alerts decided in the run.';
comment on column runs.version is 'Version of sinowire that ran.';
comment on column runs.rules_version is 'Version of the watchlist that tagged.';
comment on column runs.process is 'Host, process id and process start of the run, by which a crashed one is recognised.';
comment on column runs.feeds_version is 'Which list of feeds the host had, as a digest; null where no other host shares the warehouse.';
comment on column runs.waited_seconds is 'How long the run waited for its turn to write, until its end was recorded or it gave up. Null while running, or where the run crashed.';
comment on column runs.held_seconds is 'How long the run had the turn to write, others waiting meanwhile, with the opening of the warehouse, until its end was recorded. Null while running, or where the run crashed.';
comment on column runs.shard is 'Which shard of the feeds the run was to poll, as 1/2 is the first of two; null where it was all of them.';
comment on column runs.host is 'Name of the machine that made the run.';
comment on column runs.home is 'Which home of that machine: the folder''s name and a mark of its path; null where an earlier version ran.';

create table imports (
    imported_at timestamptz not null,
    entries     integer     not null,
    undated     integer     not null
);
comment on table imports is 'One row per batch of rows that `sinowire import` read.';
comment on column imports.imported_at is 'When the import began. Rows with neither a date nor a first sight were first seen then.';
comment on column imports.entries is 'Rows in the batch.';
comment on column imports.undated is 'Rows without a date; they count on the day they were first seen.';
