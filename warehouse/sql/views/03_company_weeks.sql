-- Coverage of each entity by week.
create or replace view company_weeks as
select week, company_id, * exclude (week, company_id)
from coverage_counts('company_coverage', ['week', 'company_id']);

comment on view company_weeks is 'One row per entity and reporting week with coverage; digests left out.';
comment on column company_weeks.week is 'Monday of the week of publication in the reporting zone.';
comment on column company_weeks.company_id is 'The entity, the most specific one.';
comment on column company_weeks.articles is 'Articles on it that week.';
comment on column company_weeks.stories is 'Different stories among them.';
comment on column company_weeks.publishers is 'Different outlets among them.';
comment on column company_weeks.articles_en is 'Articles in English.';
comment on column company_weeks.articles_zh is 'Articles in Chinese.';
