-- Articles that count as coverage, on the calendar of the reporting zone. What counts
-- stories in general looks at those on the beat (article_days); what counts a company's, or
-- how feeds came, at all of them (dated_articles). An article that an earlier release
-- tagged is taken for one on the beat. Days are
-- reckoned here, below every join. To ask the zone about each article takes many times
-- longer, so it is asked how far ahead of UTC it is where each day of UTC begins and ends.
-- Where both are the same the rest is a sum; the few articles of other days are asked.
create or replace view dated_articles as
with days as (
    select distinct make_timestamp(epoch_us(published_at))::date as utc_day
    from articles
    where not is_digest
),
calendar as (
    select
        days.utc_day,
        here.zone,
        epoch_us((utc_day::timestamp at time zone 'UTC') at time zone here.zone)
            - epoch_us(utc_day::timestamp) as ahead,
        epoch_us(((utc_day + 1)::timestamp at time zone 'UTC') at time zone here.zone)
            - epoch_us((utc_day + 1)::timestamp) as ahead_next
    from days
    cross join (select reporting_zone() as zone) as here
),
dated as (
    select
        articles.*,
        case
            when calendar.ahead = calendar.ahead_next
                then make_timestamp(epoch_us(articles.published_at) + calendar.ahead)::date
            else (articles.published_at at time zone calendar.zone)::date
        end as day
    from articles
    join calendar
        on calendar.utc_day = make_timestamp(epoch_us(articles.published_at))::date
    where not articles.is_digest
)
select
    article_id,
    story_id,
    day,
    date_trunc('week', day)::date as week,
    language,
    publisher,
    published_at,
    first_seen_at,
    feed_id,
    is_on_beat is distinct from false as is_on_beat
from dated;

create or replace view article_days as
from dated_articles
where is_on_beat;

create or replace macro dated_between(since, until) as table
    from dated_articles
    where is_within(published_at, since, until);

create or replace macro articles_between(since, until) as table
    from dated_between(since, until)
    where is_on_beat;

comment on macro table dated_between is 'dated_articles from the day since to the day before until.';
comment on macro table articles_between is 'article_days from the day since to the day before until.';
comment on view article_days is 'One row per article on the beat that is not a digest, on the calendar of the reporting zone.';
comment on column article_days.article_id is 'The article.';
comment on column article_days.story_id is 'Its story.';
comment on column article_days.day is 'Calendar day of publication in the reporting zone.';
comment on column article_days.week is 'Monday of the week of publication in the reporting zone.';
comment on column article_days.language is 'Language of the article, ISO 639.';
comment on column article_days.publisher is 'Outlet.';
comment on column article_days.published_at is 'When it was published.';
comment on column article_days.first_seen_at is 'When it arrived.';
comment on column article_days.feed_id is 'The feed that brought it first.';
comment on column article_days.is_on_beat is 'True, or the article would not be here; see dated_articles.';
comment on view dated_articles is 'One row per article that is not a digest, on the beat or off it, on the calendar of the reporting zone.';
comment on column dated_articles.article_id is 'The article.';
comment on column dated_articles.story_id is 'Its story.';
comment on column dated_articles.day is 'Calendar day of publication in the reporting zone.';
comment on column dated_articles.week is 'Monday of the week of publication in the reporting zone.';
comment on column dated_articles.language is 'Language of the article, ISO 639.';
comment on column dated_articles.publisher is 'Outlet.';
comment on column dated_articles.published_at is 'When it was published.';
comment on column dated_articles.first_seen_at is 'When it arrived.';
comment on column dated_articles.feed_id is 'The feed that brought it first.';
comment on column dated_articles.is_on_beat is 'Whether it is on the beat; true as well where an earlier release tagged it.';
