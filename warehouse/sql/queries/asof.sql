-- name: seen_by
-- Restricts the session to what had been seen by $as_of: run this before the others.
create or replace temp view articles as
from file.articles where first_seen_at <= $as_of;
create or replace temp view feed_polls as
from file.feed_polls where polled_at <= $as_of;

-- name: articles
-- Articles from $since on, seen by $as_of: what the views look at.
create temp table articles as
select
    article_id, title, url, language, is_digest, publisher, feed_id, published_at,
    published_from, first_seen_at, story_id, is_on_beat
from articles
where
    published_at >= day_start($since)
    and first_seen_at <= $as_of
order by seq;

-- name: mentions
-- Mentions in those articles.
create temp table mentions as
from mentions
where field <> 'content' and article_id in (select article_id from articles);

-- name: tags
-- Tags of those articles.
create temp table tags as
from tags
where article_id in (select article_id from articles);

-- name: feed_polls
-- Polls of their feeds.
create temp table feed_polls as
select feed_id, seq, polled_at, outcome
from feed_polls
where
    polled_at >= day_start($since)
    and polled_at <= $as_of;
