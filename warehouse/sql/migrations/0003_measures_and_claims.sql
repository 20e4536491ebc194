-- What states do, and what is told of firms on what ground, as each article says it.

create table article_measures (
    article_id    varchar   not null,
    side          varchar   not null,
    actor         varchar   not null,
    instrument    varchar   not null,
    status        varchar   not null,
    direction     varchar   not null,
    targets       varchar[] not null,
    target_class  varchar   not null,
    target_side   varchar   not null,
    thing         varchar   not null,
    effective_on  date,
    amount        double,
    currency      varchar   not null,
    rules_version varchar   not null,
    seq           bigint
);
comment on table article_measures is 'One row per article whose main news is an act of a state on technology or one of its firms, proposed and reported acts too. What is not told is empty. Round-ups have none; articles stored by an earlier release have none until `sinowire retag`.';
comment on column article_measures.article_id is 'The article.';
comment on column article_measures.side is 'Whose measure it is: cn, us, eu, jp, kr, tw, nl, uk, in or other; of an answer, whose measure is answered.';
comment on column article_measures.actor is 'The body that acts: its company_id, else its name as the headline has it.';
comment on column article_measures.instrument is 'export-control, entity-list, tariff, investment-limit, ban, penalty, investigation, approval-or-licence, rule-or-standard, plan-or-support, procurement, court-ruling or other.';
comment on column article_measures.status is 'rumoured, proposed, decided, in-force, stayed, eased or answered.';
comment on column article_measures.direction is 'tightens, eases or supports.';
comment on column article_measures.targets is 'Companies whom it hits, by company_id.';
comment on column article_measures.target_class is 'Whom it hits, in words.';
comment on column article_measures.target_side is 'Where those are at home; all is everywhere.';
comment on column article_measures.thing is 'What it is about: chips, AI models, drones, rare earths, apps, cars, data, cloud, batteries, telecoms, platforms or other.';
comment on column article_measures.effective_on is 'From which day it holds, where that is told.';
comment on column article_measures.amount is 'Amount of money, such as of a fine, in its currency.';
comment on column article_measures.currency is 'Currency of the amount, by ISO 4217.';
comment on column article_measures.rules_version is 'Version of the watchlist by which it was read.';
comment on column article_measures.seq is 'The article, by its order of arrival.';

create table article_claims (
    article_id    varchar not null,
    basis         varchar not null,
    modality      varchar not null,
    cue           varchar not null,
    subject       varchar not null,
    rules_version varchar not null,
    seq           bigint
);
comment on table article_claims is 'One row per article that tells something of a company of the watchlist: on what ground, and whether as done, planned, denied or confirmed. Round-ups have none; articles stored by an earlier release have none until `sinowire retag`.';
comment on column article_claims.article_id is 'The article.';
comment on column article_claims.basis is 'What it rests on: unnamed (sources without a name), company, official, filing, data, media or none.';
comment on column article_claims.modality is 'happened, announced, planned, may, denied, confirmed or withdrawn.';
comment on column article_claims.cue is 'The words that say so; empty where the act itself does.';
comment on column article_claims.subject is 'The company that it is about, by company_id.';
comment on column article_claims.rules_version is 'Version of the watchlist by which it was read.';
comment on column article_claims.seq is 'The article, by its order of arrival.';
