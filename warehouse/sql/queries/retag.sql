-- name: progress
-- By which rules a retag finds that has not come to its end, and how far it is.
select rules, seq, grouped_until, regroup_days from retagged;

-- name: record_progress
-- Remember how far it is; nothing where it is at its end.
delete from retagged;
insert into retagged by name
select
    $rules as rules, $seq as seq, $grouped_until as grouped_until,
    from_json($regroup_days, '["timestamptz"]') as regroup_days
where $seq is not null;

-- name: rules_read
-- By which rules articles were read, in order, and since which of them.
select since_seq, rules, reaches from rules_read order by step;

-- name: last_rules
-- By which rules articles are read at last.
select rules from rules_read order by step desc limit 1;

-- name: note_rules
-- What comes from now on is read by these rules.
insert into rules_read by name
select
    coalesce((select max(step) from rules_read), 0) + 1 as step,
    coalesce((select max(seq) from articles), 0) as since_seq,
    $rules as rules, $reaches::blob as reaches;

-- name: settle_rules
-- All articles are as if they had been read by the last rules.
delete from rules_read where step < (select max(step) from rules_read);
update rules_read set step = 1, since_seq = 0;

-- name: reached
-- Articles of a range that have a mention, a tag or an outlet of these.
select seq from mentions
where
    seq > $after and seq <= $until
    and company_id in (select unnest(from_json($companies, '["varchar"]')))
union
select seq from tags
where
    seq > $after and seq <= $until
    and kind || ' ' || topic_id in (select unnest(from_json($topics, '["varchar"]')))
union
select seq from articles
where
    seq > $after and seq <= $until
    and (
        publisher in (select unnest(from_json($publishers, '["varchar"]')))
        or article_id in (select unnest(from_json($judged, '["varchar"]')))
    );

-- name: holding
-- Articles of a range whose words match, with these.
select seq, search_text
from articles
where seq > $after and seq <= $until and regexp_matches(search_text, $pattern);

-- name: with_pages
-- Articles of a range with more of a text than headline and summary.
select articles.seq, content, page.text
from articles
left join (select seq, text from full_texts where text is not null) as page using (seq)
where
    articles.seq > $after and articles.seq <= $until
    and (content is not null or page.text is not null);

-- name: begin_places
-- Which articles of a range are read: all of them, where none are named.
create or replace temp table read_places as
select seq
from articles
where
    seq > $after and seq <= $until
    and (
        $seq::varchar is null
        or seq in (select unnest(from_json($seq, '["bigint"]')))
    );

-- name: begin
-- Make room for new rows of a table, or for some columns of them.
create or replace temp table {staged} as
select {columns}
from {table}
limit 0;

-- name: texts
-- What tagging reads of a range of articles; both bounds let whole row groups be skipped.
select
    articles.seq, case when search_bits is null then articles.search_text end as unsigned,
    to_json(story_keys)::varchar as keys,
    articles.article_id, title, summary, content, page.text as page, language, is_digest,
    feed_id, publisher, (
        published_at at time zone case when language like 'zh%' then 'Asia/Shanghai' else 'UTC' end
    )::date as published_on
from articles
left join (
    select seq, text
    from full_texts
    where seq > $after and seq <= $until and text is not null
) as page using (seq)
where
    articles.seq > $after and articles.seq <= $until
    and articles.seq in (from temp.read_places)
order by articles.seq;

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
    from new_headline_facts
    anti join headline_facts using (article_id, kind, value)
),
lost_facts as (
    select article_id, kind
    from headline_facts
    anti join new_headline_facts using (article_id, kind, value)
),
-- A measure that is told otherwise is one that goes and one that comes.
gained_measures as (
    select article_id, instrument
    from new_article_measures
    anti join article_measures using (article_id, side, instrument, status, direction)
),
lost_measures as (
    select article_id, instrument
    from article_measures
    anti join new_article_measures using (article_id, side, instrument, status, direction)
),
gained_claims as (
    select article_id, modality
    from new_article_claims
    anti join article_claims using (article_id, basis, modality, subject)
),
lost_claims as (
    select article_id, modality
    from article_claims
    anti join new_article_claims using (article_id, basis, modality, subject)
),
gained_dates as (
    select article_id, occasion
    from new_article_dates
    anti join article_dates using (article_id, occasion, due_on, due_until, subject)
),
lost_dates as (
    select article_id, occasion
    from article_dates
    anti join new_article_dates using (article_id, occasion, due_on, due_until, subject)
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
    select 'measure', instrument, article_id, true from gained_measures
    union all
    select 'measure', instrument, article_id, false from lost_measures
    union all
    select 'claim', modality, article_id, true from gained_claims
    union all
    select 'claim', modality, article_id, false from lost_claims
    union all
    select 'date', occasion, article_id, true from gained_dates
    union all
    select 'date', occasion, article_id, false from lost_dates
    union all
    select 'beat', 'on-beat', article_id, new_beats.is_on_beat
    from new_beats
    join articles using (article_id)
    where new_beats.is_on_beat is distinct from coalesce(articles.is_on_beat, false)
    union all
    select 'headline', 'digest', article_id, new_titles.is_digest
    from new_titles
    join articles using (article_id)
    where new_titles.is_digest <> articles.is_digest
    union all
    select 'headline', 'title', article_id, true
    from new_titles
    join articles using (article_id)
    where new_titles.title <> articles.title
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
select counted.kind, id, added, removed, article_id, title as example
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
    union
    select article_id
    from new_article_measures
    semi join lately using (article_id)
    anti join article_measures using (article_id, side, instrument, status, direction)
)
select article_id
from lately
semi join gaining using (article_id)
order by seq;

