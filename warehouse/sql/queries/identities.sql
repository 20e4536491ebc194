-- name: current
-- The article that an id stands for: itself, or what it went into.
with recursive chain as (
    select $article_id::varchar as article_id
    union
    select article_merges.into_id
    from chain
    join article_merges on article_merges.article_id = chain.article_id
)
select article_id from chain where article_id in (select article_id from articles);
