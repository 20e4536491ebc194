-- Who really tells a story: the sites of feeds, which count as one outlet each.

alter table feeds add column site varchar;
comment on column feeds.site is 'Registered domain of its address; feeds of one site count as one outlet. Empty in one''s own network; null where it has not been looked up yet.';

comment on column articles.publisher is 'Outlet that published it: as its feed is called, in an aggregator as the entry names it.';
comment on column stories.publishers is 'How many outlets tell it: different publishers on as many different sites; each source that an aggregator names counts as one.';
