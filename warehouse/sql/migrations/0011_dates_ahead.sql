-- Dates ahead: which days and months headlines and official notices name for what is to come.

create table article_dates (
    article_id    varchar not null,
    occasion      varchar not null,
    subject       varchar not null,
    due_on        date not null,
    due_until     date not null,
    "precision"   varchar not null,
    moves         boolean not null,
    said          varchar not null,
    rules_version varchar not null,
    seq           bigint
);
comment on table article_dates is 'One row per date ahead that a headline names, with what is due. Round-ups have none; articles stored by an earlier release have none until `sinowire retag`.';
comment on column article_dates.article_id is 'The article.';
comment on column article_dates.occasion is 'takes-effect, comment-closes, hearing, decision-due, earnings-date, listing, sale-opens, conference, expires or launch.';
comment on column article_dates.subject is 'The company that it is about, by company_id; empty where none is named.';
comment on column article_dates.due_on is 'The first day that it may be.';
comment on column article_dates.due_until is 'The last day that it may be: the same one, where a day is named.';
comment on column article_dates."precision" is 'day, week, month, quarter, half or year: what the headline names.';
comment on column article_dates.moves is 'Whether the headline says that it is another date than before.';
comment on column article_dates.said is 'The words of the headline for the date; empty where an act of a state is read.';
comment on column article_dates.rules_version is 'Version of the watchlist by which it was read.';
comment on column article_dates.seq is 'The article, by its order of arrival.';

-- Official notices name these dates beside their text.
alter table articles add column in_force_on date;
comment on column articles.in_force_on is 'From which day an official notice says that it holds. Null for all else.';
alter table articles add column comments_close_on date;
comment on column articles.comments_close_on is 'The last day on which an official notice takes comments. Null for all else.';

-- Days that headlines name are rows of article_dates from here on.
delete from headline_facts where kind = 'due';
comment on table headline_facts is 'One row per thing that a headline says beside names and topics: who acts, an amount, and regions. Round-ups have none.';
comment on column headline_facts.kind is 'side, amount or region; an article has several of region only.';
comment on column headline_facts.term is 'The words of the headline that say so.';
