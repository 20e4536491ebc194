-- name: publishers
-- The outlets that have published anything.
select distinct publisher
from articles
where publisher <> ''
order by publisher;

-- name: near_names
-- Names that are what was asked (0), begin with it (1) or differ by a slip or two (2), the
-- nearest first; of each subject its nearest name. A slip in a Chinese name is one character
-- of three or more, or words behind it, and bytes are what DuckDB counts. People are given:
-- no relation has them.
with named as (
    select kind, subject_id, unnest([name, name_zh, subject_id]) as name
    from subjects
    union
    select 'company', company_id, alias
    from aliases
    where not starts_with(rule, 'ticker:')
    union
    select
        'person',
        unnest(from_json($person_ids, '["varchar"]')),
        unnest(from_json($person_names, '["varchar"]'))
),
asked as (
    select unnest(from_json($asked, '["varchar"]')) as asked
),
compared as (
    select
        asked.asked,
        named.*,
        lower(strip_accents(named.name)) as folded,
        strip_accents(asked.asked) as plain,
        length(plain) <> strlen(plain) as is_han
    from named
    cross join asked
    where named.name <> ''
),
near as (
    select
        *,
        case
            when folded = plain then 0
            when starts_with(folded, plain) and length(plain) >= if(is_han, 2, 3) then 1
            when abs(length(folded) - length(plain)) > 2 then 3
            when is_han and length(folded) > 1 and starts_with(plain, folded) then 2
            when length(plain) < if(is_han, 3, 4) then 3
            when jaro_winkler_similarity(folded, plain) < if(is_han, 0.7, 0.85) then 3
            when damerau_levenshtein(folded, plain) <= if(is_han, 3, length(plain) // 3) then 2
            else 3
        end::integer as nearness
    from compared
)
select kind, subject_id, name, asked, nearness
from near
where nearness < 3
qualify row_number() over (
    partition by asked, kind, subject_id
    order by nearness, jaro_winkler_similarity(folded, plain) desc, name = subject_id, name
) = 1
order by asked, nearness, jaro_winkler_similarity(folded, plain) desc, kind, subject_id
limit $limit;

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

-- name: matched
-- The articles that a search finds.
{named}
-- `offset 0` keeps the steps apart: the text is read only of what has the bits of its words.
candidates as (
    select
        seq,
        story_id,
        language,
        publisher,
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
        select * exclude (search_text), split_part(search_text, chr(10), 1) as headline, {typed} as is_typed
        from {sources}
        where {holds}
    )
)

-- name: stories
-- One row a story of the articles that were matched, and in each how many stories there are
-- on the beat and off it: a single row where none is to be shown.
told as materialized (
    select
        story_id,
        {matches}::integer as matches,
        bool_or(is_typed) as is_typed,
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
        count(*) filter (where not is_on_beat)::integer as off_beat,
        count(*) filter (where is_typed and (is_on_beat or not $on_beat))::integer as typed
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
select
    page.*,
    totals.on_beat as stories_on_beat,
    totals.off_beat as stories_off_beat,
    totals.typed as stories_typed
from totals
left join page on true
order by {order};

-- name: count
-- How many articles were matched.
select count(*) from matched;

-- name: facets
-- Stories of the articles that were matched, by what could be asked for besides: each number
-- is that of the same search with this filter. A story counts where one of its articles has
-- it; a company's brands and subsidiaries and the topics below one count with it. To ask the
-- zone about each article takes long, so it is asked about quarters of an hour.
with recursive families as (
    select distinct kind, subject_id as id, subject_id as above
    from subjects
    union
    select families.kind, families.id, coalesce(companies.parent_id, topics.parent_id)
    from families
    left join companies on families.kind = 'company' and companies.company_id = families.above
    left join topics on topics.kind = families.kind and topics.topic_id = families.above
    where coalesce(companies.parent_id, topics.parent_id) is not null
),
found as materialized (
    select seq, hash(story_id) as story, language, publisher, epoch_us(published_at) // 900000000 as quarter
    from matched
    where is_on_beat or not $on_beat
),
weeks as (
    select
        quarter,
        date_trunc('week', reporting_day(make_timestamptz(quarter * 900000000)))::date::varchar as week
    from (select distinct quarter from found)
),
facts as (
    select 'language' as kind, language as id, story from found
    union all
    select 'outlet', publisher, story from found
    union all
    select 'week', weeks.week, found.story
    from found
    join weeks using (quarter)
    union all
    select 'company', families.above, found.story
    from named_mentions() as named
    join found using (seq)
    join families on families.kind = 'company' and families.id = named.company_id
    union all
    select tags.kind, families.above, found.story
    from tags
    join found using (seq)
    join families on families.kind = tags.kind and families.id = tags.topic_id
)
select kind, id, count(distinct story)::integer as stories
from facts
group by kind, id
qualify row_number() over (
    partition by kind order by if(kind = 'week', id, '') desc, stories desc, id
) <= $limit
order by kind, if(kind = 'week', id, '') desc, stories desc, id;

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
        language,
        publisher,
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