-- name: delete
-- Forget what a table of findings has of a range of articles.
delete from {table}
where seq > $after and seq <= $until and seq in (from temp.read_places);

-- name: insert
-- What is new is theirs.
insert into {table} by name
select staged.* replace (articles.seq as seq)
from {staged} as staged
join (
    select article_id, seq
    from articles
    where seq > $after and seq <= $until and seq in (from temp.read_places)
) as articles using (article_id)
order by articles.seq;

-- name: update_beats
-- Say of the articles whose relevance, reason or weight of the headline differs what they are now.
update articles
set
    relevance = new_beats.relevance,
    is_on_beat = new_beats.is_on_beat,
    beat_reason = new_beats.beat_reason,
    headline_weight = new_beats.headline_weight,
    report_score = new_beats.report_score
from new_beats
where
    articles.seq > $after
    and articles.seq <= $until
    and articles.article_id = new_beats.article_id
    and (
        articles.relevance, articles.is_on_beat, articles.beat_reason,
        articles.headline_weight, articles.report_score
    )
    is distinct from (
        new_beats.relevance, new_beats.is_on_beat, new_beats.beat_reason,
        new_beats.headline_weight, new_beats.report_score
    );

-- name: update_titles
-- Headlines as rules of today leave them, and all that is made of their words.
update articles
set
    title = new_titles.title,
    is_digest = new_titles.is_digest,
    content_hash = new_titles.content_hash,
    search_text = new_titles.search_text
from new_titles
where
    articles.seq > $after
    and articles.seq <= $until
    and articles.article_id = new_titles.article_id;

-- name: update_keys
-- Find the stories of a range of articles by other keys.
update articles
set story_keys = keyed.story_keys
from (from new_keys where seq > $after and seq <= $until) as keyed
where
    articles.seq > $after
    and articles.seq <= $until
    and articles.seq = keyed.seq;

-- name: update_signs
-- Keep the masks of a range of articles.
update articles
set search_bits = signed.search_bits
from (from new_signs where seq > $after and seq <= $until) as signed
where
    articles.seq > $after
    and articles.seq <= $until
    and articles.seq = signed.seq;

-- name: stage_articles
-- The articles of a range as they are by now.
create or replace temp table covered_articles as
select
    article_id, story_id, published_at, first_seen_at, language, publisher, feed_id,
    is_on_beat, is_digest, published_from
from articles
where seq > $after and seq <= $until and seq in (from temp.read_places);

-- name: published
-- When the first and the last of them were published.
select min(published_at), max(published_at) from covered_articles;

-- name: met_otherwise
-- On which days articles were published that may meet others than before: by their keys,
-- by the companies that they name, and how, by what they are, and by acts of states.
with named as (
    select article_id, company_id, case when field = 'title' then alias else '' end as alias
    from mentions
    where
        seq > $after and seq <= $until and seq in (from temp.read_places)
        and field <> 'content'
),
named_anew as (
    select article_id, company_id, case when field = 'title' then alias else '' end as alias
    from new_mentions
    where field <> 'content'
),
measured as (
    select
        article_id, side, target_side, direction, instrument, status = 'answered', thing,
        targets
    from article_measures
    where seq > $after and seq <= $until and seq in (from temp.read_places)
),
measured_anew as (
    select
        article_id, side, target_side, direction, instrument, status = 'answered', thing,
        targets
    from new_article_measures
),
other as (
    select article_id from (from named except from named_anew)
    union all
    select article_id from (from named_anew except from named)
    union all
    select article_id from (from measured except from measured_anew)
    union all
    select article_id from (from measured_anew except from measured)
)
select distinct date_trunc('day', published_at at time zone 'UTC') at time zone 'UTC' as day
from articles
left join new_beats using (article_id)
where
    articles.seq > $after and articles.seq <= $until
    and articles.seq in (from temp.read_places)
    and (
        articles.is_on_beat is distinct from new_beats.is_on_beat
        or articles.seq in (select seq from new_keys)
        or article_id in (select article_id from new_titles)
        or article_id in (select article_id from other)
    )
order by day;

-- name: delete_coverage
-- Make room for what they count for.
delete from coverage
where
    published_at >= $since
    and published_at <= $until
    and article_id in (select article_id from covered_articles);

-- name: insert_coverage
-- Derive what they count for of what was found.
insert into coverage by name
from derived_coverage('covered_articles', 'new_mentions', 'new_tags')
order by published_at, article_id;

-- name: touched
-- Their stories, and when the first of these began.
select list(distinct story_id order by story_id), min(first_published_at)
from stories
where story_id in (select story_id from covered_articles);
