-- name: relations
-- Every table and view of ours, by name, which will be that of a file.
with relations as (
    select schema_name, table_name as name from duckdb_tables() where not internal
    union all
    select schema_name, view_name from duckdb_views() where not internal
)
select name from relations
where schema_name = 'main' and regexp_full_match(name, '[a-z0-9_]+')
order by name;

-- name: months
-- Months (UTC) with an article.
select distinct strftime(published_at, '%Y-%m') from articles order by 1;

-- name: read_articles
-- Articles of an export, in order of arrival, with the guid under which they came first.
-- Every moment is text in UTC.
with first_sightings as (
    select article_id, arg_min(guid, first_seen_at::timestamptz) as guid
    from sightings_files
    group by article_id
),
articles as (
    select a.* exclude (search_text, story_keys), first_sightings.guid
    from articles_files as a
    left join first_sightings using (article_id)
)
select
    -- An export of an earlier release has no search_bits.
    columns(lambda name: not ends_with(name, '_at') and name <> 'search_bits'),
    strftime(columns(lambda name: ends_with(name, '_at'))::timestamptz, '%Y-%m-%dT%H:%M:%SZ')
from articles
order by seq::bigint;
