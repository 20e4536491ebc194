-- Coverage of each entity by week. Not the sum of its days: a story that goes on for
-- three days is one story of the week.
-- Different ones are told by their hashes: a list of numbers takes half the time.
create or replace view company_weeks as
select
    week,
    company_id,
    count(*)::integer as articles,
    list_unique(list(hash(story_id)))::integer as stories,
    list_unique(list(hash(publisher)))::integer as publishers,
    (count(*) filter (where language = 'en'))::integer as articles_en,
    (count(*) filter (where language = 'zh'))::integer as articles_zh
from company_coverage
group by week, company_id;

comment on view company_weeks is 'One row per entity and reporting week with coverage; digests left out.';
comment on column company_weeks.week is 'Monday of the week of publication in the reporting zone.';
comment on column company_weeks.company_id is 'The entity, the most specific one.';
comment on column company_weeks.articles is 'Articles on it that week.';
comment on column company_weeks.stories is 'Different stories among them.';
comment on column company_weeks.publishers is 'Different outlets among them.';
comment on column company_weeks.articles_en is 'Articles in English.';
comment on column company_weeks.articles_zh is 'Articles in Chinese.';
