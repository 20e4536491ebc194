-- Was I told, when, by what rule, and did it arrive.
create or replace view alert_ledger as
with tried as (
    select
        message_id,
        min(attempted_at) as first_attempt_at,
        min(attempted_at) filter (where outcome = 'delivered') as delivered_at,
        arg_max(error, attempt) filter (where error is not null) as last_error
    from alert_deliveries
    group by message_id
)
select
    alerts.alert_id,
    alerts.rule_id,
    alerts.kind,
    alerts.company_id,
    alerts.title,
    messages.channel_id,
    alerts.created_at,
    coalesce(messages.state, alerts.state) as state,
    coalesce(messages.attempts, 0) as attempts,
    tried.first_attempt_at,
    tried.delivered_at,
    nullif(messages.bundle_id, messages.message_id) as bundle_id,
    messages.held,
    case when messages.state = 'pending' then messages.next_attempt_at end as next_attempt_at,
    tried.last_error
from alerts
left join messages using (alert_id)
left join tried using (message_id);

comment on view alert_ledger is 'One row per alert and channel: was I told, when, by what rule, and did it arrive.';
comment on column alert_ledger.alert_id is 'The alert.';
comment on column alert_ledger.rule_id is 'The rule of alerts.toml that fired.';
comment on column alert_ledger.kind is 'The rule''s kind.';
comment on column alert_ledger.company_id is 'The first of its companies; null where it is about none.';
comment on column alert_ledger.title is 'What it says, one line.';
comment on column alert_ledger.channel_id is 'The channel; null where it goes to none, being suppressed.';
comment on column alert_ledger.created_at is 'When it was decided.';
comment on column alert_ledger.state is 'How far it got on this channel: pending, delivered, parked; or suppressed.';
comment on column alert_ledger.attempts is 'Attempts made so far.';
comment on column alert_ledger.first_attempt_at is 'When it was first tried; null where it was not.';
comment on column alert_ledger.delivered_at is 'When the channel took it; null where it has not.';
comment on column alert_ledger.bundle_id is 'The digest that it goes out in; null where it goes alone.';
comment on column alert_ledger.held is 'What holds it back, or gathered its digest: digest, quiet or rate; null where nothing does.';
comment on column alert_ledger.next_attempt_at is 'Not to be tried before; null where it may be tried, or is done with.';
comment on column alert_ledger.last_error is 'What the channel answered when it last failed, in words; null where it never did.';
