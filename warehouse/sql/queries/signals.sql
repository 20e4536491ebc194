-- name: bursts
-- Bursts of today and yesterday, each with the story that most outlets tell.
with flagged as (
    select subject_id, kind, max(day) as day
    from bursts
    where day >= $today::date - 1
    group by subject_id, kind
),
called as (
    select company_id as subject_id, 'company' as kind, name from companies
    union all
    select topic_id, 'topic', any_value(name) from topics group by topic_id
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
    any_value(bursts.observed) as observed,
    any_value(bursts.expected) as expected,
    coalesce(any_value(called.name), flagged.subject_id) as name,
    arg_max(covered.article_id, (stories.publishers, -epoch(articles.published_at))) as article_id,
    arg_max(articles.title, (stories.publishers, -epoch(articles.published_at))) as headline,
    arg_max(articles.url, (stories.publishers, -epoch(articles.published_at))) as url
from flagged
join bursts using (subject_id, kind, day)
left join called using (subject_id, kind)
left join covered using (subject_id, kind, day)
left join stories on stories.story_id = covered.story_id
left join articles on articles.article_id = covered.article_id
group by flagged.subject_id, flagged.kind, flagged.day
order by max(bursts.observed / bursts.expected) desc, flagged.subject_id;

-- name: shifts
-- Subjects that came to another level in the last four weeks.
select
    level_shifts.subject_id,
    level_shifts.kind,
    level_shifts.since,
    level_shifts.ratio,
    coalesce(companies.name, called.name, level_shifts.subject_id) as name
from level_shifts
left join companies
    on level_shifts.kind = 'company' and companies.company_id = level_shifts.subject_id
left join (select topic_id, any_value(name) as name from topics group by topic_id) as called
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
