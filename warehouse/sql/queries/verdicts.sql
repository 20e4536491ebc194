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

-- name: shown_stories
-- The stories of some articles, by these and by the ids by which readers chose headlines
-- of these stories.
with wanted as (
    select article_id, story_id
    from articles
    where article_id in (select unnest(from_json($id, '["varchar"]')))
)
from wanted
union
select verdicts.subject_id, articles.story_id
from standing_verdicts(['headline']) as chosen
join verdicts using (verdict_id)
join articles on articles.article_id = chosen.article_id
where articles.story_id in (select story_id from wanted);

-- name: given_at
-- Those that were given at some moments: a click has one row or more of a kind.
select made_at, "by", kind, max(verdict_id) as verdict_id
from verdict_log
where made_at in (select unnest(from_json($made_at, '["timestamptz"]')))
group by made_at, "by", kind;

-- name: one
-- A verdict by its number.
select verdict_id, made_at, "by", subject_id, kind, value, scope, why, undone_at
from verdicts
where verdict_id = $verdict_id;

-- name: last_id
-- The number of the newest row.
select coalesce(max(verdict_id), 0) from verdict_log;

-- name: subjects
-- What some ids are ids of today: articles as they are, given-up ids of articles, measures
-- and claims by their articles, stories, given-up ids of stories, and alerts. Of a story it
-- is the article by which it is shown.
with recursive given as (
    select distinct unnest(from_json($id, '["varchar"]')) as id
),
renamed as (
    select id, id as current from given
    union
    select id, id[2:] from given where id[1] in ('m', 'c')
    union
    select renamed.id, article_merges.into_id
    from renamed
    join article_merges on article_merges.article_id = renamed.current
),
newest as (
    select story_id, arg_max(merged_into, merged_at) as merged_into
    from story_merges
    where story_id not in (select story_id from stories)
    group by story_id
),
merged as (
    select id, id as current from given
    union
    select merged.id, newest.merged_into
    from merged
    join newest on newest.story_id = merged.current
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
select
    renamed.id,
    case
        when renamed.id in (articles.article_id, former.article_id) then 'article'
        when renamed.id[1] = 'm' then 'measure'
        else 'claim'
    end as kind,
    articles.article_id as now_id
from renamed
left join article_merges as former on former.article_id = renamed.id
join articles on articles.article_id = renamed.current
union all
select id, 'story', article_id from shown
union all
-- A story that a verdict made, and that was taken back, is called after its first article.
select given.id, 'story', articles.article_id
from given
join articles on articles.article_id = given.id[2:]
where given.id not in (select id from shown) and given.id[1] not in ('m', 'c')
union all
select given.id, 'alert', alerts.alert_id
from given
join alerts on alerts.alert_id = given.id;

-- name: tellers
-- By which articles the measures and the claims are told of which some articles' stories
-- tell: of a measure one of each of its stories, their own first.
with own as (
    select article_id as own_id, story_id as own_story
    from articles
    where article_id in (select unnest(from_json($id, '["varchar"]')))
),
wider as (
    select own.own_id, own.own_story, unnest(acts.stories) as story_id
    from own
    join measures as acts on list_contains(acts.stories, own.own_story)
    union
    select own_id, own_story, own_story from own
),
members as (
    select wider.own_id, wider.own_story, articles.story_id, articles.article_id, articles.published_at
    from wider
    join articles on articles.story_id = wider.story_id
),
told as (
    select *, 'measure' as what
    from members
    where article_id in (select article_id from article_measures)
    union all
    select *, 'claim'
    from members
    where story_id = own_story and article_id in (select article_id from article_claims)
)
select own_id, what, arg_min(article_id, (article_id <> own_id, published_at, article_id))
from told
group by own_id, what, own_story, story_id
order by own_id, what, story_id <> own_story, story_id;

-- name: apart
-- Stories of today that hold two articles of which a standing verdict says that they are
-- not one event.
select distinct one.story_id, other.story_id
from (
    select
        unnest(from_json($one, '["varchar"]')) as one_id,
        unnest(from_json($other, '["varchar"]')) as other_id
) as pairs
join (select article_id, story_id from articles where article_id in (select unnest(from_json($id, '["varchar"]')))) as one
    on one.article_id = pairs.one_id
join (select article_id, story_id from articles where article_id in (select unnest(from_json($id, '["varchar"]')))) as other
    on other.article_id = pairs.other_id
where one.story_id <> other.story_id;

-- name: members
-- The articles of some stories, as they are or as they were put, and some others.
select
    articles.published_at,
    articles.article_id,
    coalesce(story_bases.story_id, articles.story_id) as base_id,
    articles.story_id
from articles
left join story_bases using (article_id)
where
    articles.story_id in (select unnest(from_json($story_id, '["varchar"]')))
    or articles.article_id in (
        select article_id
        from story_bases
        where story_id in (select unnest(from_json($story_id, '["varchar"]')))
        union all
        select unnest(from_json($article_id, '["varchar"]'))
    )
order by articles.published_at, articles.article_id;

-- name: stage_moves
-- In which story articles are from now on, and in which they would be without verdicts.
create or replace temp table regrouped as
select
    unnest(from_json($article_id, '["varchar"]')) as article_id,
    unnest(from_json($story_id, '["varchar"]')) as story_id,
    unnest(from_json($base_id, '["varchar"]')) as base_id,
    unnest(from_json($former_id, '["varchar"]')) as former_id;

-- name: move_articles
-- Put articles into these stories; none is from before $since or after $until.
update articles
set story_id = regrouped.story_id
from regrouped
where
    articles.published_at >= $since::timestamptz
    and articles.published_at <= $until::timestamptz
    and articles.article_id = regrouped.article_id
    and articles.story_id <> regrouped.story_id;

-- name: move_coverage
-- And what they count for.
update coverage
set story_id = regrouped.story_id
from regrouped
where
    coverage.published_at >= $since::timestamptz
    and coverage.published_at <= $until::timestamptz
    and coverage.article_id = regrouped.article_id
    and coverage.story_id <> regrouped.story_id;

-- name: keep_bases
-- In which story each would be without verdicts, where it is another.
delete from story_bases where article_id in (select article_id from regrouped);
insert into story_bases by name
select article_id, base_id as story_id
from regrouped
where story_id <> base_id
order by article_id;

-- name: forget_merges
-- Stories that hold something again did not go into others; the others are noted anew.
delete from story_merges
where
    story_id in (select base_id from regrouped)
    and (
        story_id in (select story_id from regrouped)
        or story_id not in (select story_id from articles)
    );

-- name: note_merges
-- Stories that hold nothing any more went into the one that holds their first article.
insert into story_merges by name
select base_id as story_id, arg_min(story_id, article_id <> base_id[2:]) as merged_into, $now as merged_at
from regrouped
where base_id not in (select story_id from regrouped)
group by base_id
order by base_id;

-- name: find_parted
-- Stories without verdicts that these part, with each part of them.
create or replace temp table parted as
with whole as (
    select base_id, bool_or(story_id <> former_id) as is_moved
    from temp.regrouped
    group by base_id
    having count(distinct story_id) > 1
)
select distinct base_id, story_id, is_moved
from temp.regrouped
join whole using (base_id);

-- name: forget_shares
-- A story that is whole again was told of as before, but for a part of which it was told
-- since.
delete from alert_parts
where (alert_id, story_id, split_from) in (
    select parts.alert_id, parts.story_id, parts.split_from
    from alert_parts as parts
    where
        parts.split_from in (select base_id from temp.regrouped)
        and not exists (
            from temp.parted
            where parted.base_id = parts.split_from and parted.story_id = parts.story_id
        )
        and not exists (
            from alerts as own
            join alerts as later
                on later.updates_alert_id = coalesce(own.updates_alert_id, own.alert_id)
            where
                own.alert_id = parts.alert_id
                and later.story_id = parts.story_id
                and own.story_id <> later.story_id
        )
);

-- name: share_told
-- What was told of a story that is parted is told of each of its parts.
insert into alert_parts by name
with told as (
    select alert_id, coalesce(alert_bases.story_id, alerts.story_id) as base_id
    from alerts
    left join alert_bases using (alert_id)
    union
    select alert_id, story_id
    from alert_parts
    where split_from is null
)
select told.alert_id, parted.story_id, $now as shared_at, parted.base_id as split_from
from temp.parted
join told using (base_id)
where
    parted.is_moved
    and not exists (
        from alert_stories as known
        where known.alert_id = told.alert_id and known.story_id = parted.story_id
    )
order by alert_id, story_id;

-- name: drop_moves
-- Leave nothing behind.
drop table if exists temp.regrouped;
drop table if exists temp.parted;

-- name: alerts_told
-- The alerts on some articles, as they are and as they would be without verdicts.
select
    alerts.alert_id, alerts.rule_id, alerts.article_id, alerts.state, alerts.created_at,
    alerts.story_id, alerts.updates_alert_id, alerts.phase, alerts.step,
    alert_bases.alert_id is not null as is_moved,
    alert_bases.story_id as base_story_id,
    alert_bases.updates_alert_id as base_updates_alert_id,
    alert_bases.phase as base_phase,
    alert_bases.step as base_step
from alerts
left join alert_bases using (alert_id)
where
    alerts.story_id is not null
    and alerts.article_id in (select unnest(from_json($article_id, '["varchar"]')))
order by alerts.created_at, alerts.alert_id;

-- name: move_alerts
-- Put alerts on other stories.
update alerts
set
    story_id = moved.story_id,
    updates_alert_id = moved.updates_alert_id,
    phase = moved.phase,
    step = moved.step
from rows_of($rows, '[{
    "alert_id": "varchar", "story_id": "varchar", "updates_alert_id": "varchar",
    "phase": "varchar", "step": "varchar"
}]') as moved
where alerts.alert_id = moved.alert_id;

-- name: forget_alert_bases
-- Make room for what alerts were.
delete from alert_bases where alert_id in (select unnest(from_json($alert_id, '["varchar"]')));

-- name: keep_alert_bases
-- What alerts were before verdicts moved them.
insert into alert_bases by name
from rows_of($rows, '[{
    "alert_id": "varchar", "story_id": "varchar", "updates_alert_id": "varchar",
    "phase": "varchar", "step": "varchar"
}]');
