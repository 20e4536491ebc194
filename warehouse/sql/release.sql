-- The tables of a release, as views of a reader's session: of the articles that were
-- published on the days from `since` to `until`, which are variables of it. What came after
-- these days changes none of them. Titles stand in the columns title, headline and sentence,
-- which a release without `titles` leaves out.
--
-- A column without a comment here is the one of that name in the relation that the table is
-- called after, and has its comment.

create or replace temp table released as
select article_id, story_id, reporting_day(published_at) as day
from articles
where is_within(published_at, getvariable('since'), getvariable('until') + 1);

create or replace temp view released_articles as
select
    article_id,
    url,
    title,
    language,
    script,
    publisher,
    feed_id,
    published_at,
    released.day,
    published_from,
    updated_at,
    first_seen_at,
    articles.story_id,
    is_digest,
    is_on_beat,
    relevance,
    content_hash
from articles
join released using (article_id);

comment on view released_articles is 'One row per article that was published in the span: where it stands, not what it says.';
comment on column released_articles.day is 'Calendar day of publication in the reporting zone.';
comment on column released_articles.content_hash is 'Hash of headline and summary in their newest wording: the same words have the same hash.';

create or replace temp view released_article_versions as
select article_id, seen_at, title, sha256(title) as title_hash, content_hash, feed_id
from article_versions
join (select article_id from released) using (article_id);

comment on column released_article_versions.title_hash is 'SHA-256 of the headline in UTF-8: who has the headline can tell that it is this one.';

create or replace temp view released_stories as
select
    derived.story_id,
    derived.headline,
    derived.first_published_at,
    derived.last_published_at,
    derived.first_publisher,
    derived.articles::integer as articles,
    derived.publishers,
    derived.languages,
    derived.relevance,
    derived.is_on_beat,
    coalesce(stories.first_published_at < instant_of(getvariable('since')), false) as began_before
from stories_derived_from(
    instant_of(getvariable('since')), instant_of(getvariable('until') + 1), null
) as derived
left join stories on stories.story_id = derived.story_id;

comment on view released_stories is 'One row per story, a group of articles on the same event, by its articles of the span.';
comment on column released_stories.began_before is 'Whether it has an article from before the span as well.';

create or replace temp view released_mentions as
select
    article_id, company_id, field, alias, start, length, role, is_about, is_repeat, via,
    rules_version
from mentions
join (select article_id from released) using (article_id);

comment on view released_mentions is 'One row per article, company and field: a company or body named there. The most specific one only; whom it belongs to is its parent_id in register.';

create or replace temp view released_tags as
select
    article_id,
    topic_id,
    kind,
    -- What a clause found is words of a headline.
    case
        when
            getvariable('titles')
            or regexp_matches(term, '^(company|event):')
            or (kind, topic_id, term) in (
                select (names.kind, names.subject_id, names.name)
                from released_register_names as names
            )
            then term
    end as term,
    score,
    case
        when getvariable('titles') or event_object in (select company_id from companies)
            then event_object
    end as event_object,
    rules_version
from tags
join (select article_id from released) using (article_id);

comment on column released_tags.term is 'The heaviest term that spoke for it, by the register, or the company or event type whose news it is; with titles also the words of the headline that say who does what, and null for these without.';
comment on column released_tags.event_object is 'Of an event type the company whom it is done to, by company_id; with titles also the words of the headline where it is none. Null of topics.';

create or replace temp view released_measures as
from new_measures_between(getvariable('since'), getvariable('until') + 1);

comment on view released_measures is 'One row per act of a state on technology or one of its firms, proposed and reported acts too, that was first reported in the span, by all that articles said until its end.';

-- What goes on is looked back for as far as new_measures_between does.
create or replace temp view released_claims as
from claims_between(
    instant_of(getvariable('since')) - interval 120 days, instant_of(getvariable('until') + 1)
)
where first_reported_at >= instant_of(getvariable('since'));

comment on view released_claims is 'One row per story and company of which something was told in the span by sources without a name, or as possible, and what became of it until its end.';

create or replace temp view released_company_days as
from company_days
where day between getvariable('since') and getvariable('until');

create or replace temp view released_topic_days as
from topic_days
where day between getvariable('since') and getvariable('until');

create or replace temp view released_outlet_days as
select
    released.day,
    publisher,
    (count(*) filter (where is_news(is_digest, published_from)))::integer as articles,
    (count(*) filter (where is_news(is_digest, published_from) and is_on_beat is distinct from false))::integer as articles_on_beat,
    (count(*) filter (where is_digest))::integer as digests
from articles
join released using (article_id)
group by released.day, publisher;

comment on view released_outlet_days is 'One row per outlet and day with an article of it: what all other counts are a part of. A day on which an outlet has no row may be one on which its feed was down.';
comment on column released_outlet_days.day is 'Calendar day of publication in the reporting zone.';
comment on column released_outlet_days.publisher is 'Outlet.';
comment on column released_outlet_days.articles is 'Its articles of that day, digests left out.';
comment on column released_outlet_days.articles_on_beat is 'Those of them on the beat.';
comment on column released_outlet_days.digests is 'Its digests of that day, round-ups of many stories.';

