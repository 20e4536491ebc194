-- name: append_alerts
-- Append alerts, never a second first alert for one rule and story, or a second update at a step.
insert into alerts by name
with batch as (
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (
        select from_json_strict($batch, '[{
            "alert_id": "varchar",
            "rule_id": "varchar",
            "kind": "varchar",
            "company_id": "varchar",
            "topic_id": "varchar",
            "story_id": "varchar",
            "article_id": "varchar",
            "title": "varchar",
            "url": "varchar",
            "created_at": "timestamptz",
            "state": "varchar",
            "updates_alert_id": "varchar",
            "rules_version": "varchar",
            "companies": ["varchar"],
            "feed_id": "varchar",
            "term": "varchar",
            "step": "varchar",
            "severity": "varchar",
            "phase": "varchar"
        }]') as rows
    )
),
fresh as (
    select *
    from batch
    where
        not exists (from alerts as seen where seen.alert_id = batch.alert_id)
        and (
            batch.story_id is null
            or batch.updates_alert_id is not null
            or not exists (
                from alerts as seen
                where
                    seen.rule_id = batch.rule_id
                    and seen.story_id = batch.story_id
                    and seen.updates_alert_id is null
            )
        )
    qualify
        row_number() over (partition by alert_id order by position) = 1
        and row_number() over (
            partition by
                rule_id,
                case when updates_alert_id is null then coalesce(story_id, alert_id) else alert_id end
            order by position
        ) = 1
)
select * exclude (position), case when phase is not null then created_at end as phase_at
from fresh
order by position
returning alert_id;

-- name: alerted_keys
-- What was alerted already, on these stories or on all.
select distinct rule_id, company_id, story_id
from alerts
where
    story_id is not null
    and ($story_id::varchar is null or story_id in (select unnest(from_json($story_id, '["varchar"]'))));

-- name: last_alert_at
-- When each rule last alerted of each company, or of none; what a cooldown suppressed does not count.
select rule_id, company_id, max(created_at)
from alerts
where state <> 'suppressed'
group by rule_id, company_id;

-- name: alert_counts
-- Alerts by state.
select state, count(*)::integer as alerts
from alerts
group by state
order by state;

-- name: list_alerts
-- Alerts, the newest first.
select
    alert_id, created_at, rule_id, kind, company_id, topic_id, state, title, url, story_id, article_id
from alerts
where
    ($state::varchar is null or state = $state)
    and ($rule_id::varchar is null or rule_id = $rule_id)
    and ($company_id::varchar is null or company_id = $company_id)
    and created_at >= coalesce($since::timestamptz, '-infinity'::timestamptz)
order by created_at desc, alert_id
limit $limit;

-- name: alert
-- One alert, with the words that made its rule fire.
select
    alerts.*,
    companies.name as company_name,
    companies.name_zh as company_name_zh,
    articles.publisher,
    articles.language,
    articles.summary,
    articles.published_at,
    articles.first_seen_at
from alerts
left join companies using (company_id)
left join articles using (article_id)
where alerts.alert_id = $alert_id;

-- name: alert_mentions
-- Where the alert's article names its company.
select
    mentions.field,
    mentions.alias,
    mentions.start,
    mentions.length,
    mentions.is_about,
    mentions.rules_version
from alerts
join mentions
    on mentions.article_id = alerts.article_id and mentions.company_id = alerts.company_id
where alerts.alert_id = $alert_id
order by mentions.field;

-- name: alert_messages
-- The alert's messages.
select message_id, channel_id, state, attempts, next_attempt_at
from messages
where alert_id = $alert_id
order by channel_id;

-- name: alert_attempts
-- Every attempt to hand the alert over.
select message_id, channel_id, attempt, attempted_at, outcome, error
from alert_deliveries
where alert_id = $alert_id
order by attempted_at, channel_id, attempt;

-- name: publishers_of
-- How many outlets tell each of these stories.
select story_id, count(distinct publisher)::integer as publishers
from articles
where story_id in (select unnest(from_json($story_id, '["varchar"]')))
group by story_id;
