-- What an alert says of a burst, a shift or a silence, for readers of Chinese.

alter table alerts add column title_zh varchar;
update alerts set title_zh = '';
comment on column alerts.title is 'Headline of the article, or our own words on a burst, a shift or a silence.';
comment on column alerts.title_zh is 'The same in Chinese where the words are our own; empty where they are an article''s.';
