-- Readers' verdicts, what stood before those on stories, and the weights learnt from them.

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
