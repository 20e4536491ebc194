-- What the list of feeds is worth today: how many answered when they were last asked, and
-- what the others did instead, since when, and who can do something about it.
create or replace view feed_answers as
with answers as (
    select
        feeds.feed_id,
        marks.failing_since,
        case
            when marks.outcome is null then 'not_polled'
            when marks.failures = 0 then 'answered'
            else marks.outcome
        end as kind
    from feeds
    left join feed_marks as marks using (feed_id)
    where feeds.enabled
)
select
    kind,
    count(*)::integer as feeds,
    min(failing_since) as since,
    case kind
        when 'answered' then '' when 'not_polled' then ''
        when 'transient_error' then 'nobody'
        when 'not_a_feed' then 'outlet'
        else 'you'
    end as remedy_by,
    list(feed_id order by failing_since, feed_id) as feed_ids
from answers
group by kind
order by kind <> 'answered', feeds desc, kind;

comment on view feed_answers is 'One row per answer of the enabled feeds to their last poll: what the list of feeds is worth today.';
comment on column feed_answers.kind is 'answered, the outcome of the failed poll, or not_polled.';
comment on column feed_answers.feeds is 'How many feeds.';
comment on column feed_answers.since is 'Since when the first of them fails; null where they answered.';
comment on column feed_answers.remedy_by is 'Who can do something about it: you, by feeds.toml; the outlet; nobody, since it passes by itself; empty where nothing is to be done.';
comment on column feed_answers.feed_ids is 'The feeds, those that fail for longest first.';
