-- What the last landed schema before the baseline lacks of it: a warehouse that has all
-- migrations up to 0041_shard.sql takes this one step, and is the baseline then.

-- The newest article of each feed, beside the sightings, which grow without end: a feed that
-- is silent, or gone, is asked for it as often as any other. views/02_feed_arrivals.sql fills
-- it, after every migration.

create table feed_arrivals (
    feed_id         varchar     not null,
    last_article_at timestamptz not null
);
comment on table feed_arrivals is 'One row per feed that ever carried an article. Derived from sightings as they are committed: what asks how feeds do reads these rows and not all sightings.';
comment on column feed_arrivals.feed_id is 'The feed.';
comment on column feed_arrivals.last_article_at is 'Publication of the newest article it carried, at the latest when it was first seen there.';

-- A process that was stopped while it opened the warehouse had the turn, and waited for nobody.

comment on column runs.waited_seconds is 'How long the run waited for its turn to write, until its end was recorded or it gave up. Null while running, or where the run crashed.';
comment on column runs.held_seconds is 'How long the run had the turn to write, others waiting meanwhile, with the opening of the warehouse, until its end was recorded. Null while running, or where the run crashed.';

-- Which machine made a run, and in which of its homes: two homes are two of a lake's hosts.

alter table runs add column host varchar;
alter table runs add column home varchar;
comment on column runs.host is 'Name of the machine that made the run.';
comment on column runs.home is 'Which home of that machine: the folder''s name and a mark of its path; null where an earlier version ran.';
update runs set host = split_part(process, ' ', 1) where process is not null;

-- On a lake rows lie in files of a month each, by when they came or what day they are of: so
-- upkeep writes anew the months in which rows went, and a month that is over stays as it is.
-- It holds for what is written from now on. A file has no such parts.

alter table articles set partitioned by (year(first_seen_at), month(first_seen_at));
alter table article_versions set partitioned by (year(seen_at), month(seen_at));
alter table sightings set partitioned by (year(first_seen_at), month(first_seen_at));
alter table feed_polls set partitioned by (year(polled_at), month(polled_at));
alter table coverage set partitioned by (year(published_at), month(published_at));
alter table story_days set partitioned by (year(day), month(day));

-- How far a retag is that has not come to its end: it goes on there.

create table retagged (
    rules varchar not null,
    seq   bigint  not null
);
comment on table retagged is 'How far a retag is that goes on, or was ended before its end; no row where none is.';
comment on column retagged.rules is 'The release and the version of the watchlist by which it finds.';
comment on column retagged.seq is 'The last article that has its findings by them, by order of arrival.';

-- What readers said is wrong, or right, and what stood before they spoke of stories.

create table verdict_log (
    verdict_id bigint      not null,
    made_at    timestamptz not null,
    "by"       varchar     not null,
    subject_id varchar     not null,
    kind       varchar     not null,
    value      varchar     not null,
    scope      varchar     not null,
    why        varchar     not null,
    undoes     bigint
);
comment on table verdict_log is 'One row per verdict of a reader, and one per verdict taken back; rows are only added. Read `verdicts`.';
comment on column verdict_log.verdict_id is 'Number of the row, from 1 on.';
comment on column verdict_log.made_at is 'When it was given.';
comment on column verdict_log."by" is 'Who gave it, as said: no proof of who it was.';
comment on column verdict_log.subject_id is 'What it is of: an article, or an alert; of a story, the article by which it was shown.';
comment on column verdict_log.kind is 'What it says: not-about, about, not-topic, topic, off-beat, on-beat, one-event, not-one-event, headline, wanted or unwanted; undo takes back another.';
comment on column verdict_log.value is 'The company, topic or event that it names, or the other article; empty where the kind says it all.';
comment on column verdict_log.scope is 'article, or rule where a rule of the watchlist was changed with it.';
comment on column verdict_log.why is 'Why, in the reader''s words.';
comment on column verdict_log.undoes is 'The verdict that it takes back; null of one that takes back none.';

create table story_bases (
    article_id varchar not null,
    story_id   varchar not null
);
comment on table story_bases is 'One row per article that is in another story by verdicts than it was put into.';
comment on column story_bases.article_id is 'The article.';
comment on column story_bases.story_id is 'The story that it was put into, and is in again when the verdicts are taken back.';

create table alert_bases (
    alert_id         varchar not null,
    story_id         varchar,
    updates_alert_id varchar,
    phase            varchar,
    step             varchar
);
comment on table alert_bases is 'One row per alert that verdicts moved to another story or made an update: what it was before.';
comment on column alert_bases.alert_id is 'The alert.';
comment on column alert_bases.story_id is 'The story that it was on.';
comment on column alert_bases.updates_alert_id is 'The alert that it updated, if any.';
comment on column alert_bases.phase is 'Its phase.';
comment on column alert_bases.step is 'What it brought to the alert that it updated.';

comment on column mentions.via is 'alias; person where only someone is named who stands for it, in a title or summary that does not name it itself; verdict where a reader said that the article is about it, and nothing in it names it.';

-- Which headline speaks for a story: each has a weight by itself, the rest is asked of its story.

