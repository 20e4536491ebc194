-- When its feed says that an article was last changed.

alter table articles add column updated_at timestamptz;
comment on column articles.updated_at is 'When the newest wording was written, as its feed says; null where that says nothing, or a moment before the publication or after we saw it.';
