-- name: stage_articles
-- Some articles, as they are by now: published from $since to $until.
create or replace temp table covered_articles as
select
    article_id, story_id, published_at, first_seen_at, language, publisher, feed_id,
    is_on_beat, is_digest, published_from
from articles
where
    published_at >= $since
    and published_at <= $until
    and article_id in (select unnest(from_json_strict($article_id, '["varchar"]')));

-- name: stage_mentions
-- What they name, as `mentions` has it.
create or replace temp table covered_mentions as
with named as (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($company_id, '["varchar"]')) as company_id,
        unnest(from_json_strict($field, '["varchar"]')) as field,
        unnest(from_json_strict($role, '["varchar"]')) as role,
        unnest(from_json_strict($is_about, '["boolean"]')) as is_about,
        unnest(from_json_strict($alias, '["varchar"]')) as alias
)
select
    *,
    row_number() over (
        partition by article_id, company_id, field = 'content' order by field desc
    ) > 1 as is_repeat
from named;

-- name: stage_tags
-- Their topics and events, as `tags` has them.
create or replace temp table covered_tags as
select
    unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
    unnest(from_json_strict($topic_id, '["varchar"]')) as topic_id,
    unnest(from_json_strict($kind, '["varchar"]')) as kind,
    unnest(from_json_strict($term, '["varchar"]')) as term;

-- name: delete_staged
-- Make room for what they count for now.
delete from coverage
where
    published_at >= $since
    and published_at <= $until
    and article_id in (select unnest(from_json_strict($article_id, '["varchar"]')));

-- name: insert_staged
-- Derive the rows of these articles.
insert into coverage by name
from derived_coverage('covered_articles', 'covered_mentions', 'covered_tags')
order by published_at, article_id;

-- name: drop_staged
-- Leave nothing behind.
drop table if exists temp.covered_articles;
drop table if exists temp.covered_mentions;
drop table if exists temp.covered_tags;

-- name: delete_all
-- Forget all of it; it is derived.
delete from coverage;

-- name: bounds
-- Moments that divide all articles into parts of so many, which are put in order in little
-- memory.
select distinct published_at
from (
    select published_at, row_number() over (order by published_at) - 1 as place
    from articles
)
where place % $articles = 0
order by published_at;

-- name: stage_part
-- The articles of one such part.
create or replace temp table covered_articles as
select
    article_id, story_id, published_at, first_seen_at, language, publisher, feed_id,
    is_on_beat, is_digest, published_from
from articles
where
    published_at >= $since
    and published_at < coalesce($until::timestamptz, 'infinity'::timestamptz);

-- name: insert_part
-- Derive the rows of these articles.
insert into coverage by name
from derived_coverage('covered_articles', 'mentions', 'tags')
order by published_at, article_id;

-- name: delete_all_days
-- Forget the days of all stories; they are derived.
delete from story_days;

-- name: day_bounds
-- Days that divide all articles into parts of about so many.
select distinct day
from (
    select day, row_number() over (order by day) - 1 as place
    from coverage
    where kind = 'article'
)
where place % $articles = 0
order by day;

-- name: stage_days
-- What counts on some days, and what counted before for stories that are told there.
create or replace temp table covered_days as
from coverage
where
    day < coalesce($until::date, 'infinity'::date)
    and (
        day >= $since
        or story_id in (
            select story_id
            from coverage
            where
                kind = 'article'
                and day >= $since
                and day < coalesce($until::date, 'infinity'::date)
        )
    );

-- name: insert_days
-- Derive the days of their stories.
insert into story_days by name
from story_days_of('covered_days')
where day >= $since
order by day, kind, subject_id;

-- name: stage_stories
-- All that some stories count for; none has an article from before $since.
create or replace temp table covered_days as
from coverage
where
    published_at >= $since
    and story_id in (select unnest(from_json_strict($story_id, '["varchar"]')));

-- name: delete_stories
-- Make room for their days. No zone is two days from another.
delete from story_days
where
    day >= $since::timestamptz::date - 2
    and story in (
        select md5_number_lower(unnest(from_json_strict($story_id, '["varchar"]')))
    );

-- name: insert_stories
-- Derive their days.
insert into story_days by name
from story_days_of('covered_days')
order by day, kind, subject_id;

-- name: drop_days
-- Leave nothing behind.
drop table if exists temp.covered_days;

-- name: told
-- From when to when these stories were told; none of them ended before $since.
select min(first_published_at), max(last_published_at)
from stories
where
    last_published_at >= $since::timestamptz
    and story_id in (select unnest(from_json_strict($story_id, '["varchar"]')));

-- name: merge_stories
-- Move what stories count for that went into others.
update coverage
set story_id = merged.kept
from (
    select
        unnest(from_json_strict($gone, '["varchar"]')) as gone,
        unnest(from_json_strict($kept, '["varchar"]')) as kept
) as merged
where
    coverage.published_at >= $since
    and coverage.published_at <= $until
    and coverage.story_id = merged.gone;