alter table articles add column headline_weight tinyint;
comment on column articles.headline_weight is 'How well its headline tells by itself what happened, 0 to 9: a report of who did what before a question, an outlet before a forum, a repository or a stock tip last. Null where an earlier release tagged it: `sinowire retag` fills it in.';

-- Whom or what an event is done to is read where its type is found, from the headline's clause.

alter table tags add column event_object varchar;
comment on column tags.event_object is 'Of an event type whom or what it is done to, where the headline says so: the company_id of a company that it names, else its words. Null of topics, and of articles stored by an earlier release until `sinowire retag`.';

-- Stories that a retag made anew: which a story became, and what was told of its parts.

create table story_splits (
    story_id   varchar     not null,
    split_from varchar     not null,
    split_at   timestamptz not null
);
comment on table story_splits is 'One row per story and other story of which its articles were, when a retag found them to be of several events. Append-only.';
comment on column story_splits.story_id is 'A story that holds articles of the other; it may have gone into a further one since (story_merges).';
comment on column story_splits.split_from is 'The story of which they were. Its id stays with the article that named it.';
comment on column story_splits.split_at is 'The clock of the retag that parted them.';

create table alert_parts (
    alert_id  varchar     not null,
    story_id  varchar     not null,
    shared_at timestamptz not null
);
comment on table alert_parts is 'One row per alert or update and further story that it counts as told of: a part of the story that it told of, or one that such a part went into. What arrives there updates the alert, and is none of its own. Append-only.';
comment on column alert_parts.alert_id is 'The alert or update, of alerts.';
comment on column alert_parts.story_id is 'The story beside that of the alert itself.';
comment on column alert_parts.shared_at is 'The clock of what parted or joined them.';

comment on table story_merges is 'One row per story that went into another, when an article turned up that surely belongs to both, or a retag found them to be of one event; its articles and alerts moved with it. Where the story is there again since, nothing leads away from it.';

-- How far the stories of a retag are.
alter table retagged add column grouped_until timestamptz;
comment on column retagged.grouped_until is 'Up to this moment of publication stories are made anew; null before the first month is.';

-- Columns of outlets, found by the form that their headlines repeat; once a day anew.

create table outlet_columns (
    publisher varchar not null,
    label     varchar not null,
    days      integer not null,
    articles  integer not null
);
comment on table outlet_columns is 'One row per column of an outlet: headlines that repeat one form on five days or more of the last 60, hardly more than once a day. Its articles lead nothing and join no story.';
comment on column outlet_columns.publisher is 'The outlet.';
comment on column outlet_columns.label is 'What the headlines repeat (column_labels), with numbers as #.';
comment on column outlet_columns.days is 'Days of the 60 with such a headline.';
comment on column outlet_columns.articles is 'Articles of these days.';
comment on column computed_days.relation is 'bursts, emerging_terms, level_shifts, frame_weeks or outlet_columns.';

-- Stories that readers parted are told of as those that a retag parted.

alter table alert_parts add column split_from varchar;
comment on column alert_parts.split_from is 'The story that readers'' verdicts parted it from, until these are taken back; null where a retag did.';
comment on table alert_parts is 'One row per alert or update and further story that it counts as told of: a part of the story that it told of, or one that such a part went into. What arrives there updates the alert, and is none of its own. Append-only, but for parts by verdicts that were taken back.';

-- What verdicts taught: weights in place of the shipped ones.

create table teachings (
    teaching_id bigint      not null,
    taught_at   timestamptz not null,
    "by"        varchar     not null,
    verdicts    integer     not null,
    report      varchar     not null,
    undoes      bigint
);
comment on table teachings is 'One row per `sinowire teach --apply`, and one per such taken back; rows are only added. The newest that stands counts.';
comment on column teachings.teaching_id is 'Its number, from 1 on.';
comment on column teachings.taught_at is 'When it was applied.';
comment on column teachings."by" is 'Who applied it, as said: no proof of who it was.';
comment on column teachings.verdicts is 'How many verdicts it was learnt from.';
comment on column teachings.report is 'What was said of it when it was applied: rows as JSON, as `sinowire teach --format json` prints them. Empty of one that takes back.';
comment on column teachings.undoes is 'The one that it takes back; null of one that takes back none.';

create table taught_weights (
    teaching_id bigint  not null,
    part        varchar not null,
    name        varchar not null,
    weight      double  not null
);
comment on table taught_weights is 'One row per weight that a teaching set: whatever it does not name keeps what is shipped. Read `taught`.';
comment on column taught_weights.teaching_id is 'The teaching, of teachings.';
comment on column taught_weights.part is 'What weighs by it: alerts, beat, or pairs of headlines (latin, han, cross).';
comment on column taught_weights.name is 'What is weighed.';
comment on column taught_weights.weight is 'Log-odds that it adds: of an alert''s being wanted, of belonging to the beat, of telling one event.';

alter table alerts add column muted_by varchar;
comment on column alerts.muted_by is 'What verdicts taught that muted it, each sign with its weight; null where nothing did.';
comment on column alerts.state is 'pending, delivered, parked (a channel would not take it) or suppressed (within a rule''s cooldown, told by another rule, or muted by what verdicts taught).';
