-- Each group's stories of a span of days beside those of so many spans before. Shares are
-- compared, not counts: a holiday, an outage of ours, a new source or a week that is not
-- over move all groups, and say nothing of one.
--
-- The ratio is shrunk: five stories as usual are added on both sides, so that one story is
-- not a trend. Its interval takes the logarithm of the ratio of two counts as normal, and
-- the counts as spread wider than chance as all groups are, in the span and those before:
-- the median of their squared deviations, in units of the one that chance has (0.455),
-- which a few that move do not inflate.
create or replace macro movers_every(days, since, until, before) as table
with shares as materialized (
    select start, company_id, stories, corrected
    -- The spans before are compared with spans before them, to see how widely all spread.
    from share_every(days, since::date - (2 * before * days)::integer, until)
    where not is_peer
),
totals as (
    select start, sum(stories) as stories from shares group by start
),
shifted as (
    -- The count of a span goes to itself and to those that look back on it.
    select start + (days * back)::integer as start, company_id, stories, corrected, back
    from shares, range(before + 1) as spans (back)
),
compared as (
    select
        start,
        company_id,
        coalesce(sum(stories) filter (where back = 0), 0)::integer as stories,
        coalesce(sum(stories) filter (where back = 1), 0)::integer as previous,
        coalesce(sum(stories) filter (where back > 0), 0)::integer as earlier,
        coalesce(sum(corrected) filter (where back = 0), 0) as share,
        coalesce(sum(corrected) filter (where back > 0), 0) as earlier_shares
    from shifted
    group by start, company_id
),
history as (
    select moved.start, count(*) as spans
    from (select start + (days * back)::integer as start from totals, range(1, before + 1) as spans (back)) as moved
    group by moved.start
),
expected as materialized (
    select
        compared.*,
        coalesce(history.spans, 0) >= before as is_warm,
        compared.share * totals.stories as observed,
        compared.earlier_shares / before * totals.stories as expected
    from compared
    join totals using (start)
    left join history using (start)
),
deviations as (
    select
        start + (days * back)::integer as start,
        pow(observed - expected, 2) / (expected * (1 + 1 / before)) as squared
    from expected, range(before + 1) as spans (back)
    where is_warm and expected >= 5
),
spread as (
    -- Of a few counts nothing is known of how widely they spread.
    select start, case when count(*) < 20 then 1 else greatest(1, median(squared) / 0.455) end as factor
    from deviations
    group by start
),
rated as (
    select
        expected.*,
        (observed + 5) / (expected + 5) as ratio,
        1.96 * sqrt(coalesce(spread.factor, 1) * (1 / (observed + 5) + 1 / (earlier + 5))) as reach
    from expected
    left join spread using (start)
    where expected.start >= since::date
)
select
    start,
    company_id,
    stories,
    previous,
    earlier / before as usual,
    round(expected, 2) as expected,
    round(ratio, 3) as ratio,
    round(ratio * exp(-reach), 3) as low,
    round(ratio * exp(reach), 3) as high,
    case
        when not is_warm then 'warming_up'
        when greatest(stories, expected) < 5 then 'few'
        when ratio * exp(-reach) > 1 then 'up'
        when ratio * exp(reach) < 1 then 'down'
        else 'steady'
    end as state
from rated;

create or replace macro movers_between(since, until, before) as table
    select * exclude (start) from movers_every(until::date - since::date, since, until, before);

create or replace view movers as
select start as week, company_id, stories, previous as last_week, * exclude (start, company_id, stories, previous)
from movers_every(7, date '0001-01-01', date '9999-12-31', 4);

comment on macro table movers_every is 'movers by spans of so many days, each beside so many before it; start is the first day of each.';
comment on macro table movers_between is 'movers of the days from since to the day before until, as one span beside so many of the same length before it.';
comment on view movers is 'One row per week and group with stories in it or in the four weeks before: this week beside those, as parts of all company-stories.';
comment on column movers.week is 'Monday of the week in the reporting zone. One that is not over can be compared all the same.';
comment on column movers.company_id is 'The entity at the top of the group.';
comment on column movers.stories is 'Stories of the week.';
comment on column movers.last_week is 'Stories of the week before.';
comment on column movers.usual is 'Mean of the stories of the four weeks before.';
comment on column movers.expected is 'Stories that its usual share would make of this week''s company-stories.';
comment on column movers.ratio is 'Stories, corrected for feeds that were down, to expected ones, with five added on both sides.';
comment on column movers.low is 'Lower end of the ratio''s 95 % interval.';
comment on column movers.high is 'Upper end of it.';
comment on column movers.state is 'up, down or steady, by whether the interval holds 1; few (under five stories and five expected); warming_up (not four weeks of history).';
