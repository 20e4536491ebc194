-- Coverage of each group by day: an article that names two brands of a group counts once.
-- Only groups of several need to be made distinct, what stands alone is unique already.
-- Different ones are told by their hashes: a list of numbers takes half the time.
create or replace view company_group_days as
with relatives as (
    select company_id, group_id
    from company_groups
    qualify count(*) over (partition by group_id) > 1
),
named as (
    select article_id, company_id
    from named_mentions() as named_mentions
    where
        is_repeat is distinct from true
        and company_id not in (select company_id from relatives)
    union all
    select distinct named_mentions.article_id, relatives.group_id as company_id
    from named_mentions() as named_mentions
    join relatives using (company_id)
)
select
    a.day,
    named.company_id,
    count(*)::integer as articles,
    list_unique(list(hash(a.story_id)))::integer as stories,
    list_unique(list(hash(a.publisher)))::integer as publishers,
    (count(*) filter (where a.language = 'en'))::integer as articles_en,
    (count(*) filter (where a.language = 'zh'))::integer as articles_zh
from named
join dated_articles as a using (article_id)
group by a.day, named.company_id;

comment on view company_group_days is 'One row per group and reporting day with coverage: brands and subsidiaries rolled up to the top parent; digests left out.';
comment on column company_group_days.day is 'Calendar day of publication in the reporting zone.';
comment on column company_group_days.company_id is 'The entity at the top of the group.';
comment on column company_group_days.articles is 'Articles on the group that day.';
comment on column company_group_days.stories is 'Different stories among them.';
comment on column company_group_days.publishers is 'Different outlets among them.';
comment on column company_group_days.articles_en is 'Articles in English.';
comment on column company_group_days.articles_zh is 'Articles in Chinese.';
