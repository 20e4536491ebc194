-- Articles that count as coverage, on the calendar of the reporting zone. Days are
-- reckoned here, below every join: there the zone is one constant, above it is looked
-- up row by row, ten times slower.
create or replace view article_days as
select
    article_id,
    story_id,
    (published_at at time zone (select any_value(zone) from reporting))::date as day,
    date_trunc('week', published_at at time zone (select any_value(zone) from reporting))::date as week,
    language,
    publisher,
    published_at,
    first_seen_at,
    feed_id
from articles
where not is_digest;

comment on view article_days is 'One row per article that is not a digest, on the calendar of the reporting zone.';
comment on column article_days.article_id is 'The article.';
comment on column article_days.story_id is 'Its story.';
comment on column article_days.day is 'Calendar day of publication in the reporting zone.';
comment on column article_days.week is 'Monday of the week of publication in the reporting zone.';
comment on column article_days.language is 'Language of the article, ISO 639.';
comment on column article_days.publisher is 'Outlet.';
comment on column article_days.published_at is 'When it was published.';
comment on column article_days.first_seen_at is 'When it arrived.';
comment on column article_days.feed_id is 'The feed that brought it first.';
