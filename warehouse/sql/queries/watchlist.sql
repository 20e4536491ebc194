-- name: companies
-- The entities as recorded.
select company_id, name, name_zh, kind, sector, parent_id, tickers
from companies;

-- name: aliases
-- The aliases as recorded.
select company_id, alias, script, rule
from aliases;

-- name: topics
-- The topics and event types as recorded.
select topic_id, kind, name, name_zh, parent_id
from topics;

-- name: delete_companies
-- Make room for the entities as they now are.
delete from companies;

-- name: delete_aliases
-- Make room for the aliases as they now are.
delete from aliases;

-- name: delete_topics
-- Make room for the topics as they now are.
delete from topics;

-- name: append_companies
-- Record entities.
insert into companies by name
select
    unnest($company_id) as company_id,
    unnest($name) as name,
    unnest($name_zh) as name_zh,
    unnest($kind) as kind,
    unnest($sector) as sector,
    unnest($parent_id::varchar[]) as parent_id,
    unnest($tickers::varchar[][]) as tickers;

-- name: append_aliases
-- Record aliases.
insert into aliases by name
select
    unnest($company_id) as company_id,
    unnest($alias) as alias,
    unnest($script) as script,
    unnest($rule) as rule;

-- name: append_topics
-- Record topics and event types.
insert into topics by name
select
    unnest($topic_id) as topic_id,
    unnest($kind) as kind,
    unnest($name) as name,
    unnest($name_zh) as name_zh,
    unnest($parent_id::varchar[]) as parent_id;
