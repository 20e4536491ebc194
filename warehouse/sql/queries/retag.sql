-- name: begin_mentions
-- Make room for new mentions.
create or replace temp table new_mentions as
from mentions
limit 0;

-- name: begin_tags
-- Make room for new tags.
create or replace temp table new_tags as
from tags
limit 0;

-- name: begin_facts
-- Make room for new facts.
create or replace temp table new_facts as
from headline_facts
limit 0;

-- name: begin_beats
-- Make room for what is on the beat.
create or replace temp table new_beats as
select article_id, relevance, is_on_beat, beat_reason
from articles
limit 0;

-- name: last_seq
-- The number of the newest article.
select coalesce(max(seq), 0) from articles;

-- name: texts
-- What tagging reads of a range of articles; both bounds let whole row groups be skipped.
select
    article_id, title, summary, content, is_digest, feed_id, publisher,
    (published_at at time zone 'UTC')::date as published_on
from articles
where seq > $after and seq <= $until
order by seq;

-- name: stage_mentions
-- Put new mentions beside the old ones; those of an article come together.
insert into new_mentions by name
with found as (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($company_id, '["varchar"]')) as company_id,
        unnest(from_json_strict($field, '["varchar"]')) as field,
        unnest(from_json_strict($alias, '["varchar"]')) as alias,
        unnest(from_json_strict($start, '["integer"]')) as start,
        unnest(from_json_strict($length, '["integer"]')) as length,
        unnest(from_json_strict($rules_version, '["varchar"]')) as rules_version,
        unnest(from_json_strict($is_about, '["boolean"]')) as is_about,
        unnest(from_json_strict($role, '["varchar"]')) as role,
        unnest(from_json_strict($via, '["varchar"]')) as via
)
select
    *,
    field = 'summary'
    and exists (
        from found as headline
        where
            headline.field = 'title'
            and headline.article_id = found.article_id
            and headline.company_id = found.company_id
    ) as is_repeat
from found;

-- name: stage_tags
-- Put new tags beside the old ones.
insert into new_tags by name
select
    unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
    unnest(from_json_strict($topic_id, '["varchar"]')) as topic_id,
    unnest(from_json_strict($kind, '["varchar"]')) as kind,
    unnest(from_json_strict($term, '["varchar"]')) as term,
    unnest(from_json_strict($score, '["double"]')) as score,
    unnest(from_json_strict($rules_version, '["varchar"]')) as rules_version;

-- name: stage_facts
-- Put new facts beside the old ones.
insert into new_facts by name
select
    unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
    unnest(from_json_strict($kind, '["varchar"]')) as kind,
    unnest(from_json_strict($value, '["varchar"]')) as value,
    unnest(from_json_strict($term, '["varchar"]')) as term,
    unnest(from_json_strict($rules_version, '["varchar"]')) as rules_version;

-- name: stage_beats
-- Put aside what is on the beat now.
insert into new_beats by name
select
    unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
    unnest(from_json_strict($relevance, '["double"]')) as relevance,
    unnest(from_json_strict($is_on_beat, '["boolean"]')) as is_on_beat,
    unnest(from_json_strict($beat_reason, '["varchar"]')) as beat_reason;

