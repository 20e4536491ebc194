-- Coverage of each topic and event type by day.
create or replace view topic_days as
select day, topic_id, kind, * exclude (day, topic_id, kind)
from coverage_counts('topic_coverage', ['day', 'topic_id', 'kind']);

comment on view topic_days is 'One row per topic or event type and reporting day with coverage; digests left out.';
comment on column topic_days.day is 'Calendar day of publication in the reporting zone.';
comment on column topic_days.topic_id is 'The topic or event type.';
comment on column topic_days.kind is 'topic or event.';
comment on column topic_days.articles is 'Articles on it that day.';
comment on column topic_days.stories is 'Different stories among them.';
comment on column topic_days.publishers is 'Different outlets among them.';
comment on column topic_days.articles_en is 'Articles in English.';
comment on column topic_days.articles_zh is 'Articles in Chinese.';
