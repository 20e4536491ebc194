-- name: standing
-- The verdicts that stand, in order, with articles by the ids that they have today.
with recursive given as (
    from verdicts
    where undone_at is null
),
named as (
    select distinct unnest([subject_id, value]) as former from given
),
renamed as (
    select former, former as current from named
    union
    select renamed.former, article_merges.into_id
    from renamed
    join article_merges on article_merges.article_id = renamed.current
),
ends as (
    select former, any_value(current) as current
    from renamed
    where current not in (select article_id from article_merges)
    group by former
)
select
    verdict_id,
    coalesce(subjects.current, subject_id) as subject_id,
    kind,
    coalesce(others.current, value) as value
from given
left join ends as subjects on subjects.former = given.subject_id
left join ends as others on others.former = given.value
order by verdict_id;

-- name: has_any
-- Whether any verdict was ever given.
select count(*) > 0 from (from verdict_log limit 1);

-- name: listed
-- All verdicts, the newest first.
select verdict_id, made_at, "by", subject_id, kind, value, scope, why, undone_at
from verdicts
order by verdict_id desc
limit $limit;

-- name: of_subjects
-- The verdicts on some articles or alerts that stand, in order.
select verdict_id, made_at, "by", subject_id, kind, value, scope, why
from verdicts
where
    undone_at is null
    and (
        subject_id in (select unnest(from_json($id, '["varchar"]')))
        or value in (select unnest(from_json($id, '["varchar"]')))
    )
order by verdict_id;

-- name: one
-- A verdict by its number.
select verdict_id, made_at, "by", subject_id, kind, value, scope, why, undone_at
from verdicts
where verdict_id = $verdict_id;

-- name: last_id
-- The number of the newest row.
select coalesce(max(verdict_id), 0) from verdict_log;

-- name: counts
-- How many verdicts stand, by kind.
select kind, count(*) as verdicts
from verdicts
where undone_at is null
group by kind
order by kind;

-- name: subjects
-- What some ids are ids of today: articles as they are, given-up ids of articles, stories,
-- given-up ids of stories, and alerts. Of a story it is the article by which it is shown.
with recursive given as (
    select distinct unnest(from_json($id, '["varchar"]')) as id
),
renamed as (
    select id, id as current from given
    union
    select renamed.id, article_merges.into_id
    from renamed
    join article_merges on article_merges.article_id = renamed.current
),
merged as (
    select id, id as current from given
    union
    select merged.id, story_merges.merged_into
    from merged
    join story_merges on story_merges.story_id = merged.current
    where merged.current not in (select story_id from stories)
),
heads as (
    select merged.id, stories.story_id, stories.headline
    from merged
    join stories on stories.story_id = merged.current
),
shown as (
    select
        heads.id,
        arg_min(articles.article_id, (
            articles.title <> heads.headline, articles.published_at, articles.article_id
        )) as article_id
    from heads
    join articles on articles.story_id = heads.story_id
    group by heads.id
)
select renamed.id, 'article' as kind, articles.article_id as now_id
from renamed
join articles on articles.article_id = renamed.current
union all
select id, 'story', article_id from shown
union all
select given.id, 'alert', alerts.alert_id
from given
join alerts on alerts.alert_id = given.id;
