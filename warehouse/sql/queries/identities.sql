-- name: progress
-- By which form of addresses articles have ids, and how far.
select form, seq from identified;

-- name: record_progress
-- Remember how far articles have ids by that form.
delete from identified;
insert into identified (form, seq) values ($form, $seq);

-- name: addresses
-- Ids and addresses of a range of articles; one without an address is known by its guid.
select article_id, url
from articles
where seq > $after and seq <= $until and url <> '';

-- name: stage
-- The ids that articles are to have, together with whoever has one of these already. Of
-- those that become one the first stays that has a full text, else the first.
create or replace temp table moves as
with moved as (
    select
        unnest(from_json_strict($article_id, '["varchar"]')) as article_id,
        unnest(from_json_strict($into_id, '["varchar"]')) as into_id,
        unnest(from_json_strict($url, '["varchar"]')) as url
),
touched as (
    select
        articles.article_id,
        coalesce(moved.into_id, articles.article_id) as into_id,
        coalesce(moved.url, articles.url) as url,
        articles.seq,
        articles.story_id,
        articles.content is null as is_short,
        articles.first_seen_at,
        articles.published_at,
        articles.published_raw,
        articles.published_from
    from articles
    left join moved on moved.article_id = articles.article_id
    where
        articles.article_id in (select article_id from moved)
        or articles.article_id in (select into_id from moved)
)
select
    article_id,
    into_id,
    url,
    seq,
    story_id,
    row_number() over (partition by into_id order by is_short, seq) = 1 as is_kept,
    count(*) over (partition by into_id) > 1 as is_joined,
    first_value(story_id) over (partition by into_id order by is_short, seq) as kept_story_id,
    first_value(seq) over (partition by into_id order by is_short, seq) as kept_seq,
    min(first_seen_at) over (partition by into_id) as first_seen_at,
    first_value(published_at) over dated as published_at,
    first_value(published_raw) over dated as published_raw,
    first_value(published_from) over dated as published_from
from touched
window dated as (partition by into_id order by is_backlog(published_from), published_at, seq);

-- name: joined
-- How many articles become one with another.
select count(*) from moves where not is_kept;

-- name: record_merges
-- Remember the ids that are given up.
insert into article_merges by name
select article_id, into_id, $merged_at as merged_at
from moves
where article_id <> into_id;

-- name: drop_repeated_versions
-- Of a wording that several have, the earliest stays.
delete from article_versions
where rowid in (
    select versions.rowid
    from article_versions as versions
    join moves using (article_id)
    where is_joined
    qualify row_number() over (
        partition by into_id, content_hash order by seen_at, is_kept desc, versions.rowid
    ) > 1
);

-- name: drop_repeated_sightings
-- Of a link that several were seen under in a feed, the earliest sight stays.
delete from sightings
where rowid in (
    select sightings.rowid
    from sightings
    join moves using (article_id)
    where is_joined
    qualify row_number() over (
        partition by into_id, feed_id, sightings.url
        order by sightings.first_seen_at, is_kept desc, sightings.rowid
    ) > 1
);

-- name: drop_articles
-- What went into another is a row no more.
delete from articles
where article_id in (select article_id from moves where not is_kept);

-- name: move_articles
-- The first sight and the first date are those of all that became one.
update articles
set
    article_id = moves.into_id,
    url = moves.url,
    first_seen_at = moves.first_seen_at,
    published_at = moves.published_at,
    published_raw = moves.published_raw,
    published_from = moves.published_from
from moves
where articles.article_id = moves.article_id and is_kept;

-- name: forget_seen
-- What moved is here under its former id no more.
delete from seen where seq in (select seq from moves);

-- name: note_seen
-- What stayed is here under the id that it has now.
insert into seen (key, seq)
select md5(into_id)::uuid, seq
from moves
where is_kept
order by seq;

-- name: holders
-- The tables that name articles, but for articles themselves.
select table_name
from duckdb_columns()
where
    database_name = current_database() and schema_name = 'main'
    and column_name = 'article_id'
    and table_name in (select table_name from duckdb_tables() where not temporary)
    and table_name not in ('articles', 'article_merges')
order by table_name;

-- name: emptied
-- Stories whose last article went into one of another story.
select gone.story_id, min(gone.kept_story_id)
from moves as gone
where
    not gone.is_kept
    and gone.story_id <> gone.kept_story_id
    and gone.story_id not in (select story_id from articles)
group by gone.story_id;

-- name: recounted
-- Stories that have fewer articles now.
select distinct unnest([story_id, kept_story_id]) from moves where is_joined;

-- name: current
-- The article that an id stands for: itself, or what it went into.
with recursive chain as (
    select $article_id::varchar as article_id
    union
    select article_merges.into_id
    from chain
    join article_merges on article_merges.article_id = chain.article_id
)
select article_id from chain where article_id in (select article_id from articles);

-- name: publishers
-- What outlets are called.
select distinct publisher from articles;

-- name: rename_publishers
-- Call outlets by other names.
update articles
set publisher = renamed.name
from (
    select
        unnest(from_json_strict($former, '["varchar"]')) as former,
        unnest(from_json_strict($names, '["varchar"]')) as name
) as renamed
where articles.publisher = renamed.former;
