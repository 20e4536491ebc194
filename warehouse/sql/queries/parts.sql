-- name: size
-- How many articles there are, and the last place of an article or a poll.
select
    (select count(*) from articles),
    greatest((select max(seq) from articles), (select max(seq) from feed_polls));

-- name: state
-- What rows are derived by, and when the newest run began: where that is another, a pass
-- over what changed since would miss what was made anew.
select
    concat_ws(
        ' ',
        rules_version,
        zone,
        (select checksum from schema_migrations where name = 'views'),
        (select count(*) from article_merges)
    ) as derived_by,
    (select max(started_at) from runs) as seen_at
from reporting;

-- name: months
-- Months of publication, by articles and by what is counted, and the places of theirs.
select
    date_trunc('month', published_at)::date as month,
    coalesce(min(seq), 0) as first,
    coalesce(max(seq), 0) as last
from (
    select published_at, seq from articles
    union all by name
    select published_at from coverage
)
group by month
order by month;

-- name: days
-- Months of days that something counts on.
select distinct date_trunc('month', day)::date as month
from (
    select day from coverage
    union all
    select day from story_days
)
order by month;

-- name: touch
-- The articles that came, changed, or were seen in another place since a moment.
create or replace temp table touched_articles as
select seq, article_id, story_id, published_at
from articles
where
    first_seen_at >= $since
    or seq in (
        select seq from article_versions where seen_at >= $since
        union
        select seq from sightings where first_seen_at >= $since
    );

-- name: touched_months
-- The months that they count in, by whatever zone.
select distinct date_trunc('month', published_at + to_hours(hours))::date
from touched_articles
cross join (values (-15), (0), (15)) as zones (hours);

-- name: touched
-- How many they are.
select count(*) from touched_articles;

-- name: forget_touched
-- Leave nothing behind.
drop table if exists temp.touched_articles;
