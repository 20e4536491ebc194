-- name: known
-- Of the articles asked for, those that are here.
select article_id, feed_id, story_id, content_hash
from articles
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: types
-- The columns of articles and their types, as `from_json` takes them: a list of each.
select column_name, data_type
from duckdb_columns()
where database_name = current_database() and schema_name = 'main' and table_name = 'articles';

-- name: append_articles
-- Append the articles that are not here yet; returns their ids.
insert into articles by name
with batch as (
    select unnest(columns(*)) from (select unnest(from_json_strict($columns, $types)))
),
fresh as (
    select *
    from batch
    where not exists (from articles as seen where seen.article_id = batch.article_id)
    qualify row_number() over (partition by article_id order by position) = 1
)
select
    * exclude (position),
    $run as run_id,
    (select coalesce(max(seq), 0) from articles) + row_number() over (order by position) as seq
from fresh
order by seq
returning article_id;

-- name: update_articles
-- Show the newest wording of articles that changed; story and first sight stay.
merge into articles
using (
    select unnest(columns(* exclude (position)))
    from (select unnest(from_json_strict($columns, $types)))
) as batch
using (article_id)
when matched then update by name;

-- name: hand_over
-- Say whose the words of articles are from now on. Nothing was published after it was seen.
update articles
set
    feed_id = batch.feed_id,
    publisher = batch.publisher,
    authors = batch.authors,
    published_at = case when is_dated then batch.published_at else articles.published_at end,
    published_raw = case when is_dated then batch.published_raw else articles.published_raw end,
    published_from = case when is_dated then batch.published_from else articles.published_from end
from (
    select
        taken.*,
        taken.published_from <> 'first_seen' and taken.published_at <= seen.first_seen_at as is_dated
    from (
        select unnest(rows, recursive := true)
        from (
            select from_json_strict($batch, '[{
                "article_id": "varchar",
                "feed_id": "varchar",
                "publisher": "varchar",
                "authors": ["varchar"],
                "published_at": "timestamptz",
                "published_raw": "varchar",
                "published_from": "varchar"
            }]') as rows
        )
    ) as taken
    join articles as seen on seen.article_id = taken.article_id
) as batch
where articles.article_id = batch.article_id;

-- name: append_versions
-- Append the wordings that are not here yet.
insert into article_versions by name
with batch as (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($seen_at, '["timestamptz"]')) as seen_at,
        unnest(from_json_strict($title, '["varchar"]')) as title,
        unnest(from_json_strict($summary, '["varchar"]')) as summary,
        unnest(from_json_strict($content_hash, '["varchar"]')) as content_hash,
        unnest(from_json_strict($feed_id, '["varchar"]')) as feed_id,
        unnest(from_json_strict($position, '["integer"]')) as position
)
select * exclude (position)
from batch
where not exists (
    from article_versions as seen
    where seen.article_id = batch.article_id and seen.content_hash = batch.content_hash
)
qualify row_number() over (partition by article_id, content_hash order by position) = 1
order by position
returning article_id;

-- name: append_sightings
-- Append the sightings that are not here yet.
insert into sightings by name
with batch as (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($feed_id, '["varchar"]')) as feed_id,
        unnest(from_json_strict($guid, '["varchar"]')) as guid,
        unnest(from_json_strict($url, '["varchar"]')) as url,
        unnest(from_json_strict($first_seen_at, '["timestamptz"]')) as first_seen_at,
        unnest(from_json_strict($position, '["integer"]')) as position
)
select * exclude (position)
from batch
where not exists (
    from sightings as seen
    where
        seen.article_id = batch.article_id
        and seen.feed_id = batch.feed_id
        and seen.url = batch.url
)
qualify row_number() over (partition by article_id, feed_id, url order by position) = 1
order by position
returning article_id;

-- name: append_mentions
-- Append the mentions that are not here yet.
insert into mentions by name
with batch as (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($company_id, '["varchar"]')) as company_id,
        unnest(from_json_strict($field, '["varchar"]')) as field,
        unnest(from_json_strict($alias, '["varchar"]')) as alias,
        unnest(from_json_strict($start, '["integer"]')) as start,
        unnest(from_json_strict($length, '["integer"]')) as length,
        unnest(from_json_strict($rules_version, '["varchar"]')) as rules_version,
        unnest(from_json_strict($is_about, '["boolean"]')) as is_about,
        unnest(from_json_strict($role, '["varchar"]')) as role,
        unnest(from_json_strict($via, '["varchar"]')) as via,
        unnest(from_json_strict($position, '["integer"]')) as position
),
seen as (
    select article_id, company_id, field
    from mentions
    where article_id in (select article_id from batch)
)
select
    * exclude (position),
    field in ('title', 'summary')
    and exists (
        from seen
        where
            seen.field in ('title', 'summary')
            and seen.article_id = batch.article_id
            and seen.company_id = batch.company_id
    )
    or field = 'summary'
    and exists (
        from batch as headline
        where
            headline.field = 'title'
            and headline.article_id = batch.article_id
            and headline.company_id = batch.company_id
    ) as is_repeat
