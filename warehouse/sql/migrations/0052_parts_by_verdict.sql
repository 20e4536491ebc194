-- Stories that readers parted are told of as those that a retag parted.

alter table alert_parts add column split_from varchar;
comment on column alert_parts.split_from is 'The story that readers'' verdicts parted it from, until these are taken back; null where a retag did.';
comment on table alert_parts is 'One row per alert or update and further story that it counts as told of: a part of the story that it told of, or one that such a part went into. What arrives there updates the alert, and is none of its own. Append-only, but for parts by verdicts that were taken back.';
