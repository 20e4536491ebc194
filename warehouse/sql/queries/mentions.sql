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
            else coalesce(article_texts.content, '')
        end as text
    from mentions
    join articles on articles.article_id = mentions.article_id
    join article_texts on article_texts.seq = articles.seq
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
    articles.title,
    articles.summary,
    article_texts.content,
    (
        select coalesce(list(distinct company_id), [])
        from mentions
        where mentions.article_id = articles.article_id
    ) as companies
from articles
join article_texts using (seq)
where articles.article_id = $article_id;

-- name: sample_days
-- The last days that have articles, with some of their texts: those whose ids hash
-- lowest, which is a sample as good as any and always the same.
with counted as (
    select
        (first_seen_at at time zone 'UTC')::date as day,
        title,
        summary,
        hash(article_id) as draw
    from articles
    qualify dense_rank() over (order by day desc) <= $days
),
ranked as (
    select
        day,
        title,
        summary,
        draw,
        count(*) over (partition by day) as articles,
        row_number() over (partition by day order by draw) as place
    from counted
)
select
    any_value(articles) as articles,
    list((title, summary) order by draw) as texts
from ranked
where place <= $texts
group by day
order by day;
