-- name: publishers
-- The outlets that have published anything.
select distinct publisher
from articles
where publisher <> ''
order by publisher;

-- name: unsigned
-- Articles whose words have no mask yet, some at a time.
select article_id, search_text
from articles
where search_bits is null
order by seq
limit $limit;

-- name: sign
-- Keep the masks of articles.
update articles
set search_bits = signed.search_bits
from (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($search_bits, '[["ubigint"]]')) as search_bits
) as signed
where articles.article_id = signed.article_id;

-- name: day_start
-- The instant at which a day of the reporting zone begins.
select day_start($day);

-- name: stories
-- One row a story of the articles that were matched, and in each how many stories there are
-- on the beat and off it: a single row where none is to be shown.
with {named}
-- `offset 0` keeps the steps apart: the text is read only of what has the bits of its words.
candidates as (
    select
        seq,
        story_id,
        published_at,
        is_on_beat is distinct from false as is_on_beat,
        {named_in_headline} as is_named_in_headline,
        search_text
    from articles
    {joins}
    where {candidate}
    offset 0
){of_pages},
matched as (
    select * exclude (headline), is_named_in_headline and {in_headline} as is_in_headline
    from (
        select * exclude (search_text), split_part(search_text, chr(10), 1) as headline
        from {sources}
        where {holds}
    )
),
told as materialized (
    select
        story_id,
        {matches}::integer as matches,
        bool_or(is_in_headline) as is_in_headline,
        bool_or(is_on_beat) as is_on_beat,
        max(published_at) as newest_at,
        arg_max(seq, (is_in_headline, published_at, seq)) as seq
    from matched
    group by story_id
),
totals as (
    select
        count(*) filter (where is_on_beat)::integer as on_beat,
        count(*) filter (where not is_on_beat)::integer as off_beat
    from told
),
chosen as (
    select told.*, stories.articles, stories.publishers, stories.languages, stories.first_published_at
    from told
    join stories using (story_id)
    where (told.is_on_beat or not $on_beat){late}
    order by {order}
    limit $limit
    offset $offset
),
page as (
    select
        chosen.* exclude (seq),
        articles.article_id,
        articles.title as headline,
        articles.url,
        articles.publisher,
        articles.language,
        articles.published_at
    from chosen
    join articles using (seq)
)
select page.*, totals.on_beat as stories_on_beat, totals.off_beat as stories_off_beat
from totals
left join page on true
order by {order};

-- The rest are conditions and parts of the query above.

-- name: named
-- Articles that name one of some companies in whatever words; a common table of the above.
named_{at} as (
    select article_id, bool_or(field = 'title') as is_in_headline
    from mentions
    where
        company_id in (select unnest(from_json($companies_{at}, '["varchar"]')))
        and field <> 'content'
        and role is distinct from 'byline'
        and via is distinct from 'person'
    group by article_id
),

-- name: of_pages
-- Articles with the texts of their pages behind their own words; a common table of the
-- above. No mask is kept of a page: a long text has nearly all bits.
,
with_pages as (
    select
        seq,
        story_id,
        published_at,
        is_on_beat is distinct from false as is_on_beat,
        {named_in_headline} as is_named_in_headline,
        articles.search_text || chr(10) || full_texts.search_text as search_text
    from full_texts
    join articles using (seq, article_id)
    {joins}
    where full_texts.text is not null and {candidate}
    offset 0
),
candidates_and_pages as (
    from candidates
    union all
    from with_pages
)

-- name: of_companies
-- Named are these companies, their brands or subsidiaries.
article_id in (
    select article_id
    from named_mentions()
    where company_id in (
        select id from with_those_below('company', from_json($companies, '["varchar"]'))
    )
)

-- name: of_topics
-- Treated are these topics, or those below them.
article_id in (
    select article_id
    from tags
    where
        kind = 'topic'
        and topic_id in (
            select id from with_those_below('topic', from_json($topics, '["varchar"]'))
        )
)

-- name: of_events
-- Reported are events of these types, or of those below them.
article_id in (
    select article_id
    from tags
    where
        kind = 'event'
        and topic_id in (
            select id from with_those_below('event', from_json($events, '["varchar"]'))
        )
)

-- name: of_languages
-- Written in one of these languages.
language in (select unnest(from_json($languages, '["varchar"]')))

-- name: of_publishers
-- Published by one of these outlets.
publisher in (select unnest(from_json($publishers, '["varchar"]')))
