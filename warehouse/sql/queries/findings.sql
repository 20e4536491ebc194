-- name: delete
-- Forget what a table of findings has of these articles.
delete from {table}
where seq in (select unnest(from_json($seq, '["bigint"]')));

-- name: read
-- What a table of findings has of these articles, by their places or ids.
select {columns}
from {table}
where {key} in (select unnest(from_json($ids, '["{type}"]')))
order by {order};

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
