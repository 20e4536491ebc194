-- Groups of companies and brands: in which language their stories are told, and what about.
-- A brand at home whose parent is at home elsewhere is no part of its parent's group: with it
-- it would stand outside the sum.
create or replace view competing_groups as
with recursive chain as (
    select own.company_id, own.company_id as group_id
    from companies as own
    left join companies as parent on parent.company_id = own.parent_id
    where
        parent.company_id is null
        or (is_peer(parent.kind, parent.country) and not is_peer(own.kind, own.country))
    union all
    select child.company_id, chain.group_id
    from companies as child
    join chain on chain.company_id = child.parent_id
    join companies as parent on parent.company_id = child.parent_id
    where not is_peer(parent.kind, parent.country) or is_peer(child.kind, child.country)
)
select companies.company_id, coalesce(chain.group_id, companies.company_id) as group_id
from companies
left join chain using (company_id);

create or replace macro group_coverage_between(since, until) as table
    select distinct groups.group_id as company_id, a.article_id, a.story_id, a.language
    from company_coverage as a
    join competing_groups as groups using (company_id)
    join companies as top on top.company_id = groups.group_id
    where
        top.kind in ('company', 'brand')
        and not is_peer(top.kind, top.country)
        and a.is_on_beat
        and is_told_within(a.day, a.published_at, since, until);

create or replace macro languages_between(since, until) as table
    select
        company_id,
        count(distinct story_id)::integer as stories,
        (count(distinct story_id) filter (where language = 'en'))::integer as stories_en,
        (count(distinct story_id) filter (where language = 'zh'))::integer as stories_zh
    from group_coverage_between(since, until)
    group by company_id;

create or replace macro matrix_between(since, until) as table
with covered as materialized (
    from group_coverage_between(since, until)
),
told as (
    select company_id, count(distinct story_id)::integer as stories
    from covered
    group by company_id
),
about as (
    select covered.company_id, tags.subject_id as topic_id, count(distinct covered.story_id)::integer as stories
    from covered
    join coverage as tags on tags.article_id = covered.article_id and tags.kind = 'topic'
    where is_told_within(tags.day, tags.published_at, since, until)
    group by covered.company_id, tags.subject_id
)
select about.company_id, about.topic_id, about.stories, told.stories as company_stories
from about
join told using (company_id);

comment on view competing_groups is 'company_groups for shares: a company or brand at home whose parent is at home elsewhere heads a group of its own.';
comment on column competing_groups.company_id is 'The entity.';
comment on column competing_groups.group_id is 'The entity at the top of its chain of parents at home, itself where it has none.';
comment on macro table group_coverage_between is 'One row per group of the beat and article on it from since to before until that names one of it.';
comment on macro table languages_between is 'Stories of each group from since to before until: as in share_of_voice, and those told in English and in Chinese.';
comment on macro table matrix_between is 'Stories of each group on each topic from since to before until, beside all stories of the group.';
