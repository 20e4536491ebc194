-- name: standing
-- What verdicts taught and stands.
select part, name, weight
from taught
order by part, name;

-- name: last_id
-- The number of the newest row.
select coalesce(max(teaching_id), 0) from teachings;

-- name: newest
-- The teaching that stands, if one does.
select teaching_id, taught_at, "by", verdicts, report
from teachings
where
    undoes is null
    and teaching_id not in (select undoes from teachings where undoes is not null)
order by teaching_id desc
limit 1;

-- name: insert_teaching
-- Append a teaching, or that one is taken back.
insert into teachings by name
select
    $teaching_id::bigint as teaching_id, $taught_at::timestamptz as taught_at, $by as "by",
    $verdicts::integer as verdicts, $report as report, $undoes::bigint as undoes;

-- name: precision
-- How often readers wanted what came, by rule, outlet and event type.
from verdict_precision_since($since::timestamptz)
order by part, judged desc, id;

-- name: given_since
-- The verdicts that stand and were given since then.
select verdict_id
from verdicts
where undone_at is null and made_at >= $since::timestamptz;

-- name: newest_article
-- When the newest article arrived.
select max(first_seen_at) from articles;

-- name: lately
-- Articles that arrived since then, at most so many, whichever they are.
select article_id
from articles
where first_seen_at >= $since::timestamptz
order by hash(article_id), article_id
limit $most;

-- name: alerts
-- Alerts decided since then, and some others: what may be muted, each with whether an
-- alert was sent of its story before.
select
    alert_id, rule_id, kind, company_id, topic_id, story_id, article_id, title, url,
    created_at, state, rules_version, updates_alert_id, companies, step, severity,
    publishers, languages, muted_by,
    exists (
        from alerts as earlier
        where
            earlier.story_id = alerts.story_id
            and earlier.state <> 'suppressed'
            and (earlier.created_at, earlier.rule_id) < (alerts.created_at, alerts.rule_id)
    ) as is_again
from alerts
where
    kind not in ('silence', 'brief')
    and step <> 'correction'
    and (
        created_at >= $since::timestamptz
        or alert_id in (select unnest(from_json($alert_id, '["varchar"]')))
    )
order by created_at desc, alert_id;
