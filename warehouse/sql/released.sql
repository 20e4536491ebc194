-- A release as the relations that citations are verified against: `given` says where its
-- Parquet is. What a release does not have, such as titles where they were left out, is null.

create temp table articles as
select row_number() over () as seq, *
from (
    select
        null::varchar as article_id, null::varchar as story_id, null::varchar as title,
        null::varchar as publisher, null::varchar as url, null::varchar as language,
        null::timestamptz as published_at, null::timestamptz as first_seen_at,
        null::varchar as content_hash, null::varchar[] as authors, null::varchar as feed_id,
        null::date as day
    where false
    union all by name
    from read_parquet(getvariable('given') || '/articles.parquet')
);

create temp table article_versions as
select articles.seq, versions.*
from (
    select
        null::varchar as article_id, null::timestamptz as seen_at,
        null::varchar as title_hash, null::varchar as content_hash, null::varchar as feed_id
    where false
    union all by name
    from read_parquet(getvariable('given') || '/article_versions.parquet')
) as versions
join articles using (article_id);

create temp table feeds as
select feed_id, publisher from read_parquet(getvariable('given') || '/feeds.parquet');

create temp table stories as
select story_id from read_parquet(getvariable('given') || '/stories.parquet');

create temp table measures as
select measure_id, article_id, stories from read_parquet(getvariable('given') || '/measures.parquet');

create temp table claims as
select claim_id, article_id, story_id from read_parquet(getvariable('given') || '/claims.parquet');

create temp view seen as
select md5(article_id)::uuid as key, seq from articles;

create temp view sightings as
select seq, url, feed_id from articles;

-- A release does not have these.
create temp table article_merges (article_id varchar, into_id varchar);
create temp table story_merges (story_id varchar, merged_into varchar, merged_at timestamptz);
create temp table story_splits (story_id varchar, split_from varchar, split_at timestamptz);
create temp table full_texts (seq bigint, fetched_at timestamptz, outcome varchar, text varchar);
