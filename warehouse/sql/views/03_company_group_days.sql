-- Coverage of each group by day: an article that names two brands of a group counts once.
-- Only groups of several need to be made distinct, what stands alone is unique already.
create or replace view company_group_days as
with relatives as (
    select company_id, group_id
    from company_groups
    qualify count(*) over (partition by group_id) > 1
),
named as (
    from company_coverage
    where company_id not in (select company_id from relatives)
    union all by name
    select distinct
        company_coverage.* exclude (is_subject, word)
            replace (relatives.group_id as company_id)
    from company_coverage
    join relatives using (company_id)
)
select day, company_id, * exclude (day, company_id)
from coverage_counts('named', ['day', 'company_id']);

comment on view company_group_days is 'One row per group and reporting day with coverage: brands and subsidiaries rolled up to the top parent; digests left out.';
comment on column company_group_days.day is 'Calendar day of publication in the reporting zone.';
comment on column company_group_days.company_id is 'The entity at the top of the group.';
comment on column company_group_days.articles is 'Articles on the group that day.';
comment on column company_group_days.stories is 'Different stories among them.';
comment on column company_group_days.publishers is 'Different outlets among them.';
comment on column company_group_days.articles_en is 'Articles in English.';
comment on column company_group_days.articles_zh is 'Articles in Chinese.';
