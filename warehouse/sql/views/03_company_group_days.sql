-- Coverage of each group by day: an article that names two brands of a group counts once.
create or replace view company_group_days as
with grouped as (
    select distinct
        coverage.day,
        coalesce(company_groups.group_id, coverage.company_id) as company_id,
        coverage.article_id,
        coverage.story_id,
        coverage.publisher,
        coverage.language
    from company_coverage as coverage
    left join company_groups using (company_id)
)
select
    day,
    company_id,
    count(*)::integer as articles,
    count(distinct story_id)::integer as stories,
    count(distinct publisher)::integer as publishers,
    (count(*) filter (where language = 'en'))::integer as articles_en,
    (count(*) filter (where language = 'zh'))::integer as articles_zh
from grouped
group by day, company_id;

comment on view company_group_days is 'One row per group and reporting day with coverage: brands and subsidiaries rolled up to the top parent; digests left out.';
comment on column company_group_days.day is 'Calendar day of publication in the reporting zone.';
comment on column company_group_days.company_id is 'The entity at the top of the group.';
comment on column company_group_days.articles is 'Articles on the group that day.';
comment on column company_group_days.stories is 'Different stories among them.';
comment on column company_group_days.publishers is 'Different outlets among them.';
comment on column company_group_days.articles_en is 'Articles in English.';
comment on column company_group_days.articles_zh is 'Articles in Chinese.';
