-- How each feed does, measured against its own rhythm and by the pipeline's clock.
--
-- A quarter of the articles' links come with another feed's article, so rhythm is
-- taken from sightings. Ninety days are enough to know it, and a gap needs five
-- articles to be a rhythm. Many outlets rest at the weekend, so two days of silence
-- are never enough to be quiet unless the feed says so by max_silence.
create or replace view feed_health as
with clock as (
    select coalesce(
        -- A run that reached no host tells nothing of feeds, nor of their silence.
        (select arg_max(started_at, seq) from runs where outcome <> 'offline'),
        (select arg_max(polled_at, last_seq) from feed_marks)
    ) as as_of
),
recent as (
    -- Joined, the moment lets DuckDB skip what lies before it; a sub-query would not.
    select least(articles.published_at, sightings.first_seen_at) as appeared_at, sightings.feed_id
    from (select as_of - interval 90 day as since from clock) as bound
    join sightings on sightings.first_seen_at > bound.since
    join articles on articles.seq = sightings.seq
    where appeared_at > bound.since
),
-- In microseconds: to compare intervals takes most of the time that all else does.
gaps as (
    select feed_id, us - lag(us) over (partition by feed_id order by us) as gap
    from (select feed_id, epoch_us(appeared_at) as us from recent)
),
rhythm as (
    select feed_id, to_seconds(median(gap) / 1000000) as usual_gap
    from gaps
    where gap > 0
    group by feed_id
    having count(*) >= 4
),
asked as (
    select
        feeds.feed_id,
        standings.pace,
        coalesce(standings.error_score, 0) as error_score,
        standings.distrusted_until,
        standings.adopted_at,
        case when standings.adopted_at is not null then standings.moved_to end as moved_to,
        nullif(standings.other_url, '') as other_url,
        lower(trim(regexp_extract(
            coalesce(other_url, moved_to, feeds.url),
            '^[A-Za-z]+://(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]+)', 1
        ), '[]')) as host
    from feeds
    left join feed_standings as standings
        on standings.feed_id = feeds.feed_id and standings.url = feeds.url
),
known as (
    select
        feeds.feed_id,
        feeds.enabled,
        clock.as_of,
        marks.outcome,
        coalesce(marks.error, '') as error,
        marks.polls,
        marks.was_read,
        marks.was_read_whole,
        marks.last_success_at,
        -- What a later, pretended clock left behind holds nothing back.
        case when holds.asked_at <= clock.as_of then holds.until end as host_until,
        case when marks.polled_at <= clock.as_of then marks.retry_after_at end as feed_until,
        greatest(feed_until, host_until) as held_until,
        case when held_until > clock.as_of then held_until end as retry_after_at,
        greatest(marks.next_poll_at, held_until) as next_poll_at,
        asked.pace,
        asked.error_score,
        asked.distrusted_until,
        asked.adopted_at,
        asked.moved_to,
        asked.other_url,
        arrivals.last_article_at,
        rhythm.usual_gap,
        coalesce(marks.failures, 0) as failures,
        marks.failing_since,
        coalesce(len(marks.gone_at), 0) as gone,
        -- The second 410 retires a feed: the first may be a slip.
        marks.gone_at[2] as retired_at,
        -- In seconds: greatest() takes 2 days for more than 336 hours.
        coalesce(epoch(feeds.max_silence), greatest(2 * epoch(rhythm.usual_gap), 172800)) as patience
    from feeds
    cross join clock
    left join asked using (feed_id)
    left join host_holds as holds on holds.host = asked.host
    left join feed_marks as marks using (feed_id)
    left join feed_arrivals as arrivals using (feed_id)
    left join rhythm using (feed_id)
),
judged as (
    select
        *,
        case
            when not enabled then 'paused'
            when gone >= 2 then 'dead'
            when failures >= 10 and as_of - failing_since >= interval 14 day then 'dead'
            when failures >= 3 then 'failing'
            when failures >= 1 and outcome <> 'transient_error' then 'failing'
            -- Nothing says that it ever was a feed, or that the address is right.
            when failures >= 1 and last_success_at is null then 'failing'
            when polls >= 3 and was_read and not was_read_whole then 'failing'
            when epoch(as_of - last_article_at) > patience then 'quiet'
            else 'healthy'
        end as state
    from known
)
select
    feed_id,
    as_of,
    state,
    last_success_at,
    last_article_at,
    usual_gap,
    failures,
    next_poll_at,
    case
        when state = 'paused' then 'Not polled: disabled in feeds.toml, or no longer in it.'
        when state = 'dead' and gone >= 2 then
            'Gone (410), retired on ' || strftime(retired_at at time zone 'UTC', '%Y-%m-%d')
            || '; asked once a week in case it comes back.'
        when state = 'failing' and failures = 0 then
            'Its document has always broken off before its end: what is whole is taken, but nothing of it is alerted. Look for another feed of the outlet.'
        when state in ('dead', 'failing') then
            case when last_success_at is null then 'Has never answered: ' else '' end
            || failures || ' failed poll' || case when failures = 1 then '' else 's in a row' end
            || ', the last one ' || replace(outcome, '_', ' ') || case when error = '' then '.' else ': ' || rtrim(error, '.') || '.' end
        when state = 'quiet' then
            'No article for ' || round(epoch(as_of - last_article_at) / 3600)::bigint || ' hours; '
            || round(patience / 3600)::bigint || ' are the most to be expected.'
        when outcome is null then 'Not polled yet.'
        when failures > 0 then 'The last poll failed in a way that passes' || case when error = '' then '.' else ': ' || rtrim(error, '.') || '.' end
        when last_article_at is null then 'Answers, but has not brought an article yet.'
        when usual_gap is null then 'Answers; warming up: too few articles yet to know its rhythm.'
        else 'Answers, and brings articles as usual.'
    end
    || case
        when state = 'paused' or retry_after_at is null then ''
        else ' Its server asked to be left alone until '
            || strftime(retry_after_at at time zone 'UTC', '%Y-%m-%d %H:%M') || ' UTC.'
    end
    || case
        when moved_to is null then ''
        else ' It moved for good and is asked at ' || moved_to || ' since '
            || strftime(adopted_at at time zone 'UTC', '%Y-%m-%d') || '.'
    end
    || case when other_url is null then '' else ' It is asked at its second address ' || other_url || '.' end
    || case
        when distrusted_until > as_of then ' Its server said "not modified" and was wrong, so it is asked for whole until '
            || strftime(distrusted_until at time zone 'UTC', '%Y-%m-%d') || '.'
        else ''
    end as reason,
    pace,
    error_score,
    retry_after_at,
    moved_to,
    other_url
