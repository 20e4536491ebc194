-- The watchlist as it stands, and what it found in the articles.

create table companies (
    company_id varchar   not null,
    name       varchar   not null,
    name_zh    varchar   not null,
    kind       varchar   not null,
    sector     varchar   not null,
    parent_id  varchar,
    tickers    varchar[] not null
);
comment on table companies is 'One row per entity of the watchlist: companies, brands, regulators and other bodies.';
comment on column companies.company_id is 'Name of the entity in watchlist.toml.';
comment on column companies.name is 'Name in English.';
comment on column companies.name_zh is 'Name in Simplified Chinese; empty where it has none.';
comment on column companies.kind is 'company, brand, foreign_company, regulator, gov, org, exchange or investor.';
comment on column companies.sector is 'Line of business.';
comment on column companies.parent_id is 'The entity it belongs to today; null for an independent one. View company_groups follows it to the top.';
comment on column companies.tickers is 'Stock exchange symbols.';

create table aliases (
    company_id varchar not null,
    alias      varchar not null,
    script     varchar not null,
    rule       varchar not null
);
comment on table aliases is 'One row per entity and way of writing its name.';
comment on column aliases.company_id is 'The entity.';
comment on column aliases.alias is 'The name as the press writes it.';
comment on column aliases.script is 'Script of the alias: latin, hans, hant or other.';
comment on column aliases.rule is 'When the alias counts, in words; empty where it always does.';

create table topics (
    topic_id  varchar not null,
    kind      varchar not null,
    name      varchar not null,
    name_zh   varchar not null,
    parent_id varchar
);
comment on table topics is 'One row per topic or event type of the watchlist.';
comment on column topics.topic_id is 'Name of the topic in watchlist.toml.';
comment on column topics.kind is 'topic or event.';
comment on column topics.name is 'Name in English.';
comment on column topics.name_zh is 'Name in Simplified Chinese; empty where it has none.';
comment on column topics.parent_id is 'The wider topic; null at the top.';

create table mentions (
    article_id    varchar not null,
    company_id    varchar not null,
    field         varchar not null,
    alias         varchar not null,
    start         integer not null,
    length        integer not null,
    rules_version varchar not null
);
comment on table mentions is 'One row per article, entity and field: an entity named there. The most specific entity only, parents are rolled up by company_groups.';
comment on column mentions.article_id is 'The article.';
comment on column mentions.company_id is 'The entity named.';
comment on column mentions.field is 'Where: title, summary or content. Trends count title and summary.';
comment on column mentions.alias is 'The first alias found there, as written.';
comment on column mentions.start is 'Character at which the alias begins in that field, from 0.';
comment on column mentions.length is 'Characters of the alias.';
comment on column mentions.rules_version is 'Version of the watchlist that found it.';

create table tags (
    article_id    varchar not null,
    topic_id      varchar not null,
    kind          varchar not null,
    term          varchar not null,
    score         double  not null,
    rules_version varchar not null
);
comment on table tags is 'One row per article and topic or event type.';
comment on column tags.article_id is 'The article.';
comment on column tags.topic_id is 'The topic or event type.';
comment on column tags.kind is 'topic or event.';
comment on column tags.term is 'The heaviest term that spoke for it.';
comment on column tags.score is 'Weight of the evidence; comparable within one rules_version.';
comment on column tags.rules_version is 'Version of the watchlist that tagged it.';
