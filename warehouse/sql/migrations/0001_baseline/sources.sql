-- Feeds, every poll of them, the cursors that polls left, and which hosts asked to be left
-- alone. Polls grow without end: where each feed stands by them is kept beside them, and
-- views/02_feed_marks.sql, 02_poll_days.sql and 02_feed_arrivals.sql fill it.

create table feeds (
    feed_id     varchar  not null,
    url         varchar  not null,
    publisher   varchar  not null,
    language    varchar  not null,
    region      varchar  not null,
    kind        varchar  not null,
    enabled     boolean  not null,
    timezone    varchar  not null,
    poll        interval,
    max_silence interval,
    note        varchar  not null default '',
    site        varchar
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
comment on column feeds.site is 'Registered domain of its address; feeds of one site count as one outlet. Empty in one''s own network; null where it has not been looked up yet.';

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
alter table feed_polls set partitioned by (year(polled_at), month(polled_at));
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
comment on column feed_polls.error is 'What went wrong, or was not as it should be, in words; null where nothing was.';
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

create table feed_standings (
    feed_id          varchar     not null,
    url              varchar     not null,
    pace             interval,
    news_at          timestamptz,
    ttl              interval,
    claim            interval,
    skip_hours       integer[]   not null,
    skip_days        integer[]   not null,
    full_at          timestamptz,
    distrusted_until timestamptz,
    error_score      double      not null,
    gone_seen        integer     not null,
    moved_to         varchar     not null,
    moved_seen       integer     not null,
    moved_since      timestamptz,
    adopted_at       timestamptz
);
comment on table feed_standings is 'What polls taught about a feed, one row per feed; it commits with the poll that taught it.';
comment on column feed_standings.feed_id is 'The feed.';
comment on column feed_standings.url is 'The configured address that all this is about, without userinfo and secret query values.';
comment on column feed_standings.pace is 'Smoothed time between new entries; null while not known.';
comment on column feed_standings.news_at is 'When the newest entry came out, as its date says, at the latest when it was read.';
comment on column feed_standings.ttl is 'Time between polls that the document asks for (ttl).';
comment on column feed_standings.claim is 'How often the document says that it changes (sy:updatePeriod).';
comment on column feed_standings.skip_hours is 'Hours of the day, UTC, at which the document asks not to be read.';
comment on column feed_standings.skip_days is 'Days of the week, Monday is 0, on which it asks not to be read.';
comment on column feed_standings.full_at is 'When the document last came whole and not as "not modified", to within half a day.';
comment on column feed_standings.distrusted_until is 'Until then it is asked for whole: its server said "not modified" and was wrong.';
comment on column feed_standings.error_score is 'Weight of the failures in a row: hard 1, soft 0.5, temporary 0.25; 0 after a success.';
comment on column feed_standings.gone_seen is 'Answers of 410 in a row.';
comment on column feed_standings.moved_to is 'Where the configured address redirects for good; empty where it does not.';
comment on column feed_standings.moved_seen is 'Polls that saw that redirect, up to three.';
comment on column feed_standings.moved_since is 'The first of them.';
comment on column feed_standings.adopted_at is 'Since when the feed is asked at moved_to directly; null where it is not.';

create table host_holds (
    host     varchar     not null,
    until    timestamptz not null,
    asked_at timestamptz not null,
    feed_id  varchar     not null
);
comment on table host_holds is 'Hosts that asked to be left alone (Retry-After), one row per host; all of its feeds wait.';
comment on column host_holds.host is 'The host, in lower case.';
comment on column host_holds.until is 'No feed of it is asked before then.';
comment on column host_holds.asked_at is 'The pipeline''s clock when it said so.';
comment on column host_holds.feed_id is 'The feed whose poll was told.';

create table feed_marks (
    feed_id         varchar       not null,
    last_seq        bigint        not null,
    polled_at       timestamptz   not null,
    outcome         varchar       not null,
    error           varchar,
    next_poll_at    timestamptz,
    retry_after_at  timestamptz,
    polls           bigint        not null,
    was_read        boolean       not null,
    was_read_whole  boolean       not null,
    last_good_seq   bigint        not null,
    last_success_at timestamptz,
    failures        integer       not null,
    failing_since   timestamptz,
    gone_at         timestamptz[] not null
);
comment on table feed_marks is 'One row per feed that was ever polled: where it stands by its polls. Derived from feed_polls as they are committed: what asks how feeds do reads these rows and not all polls.';
comment on column feed_marks.feed_id is 'The feed.';
comment on column feed_marks.last_seq is 'Its last poll, by order of arrival.';
comment on column feed_marks.polled_at is 'The pipeline''s clock at that poll.';
comment on column feed_marks.outcome is 'Outcome of that poll.';
comment on column feed_marks.error is 'What went wrong in that poll; null where nothing did.';
comment on column feed_marks.next_poll_at is 'When the feed is due again, by that poll.';
comment on column feed_marks.retry_after_at is 'Moment before which the server asked in that poll not to come back.';
comment on column feed_marks.polls is 'How often it was polled.';
comment on column feed_marks.was_read is 'Whether a poll ever read an entry.';
comment on column feed_marks.was_read_whole is 'Whether one did from a document that did not break off.';
comment on column feed_marks.last_good_seq is 'The last poll that the feed answered, by order of arrival; -1 where there is none.';
comment on column feed_marks.last_success_at is 'The latest moment at which the feed answered; null where it never did.';
comment on column feed_marks.failures is 'Polls in a row that failed, up to the last one.';
comment on column feed_marks.failing_since is 'The first moment of these; null where there are none.';
comment on column feed_marks.gone_at is 'When the first two of these answered 410 Gone.';

create table feed_arrivals (
    feed_id         varchar     not null,
    last_article_at timestamptz not null
);
comment on table feed_arrivals is 'One row per feed that ever carried an article. Derived from sightings as they are committed: what asks how feeds do reads these rows and not all sightings.';
comment on column feed_arrivals.feed_id is 'The feed.';
comment on column feed_arrivals.last_article_at is 'Publication of the newest article it carried, at the latest when it was first seen there.';

create table poll_days (
    feed_id      varchar not null,
    day          date    not null,
    has_answered boolean not null
);
comment on table poll_days is 'One row per feed and day on which it was polled. Derived from feed_polls as they are committed: what asks for days that are missing reads these rows and not all polls.';
comment on column poll_days.feed_id is 'The feed.';
comment on column poll_days.day is 'Calendar day of its polls in the reporting zone.';
comment on column poll_days.has_answered is 'Whether it answered any of them.';