-- name: changes
-- What articles gain and lose, the greatest change first, with a headline each.
with gained_companies as (
    select distinct article_id, company_id
    from new_mentions
    anti join mentions using (article_id, company_id)
),
lost_companies as (
    select distinct article_id, company_id
    from mentions
    anti join new_mentions using (article_id, company_id)
),
gained_topics as (
    select article_id, kind, topic_id
    from new_tags
    anti join tags using (article_id, kind, topic_id)
),
lost_topics as (
    select article_id, kind, topic_id
    from tags
    anti join new_tags using (article_id, kind, topic_id)
),
gained_facts as (
    select article_id, kind
    from new_facts
    anti join headline_facts using (article_id, kind, value)
),
lost_facts as (
    select article_id, kind
    from headline_facts
    anti join new_facts using (article_id, kind, value)
),
changed as (
    select 'company' as kind, company_id as id, article_id, true as is_gain from gained_companies
    union all
    select 'company', company_id, article_id, false from lost_companies
    union all
    select kind, topic_id, article_id, true from gained_topics
    union all
    select kind, topic_id, article_id, false from lost_topics
    union all
    select 'headline', kind, article_id, true from gained_facts
    union all
    select 'headline', kind, article_id, false from lost_facts
    union all
    select 'beat', 'on-beat', article_id, new_beats.is_on_beat
    from new_beats
    join articles using (article_id)
    where new_beats.is_on_beat is distinct from coalesce(articles.is_on_beat, false)
),
counted as (
    select
        kind,
        id,
        count(*) filter (is_gain) as added,
        count(*) filter (not is_gain) as removed,
        min(article_id) as article_id
    from changed
    group by kind, id
)
select counted.kind, id, added, removed, title as example
from counted
join articles using (article_id)
order by added + removed desc, kind, id;

-- name: lost_alerts
-- Alerts whose company or topic the article would no longer have, a row a rule.
with lost as (
    select rule_id, title, created_at
    from alerts
    where
        company_id is not null
        and exists (
            from mentions
            where
                mentions.article_id = alerts.article_id
                and mentions.company_id = alerts.company_id
        )
        and not exists (
            from new_mentions
            where
                new_mentions.article_id = alerts.article_id
                and new_mentions.company_id = alerts.company_id
        )
    union all
    select rule_id, title, created_at
    from alerts
    where
        company_id is null
        and exists (
            from tags
            where tags.article_id = alerts.article_id and tags.topic_id = alerts.topic_id
        )
        and not exists (
            from new_tags
            where
                new_tags.article_id = alerts.article_id
                and new_tags.topic_id = alerts.topic_id
        )
)
select rule_id, count(*) as alerts, arg_max(title, created_at) as example
from lost
group by rule_id
order by rule_id;

-- name: lately_gaining
-- Articles of the last days, counted back from the newest, that gain a finding.
with lately as (
    select article_id, seq
    from articles
    where first_seen_at > (select max(first_seen_at) from articles) - to_days($days)
),
gaining as (
    select article_id
    from new_mentions
    semi join lately using (article_id)
    anti join mentions using (article_id, company_id)
    union
    select article_id
    from new_tags
    semi join lately using (article_id)
    anti join tags using (article_id, kind, topic_id)
)
select article_id
from lately
semi join gaining using (article_id)
order by seq;

-- name: staged_mentions
-- The new mentions of these articles.
select
    article_id, company_id, field, alias, start, length, rules_version, is_about, role, via
from new_mentions
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: staged_tags
-- The new tags of these articles.
select article_id, topic_id, kind, term, score, rules_version
from new_tags
where article_id in (select unnest(from_json($article_id, '["varchar"]')));

-- name: delete_mentions
-- Forget all mentions.
delete from mentions;

-- name: insert_mentions
-- The new mentions are the mentions.
insert into mentions by name
from new_mentions;

-- name: update_beats
-- Say of the articles whose relevance or reason differs what is on the beat now.
update articles
set
    relevance = new_beats.relevance,
    is_on_beat = new_beats.is_on_beat,
    beat_reason = new_beats.beat_reason
from new_beats
where
    articles.article_id = new_beats.article_id
    and (articles.relevance, articles.is_on_beat, articles.beat_reason)
    is distinct from (new_beats.relevance, new_beats.is_on_beat, new_beats.beat_reason);

-- name: delete_tags
-- Forget all tags.
delete from tags;

-- name: insert_tags
-- The new tags are the tags.
insert into tags by name
from new_tags;

-- name: delete_facts
-- Forget all facts.
delete from headline_facts;

-- name: insert_facts
-- The new facts are the facts.
insert into headline_facts by name
from new_facts;
