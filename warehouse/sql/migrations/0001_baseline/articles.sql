-- Articles, where and in which wording they were seen, and what was fetched or made for them.
-- Articles are appended once; a changed headline or text is updated in place and every
-- wording, the first too, stays in article_versions.
--
-- A search reads search_text as it lies: uncompressed it takes a quarter more room, and is read
-- eight times as fast. seen tells whether an article is new in a sixth of the time that its own
-- wide table takes; its key is a uuid, since of a number of 128 bits Parquet keeps the first 53.
-- Rows beside an article have its seq: they lie in that order, so what a batch touches is found
-- without reading what came before.

create table articles (
    article_id      varchar     not null,
    seq             bigint      not null,
    run_id          varchar     not null,
    url             varchar     not null,
    title           varchar     not null,
    summary         varchar     not null,
    content         varchar,
    language        varchar     not null,
    script          varchar     not null,
    is_digest       boolean     not null,
    publisher       varchar     not null,
    feed_id         varchar     not null,
    authors         varchar[]   not null,
    published_at    timestamptz not null,
    published_raw   varchar     not null,
    published_from  varchar     not null,
    first_seen_at   timestamptz not null,
    story_id        varchar     not null,
    story_keys      ubigint[]   not null,
    content_hash    varchar     not null,
    updated_at      timestamptz,
    relevance       double,
    is_on_beat      boolean,
    beat_reason     varchar,
    search_bits     ubigint[],
    search_text     varchar     using compression uncompressed,
    headline_weight tinyint
);
alter table articles set partitioned by (year(first_seen_at), month(first_seen_at));
comment on table articles is 'One row per canonical article: its newest wording.';
comment on column articles.article_id is 'Hash of what the addresses of the article share (of feed and guid where an entry has no link); the same in every warehouse.';
comment on column articles.seq is 'Order of arrival in this warehouse.';
comment on column articles.run_id is 'The run that brought it.';
comment on column articles.url is 'Canonical URL, without what counts readers.';
comment on column articles.title is 'Headline, plain text, newest wording.';
comment on column articles.summary is 'Summary, plain text; empty where the feed gave none.';
comment on column articles.content is 'Full text where the feed carried it, plain; null where it did not.';
comment on column articles.language is 'Language of the text, ISO 639 (zh, en).';
comment on column articles.script is 'Script of the headline: latin, hans, hant or other.';
comment on column articles.is_digest is 'Whether it is a round-up of many stories; such articles are kept out of every count of coverage.';
comment on column articles.publisher is 'Outlet that published it: as its feed is called, in an aggregator as the entry names it.';
comment on column articles.feed_id is 'The feed whose words it has: the one that brought it first, until a feed of the outlet itself carries it.';
comment on column articles.authors is 'Names as that feed gave them.';
comment on column articles.published_at is 'When it was published, by the best evidence there is.';
comment on column articles.published_raw is 'The date''s own text in the feed; empty where there was none.';
comment on column articles.published_from is 'What published_at was read from: published, updated, relative, url or first_seen.';
comment on column articles.first_seen_at is 'The pipeline''s clock when it arrived.';
comment on column articles.story_id is 'The story it belongs to.';
comment on column articles.story_keys is 'Keys of the headline by which same-event candidates are found.';
comment on column articles.content_hash is 'Hash of the newest wording.';
comment on column articles.updated_at is 'When the newest wording was written, as its feed says; null where that says nothing, or a moment before the publication or after we saw it.';
comment on column articles.relevance is 'How surely it belongs to the beat, China''s technology industry: 0 to 1. Null where an earlier release tagged it: `sinowire retag` fills it in.';
comment on column articles.is_on_beat is 'Whether it is on the beat: relevance reaches the threshold. Null where an earlier release tagged it.';
comment on column articles.beat_reason is 'What weighed most on the side that won: the name of the evidence, and after a colon the words. Null where an earlier release tagged it.';
comment on column articles.search_bits is 'Mask of the words in search_text: 256 bits as four numbers. Null where an earlier release stored the article, which every search reads; `sinowire retag` fills it in.';
comment on column articles.search_text is 'Headline and summary folded to one script and lower case, with a line end between them: what a search looks into.';
comment on column articles.headline_weight is 'How well its headline tells by itself what happened, 0 to 9: a report of who did what before a question, an outlet before a forum, a repository or a stock tip last. Null where an earlier release tagged it: `sinowire retag` fills it in.';

create table article_versions (
    article_id   varchar     not null,
    seen_at      timestamptz not null,
    title        varchar     not null,
    summary      varchar     not null,
    content_hash varchar     not null,
    feed_id      varchar,
    seq          bigint
);
alter table article_versions set partitioned by (year(seen_at), month(seen_at));
comment on table article_versions is 'One row per wording of an article, the first one included.';
comment on column article_versions.article_id is 'The article.';
comment on column article_versions.seen_at is 'The pipeline''s clock when this wording was first seen.';
comment on column article_versions.title is 'Headline in this wording.';
comment on column article_versions.summary is 'Summary in this wording.';
comment on column article_versions.content_hash is 'Hash of this wording; unique per article.';
comment on column article_versions.feed_id is 'The feed that worded it so; null in versions from before this was kept.';
comment on column article_versions.seq is 'The article, by its order of arrival.';

