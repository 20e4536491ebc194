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
with competing as (
    -- By way of a list, which DuckDB takes for short, as they are: it would take the
    -- chains of parents for longer than the articles, and hash millions of those.
    select unnest(
        list({
            'company_id': groups.company_id,
            'group_id': group_id,
            'is_alone': is_alone,
            'is_peer': is_peer(top.kind, top.country)
        }),
        recursive := true
    )
    from (select *, count(*) over (partition by group_id) = 1 as is_alone from competing_groups) as groups
    join companies as top on top.company_id = groups.group_id
    where competes(top.kind)
),
counted_alone as (
    select start, subject_id as company_id, count(*) as stories
    from beat_stories_every(days, since, until)
    where kind = 'company'
    group by start, subject_id
),
-- A story that names two companies of a group is one of the group's.
of_relatives as (
    select distinct named.start, competing.group_id, competing.is_peer, named.story
    from beat_stories_every(days, since, until) as named
    join competing on competing.company_id = named.subject_id
    where named.kind = 'company' and not competing.is_alone
),
told as (
    select counted_alone.start, competing.group_id as company_id, competing.is_peer, counted_alone.stories
    from counted_alone
    join competing using (company_id)
    where competing.is_alone
    union all
    select start, group_id, is_peer, count(*)
    from of_relatives
    group by start, group_id, is_peer
),
lost as materialized (
    select start, feed_id, coverage
    from outages_every(days, since, until)
),
-- All weigh 1 but those that a feed told that was down, and few are.
touched as materialized (
    select unnest(list(distinct {'start': lost.start, 'story': hash(a.story_id)}), recursive := true)
    from company_coverage as a
    join lost on lost.feed_id = a.feed_id and lost.start = span_start(a.day, days, since)
    where a.is_on_beat and is_told_within(a.day, a.published_at, since, until)
),
weighed as (
    select
        touched.start,
        competing.group_id as company_id,
        1 / max(coalesce(lost.coverage, 1)) as weight
    from company_coverage as a
    join touched on touched.story = hash(a.story_id) and touched.start = span_start(a.day, days, since)
    join competing on competing.company_id = a.company_id
    left join lost on lost.feed_id = a.feed_id and lost.start = touched.start
    where a.is_on_beat and is_told_within(a.day, a.published_at, since, until)
    group by touched.start, competing.group_id, touched.story
),
heavier as (
    select start, company_id, sum(weight - 1) as weight, sum(weight * weight - 1) as squares
    from weighed
    where weight <> 1
    group by start, company_id
),
counted as (
    select
        told.start,
        told.company_id,
        told.is_peer,
        told.stories::integer as stories,
        told.stories + coalesce(heavier.weight, 0) as weight,
        told.stories + coalesce(heavier.squares, 0) as squares
    from told
    left join heavier using (start, company_id)
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
