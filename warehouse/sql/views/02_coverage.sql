-- What is counted, ready to count. The join of articles with what they name was most of
-- what a count cost, and no day could be asked without reading all that was ever named.
-- One query derives these rows: of all articles here, whenever a release changes the views;
-- of a batch as it is committed (queries/coverage.sql); `coverage_follows_from_articles`
-- proves that it comes to the same. Days follow the zone: set_reporting_zone. Rows lie by
-- time, so that a period reads little else, and of an article together: they take half the
-- room so.
--
-- What counts stories in general looks at those on the beat (article_days); what counts a
-- company's, or how feeds came, at all of them (dated_articles). An article that an earlier
-- release tagged is taken for one on the beat. To ask the zone about each article takes many
-- times longer, so it is asked how far ahead of UTC it is where each day of UTC begins and
-- ends. Where both are the same the rest is a sum; the few articles of other days are asked.
create or replace macro derived_coverage(articles_of, mentions_of, tags_of) as table
with given as (
    select
        article_id, story_id, published_at, first_seen_at, language, publisher, feed_id,
        is_on_beat is distinct from false as is_on_beat,
        make_timestamp(epoch_us(published_at))::date as utc_day
    from query_table(articles_of)
    where is_news(is_digest, published_from)
),
calendar as (
    select
        days.utc_day,
        here.zone,
        epoch_us((utc_day::timestamp at time zone 'UTC') at time zone here.zone)
            - epoch_us(utc_day::timestamp) as ahead,
        epoch_us(((utc_day + 1)::timestamp at time zone 'UTC') at time zone here.zone)
            - epoch_us((utc_day + 1)::timestamp) as ahead_next
    from (select distinct utc_day from given) as days
    cross join (select reporting_zone() as zone) as here
),
dated as (
    select
        given.* exclude (utc_day),
        case
            when calendar.ahead = calendar.ahead_next
                then make_timestamp(epoch_us(given.published_at) + calendar.ahead)::date
            else (given.published_at at time zone calendar.zone)::date
        end as day
    from given
    join calendar using (utc_day)
)
select 'article' as kind, '' as subject_id, * from dated
union all by name
-- What the summary repeats was marked when it came in, and counts once.
select
    'company' as kind,
    named.company_id as subject_id,
    dated.*,
    coalesce(named.role = 'subject', named.is_about) as is_subject,
    named.alias as word
from query_table(mentions_of) as named
join dated using (article_id)
where is_counted(named.field, named.role) and named.is_repeat is distinct from true
union all by name
select tagged.kind, tagged.topic_id as subject_id, dated.*, tagged.term as word
from query_table(tags_of) as tagged
join dated using (article_id);

create or replace view dated_articles as
select * exclude (kind, subject_id, is_subject, word), date_trunc('week', day)::date as week
from coverage
where kind = 'article';

create or replace view article_days as
from dated_articles
where is_on_beat;

create or replace view company_coverage as
select
    subject_id as company_id,
    * exclude (kind, subject_id),
    date_trunc('week', day)::date as week
from coverage
where kind = 'company';

create or replace view topic_coverage as
select
    subject_id as topic_id,
    * exclude (subject_id, feed_id, is_on_beat, is_subject),
    date_trunc('week', day)::date as week
from coverage
where kind in ('topic', 'event') and is_on_beat;

create or replace macro dated_between(since, until) as table
    from dated_articles
    where is_told_within(day, published_at, since, until);

create or replace macro articles_between(since, until) as table
    from dated_between(since, until)
    where is_on_beat;

comment on macro table derived_coverage is 'What the rows of coverage should be, made from tables of articles, mentions and tags that are named.';
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
comment on view company_coverage is 'One row per entity and article that is about it or names it in headline or summary; digests left out. What all counts of companies are made from.';
comment on column company_coverage.company_id is 'The entity named, the most specific one.';
comment on column company_coverage.article_id is 'The article.';
comment on column company_coverage.story_id is 'The article''s story.';
comment on column company_coverage.day is 'Calendar day of publication in the reporting zone.';
comment on column company_coverage.week is 'Monday of the week of publication in the reporting zone.';
comment on column company_coverage.language is 'Language of the article, ISO 639.';
comment on column company_coverage.publisher is 'Outlet.';
comment on column company_coverage.published_at is 'When the article was published.';
comment on column company_coverage.first_seen_at is 'When the article arrived.';
comment on column company_coverage.feed_id is 'The feed that brought it first.';
comment on column company_coverage.is_on_beat is 'Whether the article is on the beat; a company''s own counts take it either way.';
comment on column company_coverage.is_subject is 'Whether the article is about the company or only names it.';
comment on column company_coverage.word is 'The alias by which it was found, the headline''s where headline and summary have one.';
comment on view topic_coverage is 'One row per topic or event type and article on the beat tagged with it; digests left out. What all counts of topics are made from.';
comment on column topic_coverage.topic_id is 'The topic or event type.';
comment on column topic_coverage.kind is 'topic or event.';
comment on column topic_coverage.article_id is 'The article.';
comment on column topic_coverage.story_id is 'The article''s story.';
comment on column topic_coverage.day is 'Calendar day of publication in the reporting zone.';
comment on column topic_coverage.week is 'Monday of the week of publication in the reporting zone.';
comment on column topic_coverage.language is 'Language of the article, ISO 639.';
comment on column topic_coverage.publisher is 'Outlet.';
comment on column topic_coverage.published_at is 'When the article was published.';
comment on column topic_coverage.first_seen_at is 'When the article arrived.';
comment on column topic_coverage.word is 'The term by which it was found.';
