-- The same key in a form that Parquet keeps: of a number of 128 bits it keeps the first 53.

drop table seen;
create table seen (
    key uuid   not null,
    seq bigint not null
);
comment on table seen is 'One row per article: by what it is asked whether an article is here. Kept by the transactions that append articles or give them other ids; `sinowire checks` compares it with articles.';
comment on column seen.key is 'MD5 of the article id.';
comment on column seen.seq is 'The article, by its order of arrival.';

insert into seen (key, seq)
select md5(article_id)::uuid, seq
from articles
order by seq;
