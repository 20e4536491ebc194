-- name: known
-- Of the articles asked for, those that are here.
with here as (
    select seq
    from seen
    where key in (select md5(unnest(from_json($article_id, '["varchar"]')))::uuid)
)
select article_id, seq, feed_id, story_id, content_hash
from articles
where seq in (select seq from here);

-- name: note_seen
-- Remember that these articles are here.
insert into seen (key, seq)
select
    md5(unnest(from_json_strict($key, '["varchar"]')))::uuid,
    unnest(from_json_strict($seq, '["bigint"]'));

-- name: last_seq
-- The number of the newest article.
select coalesce(max(seq), 0) from articles;

-- name: update_articles
-- Show the newest wording of the articles of a batch; story and first sight stay.
merge into articles
using batch
using (seq)
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
        is_dated(taken.published_from) and taken.published_at <= seen.first_seen_at as is_dated
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

-- name: places
-- The places of these articles in the order of arrival.
with asked as (
    select article_id, md5(article_id)::uuid as key
    from (select unnest(from_json($article_id, '["varchar"]')) as article_id)
)
select asked.article_id, seen.seq
from seen
join asked using (key)
order by seen.seq;

-- name: first_arrivals
-- When each feed brought its first article, be that in another's words by now.
select sightings.feed_id, arg_min(articles.first_seen_at, articles.seq)
from sightings
join articles using (article_id, first_seen_at)
group by sightings.feed_id;

-- name: places_of_stories
-- The articles of these stories that were published since then, and their places.
select article_id, seq
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

-- name: by_places
-- Some articles, whole, in order of arrival.
select * exclude (run_id)
from articles
where seq in (select unnest(from_json($seq, '["bigint"]')))
order by seq;

-- name: total
-- How many articles there are.
select count(*) from articles;

-- name: words
-- The words of one article, and who published it.
select
    articles.title,
    articles.summary,
    coalesce(article_texts.content, '') as content,
    article_texts.is_from_page,
    [feed_id, publisher] as sources
from articles
join article_texts using (seq)
where articles.article_id = $article_id;
