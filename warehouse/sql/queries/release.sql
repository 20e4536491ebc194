-- name: register
-- Whom and what the watchlist looks for.
from rows_of($batch, '[{
    "kind": "varchar", "subject_id": "varchar", "name": "varchar", "name_zh": "varchar",
    "company_kind": "varchar", "role": "varchar", "sector": "varchar", "country": "varchar", "parent_id": "varchar", "since": "date", "until": "date",
    "tickers": ["varchar"], "wikidata": "varchar"
}]');

-- name: register_names
-- The names by which these are found.
select distinct *
from rows_of($batch, '[{
    "kind": "varchar", "subject_id": "varchar", "name": "varchar", "script": "varchar", "rule": "varchar"
}]');

-- name: register_examples
-- Their test sentences.
select distinct *
from rows_of($batch, '[{
    "kind": "varchar", "subject_id": "varchar", "name": "varchar", "example": "varchar", "counts": "boolean"
}]');

-- name: of_hosts
-- Articles whose outlet nobody named: it is called by the host of its feed, or of the
-- address of an imported article.
select article_id, publisher
from articles
left join (select feed_id, url as feed_url, publisher as named from feeds) using (feed_id)
where
    publisher = regexp_extract(
        lower(coalesce(feed_url, url)), '^\w+://(?:[^/?#]*@)?(?:www\.)?\[?([^/?#\]]+?)\]?(?::\d*)?(?:[/?#]|$)', 1
    )
    and publisher is distinct from named;

-- name: hosts
-- These hosts.
select distinct publisher from of_hosts order by publisher;

-- name: stored_in
-- What the published file is called in this session.
select current_database();

-- name: days
-- The first and the last day with an article; null where there is none.
select reporting_day(min(published_at)) as first_day, reporting_day(max(published_at)) as last_day
from articles;

-- name: as_of
-- When the newest of a release was seen.
select max(seen_at)
from (
    select max(first_seen_at) as seen_at from released_articles
    union all
    select max(seen_at) from released_article_versions
);

-- name: basis
-- How days are reckoned, and by which rules articles were read.
select zone, coalesce(rules_version, '') as rules_version
from reporting;

-- name: columns
-- The columns of the tables of a release: comments are those of their own, or of the relation that the
-- table is called after.
with described as (
    select
        replace(table_name, 'released_', '') as relation,
        column_name,
        column_index,
        case lower(data_type)
            when 'timestamp with time zone' then 'timestamptz'
            else lower(data_type)
        end as type,
        comment
    from duckdb_columns()
    where database_name = 'temp' and starts_with(table_name, 'released_')
)
select
    described.relation,
    described.column_name as name,
    described.type,
    -- Said to whoever runs the program, and not to whoever has its data.
    replace(
        replace(coalesce(described.comment, known.comment, ''), ': `sinowire retag` fills it in', ''),
        'an earlier release', 'an earlier version of the program'
    ) as about
from described
left join duckdb_columns() as known
    on known.table_name = described.relation
    and known.column_name = described.column_name
    and known.schema_name = 'main'
    and known.database_name = current_database()
order by described.relation, described.column_index;

-- name: relations
-- What each table of a release has a row of.
with described as (
    select replace(view_name, 'released_', '') as relation, comment
    from duckdb_views()
    where database_name = 'temp' and starts_with(view_name, 'released_')
    union all
    select replace(table_name, 'released_', ''), comment
    from duckdb_tables()
    where database_name = 'temp'
),
known as (
    select table_name as relation, comment from duckdb_tables() where database_name = current_database()
    union all
    select view_name, comment from duckdb_views() where database_name = current_database()
)
select described.relation, coalesce(described.comment, known.comment, '') as about
from described
left join known using (relation);

-- name: is_there
-- Whether any article was published in the span.
select exists (from released);

-- name: figures
-- The figures of a release.
select figure, value, meaning
from released_figures
order by place;
