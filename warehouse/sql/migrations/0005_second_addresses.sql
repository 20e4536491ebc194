-- Feeds with further addresses: which of them answers.

alter table feed_standings add column other_url varchar;
comment on column feed_standings.other_url is 'The second address (`also` in feeds.toml) that answered last and is asked first, without userinfo and secret query values; empty or null where that is url.';
