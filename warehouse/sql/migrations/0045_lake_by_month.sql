-- On a lake rows lie in files of a month each, by when they came or what day they are of: so
-- upkeep writes anew the months in which rows went, and a month that is over stays as it is.
-- It holds for what is written from now on. A file has no such parts.

alter table articles set partitioned by (year(first_seen_at), month(first_seen_at));
alter table article_versions set partitioned by (year(seen_at), month(seen_at));
alter table sightings set partitioned by (year(first_seen_at), month(first_seen_at));
alter table feed_polls set partitioned by (year(polled_at), month(polled_at));
alter table coverage set partitioned by (year(published_at), month(published_at));
alter table story_days set partitioned by (year(day), month(day));
