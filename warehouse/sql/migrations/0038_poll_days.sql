-- On which days a feed was asked and answered, beside the polls, which grow without end:
-- views/02_poll_days.sql fills it, after every migration.

create table poll_days (
    feed_id      varchar not null,
    day          date    not null,
    has_answered boolean not null
);
comment on table poll_days is 'One row per feed and day on which it was polled. Derived from feed_polls as they are committed: what asks for days that are missing reads these rows and not all polls.';
comment on column poll_days.feed_id is 'The feed.';
comment on column poll_days.day is 'Calendar day of its polls in the reporting zone.';
comment on column poll_days.has_answered is 'Whether it answered any of them.';
