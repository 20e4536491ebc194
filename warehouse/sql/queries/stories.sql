-- name: holders
-- Which headlines in the window hold the keys of the new articles. Later headlines of
-- a story count for nothing, nor do digests.
with wanted as (
    select distinct unnest(from_json($keys, '["ubigint"]')) as key
),
large as (
    select story_id
    from stories
    where articles > $heads and last_published_at >= $since and first_published_at < $until
),
later as (
    select seq
    from articles
    where published_at >= $since and published_at < $until and story_id in (from large)
    qualify row_number() over (
        partition by story_id, language[:2] = 'zh' order by published_at, article_id
    ) > $heads
),
heads as (
    select
        seq,
        story_keys,
        (row_number() over (order by published_at, article_id) - 1)::integer as number
    from articles
    where
        published_at >= $since and published_at < $until
        and is_news(is_digest, published_from)
        and seq not in (from later)
),
keyed as (
    select number, unnest(story_keys) as key
    from heads
),
held as (
    select key, list_sort(list(number))[-$most:] as numbers
    from keyed
    join wanted using (key)
    group by key
)
select
    (select to_json(list(seq order by number)) from heads) as seqs,
    to_json(list(key)) as keys,
    to_json(list(numbers)) as numbers
from held;

-- name: heads_of
-- The first headlines in the window of the stories of these articles, by script; those of
-- columns are none.
with touched as (
    select distinct story_id
    from articles
    where
        published_at >= $since and published_at < $until
        and seq in (select unnest(from_json($seq, '["bigint"]')))
),
told as materialized (
    select seq, article_id, story_id, title, language, published_at, publisher
    from articles
    where
        published_at >= $since and published_at < $until
        and story_id in (from touched)
),
of_columns as (
    select seq
    from (select seq, publisher, unnest(column_labels(title)) as label from told)
    semi join outlet_columns using (publisher, label)
),
heads as materialized (
    select *
    from told
    anti join of_columns using (seq)
    qualify row_number() over (
        partition by story_id, language[:2] = 'zh' order by published_at, article_id
    ) <= $heads
),
named as (
    select
        seq,
        string_agg(distinct company_id, ' ') as companies,
        string_agg(distinct alias || chr(9) || company_id, chr(10))
            filter (where field = 'title') as names
    from mentions
    where
        field <> 'content'
        and seq in (select seq from heads)
    group by seq
),
measured as (
    select
        seq,
        {
            side: side, target_side: target_side, direction: direction,
            instrument: instrument, status: status, thing: thing, targets: targets
        } as measure
    from article_measures
    where seq in (select seq from heads)
)
select
    seq, article_id, story_id, title, language,
    epoch_us(published_at) as published_us, publisher,
    coalesce(companies, '') as companies,
    coalesce(names, '') as names,
    measure
from heads
left join named using (seq)
left join measured using (seq)
order by seq;

-- name: merge_articles
-- Move the articles of stories that went into others; none is from before $since.
update articles
set story_id = merged.kept
from (
    select
        unnest(from_json($gone, '["varchar"]')) as gone,
        unnest(from_json($kept, '["varchar"]')) as kept
) as merged
where articles.published_at >= $since::timestamptz and articles.story_id = merged.gone;

-- name: merge_alerts
-- Move the alerts on stories that went into others, so that none is sent again.
update alerts
set story_id = merged.kept
from (
    select
        unnest(from_json($gone, '["varchar"]')) as gone,
        unnest(from_json($kept, '["varchar"]')) as kept
) as merged
where alerts.story_id = merged.gone;

-- name: merge_parts
-- What was told of stories that went into others is told of these.
insert into alert_parts by name
select distinct parts.alert_id, merged.kept as story_id, $merged_at as shared_at
from alert_parts as parts
join (
    select
        unnest(from_json($gone, '["varchar"]')) as gone,
        unnest(from_json($kept, '["varchar"]')) as kept
) as merged on merged.gone = parts.story_id;

-- name: fold_alerts
-- Of two alerts of a rule that are now on one story, the later counts as an update; one
-- that a cooldown held back, and so told nobody, counts as one of what was told.
update alerts
set
    updates_alert_id = folded.first_id,
    phase = case when alerts.updates_alert_id is null then null else alerts.phase end,
    step = case when alerts.updates_alert_id is null then 'merged' else alerts.step end
