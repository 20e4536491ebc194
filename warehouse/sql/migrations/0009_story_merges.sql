-- Stories that turned out to be one.

create table story_merges (
    story_id    varchar     not null,
    merged_into varchar     not null,
    merged_at   timestamptz not null
);
comment on table story_merges is 'One row per story that went into an older one, when an article turned up that surely belongs to both; its articles and alerts moved with it.';
comment on column story_merges.story_id is 'The story that is no more: links to it lead to the other.';
comment on column story_merges.merged_into is 'The story that took its articles, itself merged perhaps later; the chain ends at a row of stories.';
comment on column story_merges.merged_at is 'The pipeline''s clock when it happened.';