from batch
where not exists (
    from seen
    where
        seen.article_id = batch.article_id
        and seen.company_id = batch.company_id
        and seen.field = batch.field
)
qualify row_number() over (partition by article_id, company_id, field order by position) = 1
order by position
returning article_id;

-- name: append_tags
-- Append the tags that are not here yet.
insert into tags by name
with batch as (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($topic_id, '["varchar"]')) as topic_id,
        unnest(from_json_strict($kind, '["varchar"]')) as kind,
        unnest(from_json_strict($term, '["varchar"]')) as term,
        unnest(from_json_strict($score, '["double"]')) as score,
        unnest(from_json_strict($rules_version, '["varchar"]')) as rules_version,
        unnest(from_json_strict($position, '["integer"]')) as position
)
select * exclude (position)
from batch
where not exists (
    from tags as seen
    where
        seen.article_id = batch.article_id
        and seen.topic_id = batch.topic_id
        and seen.kind = batch.kind
)
qualify row_number() over (partition by article_id, topic_id, kind order by position) = 1
order by position
returning article_id;

-- name: append_facts
-- Append the facts that are not here yet.
insert into headline_facts by name
with batch as (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($kind, '["varchar"]')) as kind,
        unnest(from_json_strict($value, '["varchar"]')) as value,
        unnest(from_json_strict($term, '["varchar"]')) as term,
        unnest(from_json_strict($rules_version, '["varchar"]')) as rules_version,
        unnest(from_json_strict($position, '["integer"]')) as position
)
select * exclude (position)
from batch
where not exists (
    from headline_facts as seen
    where
        seen.article_id = batch.article_id
        and seen.kind = batch.kind
        and seen.value = batch.value
)
qualify row_number() over (partition by article_id, kind, value order by position) = 1
order by position
returning article_id;

-- name: delete_mentions
-- Forget what was found in these articles.
delete from mentions
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: delete_tags
-- Forget the tags of these articles.
delete from tags
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: delete_facts
-- Forget what the headlines of these articles say.
delete from headline_facts
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: mentions_of
-- What was found in these articles.
select
    article_id, company_id, field, alias, start, length, rules_version, is_about, role, via
from mentions
where article_id in (select unnest(from_json($article_id, '["varchar"]')))
order by article_id, field desc, start, company_id;

-- name: tags_of
-- The tags of these articles.
select article_id, topic_id, kind, term, score, rules_version
from tags
where article_id in (select unnest(from_json($article_id, '["varchar"]')))
order by article_id, kind desc, score desc, topic_id;

-- name: by_seq
-- Articles in order of arrival, after $after, for going through all of them.
select * exclude (run_id)
from articles
where
    seq > $after
    and first_seen_at >= coalesce($since::timestamptz, '-infinity'::timestamptz)
order by seq
limit $limit;

-- name: by_ids
-- These articles, whole.
select * exclude (run_id)
from articles
where article_id in (select unnest(from_json($article_id, '["varchar"]')))
order by seq;

-- name: seqs_of
-- The places of these articles in the order of arrival.
select seq
from articles
where article_id in (select unnest(from_json($article_id, '["varchar"]')))
order by seq;

-- name: first_arrivals
-- When each feed brought its first article, be that in another's words by now.
select sightings.feed_id, arg_min(articles.first_seen_at, articles.seq)
from sightings
join articles using (article_id, first_seen_at)
group by sightings.feed_id;

-- name: ids_of_stories
-- The articles of these stories that were published since then.
select article_id
from articles
where
    published_at >= $since::timestamptz
    and story_id in (select unnest(from_json($story_id, '["varchar"]')))
order by seq;

-- name: by_place
-- One article, whole. An equality is decided before the texts are read; any other filter
-- reads those of two thousand rows at a time, which is more than a writer may keep.
select * exclude (run_id)
from articles
where seq = $seq;

-- name: total
-- How many articles there are.
select count(*) from articles;

-- name: search
-- Articles whose headline or summary holds the folded text, newest first.
select
    article_id, published_at, publisher, language, title, summary, url, story_id
from articles
where contains(search_text, $text)
order by published_at desc, article_id
limit $limit;

-- name: words
-- The words of one article, and who published it.
select title, summary, coalesce(content, '') as content, [feed_id, publisher] as sources
from articles
where article_id = $article_id;

-- name: recent_headlines
-- Headlines of the last days and of those before, digests left out, counted back from
-- the newest article.
with newest as (
    select max(first_seen_at) as moment
    from articles
)
select
    title,
    publisher,
    story_id,
    first_seen_at as seen_at,
    first_seen_at > moment - to_days($days) as is_recent
from articles, newest
where
    not is_digest
    and first_seen_at > moment - to_days($days + $before)
    and $language in ('', language)
order by seq;
