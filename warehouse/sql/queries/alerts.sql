-- name: fresh_alerts
-- The alerts that are not here, never a second one that opens a story for one rule, be it
-- alone or as a turn of an affair, or a second update at a step, or on one outcome of a claim.
with batch as (
    select *, updates_alert_id is null or split_part(step, ' ', 1) = 'turn' as opens,
        regexp_extract(step, '(confirmed|denied|withdrawn|overtaken):\S+') as outcome
    from numbered_rows_of($batch, '[{
        "alert_id": "varchar", "rule_id": "varchar", "kind": "varchar", "company_id": "varchar",
        "topic_id": "varchar", "story_id": "varchar", "article_id": "varchar",
        "title": "varchar", "url": "varchar", "created_at": "timestamptz", "state": "varchar",
        "updates_alert_id": "varchar", "rules_version": "varchar", "companies": ["varchar"],
        "feed_id": "varchar", "term": "varchar", "step": "varchar", "severity": "varchar",
        "publishers": "integer", "languages": ["varchar"], "phase": "varchar",
        "title_zh": "varchar", "muted_by": "varchar"
    }]')
),
fresh as (
    select *
    from batch
    where
        not exists (from alerts as seen where seen.alert_id = batch.alert_id)
        and (
            batch.story_id is null
            or not batch.opens
            or not exists (
                from alerts as seen
                where
                    seen.rule_id = batch.rule_id
                    and seen.story_id = batch.story_id
                    and (seen.updates_alert_id is null or split_part(seen.step, ' ', 1) = 'turn')
            )
        )
        and (
            batch.outcome = ''
            or not exists (
                from alerts as seen
                where
                    seen.rule_id = batch.rule_id
                    and list_contains(string_split(seen.step, ' '), batch.outcome)
            )
        )
    qualify
        row_number() over (partition by alert_id order by position) = 1
        and row_number() over (
            partition by
                rule_id,
                case when opens then coalesce(story_id, alert_id) else alert_id end
            order by position
        ) = 1
)
select * exclude (position, opens, outcome), case when phase is not null then created_at end as phase_at
from fresh
order by position;

-- name: coverage
-- Who tells these stories, and which articles were their first in a further language. None
-- has an article from before $since.
with known as (
    select story_id, article_id, seq, split_part(language, '-', 1) as language, publisher, feed_id
    from articles
    where
        published_at >= $since::timestamptz
        and story_id in (select unnest(from_json($ids, '["varchar"]')))
),
firsts as (
    select story_id, language, min(seq) as seq, arg_min(article_id, seq) as article_id
    from known
    group by story_id, language
),
told as (
    select story_id, outlets(publisher, kind, site) as publishers
    from known
    left join (select feed_id, kind, site from feeds) using (feed_id)
    group by story_id
)
select
    story_id,
    any_value(told.publishers) as publishers,
    list(firsts.language order by firsts.seq) as languages,
    (list(firsts.article_id order by firsts.seq))[2:] as crossed_by
from told
join firsts using (story_id)
group by story_id;

-- name: coverage_then
-- Who told the story of each of these articles when it arrived, and which articles were then
-- its first in a further language.
with known as (
    select
        arrived.article_id as at_article,
        articles.article_id, articles.seq, articles.publisher, articles.feed_id,
        split_part(articles.language, '-', 1) as language
    from articles as arrived
    join articles using (story_id)
    where
        arrived.article_id in (select unnest(from_json($ids, '["varchar"]')))
        and articles.seq <= arrived.seq
),
firsts as (
    select at_article, language, min(seq) as seq, arg_min(article_id, seq) as article_id
    from known
    group by at_article, language
),
told as (
    select at_article, outlets(publisher, kind, site) as publishers
    from known
    left join (select feed_id, kind, site from feeds) using (feed_id)
    group by at_article
)
select
    at_article,
    any_value(told.publishers) as publishers,
    list(firsts.language order by firsts.seq) as languages,
    (list(firsts.article_id order by firsts.seq))[2:] as crossed_by
from told
join firsts using (at_article)
group by at_article;

-- name: told
-- What each rule has told of these stories, or of all: the first alert that holds it, which
-- may be on an earlier story of the affair, with all that was told since.
with said as (
    select
        rule_id, of_story.story_id, state, muted_by, created_at, publishers, languages, companies,
        coalesce(updates_alert_id, alert_id) as first_id,
        updates_alert_id is null or split_part(step, ' ', 1) = 'turn' as opens
    from alert_stories as of_story
    join alerts using (alert_id)
    where
        $story_id::varchar is null
        or of_story.story_id in (select unnest(from_json($story_id, '["varchar"]')))
)
select
    said.rule_id,
    said.story_id,
    arg_min(said.first_id, said.created_at) filter (where said.opens) as alert_id,
    bool_or(
        said.opens
        and (said.state <> 'suppressed' or said.muted_by is not null)
        and firsts.phase <> 'resolved'
    ) as is_open,
    bool_or(said.state <> 'suppressed') as is_sent,
    max(said.publishers) as publishers,
    list_distinct(flatten(list(said.languages))) as languages,
    list_distinct(flatten(list(said.companies))) as companies
from said
join alerts as firsts on firsts.alert_id = said.first_id
group by said.rule_id, said.story_id
having bool_or(said.opens);

-- name: threads
-- The alert by which each rule told first of each of these affairs. One that was held back
-- counts where another rule told of the same story.
with turns as (
    select affair_id, story_id
    from story_affairs
    where affair_id in (select unnest(from_json($affair_id, '["varchar"]')))
),
said as (
    select turns.affair_id, turns.story_id, alerts.rule_id, alerts.state, alerts.created_at,
        coalesce(alerts.updates_alert_id, alerts.alert_id) as first_id
    from turns
    join alert_stories using (story_id)
    join alerts using (alert_id)
)
select rule_id, affair_id, arg_min(first_id, (created_at, first_id)) as alert_id
from said
where story_id in (select story_id from said where state <> 'suppressed')
group by rule_id, affair_id;

