-- Whose words an article has: those of its outlet's own feed, once that carries it.

alter table article_versions add column feed_id varchar;
comment on column article_versions.feed_id is 'The feed that worded it so; null in versions from before this was kept.';

comment on column articles.feed_id is 'The feed whose words it has: the one that brought it first, until a feed of the outlet itself carries it.';
comment on column articles.authors is 'Names as that feed gave them.';
comment on column alerts.step is 'What an update brings (publishers:7, language:en, company:tencent, back, correction; several are apart by spaces); empty in a first alert.';
