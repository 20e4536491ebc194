-- Articles that count as coverage, on the calendar of the reporting zone. Days are
-- reckoned here, below every join, once for each quarter of an hour in which anything was
-- published: to find the calendar day of each article takes four times longer. All zones
-- are so many quarters apart.
create or replace view article_days as
with told as (
    select
        article_id, story_id, language, publisher, published_at, first_seen_at, feed_id,
        epoch(published_at)::bigint // 900 as quarter
    from articles
    where not is_digest
),
calendar as (
    select
        quarter,
        (to_timestamp(quarter * 900) at time zone (select any_value(zone) from reporting))::date as day
    from (select distinct quarter from told)
)
select
    told.article_id,
    told.story_id,
    calendar.day,
    date_trunc('week', calendar.day)::date as week,
    told.language,
    told.publisher,
    told.published_at,
    told.first_seen_at,
    told.feed_id
from told
join calendar using (quarter);

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
