-- name: changed
-- Places and ids of articles whose words the feed changed since their pages were visited.
select full_texts.seq, full_texts.article_id
from full_texts
inner join articles using (seq)
where
    articles.first_seen_at > $since::timestamptz
    and full_texts.content_hash <> articles.content_hash;

-- name: renew
-- Have the pages of the articles at these places visited anew, after a while.
update full_texts
set content_hash = articles.content_hash, attempts = 0, next_try_at = $later::timestamptz
from articles
where
    articles.seq = full_texts.seq
    and full_texts.seq in (select unnest(from_json_strict($seq, '["bigint"]')));

-- name: pending
-- Articles of some feeds whose pages are to be visited now: those never tried come first,
-- and of these the newest.
select
    articles.article_id,
    articles.feed_id,
    articles.url,
    articles.content_hash,
    coalesce(full_texts.attempts, 0) as attempts
from articles
left join full_texts using (seq)
where
    articles.first_seen_at > $since::timestamptz
    and not is_backlog(articles.published_from)
    and articles.feed_id in (select unnest(from_json($feeds, '["varchar"]')))
    and articles.url <> ''
    and (full_texts.seq is null or full_texts.next_try_at <= $now::timestamptz)
order by full_texts.seq is not null, articles.seq desc
limit $limit;

-- name: visited
-- The pages that were visited since then, and how often each was at most.
select url, greatest(attempts, 1)
from full_texts
where fetched_at > $since::timestamptz;

-- name: store
-- Record visits, the rows of `batch`. What was read once stays where a visit brings nothing.
merge into full_texts
using batch
using (seq)
when matched then update set
    fetched_at = batch.fetched_at,
    url = batch.url,
    outcome = batch.outcome,
    attempts = batch.attempts,
    next_try_at = batch.next_try_at,
    content_hash = batch.content_hash,
    http_status = batch.http_status,
    bytes = batch.bytes,
    reason = batch.reason,
    extractor = coalesce(batch.extractor, full_texts.extractor),
    text = coalesce(batch.text, full_texts.text),
    search_text = coalesce(batch.search_text, full_texts.search_text)
when not matched then insert by name;

-- name: texts_of
-- The texts of the pages of articles at these places.
select article_id, text
from full_texts
where
    text is not null
    and seq in (select unnest(from_json_strict($seq, '["bigint"]')));

-- name: any_text
-- Whether the page of any article was read.
select exists (from full_texts where text is not null);
