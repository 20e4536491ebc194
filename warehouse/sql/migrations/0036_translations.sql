-- What a machine makes of headlines in another language: for readers alone. What finds
-- names, groups stories and decides alerts reads none of it.

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
