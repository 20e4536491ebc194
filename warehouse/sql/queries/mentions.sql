-- name: names_of
-- How articles write the company.
select distinct alias
from mentions
where company_id = $company_id
order by alias;

-- name: windows
-- Where the company is named so, with the letters around it, newest first.
with named as (
    select
        mentions.article_id,
        mentions.alias,
        mentions.start,
        mentions.length,
        articles.story_id,
        articles.title,
        articles.seq,
        case mentions.field
            when 'title' then articles.title
            when 'summary' then articles.summary
            else coalesce(articles.content, '')
        end as text
    from mentions
    join articles on articles.article_id = mentions.article_id
    where
        mentions.company_id = $company_id
        and mentions.alias in (select unnest(from_json($names, '["varchar"]')))
)
select
    article_id,
    story_id,
    title,
    substring(text, greatest(start - $reach, 0) + 1, least(start, $reach)) as before,
    alias as hit,
    substring(text, start + length + 1, $reach) as after,
    exists (
        from mentions as others
        where
            others.article_id = named.article_id
            and others.company_id = $company_id
            and lower(others.alias) <> lower(named.alias)
    ) as is_sure
from named
order by seq desc, start;

-- name: words_of
-- The texts of one article, and the companies it names.
select
    story_id,
    title,
    summary,
    content,
    (
        select coalesce(list(distinct company_id), [])
        from mentions
        where mentions.article_id = articles.article_id
    ) as companies
from articles
where article_id = $article_id;
