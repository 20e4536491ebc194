-- name: bursts
-- Bursts of some days, the oldest first, each with the story that most outlets tell.
with flagged as (
    select * from bursts where day between $since::date and $until::date
),
called as (
    select company_id as subject_id, 'company' as kind, name, name_zh from companies
    union all
    select topic_id, 'topic', any_value(name), any_value(name_zh) from topics group by topic_id
),
covered as (
    select company_id as subject_id, 'company' as kind, day, story_id, article_id from company_coverage
    union all
    select topic_id, 'topic', day, story_id, article_id from topic_coverage
)
select
    flagged.subject_id,
    flagged.kind,
    flagged.day,
    any_value(flagged.observed) as observed,
    any_value(flagged.expected) as expected,
    coalesce(any_value(called.name), flagged.subject_id) as name,
    coalesce(any_value(called.name_zh), '') as name_zh,
    arg_max(covered.article_id, (stories.publishers, -epoch(articles.published_at))) as article_id,
    arg_max(articles.title, (stories.publishers, -epoch(articles.published_at))) as headline,
    arg_max(articles.url, (stories.publishers, -epoch(articles.published_at))) as url
from flagged
left join called using (subject_id, kind)
left join covered using (subject_id, kind, day)
left join stories on stories.story_id = covered.story_id
left join articles on articles.article_id = covered.article_id
group by flagged.subject_id, flagged.kind, flagged.day
order by flagged.day, max(flagged.observed / flagged.expected) desc, flagged.subject_id;

-- name: shifts
-- Subjects that came to another level in the last four weeks.
select
    level_shifts.subject_id,
    level_shifts.kind,
    level_shifts.since,
    level_shifts.ratio,
    coalesce(companies.name, called.name, level_shifts.subject_id) as name,
    coalesce(companies.name_zh, called.name_zh, '') as name_zh
from level_shifts
left join companies
    on level_shifts.kind = 'company' and companies.company_id = level_shifts.subject_id
left join (
    select topic_id, any_value(name) as name, any_value(name_zh) as name_zh from topics group by topic_id
) as called
    on level_shifts.kind = 'topic' and called.topic_id = level_shifts.subject_id
where level_shifts.since >= $today::date - 28
order by level_shifts.subject_id;

-- name: silences
-- Feeds that once answered and do not bring what they should. One that was quiet already
-- when it was added, and never brought anything since, has not fallen silent.
with begun as (
    select feed_id, min(polled_at) as polled_at
    from feed_polls
    where outcome not in ('transient_error', 'permanent_error')
    group by feed_id
)
select
    feed_health.feed_id,
    coalesce(nullif(feeds.publisher, ''), feeds.feed_id) as name,
    feeds.kind,
    feed_health.state,
    feed_health.reason
from feed_health
join feeds using (feed_id)
where
    feed_health.last_success_at is not null
    and (
        feed_health.state in ('failing', 'dead')
        or (
            feed_health.state = 'quiet'
            and exists (
                from sightings
                join begun using (feed_id)
                where
                    sightings.feed_id = feed_health.feed_id
                    -- What its first poll brought is seen a little after it.
                    and sightings.first_seen_at > begun.polled_at + interval 10 minute
            )
        )
    )
order by feed_health.feed_id;

-- name: healthy_feeds
-- The feeds that do well, and what their outlets are called.
select feed_id, coalesce(nullif(feeds.publisher, ''), feed_id) as name
from feeds
join feed_health using (feed_id)
where feed_health.state = 'healthy';

-- name: good_runs
-- The last two runs that went well, the newest first.
select started_at, ended_at
from runs
where outcome = 'completed' and ended_at is not null
order by seq desc
limit 2;
