-- Each group's part of a week's company-stories. A company-story is a pair of a story
-- and a group; a story on two groups is one company-story of each.
--
-- `corrected` makes up for feeds that were down. A story that came only by feeds of which
-- three days of seven are there stands for 7/3 such stories; told by one feed that was up
-- all week it would have been counted anyway, and weighs 1. What a feed would have told
-- that was down all week is not known, and stays out.
--
-- The interval is Wilson's on that share, of as many stories as the weights are worth:
-- (sum of weights)² / sum of squared weights (Kish 1965), their number where all weigh 1.
create or replace view share_of_voice as
with weighed as (
    select
        a.article_id,
        a.week,
        -- A number is grouped in half the time that a text takes, and two of a million
        -- stories have one number by a chance of one in ten million.
        hash(a.story_id) as story,
        coalesce(feed_outages.coverage, 1) as coverage
    from article_days as a
    left join feed_outages on feed_outages.week = a.week and feed_outages.feed_id = a.feed_id
),
competing as (
    -- By way of a list, which DuckDB takes for short, as they are: it would take the
    -- chains of parents for longer than the articles, and hash millions of those.
    select unnest(list({'company_id': company_groups.company_id, 'group_id': group_id}), recursive := true)
    from company_groups
    join companies as top on top.company_id = company_groups.group_id
    where top.kind in ('company', 'brand')
),
company_stories as (
    select
        weighed.week,
        competing.group_id as company_id,
        1 / max(weighed.coverage) as weight
    from mentions
    join competing using (company_id)
    join weighed using (article_id)
    where mentions.field <> 'content'
    group by weighed.week, competing.group_id, weighed.story
),
counted as (
    select
        week,
        company_id,
        count(*)::integer as stories,
        sum(weight) as weight,
        sum(weight * weight) as squares
    from company_stories
    group by week, company_id
),
shared as (
    select
        *,
        stories / sum(stories) over (partition by week) as share,
        weight / sum(weight) over (partition by week) as corrected,
        pow(sum(weight) over (partition by week), 2) / sum(squares) over (partition by week) as worth
    from counted
)
select
    week,
    company_id,
    stories,
    share,
    corrected,
    wilson_low(corrected * worth, worth) as low,
    wilson_high(corrected * worth, worth) as high
from shared;

comment on view share_of_voice is 'One row per week and group: its part of the company-stories of the week among groups of kind company or brand; sums to 1 per week, digests left out.';
comment on column share_of_voice.week is 'Monday of the week of publication in the reporting zone.';
comment on column share_of_voice.company_id is 'The entity at the top of the group.';
comment on column share_of_voice.stories is 'Stories with an article of that week that names the group.';
comment on column share_of_voice.share is 'stories divided by the sum of stories over all groups of the week, 0 to 1.';
comment on column share_of_voice.corrected is 'The same with stories of feeds that were down for days of the week weighted up (feed_outages); share where none was. Sums to 1 per week.';
comment on column share_of_voice.low is 'Lower end of the 95 % interval of corrected (Wilson), taking stories as independent.';
comment on column share_of_voice.high is 'Upper end of it.';
