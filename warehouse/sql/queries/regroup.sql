-- name: next_part
-- When the first article from $since on was published, and where a part of it ends: with
-- its days, of which parts are so many by the calendar, or before so many articles.
with rest as (
    select published_at
    from articles
    where published_at >= coalesce($since::timestamptz, '-infinity'::timestamptz)
),
days as (
    select
        min(published_at) as began_at,
        to_timestamp((floor(epoch(min(published_at)) / $seconds) + 1) * $seconds) as ended_at
    from rest
),
cut as (
    select published_at
    from rest, days
    where rest.published_at < days.ended_at
    order by published_at
    offset $most limit 1
)
select
    began_at,
    case when (from cut) > began_at then (from cut) else ended_at end as ended_at
from days
where began_at is not null;

-- name: begin
-- The stories of the days before a part, each called after its first article in them.
create or replace temp table made_anew as
select
    seq, article_id,
    's' || first_value(article_id) over (
        partition by story_id order by published_at, article_id
    ) as story_id,
    story_id as stored_id, title, language, published_at, publisher, story_keys, is_digest,
    published_from
from articles
where published_at >= $since::timestamptz - $margin::interval and published_at < $since;

-- name: stage
-- The articles of a part in order of publication, without their texts: read once.
create or replace temp table waiting as
select
    seq, article_id, story_id, title, language, published_at, publisher, story_keys,
    is_digest, published_from, is_on_beat
from articles
where published_at >= $since::timestamptz and published_at < $until
order by published_at, article_id;

-- name: articles
-- The next of them.
select
    seq, article_id, title, language, publisher,
    not is_news(is_digest, published_from) as is_digest, is_on_beat,
    epoch_us(published_at) as published_us, to_json(story_keys)::varchar as story_keys
from temp.waiting
where published_at >= $since::timestamptz and (published_at > $since or article_id > $after)
order by published_at, article_id
limit $most;

-- name: near
-- What is regrouped, of the days since $since.
create or replace temp table made_near as
from temp.made_anew
where published_at >= $since;

-- name: stand_in
-- That, in place of all articles and stories.
create temp view articles as from temp.made_near;
create temp view stories as
select
    story_id, count(*) as articles, min(published_at) as first_published_at,
    max(published_at) as last_published_at
from temp.made_near
group by story_id;

-- name: step_aside
-- Articles and stories are all there are again.
drop view if exists temp.articles;
drop view if exists temp.stories;
drop table if exists temp.made_near;

-- name: add
-- Keep the stories of some articles.
insert into temp.made_anew by name
select
    waiting.seq, waiting.article_id, made.story_id, waiting.story_id as stored_id,
    title, language, published_at, publisher, story_keys, is_digest, published_from
from temp.waiting
join (
    select
        unnest(from_json($article_id, '["varchar"]')) as article_id,
        unnest(from_json($story_id, '["varchar"]')) as story_id
) as made using (article_id)
where published_at between $since and $until;

-- name: join_stories
-- Stories that went into others.
update temp.made_anew
set story_id = merged.kept
from (
    select
        unnest(from_json($gone, '["varchar"]')) as gone,
        unnest(from_json($kept, '["varchar"]')) as kept
) as merged
where made_anew.story_id = merged.gone;

-- name: made
-- The stories of today of all articles so far, and those that are stored.
select seq, article_id, story_id, stored_id
from temp.made_anew
where is_news(is_digest, published_from)
order by published_at, article_id;

-- name: settle
-- Parts of stories that are others'.
update temp.made_anew
set story_id = settled.kept
from (
    select
        unnest(from_json($made, '["varchar"]')) as made,
        unnest(from_json($stored, '["varchar"]')) as stored,
        unnest(from_json($kept, '["varchar"]')) as kept
) as settled
where made_anew.story_id = settled.made and made_anew.stored_id = settled.stored;

-- name: groups
-- The articles of each story of a part, in order of publication.
select story_id, list(article_id order by published_at, article_id)
from temp.made_anew
where published_at >= $since
group by story_id
order by story_id;

