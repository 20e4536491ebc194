-- name: delete_mentions
-- Forget what was found in these articles.
delete from mentions
where seq in (select unnest(from_json($seq, '["bigint"]')));

-- name: delete_tags
-- Forget the tags of these articles.
delete from tags
where seq in (select unnest(from_json($seq, '["bigint"]')));

-- name: delete_facts
-- Forget what the headlines of these articles say.
delete from headline_facts
where seq in (select unnest(from_json($seq, '["bigint"]')));

-- name: mentions_of
-- What was found in these articles.
select
    article_id, company_id, field, alias, start, length, rules_version, is_about, role, via
from mentions
where seq in (select unnest(from_json($seq, '["bigint"]')))
order by article_id, field desc, start, company_id;

-- name: tags_of
-- The tags of these articles.
select article_id, topic_id, kind, term, score, rules_version, event_object
from tags
where seq in (select unnest(from_json($seq, '["bigint"]')))
order by article_id, kind desc, score desc, topic_id;