from (
    select
        alert_id,
        first_value(alert_id) over (
            partition by rule_id, story_id
            order by (state = 'suppressed'), created_at, alert_id
        ) as first_id
    from alerts
    where
        updates_alert_id is null
        and story_id in (select unnest(from_json($kept, '["varchar"]')))
) as folded
where
    folded.first_id <> folded.alert_id
    and folded.alert_id in (alerts.alert_id, alerts.updates_alert_id);

-- name: insert_merges
-- Record which stories went into which.
insert into story_merges by name
select
    unnest(from_json($gone, '["varchar"]')) as story_id,
    unnest(from_json($kept, '["varchar"]')) as merged_into,
    $merged_at as merged_at;

-- name: move_bases
-- What verdicts moved would be in the story that another went into, without them.
update story_bases
set story_id = merged.kept
from (
    select
        unnest(from_json($gone, '["varchar"]')) as gone,
        unnest(from_json($kept, '["varchar"]')) as kept
) as merged
where story_bases.story_id = merged.gone;

-- name: move_alert_bases
-- And the alerts that they moved.
update alert_bases
set story_id = merged.kept
from (
    select
        unnest(from_json($gone, '["varchar"]')) as gone,
        unnest(from_json($kept, '["varchar"]')) as kept
) as merged
where alert_bases.story_id = merged.gone;

-- name: current_story
-- This story, or where it is no more the one that it went into last. One that a verdict
-- made, and that was taken back, is where its first article is. Stories are looked up by
-- the few that are asked for, and never all of them put in a table.
with recursive newest as (
    select story_id, arg_max(merged_into, merged_at) as merged_into
    from story_merges
    where
        story_id not in (
            select story_id from stories where story_id in (select story_id from story_merges)
        )
    group by story_id
),
chain as (
    select $story_id::varchar as story_id
    union
    select newest.merged_into
    from chain
    join newest on newest.story_id = chain.story_id
),
found as (
    select story_id from stories where story_id in (from chain)
)
from found
union all
select story_id
from articles
where article_id = $story_id[2:] and not exists (from found);

-- name: began
-- When the first of these stories began; none of them ended before $since.
select min(first_published_at)
from stories
where
    last_published_at >= $since::timestamptz
    and story_id in (select unnest(from_json($story_id, '["varchar"]')));

-- name: delete_stories
-- Make room for the stories as they now are; none of them ended before $since.
delete from stories
where
    last_published_at >= $since::timestamptz
    and story_id in (select unnest(from_json($story_id, '["varchar"]')));

-- name: insert_stories
-- Derive stories from their articles, none of which is from before $since.
insert into stories by name
select *, $rules_version as rules_version
from stories_derived_from($since, 'infinity', from_json($story_id, '["varchar"]'));

-- name: of_feeds
-- The stories that have an article of these feeds.
select distinct story_id
from articles
where feed_id in (select unnest(from_json($feed_id, '["varchar"]')))
order by story_id;

-- name: list_stories
-- Stories, the newest day (of the reporting zone) first, and of each day the most widely
-- told.
select
    s.first_published_at, s.headline, s.publishers, s.story_id, s.articles,
    s.first_publisher, s.languages
from stories as s
where not $on_beat or s.is_on_beat is distinct from false
order by
    reporting_day(s.first_published_at) desc,
    s.publishers desc,
    s.first_published_at desc,
    s.story_id
limit $limit;

-- name: story_articles
-- The articles of one story, in the order of publication.
select
    published_at,
    epoch(published_at - min(published_at) over ()) / 3600.0 as hours_after_first,
    title, publisher, language, article_id, url, first_seen_at
from articles
where story_id = $story_id
order by published_at, article_id;

-- name: of_columns
-- Which of these articles are of a column of their outlet.
with given as (
    select
        unnest(from_json($article_id, '["varchar"]')) as article_id,
        unnest(from_json($publisher, '["varchar"]')) as publisher,
        unnest(from_json($title, '["varchar"]')) as title
)
select article_id
from (select article_id, publisher, unnest(column_labels(title)) as label from given)
semi join outlet_columns using (publisher, label);