-- name: known
-- The ids of the stories of the days before.
select story_id, list(distinct stored_id order by stored_id)
from temp.made_anew
where published_at < $since
group by story_id
order by story_id;

-- name: stored_since
-- When the first of the stories began of which these articles are stored.
select min(first_published_at)
from stories
where story_id in (select stored_id from temp.made_anew);

-- name: stored
-- The stories of which these articles are stored, none of which began before $first: who
-- named them, and when they began.
with held as (
    select
        story_id,
        arg_min(article_id, (published_at, article_id)) as first_id,
        min(published_at) as began_at,
        arg_min(article_id, seq) as oldest_id,
        arg_min(published_at, seq) as oldest_at,
        min(published_at) filter (article_id = story_id[2:]) as named_at
    from articles
    where
        published_at >= $first::timestamptz
        and story_id in (select stored_id from temp.made_anew)
    group by story_id
),
-- Those that an article of another story named.
elsewhere as (
    select article_id, published_at
    from articles
    where article_id in (select story_id[2:] from held where named_at is null)
)
select
    held.story_id,
    case
        when named_at is null then coalesce(elsewhere.article_id, oldest_id)
        else held.story_id[2:]
    end as named_by,
    first_id,
    began_at,
    began_at < $since as is_begun,
    coalesce(named_at, elsewhere.published_at, oldest_at) >= $until as is_named_later
from held
left join elsewhere on named_at is null and elsewhere.article_id = held.story_id[2:]
order by held.story_id;

-- name: plan
-- Which articles go into which other story: those of the part, and those of before whose
-- story has another id now.
create or replace temp table story_changes as
with named as (
    select
        unnest(from_json($group, '["varchar"]')) as story_id,
        unnest(from_json($named, '["varchar"]')) as into_id
),
moved as (
    select
        unnest(from_json($gone, '["varchar"]')) as story_id,
        unnest(from_json($kept, '["varchar"]')) as into_id
)
select seq, article_id, published_at, stored_id as story_id, into_id
from temp.made_anew
join named using (story_id)
where published_at >= $since and stored_id <> into_id
union all
select seq, article_id, published_at, story_id, into_id
from articles
join moved using (story_id)
where published_at < $since;

-- name: touched
-- The stories that gain or lose an article, and when the first of them began.
with touched as (
    select story_id from temp.story_changes
    union
    select into_id from temp.story_changes
)
select list(touched.story_id order by touched.story_id), min(stories.first_published_at)
from touched
left join stories using (story_id);

-- name: remember_told
-- What was told of the stories that lose an article.
create or replace temp table told_before as
select distinct story_id, alert_id
from alert_stories
where story_id in (select story_id from temp.story_changes);

-- name: move_articles
-- Articles are of the stories of today.
update articles
set story_id = changed.into_id
from temp.story_changes as changed
where
    articles.published_at >= (select min(published_at) from temp.story_changes)
    and articles.seq = changed.seq;

-- name: move_coverage
-- And what they count for.
update coverage
set story_id = changed.into_id
from temp.story_changes as changed
where
    coverage.published_at >= (select min(published_at) from temp.story_changes)
    and coverage.article_id = changed.article_id
    and coverage.story_id = changed.story_id;

-- name: part_stories
-- The parts of each story that lost an article, of what is published before $until. One
-- that is no more has its part where the article that named it is.
create or replace temp table story_parts as
with lost as (
    select story_id, min_by(into_id, seq) as first_into
    from temp.story_changes
    group by story_id
),
remaining as (
    select story_id, min(published_at) < $until as is_begun
    from articles
    where story_id in (select story_id from lost)
    group by story_id
),
namers as (
    select lost.story_id, articles.story_id as part_id, articles.published_at
    from lost
    join (select article_id, story_id, published_at from articles) as articles
        on articles.article_id = lost.story_id[2:]
)
select distinct story_id, into_id as part_id, true as is_made, false as is_heir
from temp.story_changes
union all
select story_id, story_id, is_begun, false
from remaining
union all
select namers.story_id, namers.part_id, true, false
from namers
left join remaining using (story_id)
where namers.published_at < $until and not coalesce(remaining.is_begun, false)
union all
select lost.story_id, coalesce(namers.part_id, lost.first_into), false, true
from lost
anti join remaining using (story_id)
left join namers using (story_id);

