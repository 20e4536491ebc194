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
