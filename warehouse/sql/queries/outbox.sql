-- name: fresh_messages
-- The messages that are not in the outbox, each once, and only for alerts that are here.
with batch as (
    from numbered_rows_of($batch, '[{
        "message_id": "varchar", "alert_id": "varchar", "channel_id": "varchar",
        "created_at": "timestamptz", "attempts": "integer", "next_attempt_at": "timestamptz",
        "held": "varchar", "bundle_id": "varchar"
    }]')
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
order by position;

-- name: waiting
-- Messages that have not arrived, but for channels of which somebody has some in hand.
-- Of those that nothing has held and nobody has taken so far, the first $limit of each channel. A
-- lease that ends later than any can is one of a clock that was set back since.
with in_hand as (
    select distinct channel_id
    from messages
    where
        state = 'pending'
        and leased_until > $now::timestamptz
        and leased_until <= $now::timestamptz + 2 * $lease::interval
)
select
    messages.message_id,
    messages.channel_id,
    alerts.rule_id,
    -- A brief has its own time of day: nothing gathers it or keeps it back.
    if(alerts.kind = 'brief', 'urgent', coalesce(alerts.severity, 'normal')) as severity,
    messages.seq,
    messages.created_at,
    messages.attempts,
    messages.next_attempt_at,
    messages.held,
    messages.bundle_id,
    messages.leased_until is not null as is_left
from messages
join alerts using (alert_id)
where
    messages.state = 'pending'
    and messages.channel_id not in (select channel_id from in_hand)
    and messages.channel_id not in (select unnest(from_json($skip, '["varchar"]')))
qualify
    messages.held is not null
    or messages.attempts > 0
    or messages.bundle_id is not null
    or messages.leased_until is not null
    or row_number() over (
        partition by
            messages.channel_id,
            messages.held is null
            and messages.attempts = 0
            and messages.bundle_id is null
            and messages.leased_until is null
        order by messages.seq
    ) <= $limit
order by messages.seq;

-- name: recent_sendings
-- When each message or digest was tried last since $since, by channel.
select
    tries.channel_id,
    coalesce(messages.bundle_id, tries.message_id) as sent,
    max(tries.attempted_at) as sent_at
from alert_deliveries as tries
join messages using (message_id)
where tries.attempted_at > $since::timestamptz
group by all;

-- name: lease_messages
-- Take messages in hand, each with the digest that it goes out in for good.
update messages
set
    leased_until = $leased_until::timestamptz,
    leased_by = $leased_by,
    next_attempt_at = null,
    bundle_id = batch.bundle_id,
    held = batch.held
from rows_of($batch, '[{
    "message_id": "varchar", "bundle_id": "varchar", "held": "varchar"
}]') as batch
where messages.message_id = batch.message_id;

-- name: hold_messages
-- Hold messages: record why and until when; returns how many were not held before.
update messages
set held = batch.why, next_attempt_at = batch.until
from rows_of($batch, '[{
    "message_id": "varchar", "why": "varchar", "until": "timestamptz"
}]') as batch
where
    messages.message_id = batch.message_id
    and (
        messages.held is distinct from batch.why
        or messages.next_attempt_at is distinct from batch.until
    );

-- name: release_messages
-- End this deliverer's leases on those of these messages that it did not try.
update messages
set leased_until = null, leased_by = null
where
    leased_by = $leased_by
    and message_id in (select unnest(from_json($message_id, '["varchar"]')));

-- name: append_deliveries
-- Write attempts into the ledger. Where another deliverer wrote one of the same number,
-- because this one came too late, its attempts are the next ones.
insert into alert_deliveries by name
with batch as (
    from numbered_rows_of($batch, '[{
        "message_id": "varchar", "alert_id": "varchar", "channel_id": "varchar",
        "attempt": "integer", "attempted_at": "timestamptz", "outcome": "varchar",
        "error": "varchar"
    }]')
),
written as (
    select message_id, max(attempt) as attempt
    from alert_deliveries
    where message_id in (select message_id from batch)
    group by message_id
)
select
    batch.* exclude (position)
    replace (
        batch.attempt + greatest(
            0,
            coalesce(written.attempt, 0) + 1 - min(batch.attempt) over (partition by batch.message_id)
        ) as attempt
    )
