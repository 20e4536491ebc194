-- name: known
-- Of the articles asked for, those that are here.
select article_id, feed_id, story_id, content_hash
from articles
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: append_articles
-- Append the articles that are not here yet; returns their ids.
insert into articles by name
with batch as (
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (
        select from_json_strict($batch, '[{
            "article_id": "varchar",
            "url": "varchar",
            "title": "varchar",
            "summary": "varchar",
            "content": "varchar",
            "language": "varchar",
            "script": "varchar",
            "is_digest": "boolean",
            "publisher": "varchar",
            "feed_id": "varchar",
            "authors": ["varchar"],
            "published_at": "timestamptz",
            "published_raw": "varchar",
            "published_from": "varchar",
            "first_seen_at": "timestamptz",
            "story_id": "varchar",
            "story_keys": ["ubigint"],
            "content_hash": "varchar",
            "search_text": "varchar"
        }]') as rows
    )
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
update articles
set
    title = batch.title,
    summary = batch.summary,
    content = batch.content,
    language = batch.language,
    script = batch.script,
    is_digest = batch.is_digest,
    story_keys = batch.story_keys,
    content_hash = batch.content_hash,
    search_text = batch.search_text
from (
    select unnest(rows, recursive := true)
    from (
        select from_json_strict($batch, '[{
            "article_id": "varchar",
            "title": "varchar",
            "summary": "varchar",
            "content": "varchar",
            "language": "varchar",
            "script": "varchar",
            "is_digest": "boolean",
            "story_keys": ["ubigint"],
            "content_hash": "varchar",
            "search_text": "varchar"
        }]') as rows
    )
) as batch
where articles.article_id = batch.article_id;

-- name: append_versions
-- Append the wordings that are not here yet.
insert into article_versions by name
with batch as (
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (
        select from_json_strict($batch, '[{
            "article_id": "varchar",
            "seen_at": "timestamptz",
            "title": "varchar",
            "summary": "varchar",
            "content_hash": "varchar"
        }]') as rows
    )
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
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (
        select from_json_strict($batch, '[{
            "article_id": "varchar",
            "feed_id": "varchar",
            "guid": "varchar",
            "url": "varchar",
            "first_seen_at": "timestamptz"
        }]') as rows
    )
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
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (
        select from_json_strict($batch, '[{
            "article_id": "varchar",
            "company_id": "varchar",
            "field": "varchar",
            "alias": "varchar",
            "start": "integer",
            "length": "integer",
            "rules_version": "varchar"
        }]') as rows
    )
)
select * exclude (position)
from batch
where not exists (
    from mentions as seen
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
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (
        select from_json_strict($batch, '[{
            "article_id": "varchar",
            "topic_id": "varchar",
            "kind": "varchar",
            "term": "varchar",
            "score": "double",
            "rules_version": "varchar"
        }]') as rows
    )
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

-- name: delete_mentions
-- Forget what was found in these articles.
delete from mentions
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: delete_tags
-- Forget the tags of these articles.
delete from tags
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: mentions_of
-- What was found in these articles.
select article_id, company_id, field, alias, start, length, rules_version
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
select
    seq, article_id, feed_id, url, title, summary, content, language, script, is_digest,
    publisher, authors, published_at, published_raw, published_from, first_seen_at,
    content_hash, search_text, story_id, story_keys
from articles
where seq > $after
order by seq
limit $limit;

-- name: by_ids
-- These articles, whole.
select
    seq, article_id, feed_id, url, title, summary, content, language, script, is_digest,
    publisher, authors, published_at, published_raw, published_from, first_seen_at,
    content_hash, search_text, story_id, story_keys
from articles
where article_id in (select unnest(from_json($article_id, '["varchar"]')))
order by seq;

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

-- name: title_and_summary
-- The words of one article.
select title, summary
from articles
where article_id = $article_id;

-- name: recent_titles
-- Headlines of the last days, digests left out, counted back from the newest article.
select title
from articles
where
    not is_digest
    and first_seen_at > (select max(first_seen_at) from articles) - to_days($days)
order by seq;
