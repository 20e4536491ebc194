-- Each group's stories of a week beside those of the four weeks before. Shares are
-- compared, not counts: a holiday, an outage of ours, a new source or a week that is not
-- over move all groups, and say nothing of one.
--
-- The ratio is shrunk: five stories as usual are added on both sides, so that one story is
-- not a trend. Its interval takes the logarithm of the ratio of two counts as normal, and
-- the counts as spread wider than chance as all groups are: the median of their squared
-- deviations, in units of the one that chance has (0.455), which a few that move do not inflate.
create or replace view movers as
with shares as materialized (
    select week, company_id, stories, corrected from share_of_voice
),
latest as (
    select max(week) as newest from shares
),
totals as (
    select week, sum(stories) as stories from shares group by week
),
shifted as (
    -- Each week's count goes to its own week and to the four that look back on it.
    select week + (7 * back)::integer as week, company_id, stories, corrected, back
    from shares, range(5) as weeks (back)
),
compared as (
    select
        week,
        company_id,
        coalesce(sum(stories) filter (where back = 0), 0)::integer as stories,
        coalesce(sum(stories) filter (where back = 1), 0)::integer as last_week,
        coalesce(sum(stories) filter (where back > 0), 0)::integer as before,
        coalesce(sum(corrected) filter (where back = 0), 0) as share,
        coalesce(sum(corrected) filter (where back > 0), 0) / 4 as usual_share
    from shifted
    group by week, company_id
),
history as (
    select shifted.week, count(*) as weeks
    from (select week + (7 * back)::integer as week from totals, range(1, 5) as weeks (back)) as shifted
    group by shifted.week
),
expected as materialized (
    select
        compared.*,
        coalesce(history.weeks, 0) as weeks,
        compared.share * totals.stories as observed,
        compared.usual_share * totals.stories as expected
    from compared
    join totals using (week)
    left join history using (week)
),
spread as (
    -- Of a few counts nothing is known of how widely they spread.
    select
        case
            when count(*) < 20 then 1
            else greatest(1, median(pow(observed - expected, 2) / (expected * 1.25)) / 0.455)
        end as factor
    from expected
    where weeks = 4 and expected >= 5
),
rated as (
    select
        expected.*,
        (observed + 5) / (expected + 5) as ratio,
        1.96 * sqrt(coalesce(spread.factor, 1) * (1 / (observed + 5) + 1 / (before + 5))) as reach
    from expected
    cross join spread
)
select
    week,
    company_id,
    stories,
    last_week,
    before / 4.0 as usual,
    round(expected, 2) as expected,
    round(ratio, 3) as ratio,
    round(ratio * exp(-reach), 3) as low,
    round(ratio * exp(reach), 3) as high,
    case
        when weeks < 4 then 'warming_up'
        when greatest(stories, expected) < 5 then 'few'
        when ratio * exp(-reach) > 1 then 'up'
        when ratio * exp(reach) < 1 then 'down'
        else 'steady'
    end as state
from rated
cross join latest
where rated.week <= latest.newest;

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
