-- name: totals
-- The number of rows of the main relations, in one row.
select
    (select count(*) from feeds where enabled) as feeds,
    (select count(*) from articles) as articles,
    (select count(*) from mentions) as mentions,
    (select count(*) from tags) as tags,
    (select count(*) from stories) as stories,
    (select count(*) from stories where publishers > 1) as shared_stories,
    (select count(*) from alerts where state <> 'suppressed' and kind <> 'brief') as alerts,
    (select count(*) from alert_deliveries) as delivery_attempts,
    (select count(*) from bursts) as bursts;