-- name: record_splits
-- Record which stories a story became.
insert into story_splits by name
with split as (
    select story_id
    from temp.story_parts
    where is_made
    group by story_id
    having count(distinct part_id) > 1
)
select distinct part_id as story_id, story_id as split_from, $now as split_at
from temp.story_parts as parts
where
    is_made and part_id <> story_id and story_id in (from split)
    and not exists (
        from story_splits as known
        where known.story_id = parts.part_id and known.split_from = parts.story_id
    )
order by split_from, story_id;

-- name: record_merges
-- Record where the stories are that have no article any more. One of two parts comes up in
-- the first and goes into the other in the second, with each retag anew.
insert into story_merges by name
select story_id, part_id as merged_into, $now as merged_at
from temp.story_parts as parts
where
    is_heir
    and part_id is distinct from (
        select max_by(merged_into, merged_at)
        from story_merges as known
        where known.story_id = parts.story_id
    )
order by story_id;

-- name: move_alerts
-- An alert is of the story of its article.
update alerts
set story_id = changed.into_id
from temp.story_changes as changed
where alerts.article_id = changed.article_id and alerts.story_id = changed.story_id;

-- name: move_orphans
-- One whose article is elsewhere is of the story that took the others.
update alerts
set story_id = heirs.part_id
from (from temp.story_parts where is_heir) as heirs
where alerts.story_id = heirs.story_id;

-- name: share_told
-- What was told of a story is told of each of its parts.
insert into alert_parts by name
select distinct told.alert_id, parts.part_id as story_id, $now as shared_at
from temp.told_before as told
join temp.story_parts as parts using (story_id)
where
    not parts.is_heir
    and not exists (
        from alert_stories as known
        where known.alert_id = told.alert_id and known.story_id = parts.part_id
    )
order by alert_id, story_id;

-- name: days_of
-- The days on which articles of these stories were published, which began from $since on.
select distinct date_trunc('day', published_at at time zone 'UTC') at time zone 'UTC' as day
from articles
where
    published_at >= $since::timestamptz
    and story_id in (select unnest(from_json($story_id, '["varchar"]')))
order by day;

-- name: count
-- How many stories of a part became several, went into others, and are as they were.
with parts as (
    select story_id, count(distinct part_id) filter (is_made) as parts, bool_or(is_heir) as is_gone
    from temp.story_parts
    group by story_id
),
touched as (
    select story_id from temp.story_changes
    union
    select into_id from temp.story_changes
)
select
    (select count(*) from parts where parts > 1) as split,
    (select count(*) from parts where parts = 1 and is_gone) as joined,
    (
        select count(*)
        from stories
        where
            first_published_at >= $since
            and first_published_at < $until
            and story_id not in (from touched)
    ) as unchanged;

-- name: forget
-- Leave nothing behind.
drop table if exists temp.made_anew;
drop table if exists temp.waiting;
drop table if exists temp.story_changes;
drop table if exists temp.story_parts;
drop table if exists temp.told_before;

-- name: grouped_until
-- The last article of those that an engine made stories of, all of them anew.
select seq from grouped where engine = $engine and is_done;

-- name: days_grouped_before
-- Days of the stories that articles came into, or began, after this one.
select distinct date_trunc('day', published_at at time zone 'UTC') at time zone 'UTC' as day
from articles
where story_id in (select story_id from articles where seq > $seq)
order by day;

-- name: begin_grouping
-- An engine begins to make stories anew; until it ends nothing is known of them.
delete from grouped;
insert into grouped values ($engine, $seq, false);

-- name: end_grouping
-- It has come to its end.
update grouped set is_done = true;
