-- name: bursts
-- Bursts of some days, the oldest first, each with the story that most outlets told, and
-- whether an alert has told of it.
select
    flagged.subject_id,
    flagged.kind,
    flagged.day,
    flagged.observed,
    flagged.expected,
    flagged.name,
    flagged.name_zh,
    flagged.is_on_beat,
    tops.story_id,
    articles.article_id,
    articles.title as headline,
    articles.url,
    tops.story_id in (
        select articles.story_id
        from alerts
        join articles using (article_id)
        where alerts.state <> 'suppressed'
    ) as is_repeat
from bursts_between($since, $until::date + 1) as flagged
left join top_stories_every(1, $since, $until::date + 1) as tops
    on tops.kind = flagged.kind and tops.subject_id = flagged.subject_id and tops.start = flagged.day
left join articles using (article_id)
order by flagged.day, flagged.observed / flagged.expected desc, flagged.subject_id;

-- name: shifts
-- Subjects whose level changed in the last four weeks.
select
    subject_id,
    kind,
    shifts.since,
    shifts.ratio,
    coalesce(subjects.name, subject_id) as name,
    coalesce(subjects.name_zh, '') as name_zh
from level_shifts as shifts
left join subjects using (kind, subject_id)
where shifts.since >= $today::date - 28
order by subject_id;

-- name: dates_due
-- What is due on a day from the first to before the last one.
from dates_due($first_day, $last_day, 'infinity'::timestamptz)
where "precision" = 'day' and status <> 'cancelled'
order by due_on, date_id;

-- name: silences
-- Feeds that once answered and do not bring what they should. One that was quiet already
-- when it was added, and never brought anything since, has not fallen silent; nor has one
-- of which too little came to know a rhythm, where its owner set none.
with begun as (
    select feed_id, min(polled_at) as polled_at
    from feed_polls
    where outcome not in ('transient_error', 'permanent_error', 'too_large')
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
            and (feed_health.usual_gap is not null or feeds.max_silence is not null)
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
