-- Whether an article belongs to the beat, what a company is to it, and where companies are at home.

alter table articles add column relevance double;
alter table articles add column is_on_beat boolean;
alter table articles add column beat_reason varchar;
comment on column articles.relevance is 'How surely it belongs to the beat, China''s technology industry: 0 to 1. Null where an earlier release tagged it: `sinowire retag` fills it in.';
comment on column articles.is_on_beat is 'Whether it is on the beat: relevance reaches the threshold. Null where an earlier release tagged it.';
comment on column articles.beat_reason is 'What weighed most on the side that won: the name of the evidence, and after a colon the words. Null where an earlier release tagged it.';

alter table stories add column relevance double;
alter table stories add column is_on_beat boolean;
comment on column stories.relevance is 'That of its most relevant article.';
comment on column stories.is_on_beat is 'Whether an article of it is on the beat. Null where an earlier release tagged them all.';

alter table mentions add column role varchar;
alter table mentions add column via varchar default 'alias';
comment on column mentions.role is 'What the entity is to the article: subject, named, aside (owner, rival, example), place (where something was said, shown or sold) or byline (who tells it); the same in all fields. Null where an earlier release tagged the article.';
comment on column mentions.via is 'alias, or person where only someone is named who stands for it, in a title or summary that does not name it itself.';

alter table companies add column country varchar default '';
comment on column companies.country is 'Where it is at home, by ISO 3166; CN, HK and MO are home to the beat, all others are peers abroad. Empty where it is merely abroad.';
