-- What polls teach about a feed beside its cursor, and which hosts asked to be left alone.

create table feed_standings (
    feed_id          varchar   not null,
    url              varchar   not null,
    pace             interval,
    news_at          timestamptz,
    ttl              interval,
    claim            interval,
    skip_hours       integer[] not null,
    skip_days        integer[] not null,
    full_at          timestamptz,
    distrusted_until timestamptz,
    error_score      double    not null,
    gone_seen        integer   not null,
    moved_to         varchar   not null,
    moved_seen       integer   not null,
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

comment on column feed_polls.error is 'What went wrong, or was not as it should be, in words; null where nothing was.';
