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

-- name: delete_measures
-- Forget the acts of states that these articles tell of.
delete from article_measures
where seq in (select unnest(from_json($seq, '["bigint"]')));

-- name: delete_claims
-- Forget what these articles tell of firms.
delete from article_claims
where seq in (select unnest(from_json($seq, '["bigint"]')));

-- name: mentions_of
-- What was found in these articles.
select
    article_id, company_id, field, alias, start, length, rules_version, is_about, role, via
from mentions
where seq in (select unnest(from_json($seq, '["bigint"]')))
order by article_id, field desc, start, company_id;

-- name: measures_of
-- The acts of states that these articles tell of.
select
    article_id, side, actor, instrument, status, direction, targets, target_class,
    target_side, thing, effective_on, amount, currency, rules_version
from article_measures
where seq in (select unnest(from_json($seq, '["bigint"]')))
order by article_id;

-- name: tags_of
-- The tags of these articles.
select article_id, topic_id, kind, term, score, rules_version, event_object
from tags
where seq in (select unnest(from_json($seq, '["bigint"]')))
order by article_id, kind desc, score desc, topic_id;

-- name: tagged
-- The newest articles that have a topic or event, with their words.
select article_id, articles.story_id, articles.title, articles.summary
from (
    select article_id, seq
    from tags
    where kind = $kind and topic_id = $topic_id
    order by seq desc
    limit $most
) as tagged
join articles using (article_id, seq)
order by seq desc;

-- name: term_of
-- What spoke for a topic or event of an article.
select term
from tags
where article_id = $article_id and kind = $kind and topic_id = $topic_id;
