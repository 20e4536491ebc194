-- What is news: the one definition, which whatever counts, ranks or dates goes by. A round-up
-- tells of many stories. A feed's backlog, entries without any date that were there when it
-- was read first or after a long silence, may be of any day, and bears the moment of its
-- arrival only because it has to bear one.
create or replace macro is_backlog(published_from) as published_from = 'backlog';

create or replace macro is_news(is_digest, published_from) as not (is_digest or is_backlog(published_from));

-- What says of itself when it was published, whichever way.
create or replace macro is_dated(published_from) as published_from not in ('first_seen', 'backlog');

comment on macro is_backlog is 'Whether an article belongs to a feed''s backlog: it had no date when the feed was read first, or again after a long silence.';
comment on macro is_news is 'Whether an article counts as news: not a round-up, and not of a feed''s backlog.';
comment on macro is_dated is 'Whether a date was read from the feed, the address or the headline; else published_at is the moment of arrival.';

-- The baseline's comment is from before there was a backlog.
comment on column articles.relevance is 'How surely it belongs to the beat: 0 to 1. Null where an earlier release tagged it: `sinowire retag` fills it in.';
comment on column headline_facts.value is 'By kind: the side of who acts, as sides.toml of the beat names it, or unclear; the amount as written; the region.';
comment on column articles.published_from is 'What published_at was read from: published, updated, relative, url (a day in the address), title (a day in the headline), first_seen (no date: the moment of arrival), or backlog (no date, and there when its feed was read first or after a long silence: the moment of arrival says nothing, and the article is no news).';