create or replace temp view released_feeds as
select feed_id, publisher, language, region, kind, site
from feeds
where feed_id in (select feed_id from articles join released using (article_id));

comment on view released_feeds is 'One row per feed whose words an article of the span has. Addresses of feeds are left out: one may hold a key.';

comment on table released_register is 'One row per company, body, person, topic and event type that is looked for, with its names in two scripts.';
comment on column released_register.kind is 'company (brands and bodies too), person, topic or event.';
comment on column released_register.subject_id is 'Its id: of a company the company_id of mentions, of a topic or event type the topic_id of tags.';
comment on column released_register.name is 'Name in English.';
comment on column released_register.name_zh is 'Name in Simplified Chinese; empty where it has none.';
comment on column released_register.company_kind is 'Of a company: company, brand, foreign_company, regulator, gov, org, exchange or investor.';
comment on column released_register.role is 'Of a person: what the person is at the company.';
comment on column released_register.sector is 'Line of business.';
comment on column released_register.country is 'Where it is at home, by ISO 3166; empty where it is merely abroad.';
comment on column released_register.parent_id is 'What it belongs to: the owner of a company or brand, the company that a person stands for, the wider topic.';
comment on column released_register.since is 'Of a person: from which day the person stands for the company; null for always.';
comment on column released_register.until is 'Of a person: the day from which no longer; null for still.';
comment on column released_register.tickers is 'Stock exchange symbols.';
comment on column released_register.wikidata is 'Its item in Wikidata; empty where none is on record.';

comment on table released_register_names is 'One row per name by which one of the register is found.';
comment on column released_register_names.kind is 'As in register.';
comment on column released_register_names.subject_id is 'As in register.';
comment on column released_register_names.name is 'The name, or a word of a topic, as the press writes it; topics and event types have patterns as well, which begin with re:.';
comment on column released_register_names.script is 'Script of the name: latin, hans, hant or other.';
comment on column released_register_names.rule is 'When the name counts, in words: always where nothing else is said; weak for a word that alone does not make a topic.';

comment on table released_register_examples is 'One row per test sentence of the register, with what is to be found in it, or must not be.';
comment on column released_register_examples.kind is 'As in register.';
comment on column released_register_examples.subject_id is 'As in register.';
comment on column released_register_examples.name is 'The name that it is about; empty where it is about the topic.';
comment on column released_register_examples.example is 'The sentence.';
comment on column released_register_examples.counts is 'Whether it is to be found there (true), or must not be (false).';

create or replace temp view released_figures as
with counted as (
    select
        count(*) as articles,
        count(*) filter (where is_on_beat is distinct from false) as articles_on_beat,
        count(*) filter (where is_digest) as digests,
        count(*) filter (where language = 'zh') as articles_zh,
        count(*) filter (where language = 'en') as articles_en,
        count(distinct publisher) as outlets,
        count(distinct day) as days_with_articles
    from released_articles
),
figures as (
    select 1 as place, 'days' as figure, getvariable('until') - getvariable('since') + 1 as value, 'Days of the span.' as meaning
    union all select 2, 'days_with_articles', days_with_articles, 'Those of them with an article.' from counted
    union all select 3, 'articles', articles, 'Articles.' from counted
    union all select 4, 'articles_on_beat', articles_on_beat, 'Those of them on the beat.' from counted
    union all select 5, 'digests', digests, 'Those of them that are round-ups, which no count of coverage has.' from counted
    union all select 6, 'articles_zh', articles_zh, 'Articles in Chinese.' from counted
    union all select 7, 'articles_en', articles_en, 'Articles in English.' from counted
    union all select 8, 'outlets', outlets, 'Outlets with an article.' from counted
    union all select 9, 'stories', count(*), 'Stories.' from released_stories
    union all
    select 10, 'stories_in_both', count(*), 'Those of them that were told in Chinese and in English.'
    from released_stories
    where list_has_all(languages, ['en', 'zh'])
    union all select 11, 'companies', count(distinct company_id), 'Companies and bodies that an article names.' from released_mentions
    union all select 12, 'topics', count(distinct (kind, topic_id)), 'Topics and event types of an article.' from released_tags
    union all select 13, 'measures', count(*), 'Measures that were first reported.' from released_measures
    union all select 14, 'claims', count(*), 'Claims that were first reported.' from released_claims
)
select place, figure, value::bigint as value, meaning
from figures;

comment on view released_figures is 'One row per figure of the release as a whole.';
comment on column released_figures.place is 'Its place in the order.';
comment on column released_figures.figure is 'What is counted.';
comment on column released_figures.value is 'The count.';
comment on column released_figures.meaning is 'What it counts, in words.';
