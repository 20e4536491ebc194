-- How many outlets stand behind articles, of their publishers and the kinds and sites of
-- their feeds. Two names on one site are one outlet, and so is one name on two sites.
-- What an aggregator names is believed: there a source counts by its name alone, as does
-- a feed in one's own network, which has no site, or one that is no longer known.
create or replace macro outlets(publisher, kind, site) as
    least(
        count(distinct publisher),
        count(distinct case when kind = 'aggregator' then publisher else coalesce(nullif(site, ''), publisher) end)
    )::integer;

comment on macro outlets is 'How many outlets stand behind a group of articles: an aggregate of their publishers, and of the kinds and sites of their feeds.';

create or replace macro stories_derived_from(since, until, told) as table
    select
        story_id,
        arg_min(
            title, (
                is_digest and verdict_id is null,
                -speaks(headline_weight, report_score, is_on_beat, verdict_id),
                published_at,
                article_id
            )
        ) as headline,
        min(published_at) as first_published_at,
        max(published_at) as last_published_at,
        arg_min(publisher, (published_at, article_id)) as first_publisher,
        count(*) as articles,
        outlets(publisher, kind, site) as publishers,
        list(distinct language order by language) as languages,
        max(relevance) as relevance,
        bool_or(is_on_beat) as is_on_beat
    from articles
    left join (select feed_id, kind, site from feeds) using (feed_id)
    left join chosen_headlines() using (article_id)
    where
        published_at >= since::timestamptz
        and published_at < until::timestamptz
        and (told is null or story_id in (select unnest(told)))
    group by story_id;

create or replace macro derived_stories() as table
    from stories_derived_from('-infinity', 'infinity', null);

comment on macro table stories_derived_from is 'What the rows of these stories (of all: null) are by their articles from since to before until.';
comment on macro table derived_stories is 'What the rows of stories should be, made from articles as they are.';
