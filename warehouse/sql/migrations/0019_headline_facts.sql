-- What headlines say beside names and topics is read in Python and stored with the article;
-- which boards of a brief a topic belongs to is the watchlist's to say.

create table headline_facts (
    article_id    varchar not null,
    kind          varchar not null,
    value         varchar not null,
    term          varchar not null,
    rules_version varchar not null
);
comment on table headline_facts is 'One row per thing that a headline says beside names and topics: who acts, how much money, which regions, what falls on which day. Round-ups have none; articles stored by an earlier release have none until `sinowire retag`.';
comment on column headline_facts.article_id is 'The article.';
comment on column headline_facts.kind is 'side, amount, region or due; an article has several of regions alone.';
comment on column headline_facts.value is 'By kind: the side of who acts (china, us_eu or unclear); the amount as written; the region; the occasion that falls on a day (listing, earnings, hearing or rule).';
comment on column headline_facts.term is 'The words of the headline that say so; of an occasion those that name the day.';
comment on column headline_facts.rules_version is 'Version of the lexicons that found it.';

-- Not as a default: DuckDB cannot replay an added column's `default []` after a kill.
alter table topics add column boards varchar[];
update topics set boards = [];
comment on column topics.boards is 'The boards of a brief that it belongs to; empty for none.';
