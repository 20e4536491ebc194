-- The newest article of each feed, beside the sightings, which grow without end: a feed that
-- is silent, or gone, is asked for it as often as any other. views/02_feed_arrivals.sql fills
-- it, after every migration.

create table feed_arrivals (
    feed_id         varchar     not null,
    last_article_at timestamptz not null
);
comment on table feed_arrivals is 'One row per feed that ever carried an article. Derived from sightings as they are committed: what asks how feeds do reads these rows and not all sightings.';
comment on column feed_arrivals.feed_id is 'The feed.';
comment on column feed_arrivals.last_article_at is 'Publication of the newest article it carried, at the latest when it was first seen there.';
