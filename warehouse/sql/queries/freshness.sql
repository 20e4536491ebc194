-- name: now
-- How new and how complete the data are.
from freshness;

-- name: freshness
-- How new and how complete the data were at $as_of.
from freshness_at($as_of::timestamptz);

-- name: uncomputed
-- Days of the period that have articles and were never looked at for bursts.
select distinct day
from dated_articles
where
    published_at >= $since
    and published_at < $until
    and day not in (select day from computed_days where relation = 'bursts')
order by day;

-- name: forget_computed
-- Make room for what is recorded next of the relation's days.
delete from computed_days
where relation = $relation and day between $since and $until;

-- name: record_computed
-- Record that the relation's days, both included, were computed.
insert into computed_days by name
select
    $relation as relation,
    unnest(generate_series($since::date, $until::date, interval 1 day))::date as day,
    $now::timestamptz as computed_at;

-- name: record_import
-- Record a batch of an import.
insert into imports by name
select $now::timestamptz as imported_at, $entries as entries, $undated as undated;
