-- Whether an article is about a company or only names it.

alter table mentions add column is_about boolean;
comment on column mentions.is_about is 'Whether the article is about the entity (true) or only names it (false), by headline, opening and round-up; the same in all fields. Null where an earlier release tagged the article: `sinowire retag` fills it in.';
