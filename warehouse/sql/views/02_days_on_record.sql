-- The days before a period, and which of them are known well enough to compare with: where
-- the sources of four fifths of the period's articles were read, and at least a fifth came
-- of what comes on the median one. An archive that a feed brings along when it is read
-- first is no record of its days. Days are 24 hours, back from the period's beginning.
create or replace macro days_on_record(since, until, days) as table
with within as (
    select publisher, feed_id
    from article_days
    where published_at >= since and published_at < until
),
before as (
    -- In microseconds: to subtract moments goes through a calendar, many times slower.
    select
        ((epoch_us(since) - epoch_us(published_at)) // 86400000000)::integer as days_ago,
        count(*) as articles,
        count(distinct hash(story_id)) as stories
    from article_days
    cross join (select since - to_days(days) as looked_from) as bound
    where published_at < since and published_at > bound.looked_from
    group by days_ago
),
-- Of all there are: to look each article's up in those within takes many times longer.
feeds_read as (
    select feed_id, min(first_seen_at) as read_from
    from articles
    group by feed_id
),
publishers_read as (
    select publisher, min(first_seen_at) as read_from
    from articles
    group by publisher
),
sources as (
    select
        least(feeds_read.read_from, publishers_read.read_from) as read_from,
        count(*) as articles
    from within
    join feeds_read using (feed_id)
    join publishers_read using (publisher)
    group by all
),
read_days as (
    select
        before.*,
        coalesce(
            sum(sources.articles) filter (where sources.read_from < since - to_days(before.days_ago)), 0
        ) >= 0.8 * coalesce(sum(sources.articles), 0) as is_read
    from before
    left join sources on true
    group by all
)
select
    days_ago,
    articles,
    stories,
    is_read
    and articles >= 0.2 * (select median(articles) from read_days where is_read) as is_on_record
from read_days;

comment on macro table days_on_record is 'One row per 24 hours with articles, of so many days before the period from the instant since to the instant until: days_ago, articles, stories, and is_on_record, whether it can be compared with.';
