-- Where an article stands in the order of arrival, beside what is kept of it: rows lie in
-- that order, so what a batch touches is found without reading what came before.

alter table mentions add column seq bigint;
comment on column mentions.seq is 'The article, by its order of arrival.';
alter table tags add column seq bigint;
comment on column tags.seq is 'The article, by its order of arrival.';
alter table headline_facts add column seq bigint;
comment on column headline_facts.seq is 'The article, by its order of arrival.';
alter table article_versions add column seq bigint;
comment on column article_versions.seq is 'The article, by its order of arrival.';
alter table sightings add column seq bigint;
comment on column sightings.seq is 'The article, by its order of arrival.';

update mentions set seq = articles.seq from articles where articles.article_id = mentions.article_id;
update tags set seq = articles.seq from articles where articles.article_id = tags.article_id;
update headline_facts set seq = articles.seq from articles where articles.article_id = headline_facts.article_id;
update article_versions set seq = articles.seq from articles where articles.article_id = article_versions.article_id;
update sightings set seq = articles.seq from articles where articles.article_id = sightings.article_id;
