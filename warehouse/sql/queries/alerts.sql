-- name: append_alerts
-- Append alerts, never a second first alert for one rule, subject and story.
-- Rules without a company are about a topic, or about the story as such.
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
            "rules_version": "varchar"
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
                    and coalesce(seen.company_id, seen.topic_id, '')
                        = coalesce(batch.company_id, batch.topic_id, '')
            )
        )
    qualify
        row_number() over (partition by alert_id order by position) = 1
        and row_number() over (
            partition by
                rule_id,
                coalesce(company_id, topic_id, ''),
                case when updates_alert_id is null then coalesce(story_id, alert_id) else alert_id end
            order by position
        ) = 1
)
select * exclude (position)
from fresh
order by position
returning alert_id;

-- name: append_messages
-- Put messages into the outbox, each once, and only for alerts that are here.
insert into messages by name
with batch as (
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (
        select from_json_strict($batch, '[{
            "message_id": "varchar",
            "alert_id": "varchar",
            "channel_id": "varchar",
            "created_at": "timestamptz",
            "attempts": "integer",
            "next_attempt_at": "timestamptz"
        }]') as rows
    )
)
select * exclude (position), 'pending' as state
from batch
where
    not exists (from messages as seen where seen.message_id = batch.message_id)
    and exists (from alerts where alerts.alert_id = batch.alert_id)
qualify row_number() over (partition by message_id order by position) = 1
order by position
returning message_id;

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

-- name: claim_messages
-- Take messages in hand until $leased_until, the oldest first.
update messages
set leased_until = $leased_until::timestamptz
where message_id in (
    select message_id
    from messages
    where
        state = 'pending'
        and (leased_until is null or leased_until <= $now::timestamptz)
        and ($force or next_attempt_at is null or next_attempt_at <= $now::timestamptz)
        and message_id not in (select unnest(from_json($skip, '["varchar"]')))
    order by created_at, message_id
    limit $limit
)
returning message_id;

-- name: append_deliveries
-- Write attempts into the ledger.
insert into alert_deliveries by name
with batch as (
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (
        select from_json_strict($batch, '[{
            "message_id": "varchar",
            "alert_id": "varchar",
            "channel_id": "varchar",
            "attempt": "integer",
            "attempted_at": "timestamptz",
            "outcome": "varchar",
            "error": "varchar"
        }]') as rows
    )
)
select * exclude (position)
from batch
order by position;

-- name: settle_messages
-- Move messages on by what their last attempt gave, and let go of them.
update messages
set
    state = case batch.outcome when 'retry' then 'pending' else batch.outcome end,
    attempts = batch.attempt,
    next_attempt_at = batch.next_attempt_at,
    leased_until = null
from (
    select
        message_id,
        max(attempt) as attempt,
        arg_max(outcome, attempt) as outcome,
        max(next_attempt_at) filter (where outcome = 'retry') as next_attempt_at
    from (
        select unnest(rows, recursive := true)
        from (
            select from_json_strict($batch, '[{
                "message_id": "varchar",
                "attempt": "integer",
                "outcome": "varchar",
                "next_attempt_at": "timestamptz"
            }]') as rows
        )
    )
    group by message_id
) as batch
where messages.message_id = batch.message_id;

-- name: settle_alerts
-- An alert is delivered when all its messages are, parked when one is and none is pending.
update alerts
set state = told.state
from (
    select
        alert_id,
        case
            when bool_or(state = 'pending') then 'pending'
            when bool_or(state = 'parked') then 'parked'
            else 'delivered'
        end as state
    from messages
    where alert_id in (select unnest(from_json($alert_id, '["varchar"]')))
    group by alert_id
) as told
where alerts.alert_id = told.alert_id and alerts.state <> 'suppressed';

-- name: unpark_messages
-- Give parked messages another chance; returns them.
update messages
set state = 'pending', next_attempt_at = $now::timestamptz, leased_until = null
where
    state = 'parked'
    and ($alert_id::varchar is null or alert_id in (select unnest(from_json($alert_id, '["varchar"]'))))
    and ($channel_id::varchar is null or channel_id = $channel_id)
returning message_id, alert_id;

-- name: message_counts
-- Messages by channel and state.
select channel_id, state, count(*)::integer as messages
from messages
group by channel_id, state
order by channel_id, state;

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

-- name: notices
-- Everything a channel shows of these messages.
with wanted as (
    select unnest(from_json($message_id, '["varchar"]')) as message_id
),
told as (
    select story_id, list(publisher order by first_at, publisher) as publishers
    from (
        select story_id, publisher, min(published_at) as first_at
        from articles
        where story_id in (
            select alerts.story_id
            from messages
            join wanted using (message_id)
            join alerts on alerts.alert_id = messages.alert_id
        )
        group by story_id, publisher
    )
    group by story_id
),
named as (
    -- The headline's alias before the summary's; content comes last.
    select
        article_id,
        company_id,
        arg_min(alias, case field when 'title' then 0 when 'summary' then 1 else 2 end) as alias
    from mentions
    where article_id in (
        select alerts.article_id
        from messages
        join wanted using (message_id)
        join alerts on alerts.alert_id = messages.alert_id
    )
    group by article_id, company_id
)
select
    messages.message_id,
    messages.channel_id,
    messages.attempts,
    alerts.alert_id,
    alerts.rule_id,
    alerts.kind,
    alerts.company_id,
    alerts.topic_id,
    alerts.story_id,
    alerts.article_id,
    alerts.title,
    alerts.url,
    alerts.created_at,
    alerts.state,
    alerts.rules_version,
    alerts.updates_alert_id,
    coalesce(companies.name, '') as company_name,
    coalesce(companies.name_zh, '') as company_name_zh,
    coalesce(articles.publisher, '') as publisher,
    coalesce(articles.language, '') as language,
    coalesce(articles.summary, '') as summary,
    articles.published_at,
    coalesce(named.alias, '') as alias,
    coalesce(told.publishers, []) as publishers
from messages
join wanted using (message_id)
join alerts on alerts.alert_id = messages.alert_id
left join companies on companies.company_id = alerts.company_id
left join articles on articles.article_id = alerts.article_id
left join named
    on named.article_id = alerts.article_id and named.company_id = alerts.company_id
left join told on told.story_id = alerts.story_id
order by messages.created_at, messages.message_id;

-- name: publishers_of
-- How many outlets tell each of these stories.
select story_id, count(distinct publisher)::integer as publishers
from articles
where story_id in (select unnest(from_json($story_id, '["varchar"]')))
group by story_id;