create table sightings (
    article_id    varchar     not null,
    feed_id       varchar     not null,
    guid          varchar     not null,
    url           varchar     not null,
    first_seen_at timestamptz not null,
    seq           bigint
);
alter table sightings set partitioned by (year(first_seen_at), month(first_seen_at));
comment on table sightings is 'One row per article, feed and link: where an article was seen.';
comment on column sightings.article_id is 'The article.';
comment on column sightings.feed_id is 'The feed that carried it.';
comment on column sightings.guid is 'The entry''s own identity in that feed.';
comment on column sightings.url is 'The link as the entry carried it, absolute, otherwise untouched.';
comment on column sightings.first_seen_at is 'The pipeline''s clock when that feed first carried that link.';
comment on column sightings.seq is 'The article, by its order of arrival.';

create table article_merges (
    article_id varchar     not null,
    into_id    varchar     not null,
    merged_at  timestamptz not null
);
comment on table article_merges is 'One row per article id that was given up, because another address of the same article has it or because ids are made otherwise now; sightings, wordings and alerts moved with it.';
comment on column article_merges.article_id is 'The id that is no more: commands that are given it lead to the other.';
comment on column article_merges.into_id is 'The id of the article, itself given up perhaps later; the chain ends at a row of articles.';
comment on column article_merges.merged_at is 'When it happened.';

create table identified (
    form integer not null,
    seq  bigint
);
insert into identified (form, seq) values (1, null);
comment on table identified is 'How far articles have ids by today''s form of addresses: one row, none before the first writer.';
comment on column identified.form is 'Number of the form.';
comment on column identified.seq is 'The last article looked at, by its order of arrival; null once all have such ids.';

create table seen (
    key uuid   not null,
    seq bigint not null
);
comment on table seen is 'One row per article: by what it is asked whether an article is here. Kept by the transactions that append articles or give them other ids; `sinowire checks` compares it with articles.';
comment on column seen.key is 'MD5 of the article id.';
comment on column seen.seq is 'The article, by its order of arrival.';

create table full_texts (
    article_id   varchar     not null,
    seq          bigint      not null,
    fetched_at   timestamptz not null,
    url          varchar     not null,
    outcome      varchar     not null,
    attempts     integer     not null,
    next_try_at  timestamptz,
    content_hash varchar     not null,
    http_status  integer,
    bytes        bigint      not null,
    reason       varchar,
    extractor    varchar,
    text         varchar,
    search_text  varchar
);
comment on table full_texts is 'One row per article whose page was visited, of feeds with full_text = true: what was found there, or why nothing was. The feed''s own words stay in articles.';
comment on column full_texts.article_id is 'The article.';
comment on column full_texts.seq is 'Its place in the order of arrival, as in articles.';
comment on column full_texts.fetched_at is 'When the page was visited last, by the pipeline''s clock.';
comment on column full_texts.url is 'The page that the text is from, after redirects.';
comment on column full_texts.outcome is 'read, no_text (no article was found in the page), not_a_page (a PDF, JSON), disallowed (by the site''s robots.txt), challenge (a bot check or login), gone (404, 410 or the front page), unreadable (too large, deep or slow to be read), transient_error or permanent_error.';
comment on column full_texts.attempts is 'Visits so far, since the feed last changed the article''s words.';
comment on column full_texts.next_try_at is 'When the page is visited again; null for never.';
comment on column full_texts.content_hash is 'Hash of the feed''s words as they were last looked at: where articles.content_hash is another, the page is visited anew.';
comment on column full_texts.http_status is 'What the server answered; null where it did not.';
comment on column full_texts.bytes is 'Size of the page.';
comment on column full_texts.reason is 'Why there is no text, or of which part of the article it is; null where the whole was read.';
comment on column full_texts.extractor is 'What found the text in the page: library and version.';
comment on column full_texts.text is 'The article as the page has it, plain, a line a paragraph; null where there is none.';
comment on column full_texts.search_text is 'The text as searches look for words in it: folded, lower case, one line.';

create table translations (
    title_hash varchar     not null,
    language   varchar     not null,
    title      varchar     not null,
    text       varchar,
    made_at    timestamptz not null,
    made_by    varchar     not null,
    reason     varchar
);
comment on table translations is 'One row per headline and language into which a machine translated it, as sinowire.toml asks ([translate]). For readers alone: names, stories, numbers and alerts go by the headlines of outlets.';
comment on column translations.title_hash is 'md5 of the headline, by which it is found: select … join translations on title_hash = md5(articles.title).';
comment on column translations.language is 'Language of the translation, ISO 639.';
comment on column translations.title is 'The headline, as its outlet wrote it.';
comment on column translations.text is 'The translation; null where what came could not be used.';
comment on column translations.made_at is 'When it was made, by the pipeline''s clock.';
comment on column translations.made_by is 'What made it: the command''s name, or the host of the service.';
comment on column translations.reason is 'Why what came could not be used.';
