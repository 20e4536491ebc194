-- name: seen_by
-- Restricts the session to what had been seen by $as_of: run this before the others.
create or replace temp view articles as
from file.articles where first_seen_at <= $as_of;
create or replace temp view coverage as
from file.coverage where first_seen_at <= $as_of;
create or replace temp view roll_ups as
select false as are_whole;
create or replace temp view feed_polls as
from file.feed_polls where polled_at <= $as_of;
create or replace temp view feed_marks as
from feed_marks_of('feed_polls');
create or replace temp view poll_days as
from poll_days_of('feed_polls');
create or replace temp view feed_arrivals as
from feed_arrivals_of('sightings', 'articles');

-- name: live
-- When the oldest of the stories began that go on in a period.
select min(first_published_at) as began_at, max(last_published_at) as ended_at
from stories
where last_published_at >= $since and first_published_at < $until;

-- name: live_alone
-- What is rolled up is of all stories, not of these.
create or replace temp view roll_ups as
select false as are_whole;

-- name: live_articles
-- The articles of stories that go on in a period up to its end, of whatever day they are,
-- as far as they had been seen by $as_of.
select
    article_id, seq, story_id, title, url, publisher, language, published_at, published_from,
    first_seen_at, feed_id, is_digest, is_on_beat, relevance, headline_weight, report_score, summary
from articles
where
    published_at >= $began
    and published_at < $until
    and first_seen_at <= $as_of
    and story_id in (
        select story_id from stories where last_published_at >= $since and first_published_at < $until
    );

-- name: live_coverage
-- What these articles count for.
from coverage
where
    published_at >= $began
    and published_at < $until
    and first_seen_at <= $as_of
    and story_id in (
        select story_id from stories where last_published_at >= $since and first_published_at < $until
    );
