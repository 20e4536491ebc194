-- Each group's part of the company-stories of a span of days, among groups of the beat.
-- Peers, at home elsewhere, are measured against the same whole and are no part of it.
-- Only articles on the beat count. A company-story is a pair of a story
-- and a group; a story on two groups is one company-story of each.
--
-- `corrected` makes up for feeds that were down. A story that came only by feeds of which
-- three days of seven are there stands for 7/3 such stories; told by one feed that was up
-- all along it would have been counted anyway, and weighs 1. What a feed would have told
-- that was down all along is not known, and stays out.
--
-- The interval is Wilson's on that share, of as many stories as the weights are worth:
-- (sum of weights)² / sum of squared weights (Kish 1965), their number where all weigh 1.
create or replace macro share_every(days, since, until) as table
with named as (
    select
        company_id,
        feed_id,
        -- A number is grouped in half the time that a text takes, and two of a million
        -- stories have one number by a chance of one in ten million.
        hash(story_id) as story,
        span_start(day, days, since) as start
    from company_coverage
    where is_on_beat and is_told_within(day, published_at, since, until)
),
competing as (
    -- By way of a list, which DuckDB takes for short, as they are: it would take the
    -- chains of parents for longer than the articles, and hash millions of those.
    select unnest(
        list({
            'company_id': company_groups.company_id,
            'group_id': group_id,
            'is_peer': is_peer(top.kind, top.country)
        }),
        recursive := true
    )
    from company_groups
    join companies as top on top.company_id = company_groups.group_id
    where top.kind in ('company', 'brand', 'foreign_company')
),
company_stories as (
    select
        named.start,
        competing.group_id as company_id,
        competing.is_peer,
        1 / max(coalesce(outages.coverage, 1)) as weight
    from named
    join competing using (company_id)
    left join outages_every(days, since, until) as outages using (start, feed_id)
    group by named.start, competing.group_id, competing.is_peer, named.story
),
counted as (
    select
        start,
        company_id,
        is_peer,
        count(*)::integer as stories,
        sum(weight) as weight,
        sum(weight * weight) as squares
    from company_stories
    group by start, company_id, is_peer
),
whole as (
    select start, sum(stories) as stories, sum(weight) as weight, sum(squares) as squares
    from counted
    where not is_peer
    group by start
),
shared as (
    -- Where a span has peers alone there is nothing that they could be measured against.
    select
        counted.*,
        counted.stories / whole.stories as share,
        counted.weight / whole.weight as corrected,
        pow(whole.weight, 2) / whole.squares as worth
    from counted
    left join whole using (start)
)
select
    start,
    company_id,
    stories,
    share,
    corrected,
    case when corrected <= 1 then wilson_low(corrected * worth, worth) end as low,
    case when corrected <= 1 then wilson_high(corrected * worth, worth) end as high,
    is_peer
from shared;

create or replace macro share_between(since, until) as table
    select * exclude (start) from share_every(until::date - since::date, since, until);

create or replace view share_of_voice as
select start as week, * exclude (start)
from share_every(7, date '0001-01-01', date '9999-12-31');

comment on macro table share_every is 'share_of_voice by spans of so many days; start is the first day of each.';
comment on macro table share_between is 'share_of_voice of the days from since to the day before until, as one span.';

comment on view share_of_voice is 'One row per week and group: its part of the company-stories of the week among companies and brands of the beat; without peers it sums to 1 per week. Articles on the beat, digests left out.';
comment on column share_of_voice.week is 'Monday of the week of publication in the reporting zone.';
comment on column share_of_voice.company_id is 'The entity at the top of the group.';
comment on column share_of_voice.stories is 'Stories with an article of that week that names the group.';
comment on column share_of_voice.share is 'stories divided by the sum of stories over all groups of the week that are no peers.';
comment on column share_of_voice.corrected is 'The same with stories of feeds that were down for days of the week weighted up (feed_outages); share where none was. Sums to 1 per week.';
comment on column share_of_voice.low is 'Lower end of the 95 % interval of corrected (Wilson), taking stories as independent.';
comment on column share_of_voice.high is 'Upper end of it.';
comment on column share_of_voice.is_peer is 'Whether the group is at home elsewhere: it stands beside the others and has no part in their sum.';
