-- Coverage of each entity by day, the most specific one only.
create or replace view company_days as
select day, company_id, * exclude (day, company_id)
from coverage_counts('company_coverage', ['day', 'company_id']);

comment on view company_days is 'One row per entity and reporting day with coverage; digests left out.';
comment on column company_days.day is 'Calendar day of publication in the reporting zone.';
comment on column company_days.company_id is 'The entity.';
comment on column company_days.articles is 'Articles on it that day.';
comment on column company_days.stories is 'Different stories among them.';
comment on column company_days.publishers is 'Different outlets among them.';
comment on column company_days.articles_en is 'Articles in English.';
comment on column company_days.articles_zh is 'Articles in Chinese.';
