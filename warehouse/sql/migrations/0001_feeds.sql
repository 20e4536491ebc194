-- Runs of the pipeline, the feeds it polls, every poll, and the cursors they left.
--
-- No primary keys, indexes or checks anywhere in this warehouse: the queries that
-- append see to uniqueness, `sinowire checks` proves it, and the same SQL runs on
-- DuckLake, which has none of them.

create table reporting (
    zone varchar not null
);
insert into reporting (zone) values ('Asia/Shanghai');
comment on table reporting is 'How calendar days are reckoned; exactly one row.';
comment on column reporting.zone is 'IANA name of the reporting zone: every day and week in the views is a calendar day or week there.';

create table runs (
    run_id        varchar     not null,
    seq           bigint      not null,
    started_at    timestamptz not null,
    ended_at      timestamptz,
    outcome       varchar     not null,
    feeds         integer     not null default 0,
    new_articles  integer     not null default 0,
    alerts        integer     not null default 0,
    version       varchar     not null,
    rules_version varchar     not null,
    process       varchar
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

create table feeds (
    feed_id     varchar not null,
    url         varchar not null,
    publisher   varchar not null,
    language    varchar not null,
    region      varchar not null,
    kind        varchar not null,
    enabled     boolean not null,
    timezone    varchar not null,
    poll        interval,
    max_silence interval,
    note        varchar not null default ''
);
comment on table feeds is 'One row per feed that is or once was configured in feeds.toml.';
comment on column feeds.feed_id is 'Name of the feed in feeds.toml.';
comment on column feeds.url is 'Address of the feed, without userinfo and secret query values.';
comment on column feeds.publisher is 'Outlet whose feed it is.';
comment on column feeds.language is 'Main language, ISO 639; empty where not declared.';
comment on column feeds.region is 'Where the outlet sits or reports from; empty where not declared.';
comment on column feeds.kind is 'news, official, regulator, newsletter, company, aggregator, community, research or blog.';
comment on column feeds.enabled is 'Whether the feed is polled; false also for a feed that is no longer configured.';
comment on column feeds.timezone is 'IANA zone of dates in the feed that carry none of their own.';
comment on column feeds.poll is 'Time between polls where the feed sets its own.';
comment on column feeds.max_silence is 'Silence after which the feed counts as quiet, where it sets its own.';
comment on column feeds.note is 'Remark from feeds.toml.';

create table feed_polls (
    feed_id        varchar     not null,
    seq            bigint      not null,
    run_id         varchar     not null,
    polled_at      timestamptz not null,
    outcome        varchar     not null,
    http_status    integer,
    duration_ms    integer     not null,
    bytes          bigint      not null,
    entries        integer     not null,
    new_articles   integer     not null,
    error          varchar,
    next_poll_at   timestamptz,
    retry_after_at timestamptz
);
comment on table feed_polls is 'One row per poll of a feed, whatever came of it.';
comment on column feed_polls.feed_id is 'The feed polled.';
comment on column feed_polls.seq is 'Order of arrival over all polls. The clock may go back, this does not.';
comment on column feed_polls.run_id is 'The run that polled.';
comment on column feed_polls.polled_at is 'The pipeline''s clock at the poll.';
comment on column feed_polls.outcome is 'new, unchanged, empty, not_a_feed, challenge, undated, stale_copy, gone, moved, transient_error or permanent_error.';
comment on column feed_polls.http_status is 'Status of the last answer; null where there was none.';
comment on column feed_polls.duration_ms is 'Milliseconds from request to the last byte.';
comment on column feed_polls.bytes is 'Bytes of the body as decoded.';
comment on column feed_polls.entries is 'Entries read from the document, known ones not counted where they were cut out before parsing.';
comment on column feed_polls.new_articles is 'Articles the poll brought that were not in the warehouse.';
comment on column feed_polls.error is 'What went wrong, in words; null where nothing did.';
comment on column feed_polls.next_poll_at is 'When the feed is due again.';
comment on column feed_polls.retry_after_at is 'Moment before which the server asked not to come back.';

create table feed_cursors (
    feed_id       varchar     not null,
    etag          varchar     not null,
    last_modified varchar     not null,
    body_hash     varchar     not null,
    item_hashes   ubigint[]   not null,
    updated_at    timestamptz not null
);
comment on table feed_cursors is 'What the last readable poll of a feed left behind, one row per feed; it commits with the articles it led to.';
comment on column feed_cursors.feed_id is 'The feed.';
comment on column feed_cursors.etag is 'ETag to send next time; empty where there was none.';
comment on column feed_cursors.last_modified is 'Last-Modified to send next time; empty where there was none.';
comment on column feed_cursors.body_hash is 'Hash of the last body, to see that nothing changed.';
comment on column feed_cursors.item_hashes is 'Hashes of the items in the last document, so that known ones are not parsed again.';
comment on column feed_cursors.updated_at is 'The pipeline''s clock when the cursor last moved.';
