-- Articles that turned out to be one, or got another id, when addresses of one article
-- came to be known as such. The ids are made outside of SQL, when a writer opens the file.

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
comment on table identified is 'How far articles have ids by today''s form of addresses: one row, none before the first writer.';
comment on column identified.form is 'Number of the form.';
comment on column identified.seq is 'The last article looked at, by its order of arrival; null once all have such ids.';
-- What begins empty has nothing to make anew.
insert into identified (form, seq)
select 1, null
where not exists (from articles);

comment on column articles.article_id is 'Hash of what the addresses of the article share (of feed and guid where an entry has no link); the same in every warehouse.';
comment on column articles.url is 'Canonical URL, without what counts readers.';
