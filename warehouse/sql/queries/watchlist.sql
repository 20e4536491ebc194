-- name: companies
-- The entities as recorded.
select company_id, name, name_zh, kind, sector, parent_id, tickers, country
from companies;

-- name: aliases
-- The aliases as recorded.
select company_id, alias, script, rule
from aliases;

-- name: topics
-- The topics and event types as recorded.
select topic_id, kind, name, name_zh, parent_id, boards
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
from rows_of($batch, '[{
    "company_id": "varchar", "name": "varchar", "name_zh": "varchar", "kind": "varchar",
    "sector": "varchar", "parent_id": "varchar", "tickers": ["varchar"], "country": "varchar"
}]');

-- name: append_aliases
-- Record aliases.
insert into aliases by name
from rows_of($batch, '[{
    "company_id": "varchar", "alias": "varchar", "script": "varchar", "rule": "varchar"
}]');

-- name: append_topics
-- Record topics and event types.
insert into topics by name
from rows_of($batch, '[{
    "topic_id": "varchar", "kind": "varchar", "name": "varchar", "name_zh": "varchar",
    "parent_id": "varchar", "boards": ["varchar"]
}]');
