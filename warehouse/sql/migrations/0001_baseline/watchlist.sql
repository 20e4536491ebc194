-- The watchlist as it stands.

create table companies (
    company_id varchar   not null,
    name       varchar   not null,
    name_zh    varchar   not null,
    kind       varchar   not null,
    sector     varchar   not null,
    parent_id  varchar,
    tickers    varchar[] not null,
    country    varchar   default ''
);
comment on table companies is 'One row per entity of the watchlist: companies, brands, regulators and other bodies.';
comment on column companies.company_id is 'Name of the entity in watchlist.toml.';
comment on column companies.name is 'Name in English.';
comment on column companies.name_zh is 'Name in Simplified Chinese; empty where it has none.';
comment on column companies.kind is 'company, brand, foreign_company, regulator, gov, org, exchange or investor.';
comment on column companies.sector is 'Line of business.';
comment on column companies.parent_id is 'The entity it belongs to today; null for an independent one. View company_groups follows it to the top.';
comment on column companies.tickers is 'Stock exchange symbols.';
comment on column companies.country is 'Where it is at home, by ISO 3166; CN, HK and MO are home to the beat, all others are peers abroad. Empty where it is merely abroad.';

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
    topic_id  varchar   not null,
    kind      varchar   not null,
    name      varchar   not null,
    name_zh   varchar   not null,
    parent_id varchar,
    boards    varchar[]
);
comment on table topics is 'One row per topic or event type of the watchlist.';
comment on column topics.topic_id is 'Name of the topic in watchlist.toml.';
comment on column topics.kind is 'topic or event.';
comment on column topics.name is 'Name in English.';
comment on column topics.name_zh is 'Name in Simplified Chinese; empty where it has none.';
comment on column topics.parent_id is 'The wider topic; null at the top.';
comment on column topics.boards is 'The boards of a brief that it belongs to; empty for none.';
