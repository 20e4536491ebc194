-- How fast stories that began in a period went round: hours until half of the articles that
-- were out by its end were. Only dates that feeds gave count, and four articles of two
-- outlets are the least to have a half.
create or replace macro spread_between(since, until) as table
-- Of a story that goes on, articles from before count: so far back is looked.
with bound as (
    select min(first_published_at) as looked_from
    from stories
    where last_published_at >= (since::date - 2)::timestamptz
),
dated as (
    select articles.story_id, articles.published_at, articles.publisher
    from bound
    join articles on articles.published_at >= bound.looked_from
    where
        is_news(articles.is_digest, articles.published_from)
        and articles.published_from = 'published'
        and articles.published_at < instant_of(until)
),
-- Most have too few: halves and outlets are looked for in the rest alone.
begun as (
    select story_id
    from (
        select story_id, count(*) as articles, min(published_at) as began_at
        from dated
        group by story_id
    )
    where articles >= 4 and began_at >= instant_of(since)
),
told as (
    select
        story_id,
        count(*)::integer as articles,
        count(distinct publisher)::integer as publishers,
        min(published_at) as began_at,
        epoch(quantile_disc(published_at, 0.5) - min(published_at)) / 3600.0 as half_hours
    from dated
    semi join begun using (story_id)
    group by story_id
)
from told
where publishers >= 2 and story_id in (select story_id from articles_between(since, until));

-- Which company of the beat two outlets name in a period and nobody named on the days on record among the 180
-- before; with fewer than 28 there is nothing to be new to.
create or replace macro entrants_between(since, until) as table
with on_record as (
    select count(*) filter (where is_on_record)::integer as days
    from days_on_record(instant_of(since), instant_of(until), 180)
),
seen as (
    select company_id, min(published_at) as first_seen
    from company_coverage
    where
        is_on_beat
        -- By the day DuckDB skips what is older; which instant it is asks the zone.
        and day >= since::date - 182
        and published_at >= instant_of(since) - interval 4320 hour
        and published_at < instant_of(until)
    group by company_id
),
begun as (
    from seen where first_seen >= instant_of(since)
),
-- Few are new, and only the stories of those are told apart.
named as (
    select company_id, any_value(begun.first_seen) as first_seen, count(distinct a.story_id)::integer as stories
    from company_coverage as a
    join begun using (company_id)
    where a.is_on_beat and a.day >= since::date - 2 and a.published_at >= begun.first_seen and a.published_at < instant_of(until)
    group by company_id
    having count(distinct a.publisher) >= 2
)
select named.*, on_record.days as days_on_record
from named
join companies using (company_id)
cross join on_record
where
    competes(companies.kind)
    and not is_peer(companies.kind, companies.country)
    and on_record.days >= 28;

-- The long themes of the beat beside all stories: a span with more sources has more of
-- each, so only the part says anything.
create or replace macro themes_every(days, since, until) as table
with themes as (
    select replace(on_boards.board[7:], '-', '_') as theme, on_boards.topic_id
    from (select topic_id, unnest(boards) as board from topics where kind = 'topic') as on_boards
    where on_boards.board like 'theme-%'
),
told as (
    select span_start(day, days, since) as start, count(distinct story_id) as stories
    from articles_between(since, until)
    group by all
),
counted as (
    select
        themes.theme,
        span_start(a.day, days, since) as start,
        count(distinct a.story_id) as stories,
        count(distinct a.article_id) as articles
    from coverage_between(since, until) as a
    join themes on themes.topic_id = a.subject_id
    where a.kind = 'topic'
    group by all
)
select
    grid.theme,
    told.start,
    coalesce(counted.stories, 0)::integer as stories,
    told.stories::integer as all_stories,
    coalesce(counted.articles, 0)::integer as articles
from told
cross join (select distinct theme from themes) as grid
left join counted using (theme, start);

create or replace macro themes_between(since, until) as table
    select * exclude (start) from themes_every(until::date - since::date, since, until);

comment on macro table spread_between is 'Stories that began from since to before until and were told by two outlets in four articles by then: how many of either, and the hours until half of the articles were out (half_hours).';
comment on macro table entrants_between is 'Companies of the beat that two outlets name from since to before until and nobody did on the days on record among the 180 before: when first, in how many stories, and how many days are on record.';
comment on macro table themes_every is 'themes_between by spans of so many days; start is the first day of each.';
comment on macro table themes_between is 'Stories and articles on each long theme of the beat from the day since to the day before until, beside all stories.';
