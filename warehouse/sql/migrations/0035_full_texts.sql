-- What articles' pages held, of feeds that ask for it: beside what the feed says of the
-- article, and never in its place.

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
comment on column full_texts.reason is 'Why there is no text.';
comment on column full_texts.extractor is 'What found the text in the page: library and version.';
comment on column full_texts.text is 'The article as the page has it, plain, a line a paragraph; null where there is none.';
comment on column full_texts.search_text is 'The text as searches look for words in it: folded, lower case, one line.';
