-- What coverage counts for, and why: whether the article is about a company, and by which
-- word it was found. A page of a story or company reads them here, where rows lie by time;
-- in mentions and tags it would read all that was ever named. The views fill both in.

alter table coverage add column is_subject boolean;
alter table coverage add column word varchar;
comment on column coverage.is_subject is 'Whether the article is about the company or only names it; null of an article, topic or event type.';
comment on column coverage.word is 'The alias or term by which it was found, the headline''s where headline and summary have one; null of an article.';
