-- Where each feed stands after all its polls, beside the polls, which grow without end:
-- views/02_feed_marks.sql fills it, after every migration.

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
