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
