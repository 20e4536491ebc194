-- Which relations have the history that they need: days with an article, of the days
-- that end with the newest one. Days without any do not help a level or a comparison.
create or replace view readiness as
with needs as (
    select *
    from (
        values
            ('bursts', 29),
            ('emerging_terms', 35),
            ('share_of_voice', 7),
            ('co_mentions', 28),
            ('coverage_gaps', 2),
            ('feed_health', 14),
            ('movers', 35),
            ('level_shifts', 56),
            ('lead_lag', 28),
            ('source_league', 28)
    ) as needs (relation, needed)
),
days as (
    -- No further back than any of them looks: to find a calendar day takes long.
    select distinct reporting_day(published_at) as day
    from articles
    where published_at
        >= (select max(published_at) from articles) - to_days((select max(needed) + 1 from needs))
),
newest as (
    select max(day) as day from days
),
counted as (
    select
        needs.relation,
        needs.needed,
        (count(days.day) filter (where days.day > newest.day - needs.needed))::integer as days
    from needs
    cross join newest
    left join days on true
    group by needs.relation, needs.needed
),
computed as (
    select relation, max(day) as computed_until
    from computed_days
    group by relation
)
select
    counted.relation,
    case
        when counted.days < counted.needed * 0.8 then 'warming_up'
        when
            computed.computed_until is null
            and counted.relation in ('bursts', 'emerging_terms', 'level_shifts')
            then 'not_computed'
        else 'ready'
    end as state,
    counted.days,
    counted.needed,
    computed.computed_until
from counted
left join computed using (relation);

comment on view readiness is 'One row per relation that needs history: whether it has enough. Four of five days must have an article.';
comment on column readiness.relation is 'Name of the table or view.';
comment on column readiness.state is 'ready; warming_up: its numbers rest on too few days to be trusted; not_computed: nobody has looked yet.';
comment on column readiness.days is 'Days with an article among the last days that it needs.';
comment on column readiness.needed is 'Days of history that it needs.';
comment on column readiness.computed_until is 'Last day that it was computed for; null for views, which are made as they are read.';