from batch
left join written using (message_id)
order by position;

-- name: settle_messages
-- Move messages on by what their last attempt gave, and let go of them. What has arrived
-- has arrived, whatever somebody who came too late has to say.
update messages
set
    state = case
        when messages.state = 'delivered' then 'delivered'
        when batch.outcome = 'retry' then 'pending'
        else batch.outcome
    end,
    attempts = greatest(messages.attempts + 1, batch.attempt),
    next_attempt_at = batch.next_attempt_at,
    leased_until = case when messages.leased_by is not distinct from $leased_by::varchar then null else leased_until end,
    leased_by = case when messages.leased_by is not distinct from $leased_by::varchar then null else leased_by end
from (
    select
        message_id,
        max(attempt) as attempt,
        arg_max(outcome, attempt) as outcome,
        max(next_attempt_at) filter (where outcome = 'retry') as next_attempt_at
    from (
        from rows_of($batch, '[{
            "message_id": "varchar", "attempt": "integer", "outcome": "varchar",
            "next_attempt_at": "timestamptz"
        }]')
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

-- name: to_unpark
-- The parked messages that get another chance. The members of a digest that failed too often
-- stay together, lest what arrived unnoticed comes again with another key. One that was
-- refused comes apart: perhaps only one of its alerts is at fault.
select message_id, alert_id
from messages
where
    state = 'parked'
    and ($channel_id::varchar is null or channel_id = $channel_id)
    and (
        $alert_id::varchar is null
        or alert_id in (select unnest(from_json($alert_id, '["varchar"]')))
        or (
            attempts % $most_attempts = 0
            and bundle_id in (
                select bundle_id
                from messages
                where
                    state = 'parked'
                    and alert_id in (select unnest(from_json($alert_id, '["varchar"]')))
            )
        )
    );

-- name: unpark_messages
-- Give the messages of the temporary table `unparked` another chance.
update messages
set
    state = 'pending',
    next_attempt_at = $now::timestamptz,
    leased_until = null,
    leased_by = null,
    held = case when attempts % $most_attempts > 0 then null else held end,
    bundle_id = case when attempts % $most_attempts > 0 then null else bundle_id end
where message_id in (select message_id from unparked);

-- name: held
-- How many messages are held back, by channel and by what keeps them, and until when.
select channel_id, held, count(*)::integer as messages, min(next_attempt_at) as until
from messages
where state = 'pending' and held is not null and bundle_id is null
group by channel_id, held
order by channel_id, held;

-- name: parked
-- Parked messages, the newest first, with the channel's answer.
select
    alerts.alert_id,
    alerts.created_at,
    alerts.rule_id,
    alerts.kind,
    alerts.company_id,
    alerts.topic_id,
    messages.state,
    alerts.title,
    alerts.title_zh,
    alerts.url,
    alerts.story_id,
    alerts.article_id,
    messages.channel_id,
    messages.attempts,
    ledger.last_error
from messages
join alerts using (alert_id)
left join alert_ledger as ledger
    on ledger.alert_id = messages.alert_id and ledger.channel_id = messages.channel_id
where messages.state = 'parked'
order by alerts.created_at desc, alerts.alert_id, messages.channel_id
limit $limit;

-- name: told
-- What each channel was told of these stories and alerts, or is about to be, and how
-- severe the most severe of it was.
with told as (
    select messages.channel_id, alerts.story_id, alerts.alert_id, alerts.severity
    from alerts
    join messages using (alert_id)
    where
        messages.state <> 'parked'
        and (
            alerts.story_id in (select unnest(from_json($story_id, '["varchar"]')))
            or alerts.alert_id in (select unnest(from_json($alert_id, '["varchar"]')))
        )
),
keyed as (
    select channel_id, story_id as key, severity from told where story_id is not null
    union all
    select channel_id, alert_id, severity from told
)
select
    channel_id,
    key,
    arg_max(severity, list_position(['low', 'normal', 'urgent'], severity)) as severity
from keyed
group by channel_id, key;

-- name: notices
-- Everything a channel shows of these messages.
with asked as (
    from messages
    where message_id in (select unnest(from_json($message_id, '["varchar"]')))
),
decided as (
    from alerts
    where alert_id in (select alert_id from asked)
),
told as (
    select story_id, list(publisher order by first_at, publisher) as publishers
    from (
        select story_id, publisher, min(published_at) as first_at
        from articles
        where story_id in (select story_id from decided)
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
            alert_id,
            unnest(companies) as company_id,
            generate_subscripts(companies, 1) as place
        from decided
    )
    join companies using (company_id)
    group by alert_id
),
corrected as (
    select correction.alert_id, arg_min(told.title, told.created_at) as title
    from decided as correction
    join alerts as told
        on coalesce(told.updates_alert_id, told.alert_id) = correction.updates_alert_id
        and told.article_id = correction.article_id
        and told.step <> 'correction'
    where correction.step = 'correction'
    group by correction.alert_id
),
followed as (
    select turn.alert_id, firsts.title
    from decided as turn
    join alerts as firsts on firsts.alert_id = turn.updates_alert_id
    where turn.step = 'turn'
),
settled as (
    select told.alert_id, told.claim.outcome, articles.*
    from (
        select
            alert_id,
            regexp_extract(
                step, '(confirmed|denied|withdrawn|overtaken):c(\S+)', ['outcome', 'article_id']
            ) as claim
        from decided
    ) as told
    join articles on articles.article_id = told.claim.article_id
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
    where article_id in (select article_id from decided)
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
    alerts.title_zh,
    alerts.muted_by,
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
    -- A burst or a shift fires on numbers: the name in its example is not why.
    case
        when alerts.kind in ('burst', 'shift') then ''
        else coalesce(nullif(alerts.term, ''), named.alias, '')
    end as alias,
    coalesce(told.publishers, []) as told_by,
    coalesce(corrected.title, '') as corrects,
    coalesce(followed.title, '') as follows,
    -- The claim that the article settles, as first reported.
    case
        when settled.outcome is not null then {
            'claim_id': 'c' || settled.article_id,
            'outcome': settled.outcome,
            'title': settled.title,
            'url': settled.url,
            'published_at': settled.published_at
        }
    end as claim,
    case
        when acts.side is not null then [acts.side, acts.instrument, acts.status] else []
    end as measure
from asked as messages
join decided as alerts on alerts.alert_id = messages.alert_id
left join companies on companies.company_id = alerts.company_id
left join articles on articles.article_id = alerts.article_id
left join named
    on named.article_id = alerts.article_id and named.company_id = alerts.company_id
left join called on called.alert_id = alerts.alert_id
left join subjects as topics on topics.topic_id = alerts.topic_id
left join told on told.story_id = alerts.story_id
left join corrected on corrected.alert_id = alerts.alert_id
left join followed on followed.alert_id = alerts.alert_id
left join settled on settled.alert_id = alerts.alert_id
left join article_measures as acts on acts.article_id = alerts.article_id
order by messages.seq;

-- name: in_hand
-- How many messages deliverers have in hand, and until when at most. A lease that ends
-- later than any can is one of a clock that was set back since.
select count(*)::integer as messages, max(leased_until) as until
from messages
where
    state = 'pending'
    and leased_until > $now::timestamptz
    and leased_until <= $now::timestamptz + 2 * $lease::interval
having count(*) > 0;
