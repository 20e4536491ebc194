-- What is counted, ready to count: views/02_coverage.sql fills it, after every migration.

create table coverage (
    kind          varchar     not null,
    subject_id    varchar     not null,
    article_id    varchar     not null,
    story_id      varchar,
    day           date        not null,
    published_at  timestamptz not null,
    first_seen_at timestamptz not null,
    language      varchar,
    publisher     varchar,
    feed_id       varchar,
    is_on_beat    boolean     not null
);
comment on table coverage is 'One row per article, and one per article and company, topic or event type that it counts for; digests left out. Derived from articles, mentions and tags as they are committed: what counts reads these rows and joins nothing.';
comment on column coverage.kind is 'article (the article itself), company, topic or event.';
comment on column coverage.subject_id is 'The company, topic or event type; empty of an article itself.';
comment on column coverage.article_id is 'The article.';
comment on column coverage.story_id is 'Its story.';
comment on column coverage.day is 'Calendar day of publication in the reporting zone.';
comment on column coverage.published_at is 'When it was published.';
comment on column coverage.first_seen_at is 'When it arrived.';
comment on column coverage.language is 'Language of the article, ISO 639.';
comment on column coverage.publisher is 'Outlet.';
comment on column coverage.feed_id is 'The feed that brought it first.';
comment on column coverage.is_on_beat is 'Whether it is on the beat; true as well where an earlier release tagged it.';
