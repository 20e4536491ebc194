-- name: updates
-- Every update beside the first alert that it belongs to, the oldest first alert first.
select
    firsts.alert_id as first_alert_id,
    firsts.created_at as first_at,
    firsts.publishers as first_publishers,
    firsts.languages as first_languages,
    updates.alert_id,
    updates.created_at,
    updates.rule_id,
    updates.step,
    updates.publishers,
    updates.languages,
    firsts.title
from alerts as updates
join alerts as firsts on firsts.alert_id = updates.updates_alert_id
where $rule_id::varchar is null or updates.rule_id = $rule_id
order by firsts.created_at, updates.publishers desc, updates.alert_id;

-- name: digests
-- Every digest: where it went, when, how many alerts it held, and what gathered them.
select
    ledger.channel_id,
    min(ledger.created_at) as since,
    max(ledger.delivered_at) as delivered_at,
    count(*) as alerts,
    any_value(ledger.held) as held,
    bundle_id
from alert_ledger as ledger
where bundle_id is not null
group by ledger.channel_id, bundle_id
order by delivered_at, ledger.channel_id;

-- name: retries
-- Every attempt at the messages that did not arrive at the first.
with failed as (
    select distinct message_id
    from alert_deliveries
    where outcome = 'retry'
)
select
    tries.channel_id,
    tries.attempt,
    tries.attempted_at,
    tries.outcome,
    tries.error,
    alerts.title
from alert_deliveries as tries
join failed using (message_id)
join alerts using (alert_id)
order by tries.attempted_at, tries.message_id, tries.attempt;
