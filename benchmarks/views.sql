-- A synthetic warehouse of some years, which views.py fills statement by statement: feeds,
-- companies, articles, mentions and what follows from them.
insert into companies
select
    'c' || i, 'Company ' || i, '公司' || i,
    case when i % 10 < 7 then 'company' when i % 10 < 8 then 'brand' else 'regulator' end,
    'sector' || (i % 20),
    case when i % 10 = 7 then 'c' || (i - 1) end,
    [],
    'CN'
from range(400) as numbers (i);

insert into topics
select 't' || i, case when i < 40 then 'topic' else 'event' end, 'Topic ' || i, '', null, []
from range(60) as numbers (i);

insert into runs by name
select
    'r' || i as run_id, i as seq,
    $begin::timestamptz
        + to_seconds((10 * i + 10) * (31536000 * $years // $articles)) as started_at,
    'completed' as outcome, '0' as version, 'w0' as rules_version
from range($articles // 10) as numbers (i);

insert into feeds by name
select
    'f' || i as feed_id, 'https://f' || i || '.example/feed' as url,
    'Outlet ' || i as publisher,
    case when i % 2 = 0 then 'zh' else 'en' end as language, '' as region, 'news' as kind,
    true as enabled, 'UTC' as timezone
from range(150) as numbers (i);

insert into feed_polls by name
select
    'f' || (i % 150) as feed_id, i as seq, 'r' || (i // 150) as run_id,
    $begin::timestamptz
        + to_seconds(31536000 * $years // $articles * $articles)
        - to_minutes(15 * ($polls // 150 - i // 150)) as polled_at,
    case when hash(i) % 100 < 90 then 'unchanged' when hash(i) % 100 < 97 then 'new'
    else 'transient_error' end as outcome,
    200 as http_status, 100 as duration_ms, 10000 as bytes, 1 as entries, 1 as new_articles
from range($polls) as numbers (i);

insert into feed_marks by name from feed_marks_of('feed_polls');

insert into poll_days by name from poll_days_of('feed_polls') order by day, feed_id;

-- Square of a hash: most stories small, a few of thirty articles.
insert into articles by name
with drawn as (
    select
        i,
        (i * 0.4 + 12 * pow((hash(i) % 1000) / 1000.0, 8))::bigint as story,
        (hash(i, 1) % 150)::bigint as feed
    from range($articles) as numbers (i)
)
select
    md5(i::varchar)[:20] as article_id,
    i as seq,
    'r' || (i // 10) as run_id,
    'https://f' || feed || '.example/' || i as url,
    'Headline of article ' || i || ' with words like ' || md5((i // 3)::varchar) as title,
    repeat('Some words of a summary, ', 6) || md5(i::varchar) as summary,
    case when feed % 2 = 0 then 'zh' else 'en' end as language,
    'latin' as script,
    hash(i, 2) % 50 = 0 as is_digest,
    'Outlet ' || feed as publisher,
    'f' || feed as feed_id,
    ['Author ' || (i % 500)] as authors,
    $begin::timestamptz
        + to_seconds(i * (31536000 * $years // $articles)) as published_at,
    '' as published_raw,
    'published' as published_from,
    published_at + interval 10 minute as first_seen_at,
    's' || md5(story::varchar)[:20] as story_id,
    [story::ubigint, (story + 1)::ubigint] as story_keys,
    md5(i::varchar) as content_hash,
    lower(title || ' ' || summary) as search_text
from drawn;

insert into seen select md5(article_id)::uuid, seq from articles;

insert into sightings
select article_id, feed_id, url, url, first_seen_at, seq from articles;

insert into feed_arrivals by name from feed_arrivals_of('sightings', 'articles');

insert into article_versions by name
select article_id, first_seen_at as seen_at, title, summary, content_hash, feed_id, seq
from articles;

-- A long tail: company 0 in one of twelve articles, company 399 hardly ever. Some draws
-- of one article fall on one company, so a few more are drawn than asked for.
insert into mentions by name
with drawn as (
    select
        article_id, seq, n,
        'c' || floor(400 * pow((hash(story_id, n) % 100000) / 100000.0, 3))::integer
            as company_id
    from articles, range((2 * $named)::bigint) as numbers (n)
)
select
    article_id, company_id, case when min(n) = 0 then 'title' else 'summary' end as field,
    'alias' as alias, 0 as start, 5 as length, 'w0' as rules_version,
    min(n) = 0 as is_about, false as is_repeat, any_value(seq) as seq
from drawn
where n = 0 or hash(article_id, n, 1) % 1000 < 1000 * (1.04 * $named - 1) / (2 * $named - 1)
group by article_id, company_id
-- As they come: what a run finds is appended with its articles.
order by seq;

insert into tags
select
    article_id, topic_id, case when t < 40 then 'topic' else 'event' end,
    'term', 1.0, 'w0', seq, null
from (
    select
        article_id,
        any_value(seq) as seq,
        floor(60 * pow((hash(story_id, n, 7) % 1000) / 1000.0, 2))::integer as t,
        't' || t as topic_id
    from articles, range(2) as numbers (n)
    group by article_id, t
)
order by seq;
