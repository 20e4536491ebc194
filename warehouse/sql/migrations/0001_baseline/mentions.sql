-- What the watchlist and the lexicons found in articles.

create table mentions (
    article_id    varchar not null,
    company_id    varchar not null,
    field         varchar not null,
    alias         varchar not null,
    start         integer not null,
    length        integer not null,
    rules_version varchar not null,
    is_about      boolean,
    is_repeat     boolean default false,
    role          varchar,
    via           varchar default 'alias',
    seq           bigint
);
comment on table mentions is 'One row per article, entity and field: an entity named there. The most specific entity only, parents are rolled up by company_groups.';
comment on column mentions.article_id is 'The article.';
comment on column mentions.company_id is 'The entity named.';
comment on column mentions.field is 'Where: title, summary or content. Trends count title and summary.';
comment on column mentions.alias is 'The first alias found there, as written.';
comment on column mentions.start is 'Character at which the alias begins in that field, from 0.';
comment on column mentions.length is 'Characters of the alias.';
comment on column mentions.rules_version is 'Version of the watchlist that found it.';
comment on column mentions.is_about is 'Whether the article is about the entity (true) or only names it (false), by headline, opening and round-up; the same in all fields. Null where an earlier release tagged the article: `sinowire retag` fills it in.';
comment on column mentions.is_repeat is 'Whether headline or summary names the entity in another row that counts already: true in one of the two where both do. The views count what is not marked so.';
comment on column mentions.role is 'What the entity is to the article: subject, named, aside (owner, rival, example), place (where something was said, shown or sold) or byline (who tells it); the same in all fields. Null where an earlier release tagged the article.';
comment on column mentions.via is 'alias; person where only someone is named who stands for it, in a title or summary that does not name it itself; verdict where a reader said that the article is about it, and nothing in it names it.';
comment on column mentions.seq is 'The article, by its order of arrival.';

create table tags (
    article_id    varchar not null,
    topic_id      varchar not null,
    kind          varchar not null,
    term          varchar not null,
    score         double  not null,
    rules_version varchar not null,
    seq           bigint,
    event_object  varchar
);
comment on table tags is 'One row per article and topic or event type.';
comment on column tags.article_id is 'The article.';
comment on column tags.topic_id is 'The topic or event type.';
comment on column tags.kind is 'topic or event.';
comment on column tags.term is 'The heaviest term that spoke for it.';
comment on column tags.score is 'Weight of the evidence; comparable within one rules_version.';
comment on column tags.rules_version is 'Version of the watchlist that tagged it.';
comment on column tags.seq is 'The article, by its order of arrival.';
comment on column tags.event_object is 'Of an event type whom or what it is done to, where the headline says so: the company_id of a company that it names, else its words. Null of topics, and of articles stored by an earlier release until `sinowire retag`.';

create table headline_facts (
    article_id    varchar not null,
    kind          varchar not null,
    value         varchar not null,
    term          varchar not null,
    rules_version varchar not null,
    seq           bigint
);
comment on table headline_facts is 'One row per thing that a headline says beside names and topics: who acts, how much money, which regions, what falls on which day. Round-ups have none; articles stored by an earlier release have none until `sinowire retag`.';
comment on column headline_facts.article_id is 'The article.';
comment on column headline_facts.kind is 'side, amount, region or due; an article has several of regions alone.';
comment on column headline_facts.value is 'By kind: the side of who acts (china, us_eu or unclear); the amount as written; the region; the occasion that falls on a day (listing, earnings, hearing or rule).';
comment on column headline_facts.term is 'The words of the headline that say so; of an occasion those that name the day.';
comment on column headline_facts.rules_version is 'Version of the lexicons that found it.';
comment on column headline_facts.seq is 'The article, by its order of arrival.';

create table frames (
    frame_id varchar not null,
    pole     varchar not null,
    name     varchar not null,
    name_zh  varchar not null
);
comment on table frames is 'One row per pole of a frame, a pair of opposite wordings that headlines choose between.';
comment on column frames.frame_id is 'The pair.';
comment on column frames.pole is 'One of its two wordings.';
comment on column frames.name is 'What the pole is called in English.';
comment on column frames.name_zh is 'What it is called in Chinese.';

create table framings (
    article_id varchar not null,
    frame_id   varchar not null,
    pole       varchar not null,
    term       varchar not null
);
comment on table framings is 'One row per article, frame and pole whose words its headline has. A headline may have both.';
comment on column framings.article_id is 'The article.';
comment on column framings.frame_id is 'The frame.';
comment on column framings.pole is 'The pole.';
comment on column framings.term is 'The words as they stand in the headline, in Simplified characters.';

create table framed (
    rules_version varchar not null,
    seq           bigint  not null
);
comment on table framed is 'How far headlines have been read for frames: at most one row.';
comment on column framed.rules_version is 'Version of the words they were read with.';
comment on column framed.seq is 'The last article read, by its order of arrival.';

create table retagged (
    rules         varchar     not null,
    seq           bigint      not null,
    grouped_until timestamptz
);
comment on table retagged is 'How far a retag is that goes on, or was ended before its end; no row where none is.';
comment on column retagged.rules is 'The release and the version of the watchlist by which it finds.';
comment on column retagged.seq is 'The last article that has its findings by them, by order of arrival.';
comment on column retagged.grouped_until is 'Up to this moment of publication stories are made anew; null before the first month is.';
