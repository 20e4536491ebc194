-- The newest article of each feed, by tables of sightings and of articles that are named.
-- Of what a batch saw it is added to what was (queries/arrivals.sql);
-- `feed_arrivals_follow_from_sightings` proves that it comes to the same.
create or replace macro feed_arrivals_of(sightings_of, articles_of) as table
select
    sightings.feed_id,
    max(least(articles.published_at, sightings.first_seen_at)) as last_article_at
from query_table(sightings_of) as sightings
join query_table(articles_of) as articles on articles.seq = sightings.seq
group by sightings.feed_id;

delete from feed_arrivals;
insert into feed_arrivals by name
from feed_arrivals_of('sightings', 'articles');

comment on macro table feed_arrivals_of is 'What the rows of feed_arrivals should be, made from tables of sightings and of articles that are named.';