from judged;

comment on view feed_health is 'One row per feed: how it does, by the pipeline''s clock at its last run that was not offline.';
comment on column feed_health.feed_id is 'The feed.';
comment on column feed_health.as_of is 'The pipeline''s clock at its last run that was not offline; all judgements are as of then.';
comment on column feed_health.state is 'healthy; quiet (silent beyond its rhythm); failing (3 failures in a row, or 1 that does not pass by itself or of a feed that never answered, or a document that always breaks off); dead (gone twice since its last success, or failing 10 times over 14 days; it is still asked once a week); paused (not polled).';
comment on column feed_health.last_success_at is 'Last poll that read a feed; null where none did.';
comment on column feed_health.last_article_at is 'Publication of the newest article it carried, at the latest when it was first seen there.';
comment on column feed_health.usual_gap is 'Median time between its articles over 90 days; null while there are fewer than 5.';
comment on column feed_health.failures is 'Polls in a row that failed, up to the last one.';
comment on column feed_health.next_poll_at is 'When it is due again; null before its first poll.';
comment on column feed_health.reason is 'The state in a sentence.';
comment on column feed_health.pace is 'Smoothed time between its new entries, by which it is polled; null while not known.';
comment on column feed_health.error_score is 'Weight of the failures in a row: hard 1, soft 0.5, temporary 0.25; each point doubles the pause.';
comment on column feed_health.retry_after_at is 'Its server said, to it or to another feed of its host, not to come back before then; null where nothing holds it back.';
comment on column feed_health.moved_to is 'Where it is asked instead of at its configured address, which redirects there for good; null where it is not.';
comment on column feed_health.other_url is 'The second address (`also` in feeds.toml) at which it is asked, since it answered last; null where that is the configured one.';
