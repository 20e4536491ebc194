-- Coverage of each topic and event type by week.
create or replace view topic_weeks as
select week, topic_id, kind, * exclude (week, topic_id, kind)
from coverage_counts('topic_coverage', ['week', 'topic_id', 'kind']);

comment on view topic_weeks is 'One row per topic or event type and reporting week with coverage; digests left out.';
comment on column topic_weeks.week is 'Monday of the week of publication in the reporting zone.';
comment on column topic_weeks.topic_id is 'The topic or event type.';
comment on column topic_weeks.kind is 'topic or event.';
comment on column topic_weeks.articles is 'Articles on it that week.';
comment on column topic_weeks.stories is 'Different stories among them.';
comment on column topic_weeks.publishers is 'Different outlets among them.';
comment on column topic_weeks.articles_en is 'Articles in English.';
comment on column topic_weeks.articles_zh is 'Articles in Chinese.';
