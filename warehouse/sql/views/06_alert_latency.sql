-- How long it took from the outlet's page to the reader.
create or replace view alert_latency as
with arrived as (
    select alert_id, min(attempted_at) as delivered_at
    from alert_deliveries
    where outcome = 'delivered'
    group by alert_id
)
select
    alerts.alert_id,
    alerts.rule_id,
    articles.published_at,
    articles.first_seen_at,
    alerts.created_at,
    arrived.delivered_at,
    epoch(articles.first_seen_at) - epoch(articles.published_at) as published_to_seen,
    epoch(alerts.created_at) - epoch(articles.first_seen_at) as seen_to_decided,
    epoch(arrived.delivered_at) - epoch(alerts.created_at) as decided_to_delivered
from alerts
left join articles using (article_id)
left join arrived using (alert_id)
where alerts.state <> 'suppressed' and alerts.kind <> 'brief';

comment on view alert_latency is 'One row per alert that somebody is to hear of: how many seconds each step took.';
comment on column alert_latency.alert_id is 'The alert.';
comment on column alert_latency.rule_id is 'The rule of alerts.toml that fired.';
comment on column alert_latency.published_at is 'When its article was published; null where it has none.';
comment on column alert_latency.first_seen_at is 'When its article was first seen; null where it has none.';
comment on column alert_latency.created_at is 'When it was decided.';
comment on column alert_latency.delivered_at is 'When the first of its channels took it; null where none has yet.';
comment on column alert_latency.published_to_seen is 'Seconds from publication to first sight: the outlet''s feed and our polling.';
comment on column alert_latency.seen_to_decided is 'Seconds from first sight to the decision; more than a moment where other outlets, or an edit, made it fire.';
comment on column alert_latency.decided_to_delivered is 'Seconds from the decision to the first channel that took it: digests, quiet hours and failures.';
