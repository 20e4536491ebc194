-- Coverage of each entity by day, the most specific one only.
-- Different ones are told by their hashes: a list of numbers takes half the time.
create or replace view company_days as
select
    day,
    company_id,
    count(*)::integer as articles,
    list_unique(list(hash(story_id)))::integer as stories,
    list_unique(list(hash(publisher)))::integer as publishers,
    (count(*) filter (where language = 'en'))::integer as articles_en,
    (count(*) filter (where language = 'zh'))::integer as articles_zh
from company_coverage
group by day, company_id;

comment on view company_days is 'One row per entity and reporting day with coverage; digests left out.';
comment on column company_days.day is 'Calendar day of publication in the reporting zone.';
comment on column company_days.company_id is 'The entity.';
comment on column company_days.articles is 'Articles on it that day.';
comment on column company_days.stories is 'Different stories among them.';
comment on column company_days.publishers is 'Different outlets among them.';
comment on column company_days.articles_en is 'Articles in English.';
comment on column company_days.articles_zh is 'Articles in Chinese.';
