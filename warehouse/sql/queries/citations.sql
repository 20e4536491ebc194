-- name: basis
-- Of which data citations are made: how new they are, and by which rules.
select
    greatest(
        (select max(first_seen_at) from articles),
        (select as_of from freshness)
    ) as as_of,
    coalesce((select max(seq) from articles), 0) as arrivals,
    coalesce((select any_value(rules_version) from reporting), '') as rules,
    reporting_zone() as zone;

-- name: articles
-- These articles, each by the id that it is asked for, which it may have given up.
with recursive chain as (
    select unnest(from_json($ids, '["varchar"]')) as asked_id, asked_id as article_id
    union
    select chain.asked_id, article_merges.into_id
    from chain
    join article_merges on article_merges.article_id = chain.article_id
),
-- Their places: of other articles nothing is read.
here as materialized (
    select chain.*, seen.seq
    from chain
    join seen on seen.key = md5(chain.article_id)::uuid
)
select
    here.asked_id,
    articles.article_id,
    articles.seq,
    articles.story_id,
    articles.title,
    articles.publisher as outlet,
    articles.url,
    articles.language,
    articles.authors,
    articles.published_at,
    articles.first_seen_at,
    articles.content_hash,
    full_texts.fetched_at,
    full_texts.outcome as page_outcome,
    full_texts.text is not null as has_text
from articles
join here using (seq, article_id)
left join full_texts using (seq);

-- name: wordings
-- Every wording of these articles, the first one first, with the outlets of their feeds.
select versions.seq, versions.seen_at, versions.title, versions.content_hash, feeds.publisher
from article_versions as versions
left join feeds using (feed_id)
where versions.seq in (select unnest(from_json($seqs, '["bigint"]')))
order by versions.seq, versions.seen_at;

-- name: released_wordings
-- The same of a release, which has the hash of each headline.
select versions.seq, versions.seen_at, versions.title_hash, versions.content_hash, feeds.publisher
from article_versions as versions
left join feeds using (feed_id)
where versions.seq in (select unnest(from_json($seqs, '["bigint"]')))
order by versions.seq, versions.seen_at;

-- name: addresses
-- Every link under which these articles were seen, with the outlets of their feeds.
select sightings.seq, sightings.url, feeds.publisher
from sightings
left join feeds using (feed_id)
where sightings.seq in (select unnest(from_json($seqs, '["bigint"]')));

-- name: stories
-- These stories as they are now, each with its first article; one that is no more leads to
-- what it went into, else to where the article that named it is.
with recursive asked as (
    select distinct unnest(from_json($ids, '["varchar"]')) as asked_id
),
newest as (
    select story_id, arg_max(merged_into, merged_at) as merged_into
    from story_merges
    where
        story_id not in (
            select story_id from stories where story_id in (select story_id from story_merges)
        )
    group by story_id
),
chain as (
    select asked_id, asked_id as story_id from asked
    union
    select chain.asked_id, newest.merged_into
    from chain
    join newest using (story_id)
),
found as (
    select asked_id, story_id
    from chain
    where story_id in (select story_id from stories)
),
current as (
    from found
    union all
    select asked.asked_id, articles.story_id
    from asked
    join articles on articles.article_id = asked.asked_id[2:]
    where asked.asked_id not in (select asked_id from found)
),
heads as (
    select
        story_id,
        arg_min(article_id, (published_at, seq)) as article_id
    from articles
    where story_id in (select story_id from current)
    group by story_id
)
select
    current.asked_id,
    current.story_id,
    heads.article_id,
    (
        select max(merged_at) from story_merges where story_merges.story_id = current.asked_id
    ) as merged_at
from current
join heads using (story_id);

-- name: parts
-- Of stories that a retag found to be of several events, those that hold their articles now,
-- and what these went into.
with recursive steps as (
    select split_from as story_id, story_id as next_id from story_splits
    union all
    select story_id, split_from from story_splits
    union all
    select story_id, merged_into from story_merges
),
family as (
    select id as asked_id, id as story_id
    from (select distinct unnest(from_json($ids, '["varchar"]')) as id)
    union
    select family.asked_id, steps.next_id
    from family
    join steps using (story_id)
)
select
    family.asked_id,
    list(family.story_id order by family.story_id) as parts,
    max(splits.split_at) as split_at
from family
left join (
    select split_from as asked_id, max(split_at) as split_at
    from story_splits
    group by split_from
) as splits using (asked_id)
where
    family.story_id in (select story_id from stories)
    and family.asked_id in (select unnest([story_id, split_from]) from story_splits)
group by family.asked_id;

-- name: measures
-- These acts, and those of which these stories tell, with their first report.
with asked as (
    select unnest(from_json($ids, '["varchar"]')) as id
)
select measure_id as id, article_id, stories
from measures
where
    measure_id in (from asked)
    or list_has_any(stories, from_json($stories, '["varchar"]'));

-- name: claims
-- These claims, and those of these stories, with their first report.
with asked as (
    select unnest(from_json($ids, '["varchar"]')) as id
)
select claim_id as id, article_id, [story_id] as stories
from claims
where
    claim_id in (from asked)
    or list_contains(from_json($stories, '["varchar"]'), story_id);

-- name: moved
-- How many stories were joined or parted since a moment: its numbers count those of today.
select
    (select count(*) from story_merges where merged_at > $since)
    + (select count(*) from story_splits where split_at > $since);

-- name: backdated
-- How many articles came after those of a place in the order of arrival, and count as seen by
-- a moment all the same: history that was imported.
select count(*)
from articles
where seq > $arrivals and first_seen_at <= $as_of;

-- name: documents
-- The newest document of the feeds of these articles, and how each is known there.
select sightings.seq, feed_cursors.body_hash, sightings.url
from sightings
join feed_cursors using (feed_id)
where sightings.seq in (select unnest(from_json($seqs, '["bigint"]')));

-- name: released
-- The days of a release, and when the newest that it has was seen.
select
    min(day),
    max(day),
    greatest(max(first_seen_at), (select max(seen_at) from article_versions))
from articles;
