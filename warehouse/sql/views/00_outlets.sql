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
