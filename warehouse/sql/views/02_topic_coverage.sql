-- The ground of every count on topics and event types: on the beat, no digests. An article has a
-- tag once, so nothing needs to be made distinct.
create or replace view topic_coverage as
select
    tags.topic_id,
    tags.kind,
    tags.article_id,
    a.story_id,
    a.day,
    a.week,
    a.language,
    a.publisher,
    a.published_at,
    a.first_seen_at
from tags
join article_days as a using (article_id);

comment on view topic_coverage is 'One row per topic or event type and article on the beat tagged with it; digests left out. What all counts of topics are made from.';
comment on column topic_coverage.topic_id is 'The topic or event type.';
comment on column topic_coverage.kind is 'topic or event.';
comment on column topic_coverage.article_id is 'The article.';
comment on column topic_coverage.story_id is 'The article''s story.';
comment on column topic_coverage.day is 'Calendar day of publication in the reporting zone.';
comment on column topic_coverage.week is 'Monday of the week of publication in the reporting zone.';
comment on column topic_coverage.language is 'Language of the article, ISO 639.';
comment on column topic_coverage.publisher is 'Outlet.';
comment on column topic_coverage.published_at is 'When the article was published.';
comment on column topic_coverage.first_seen_at is 'When the article arrived.';
