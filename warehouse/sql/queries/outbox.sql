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
            "next_attempt_at": "timestamptz",
            "held": "varchar",
            "bundle_id": "varchar"
        }]') as rows
    )
),
fresh as (
    select *
    from batch
    where
        not exists (from messages as seen where seen.message_id = batch.message_id)
        and exists (from alerts where alerts.alert_id = batch.alert_id)
    qualify row_number() over (partition by message_id order by position) = 1
)
select
    * exclude (position),
    'pending' as state,
    (select coalesce(max(seq), 0) from messages) + row_number() over (order by position) as seq
from fresh
order by position
returning message_id;

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
    order by seq
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
called as (
    select
        alert_id,
        list(name order by place) as names,
        list(name_zh order by place) as names_zh
    from (
        select
            alerts.alert_id,
            unnest(alerts.companies) as company_id,
            generate_subscripts(alerts.companies, 1) as place
        from alerts
        where alert_id in (select alert_id from messages join wanted using (message_id))
    )
    join companies using (company_id)
    group by alert_id
),
subjects as (
    select topic_id, arg_max(name, kind) as name, arg_max(name_zh, kind) as name_zh
    from topics
    group by topic_id
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
    alerts.companies as company_ids,
    alerts.feed_id,
    alerts.term,
    alerts.step,
    alerts.severity,
    alerts.publishers as alert_publishers,
    alerts.languages as alert_languages,
    alerts.phase,
    coalesce(companies.name, '') as company_name,
    coalesce(companies.name_zh, '') as company_name_zh,
    coalesce(called.names, []) as companies,
    coalesce(called.names_zh, []) as companies_zh,
    coalesce(topics.name, '') as topic_name,
    coalesce(topics.name_zh, '') as topic_name_zh,
    coalesce(articles.publisher, '') as publisher,
    coalesce(articles.language, '') as language,
    coalesce(articles.summary, '') as summary,
    articles.published_at,
    coalesce(nullif(alerts.term, ''), named.alias, '') as alias,
    coalesce(told.publishers, []) as publishers
from messages
join wanted using (message_id)
join alerts on alerts.alert_id = messages.alert_id
left join companies on companies.company_id = alerts.company_id
left join articles on articles.article_id = alerts.article_id
left join named
    on named.article_id = alerts.article_id and named.company_id = alerts.company_id
left join called on called.alert_id = alerts.alert_id
left join subjects as topics on topics.topic_id = alerts.topic_id
left join told on told.story_id = alerts.story_id
order by messages.seq;
