-- Coverage of each topic or event type by week. Not the sum of its days: a story that goes on for
-- three days is one story of the week.
-- Different ones are told by their hashes: a list of numbers takes half the time.
create or replace view topic_weeks as
select
    week,
    topic_id,
    kind,
    count(*)::integer as articles,
    list_unique(list(hash(story_id)))::integer as stories,
    list_unique(list(hash(publisher)))::integer as publishers,
    (count(*) filter (where language = 'en'))::integer as articles_en,
    (count(*) filter (where language = 'zh'))::integer as articles_zh
from topic_coverage
group by week, topic_id, kind;

comment on view topic_weeks is 'One row per topic or event type and reporting week with coverage; digests left out.';
comment on column topic_weeks.week is 'Monday of the week of publication in the reporting zone.';
comment on column topic_weeks.topic_id is 'The topic or event type.';
comment on column topic_weeks.kind is 'topic or event.';
comment on column topic_weeks.articles is 'Articles on it that week.';
comment on column topic_weeks.stories is 'Different stories among them.';
comment on column topic_weeks.publishers is 'Different outlets among them.';
comment on column topic_weeks.articles_en is 'Articles in English.';
comment on column topic_weeks.articles_zh is 'Articles in Chinese.';