-- name: settled
-- Claims that some articles are the first to settle, the earliest first.
select claim_id, story_id, subject, outcome, settled_by
from claims_of(
    (
        select coalesce(list(distinct articles.story_id), [])
        from article_claims
        join articles using (seq)
        where
            articles.published_at >= $since::timestamptz
            and articles.article_id in (select unnest(from_json($article_id, '["varchar"]')))
    ),
    $since::timestamptz,
    'infinity'::timestamptz,
    null
)
where
    settled_by in (select unnest(from_json($article_id, '["varchar"]')))
    -- A denial of what nobody told here settles nothing that was told.
    and claim_id <> 'c' || settled_by
order by first_reported_at, claim_id;

-- name: headlines_of
-- The headlines that were told of these articles. Those on bursts and shifts are our own.
select
    coalesce(updates_alert_id, alert_id) as alert_id,
    rule_id, article_id, title, companies, topic_id
from alerts
where
    article_id in (select unnest(from_json($article_id, '["varchar"]')))
    and state <> 'suppressed'
    and kind not in ('burst', 'shift', 'silence', 'due')
    and step <> 'correction'
order by created_at, alert_id;

-- name: mark_updated
-- A first alert that was updated is in the phase updated.
update alerts
set phase = 'updated', phase_at = $now::timestamptz
where
    updates_alert_id is null
    and alert_id in (select unnest(from_json($alert_id, '["varchar"]')));

-- name: resolve
-- Resolve these alerts: no update follows.
update alerts
set phase = 'resolved', phase_at = $now::timestamptz
where alert_id in (select unnest(from_json($alert_id, '["varchar"]')));

-- name: advance_phases
-- An alert cools when its stories brought nothing new for a while, and then is resolved; a
-- further turn of its affair is one of its stories.
with open as (
    select alert_id
    from alerts
    where phase in ('fired', 'updated', 'cooled') and story_id is not null
),
told as (
    select open.alert_id, of_story.story_id, max(alerts.created_at) as told_at
    from open
    join alerts on coalesce(alerts.updates_alert_id, alerts.alert_id) = open.alert_id
    join alert_stories as of_story on of_story.alert_id = alerts.alert_id
    group by open.alert_id, of_story.story_id
),
aged as (
    select
        told.alert_id,
        greatest(max(told.told_at), max(articles.first_seen_at)) as last_at,
        case
            when $now::timestamptz - last_at >= $resolved_after::interval then 'resolved'
            when $now::timestamptz - last_at >= $cooled_after::interval then 'cooled'
        end as phase
    from told
    left join articles using (story_id)
    group by told.alert_id
)
update alerts
set phase = aged.phase, phase_at = $now::timestamptz
from aged
where alerts.alert_id = aged.alert_id and aged.phase is not null and alerts.phase <> aged.phase;

-- name: last_alert_at
-- When each rule last alerted of each company, or of none; what a cooldown suppressed does not count.
select rule_id, company_id, max(created_at)
from (
    select
        rule_id,
        created_at,
        unnest(case when len(companies) = 0 then [null] else companies end) as company_id
    from alerts
    where state <> 'suppressed'
)
group by rule_id, company_id;

-- name: news
-- The last first alert of each rule on each company and topic since then, with its time.
select
    rule_id, company_id, topic_id, arg_max(alert_id, (created_at, alert_id)), max(created_at)
from (
    select rule_id, topic_id, alert_id, created_at, unnest(companies) as company_id
    from alerts
    where
        created_at > $since::timestamptz
        and updates_alert_id is null
        and topic_id is not null
        and state <> 'suppressed'
)
group by rule_id, company_id, topic_id;

-- name: watched
-- The last alert of each rule on each burst, shift, silence or date; one that goes on before
-- those that are over, since clocks may go back.
select
    rule_id,
    case when kind = 'due' then article_id else coalesce(company_id, topic_id, feed_id, '') end as key,
    arg_max(alert_id, (phase <> 'resolved', created_at)) as alert_id,
    arg_max(phase, (phase <> 'resolved', created_at)) as phase,
    arg_max(created_at, (phase <> 'resolved', created_at)) as created_at
from alerts
where kind in ('burst', 'shift', 'silence', 'due') and updates_alert_id is null
group by all;

-- name: alert_counts
-- Alerts by state.
select state, count(*)::integer as alerts
from alerts
group by state
order by state;

-- name: list_alerts
-- Alerts, the newest first.
select
    alert_id, created_at, rule_id, kind, severity, company_id, topic_id, state, phase, step,
    title, url, story_id, article_id, companies, feed_id, updates_alert_id
from alerts
where
    ($state::varchar is null or state = $state)
    and ($rule_id::varchar is null or rule_id = $rule_id)
    and ($company_id::varchar is null or list_contains(companies, $company_id))
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
-- Where the alert's article names its companies.
select
    mentions.company_id,
    mentions.field,
    mentions.alias,
    mentions.start,
    mentions.length,
    mentions.is_about,
    mentions.rules_version
from alerts
join mentions
    on mentions.article_id = alerts.article_id
    and list_contains(alerts.companies, mentions.company_id)
where alerts.alert_id = $alert_id
order by list_position(alerts.companies, mentions.company_id), mentions.field;

-- name: alert_updates
-- Its updates.
select alert_id, created_at, step, publishers, state, title
from alerts
where updates_alert_id = $alert_id
order by created_at, alert_id;

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
