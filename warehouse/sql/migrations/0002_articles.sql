-- Articles, where and in which wording they were seen, and the stories they tell.
-- Articles are appended once; a changed headline or text is updated in place and
-- every wording, the first too, stays in article_versions.

create table articles (
    article_id     varchar     not null,
    seq            bigint      not null,
    run_id         varchar     not null,
    url            varchar     not null,
    title          varchar     not null,
    summary        varchar     not null,
    content        varchar,
    language       varchar     not null,
    script         varchar     not null,
    is_digest      boolean     not null,
    publisher      varchar     not null,
    feed_id        varchar     not null,
    authors        varchar[]   not null,
    published_at   timestamptz not null,
    published_raw  varchar     not null,
    published_from varchar     not null,
    first_seen_at  timestamptz not null,
    story_id       varchar     not null,
    story_keys     ubigint[]   not null,
    content_hash   varchar     not null,
    search_text    varchar     not null
);
comment on table articles is 'One row per canonical article: its newest wording.';
comment on column articles.article_id is 'Hash of the canonical URL (of feed and guid where an entry has no link); the same in every warehouse.';
comment on column articles.seq is 'Order of arrival in this warehouse.';
comment on column articles.run_id is 'The run that brought it.';
comment on column articles.url is 'Canonical URL.';
comment on column articles.title is 'Headline, plain text, newest wording.';
comment on column articles.summary is 'Summary, plain text; empty where the feed gave none.';
comment on column articles.content is 'Full text where the feed carried it, plain; null where it did not.';
comment on column articles.language is 'Language of the text, ISO 639 (zh, en).';
comment on column articles.script is 'Script of the headline: latin, hans, hant or other.';
comment on column articles.is_digest is 'Whether it is a round-up of many stories; such articles are kept out of every count of coverage.';
comment on column articles.publisher is 'Outlet that published it.';
comment on column articles.feed_id is 'The feed that brought it first.';
comment on column articles.authors is 'Names as the feed gave them.';
comment on column articles.published_at is 'When it was published, by the best evidence there is.';
comment on column articles.published_raw is 'The date''s own text in the feed; empty where there was none.';
comment on column articles.published_from is 'What published_at was read from: published, updated, relative, url or first_seen.';
comment on column articles.first_seen_at is 'The pipeline''s clock when it arrived.';
comment on column articles.story_id is 'The story it belongs to.';
comment on column articles.story_keys is 'Keys of the headline by which same-event candidates are found.';
comment on column articles.content_hash is 'Hash of the newest wording.';
comment on column articles.search_text is 'Headline and summary folded to one script and lower case, what a search looks into.';

create table article_versions (
    article_id   varchar     not null,
    seen_at      timestamptz not null,
    title        varchar     not null,
    summary      varchar     not null,
    content_hash varchar     not null
);
comment on table article_versions is 'One row per wording of an article, the first one included.';
comment on column article_versions.article_id is 'The article.';
comment on column article_versions.seen_at is 'The pipeline''s clock when this wording was first seen.';
comment on column article_versions.title is 'Headline in this wording.';
comment on column article_versions.summary is 'Summary in this wording.';
comment on column article_versions.content_hash is 'Hash of this wording; unique per article.';

create table sightings (
    article_id    varchar     not null,
    feed_id       varchar     not null,
    guid          varchar     not null,
    url           varchar     not null,
    first_seen_at timestamptz not null
);
comment on table sightings is 'One row per article, feed and link: where an article was seen.';
comment on column sightings.article_id is 'The article.';
comment on column sightings.feed_id is 'The feed that carried it.';
comment on column sightings.guid is 'The entry''s own identity in that feed.';
comment on column sightings.url is 'The link as the entry carried it, absolute, otherwise untouched.';
comment on column sightings.first_seen_at is 'The pipeline''s clock when that feed first carried that link.';

create table stories (
    story_id           varchar     not null,
    headline           varchar     not null,
    first_published_at timestamptz not null,
    last_published_at  timestamptz not null,
    first_publisher    varchar     not null,
    articles           integer     not null,
    publishers         integer     not null,
    languages          varchar[]   not null,
    rules_version      varchar     not null
);
comment on table stories is 'One row per story, a group of articles on the same event; recomputed from its articles whenever they change.';
comment on column stories.story_id is 'Identity of the story, derived from its first article.';
comment on column stories.headline is 'Headline of the article published first.';
comment on column stories.first_published_at is 'When its first article was published.';
comment on column stories.last_published_at is 'When its latest article was published.';
comment on column stories.first_publisher is 'Outlet that published first.';
comment on column stories.articles is 'Articles in the story.';
comment on column stories.publishers is 'Different outlets in the story.';
comment on column stories.languages is 'Languages of its articles, sorted.';
comment on column stories.rules_version is 'Version of the rules in force when it was last touched.';
