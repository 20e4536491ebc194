-- The outlets of a span of days: who reports first, who copies, whose dates can be trusted,
-- who was down. First on a story that began in the span is whom no other outlet of it
-- precedes, by dates that feeds gave; who tells at the same moment is first too.
create or replace macro sources_between(since, until) as table
with span as materialized (
    from moments_between(since, until)
),
given as (
    select
        article_id,
        story_id,
        publisher,
        published_at,
        published_from,
        published_at >= span.began_at as within,
        -- A number is grouped in half the time that a text takes; see share_every.
        hash(story_id, lower(title)) as wording
    from articles
    cross join span
    where
        is_news(is_digest, published_from)
        and is_on_beat is distinct from false
        and published_at >= span.looked_from
        and published_at < span.ended_at
),
-- Whose wording it was first: most have one article, and nothing to be a copy of.
worded as (
    select wording, arg_min(publisher, (published_at, article_id)) as first_publisher
    from given
    group by wording
    having count(*) > 1
),
told as (
    select given.*, coalesce(worded.first_publisher <> given.publisher, false) as is_copy
    from given
    left join worded using (wording)
),
written as (
    select
        publisher,
        count(*)::integer as articles,
        (count(*) filter (where is_copy))::integer as copies,
        (count(*) filter (where published_from not in ('published', 'updated')))::integer as estimated
    from told
    where within
    group by publisher
),
outlets as (
    select
        hash(story_id) as story,
        publisher,
        bool_or(within) as within,
        min(published_at) filter (where published_from = 'published') as told_at
    from told
    group by story, publisher
),
begun as (
    select story, count(*) as outlets, count(told_at) as dated, min(told_at) as began_at
    from outlets
    group by story
),
ranked as (
    select outlets.*, begun.outlets, begun.dated, begun.began_at
    from outlets
    join begun using (story)
),
placed as (
    select
        publisher,
        outlets = 1 as is_alone,
        told_at is not null and dated >= 2 and ranked.began_at >= span.began_at as is_shared,
        epoch(told_at) - epoch(ranked.began_at) as seconds_behind
    from ranked
    cross join span
    where within
),
counted as (
    select
        publisher,
        count(*)::integer as stories,
        (count(*) filter (where is_alone))::integer as alone,
        (count(*) filter (where is_shared))::integer as shared,
        (count(*) filter (where is_shared and seconds_behind = 0))::integer as firsts,
        median(seconds_behind) filter (where is_shared and seconds_behind > 0) / 3600.0 as median_lag_hours
    from placed
    group by publisher
),
polls as (
    select
        hash(feed_id) as feed,
        seq,
        epoch_us(polled_at) as micros,
        answered(outcome) as has_answered
    from feed_polls
    cross join span
    where polled_at >= span.began_at and polled_at < span.ended_at
),
-- By numbers alone: texts and moments take twice the time to be put in order.
followed as (
    select
        feed,
        has_answered,
        coalesce(
            lead(micros) over (partition by feed order by seq),
            least(
                (select epoch_us(ended_at) from span),
                (select epoch_us(max(first_seen_at)) from articles)
            )
        ) - micros as micros
    from polls
),
failed as (
    select feed, coalesce(sum(micros) filter (where not has_answered and micros > 0), 0) as micros
    from followed
    group by feed
),
down as (
    select feeds.publisher, sum(failed.micros) / 3.6e9 / count(*) as hours_down
    from failed
    join feeds on hash(feeds.feed_id) = failed.feed
    group by feeds.publisher
)
select
    publisher,
    articles,
    stories,
    shared as shared_stories,
    firsts as first_reports,
    firsts / nullif(shared, 0) as first_share,
    wilson_low(firsts, shared) as first_low,
    wilson_high(firsts, shared) as first_high,
    median_lag_hours,
    alone / stories as unique_share,
    copies / articles as copied_share,
    estimated / articles as estimated_dates_share,
    down.hours_down
from written
join counted using (publisher)
left join down using (publisher);

create or replace view source_league as
from sources_between(newest_day() - 27, newest_day() + 1);

comment on macro table sources_between is 'source_league of the days from since to the day before until.';
comment on view source_league is 'One row per outlet with articles in the 28 days up to the day of the newest arrival: how often it is first, what it has alone, what it copies, how its dates are; digests left out.';
comment on column source_league.publisher is 'Outlet.';
comment on column source_league.articles is 'Articles of the 28 days.';
comment on column source_league.stories is 'Different stories among them.';
comment on column source_league.shared_stories is 'Of those, begun in these days and told by another outlet too, both with dates that feeds gave.';
comment on column source_league.first_reports is 'Of the shared ones, those that no other outlet told before it.';
comment on column source_league.first_share is 'first_reports as a part of shared_stories, 0 to 1; null where it shares none.';
comment on column source_league.first_low is 'Lower end of its 95 % interval (Wilson).';
comment on column source_league.first_high is 'Upper end of it.';
comment on column source_league.median_lag_hours is 'Median of the hours by which it came after the first outlet, over shared stories where it was not first.';
comment on column source_league.unique_share is 'Part of its stories that no other outlet told.';
comment on column source_league.copied_share is 'Part of its articles under a headline that another outlet had in the same story before it.';
comment on column source_league.estimated_dates_share is 'Part of its articles whose date the feed did not give: relative, from the address, or that of arrival.';
comment on column source_league.hours_down is 'Hours between a poll that failed and the next one, the mean of its feeds; null where none was polled.';
