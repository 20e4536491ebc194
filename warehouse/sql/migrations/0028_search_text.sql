-- The text that 0027 made takes the place of the former.

alter table articles drop column search_text;
alter table articles rename plain_text to search_text;
comment on column articles.search_text is 'Headline and summary folded to one script and lower case, with a line end between them: what a search looks into.';
