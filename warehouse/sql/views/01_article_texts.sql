-- The words of articles as names are looked for in them.
create or replace view article_texts as
select
    articles.article_id,
    articles.seq,
    articles.title,
    articles.summary,
    coalesce(full_texts.text, articles.content) as content,
    full_texts.text is not null as is_from_page
from articles
left join full_texts using (seq);
comment on view article_texts is 'One row per article: the words in which names are looked for.';
comment on column article_texts.article_id is 'The article.';
comment on column article_texts.seq is 'Its place in the order of arrival.';
comment on column article_texts.title is 'Headline.';
comment on column article_texts.summary is 'Summary, as the feed gave it.';
comment on column article_texts.content is 'The text of the article''s page where it was read (full_texts), else what the feed gave; null where neither is. Places of mentions in the field content are places in this text.';
comment on column article_texts.is_from_page is 'Whether content is from the page.';
