-- Each group's part of a week's company-stories. A company-story is a pair of a story
-- and a group; a story on two groups is one company-story of each.
create or replace view share_of_voice as
with company_stories as (
    select distinct coverage.week, company_groups.group_id as company_id, coverage.story_id
    from company_coverage as coverage
    join company_groups using (company_id)
    join companies as top on top.company_id = company_groups.group_id
    where top.kind in ('company', 'brand')
),
counted as (
    select week, company_id, count(*)::integer as stories
    from company_stories
    group by week, company_id
)
select
    week,
    company_id,
    stories,
    stories / sum(stories) over (partition by week) as share
from counted;

comment on view share_of_voice is 'One row per week and group: its part of the company-stories of the week among groups of kind company or brand; sums to 1 per week, digests left out.';
comment on column share_of_voice.week is 'Monday of the week of publication in the reporting zone.';
comment on column share_of_voice.company_id is 'The entity at the top of the group.';
comment on column share_of_voice.stories is 'Stories with an article of that week that names the group.';
comment on column share_of_voice.share is 'stories divided by the sum of stories over all groups of the week, 0 to 1.';
