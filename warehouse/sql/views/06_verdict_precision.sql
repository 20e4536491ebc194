-- How often readers wanted what a rule, an outlet or an event type brought, by their last
-- word on each alert (wanted or not) and each article (on or off the beat).
create or replace view verdict_precision as
with said as (
    select
        coalesce(article_merges.into_id, verdicts.subject_id) as subject_id,
        verdicts.kind in ('wanted', 'unwanted') as is_of_alert,
        arg_max(verdicts.kind in ('wanted', 'on-beat'), verdicts.verdict_id) as is_wanted
    from verdicts
    left join article_merges on article_merges.article_id = verdicts.subject_id
    where
        verdicts.undone_at is null
        and verdicts.kind in ('wanted', 'unwanted', 'on-beat', 'off-beat')
    group by all
),
judged as (
    select said.is_wanted, alerts.rule_id, alerts.article_id
    from said
    join alerts on alerts.alert_id = said.subject_id
    where said.is_of_alert
    union all
    select is_wanted, null, subject_id
    from said
    where not is_of_alert
),
parts as (
    select 'rule' as part, rule_id as id, is_wanted
    from judged
    where rule_id is not null
    union all
    select 'source', articles.publisher, judged.is_wanted
    from judged
    join articles using (article_id)
    union all
    select 'event', tags.topic_id, judged.is_wanted
    from judged
    join tags using (article_id)
    where tags.kind = 'event'
)
select
    part,
    id,
    count(*) filter (where is_wanted)::integer as wanted,
    count(*)::integer as judged,
    wanted / judged as share,
    wilson_low(wanted, judged) as low,
    wilson_high(wanted, judged) as high,
    greatest(10 - judged, 0)::integer as missing
from parts
group by part, id;

comment on view verdict_precision is 'One row per rule, outlet and event type of which readers judged something: how much of it was wanted. Counted are alerts (wanted or not) and, of outlets and event types, articles said to be on or off the beat.';
comment on column verdict_precision.part is 'rule, source (an outlet) or event.';
comment on column verdict_precision.id is 'Its id, or the outlet''s name.';
comment on column verdict_precision.wanted is 'How many were wanted.';
comment on column verdict_precision.judged is 'How many were judged.';
comment on column verdict_precision.share is 'The first of the second.';
comment on column verdict_precision.low is 'Lower end of the 95 % interval of share (Wilson).';
comment on column verdict_precision.high is 'Upper end of it.';
comment on column verdict_precision.missing is 'How many more are to be judged before share says much; 0 where there are ten.';
