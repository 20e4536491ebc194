-- When each story was told in Chinese and in English, by whom first and by how many.
-- Seconds are subtracted, not moments: those go through a calendar, ten times slower.
create or replace macro gaps_between(since, until) as table
with clock as (
    select max(first_seen_at) as as_of from articles
),
-- Of a story that goes on, who told it before counts: so far back is looked.
bound as (
    select min(first_published_at) as looked_from
    from stories
    where last_published_at >= (since::date - 2)::timestamptz
),
outlets as (
    select
        story_id,
        language,
        publisher,
        min(published_at) as first_at,
        bool_or(is_on_beat is distinct from false) as is_on_beat,
        avg(relevance) as relevance,
        -- Of those of one moment always the same one; a row as a key takes a fifth longer.
        epoch_us(first_at)::hugeint * 4294967296 + (hash(publisher) >> 32) as place
    from bound
    join articles on articles.published_at >= bound.looked_from
    where language in ('zh', 'en') and is_news(is_digest, published_from)
    group by story_id, language, publisher
),
told as (
    select
        story_id,
        min(first_at) filter (where language = 'zh') as first_zh_at,
        min(first_at) filter (where language = 'en') as first_en_at,
        arg_min(publisher, place) filter (where language = 'zh') as first_zh_publisher,
        arg_min(publisher, place) filter (where language = 'en') as first_en_publisher,
        (count(*) filter (where language = 'zh'))::integer as publishers_zh,
        (count(*) filter (where language = 'en'))::integer as publishers_en,
        bool_or(is_on_beat) as is_on_beat,
        -- The order in which floats are summed must not show.
        round(avg(relevance), 3) as relevance
    from outlets
    group by story_id
)
select
    story_id,
    first_zh_at,
    first_en_at,
    (epoch(first_en_at) - epoch(first_zh_at)) / 3600.0 as gap_hours,
    publishers_zh,
    publishers_en,
    first_zh_publisher,
    first_en_publisher,
    case
        when first_zh_at < first_en_at then 'zh'
        when first_en_at < first_zh_at then 'en'
        when first_zh_at = first_en_at then 'both'
        when first_en_at is null then 'zh only'
        else 'en only'
    end as led_by,
    (epoch(clock.as_of) - epoch(least(first_zh_at, first_en_at))) / 3600.0 as age_hours,
    is_on_beat,
    coalesce(relevance, 1) >= 0.5 as is_mostly_on_beat
from told
cross join clock
where
    least(first_zh_at, first_en_at) >= day_start(since)
    and least(first_zh_at, first_en_at) < day_start(until);

create or replace view coverage_gaps as
from gaps_between(date '0001-01-01', date '9999-12-31');

comment on macro table gaps_between is 'coverage_gaps of the stories that began on the days from since to the day before until.';

comment on view coverage_gaps is 'One row per story told in Chinese or English: when it first was in each, and by whom; digests left out.';
comment on column coverage_gaps.story_id is 'The story.';
comment on column coverage_gaps.first_zh_at is 'Publication of its first article in Chinese; null where there is none.';
comment on column coverage_gaps.first_en_at is 'Publication of its first article in English; null where there is none.';
comment on column coverage_gaps.gap_hours is 'Hours by which English came after Chinese, negative where it came first; null where one of them is missing.';
comment on column coverage_gaps.publishers_zh is 'Outlets that told it in Chinese.';
comment on column coverage_gaps.publishers_en is 'Outlets that told it in English.';
comment on column coverage_gaps.first_zh_publisher is 'Outlet of the first article in Chinese.';
comment on column coverage_gaps.first_en_publisher is 'Outlet of the first article in English.';
comment on column coverage_gaps.led_by is 'zh or en, whichever press was first; both (at one moment); zh only or en only, not told in the other yet.';
comment on column coverage_gaps.age_hours is 'Hours from its first article to the newest arrival in the warehouse: how long the other press has had.';
comment on column coverage_gaps.is_on_beat is 'Whether an article of it in either language is on the beat.';
comment on column coverage_gaps.is_mostly_on_beat is 'Whether its outlets'' mean relevance is a half or more; commands and briefs tell of these alone.';
