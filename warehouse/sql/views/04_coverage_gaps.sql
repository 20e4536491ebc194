-- When each story was told in Chinese and in English, and by how many outlets.
create or replace view coverage_gaps as
with outlets as (
    select story_id, language, publisher, min(published_at) as first_at
    from articles
    where language in ('zh', 'en')
    group by story_id, language, publisher
),
told as (
    select
        story_id,
        min(first_at) filter (where language = 'zh') as first_zh_at,
        min(first_at) filter (where language = 'en') as first_en_at,
        (count(*) filter (where language = 'zh'))::integer as publishers_zh,
        (count(*) filter (where language = 'en'))::integer as publishers_en
    from outlets
    group by story_id
)
select
    story_id,
    first_zh_at,
    first_en_at,
    epoch(first_en_at - first_zh_at) / 3600.0 as gap_hours,
    publishers_zh,
    publishers_en
from told;

comment on view coverage_gaps is 'One row per story told in Chinese or English: when it first was in each.';
comment on column coverage_gaps.story_id is 'The story.';
comment on column coverage_gaps.first_zh_at is 'Publication of its first article in Chinese; null where there is none.';
comment on column coverage_gaps.first_en_at is 'Publication of its first article in English; null where there is none.';
comment on column coverage_gaps.gap_hours is 'Hours by which English came after Chinese, negative where it came first; null where one of them is missing.';
comment on column coverage_gaps.publishers_zh is 'Outlets that told it in Chinese.';
comment on column coverage_gaps.publishers_en is 'Outlets that told it in English.';
