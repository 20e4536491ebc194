-- name: wanted
-- Headlines that tell a story first, of stories that nobody tells in that language; the
-- newest first. What was tried once, is not tried again.
with lately as (
    select story_id, title, language, seq
    from articles
    where
        first_seen_at > $since::timestamptz
        and is_news(is_digest, published_from)
        and is_on_beat
),
untold as (
    select story_id, arg_min(title, seq) as title, arg_min(language, seq) as language, max(seq) as seq
    from lately
    where story_id not in (select story_id from articles where language = $into and not is_digest)
    group by story_id
)
select distinct on (title) title, language
from untold
where
    md5(title) not in (select title_hash from translations where language = $into)
order by seq desc
limit $limit;

-- name: store
-- Keep what was made of headlines, each once a language.
insert into translations by name
select
    md5(title) as title_hash,
    $into as language,
    title,
    text,
    $made_at::timestamptz as made_at,
    $made_by as made_by,
    reason
from (
    select
        unnest(from_json_strict($title, '["varchar"]')) as title,
        unnest(from_json_strict($text, '["varchar"]')) as text,
        unnest(from_json_strict($reason, '["varchar"]')) as reason
)
where md5(title) not in (select title_hash from translations where language = $into);
