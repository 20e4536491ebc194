-- The ground of every count on companies: headline and summary only, no digests. What
-- the summary repeats was marked when it came in: to make three million pairs distinct
-- takes as long as all the rest. Fields are three: to ask for the one that is left out is
-- three times faster than for the two that count.
create or replace view company_coverage as
with named as (
    select article_id, company_id
    from named_mentions() as named_mentions
    where is_repeat is distinct from true
)
select
    named.company_id,
    named.article_id,
    a.story_id,
    a.day,
    a.week,
    a.language,
    a.publisher,
    a.published_at,
    a.first_seen_at,
    a.feed_id,
    a.is_on_beat
from named
join dated_articles as a using (article_id);

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
