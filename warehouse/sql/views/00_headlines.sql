-- The order in which the headlines of stories (of all: null) speak for them: this is the one
-- place where a story's headline is chosen. The weight of a headline by itself, less where
-- it is off the beat, and up to two more the nearer it is to the others of its language:
-- by the keys that they share. Whole numbers, and of two that weigh the same the first: a
-- new one takes the place of another only where it is clearly better. Only the first twelve
-- of a language are asked, so the headline of a widely told story stays. One that a reader
-- chose comes first of all, the newest verdict's of several.
create or replace macro headline_order(
    stories, since := '-infinity'::timestamptz, told_before := 'infinity'::timestamptz
) as table
    with members as (
        select
            story_id, article_id, language, title, url, published_at, is_digest, story_keys,
            coalesce(headline_weight, 5) - if(is_on_beat = false, 2, 0) as own,
            coalesce(chosen.verdict_id, 0) as verdict_id,
            count(*) over (partition by story_id, language) as alike
        from articles
        left join chosen_headlines() as chosen using (article_id)
        where
            published_at >= since
            and published_at < told_before
            and (stories is null or story_id in (select unnest(stories)))
        qualify row_number() over (
            partition by story_id, language order by is_digest, published_at, article_id
        ) <= 12 or verdict_id > 0
    ),
    keyed as (
        select story_id, language, article_id, unnest(story_keys) as key
        from members
        where alike > 2 and not is_digest
    ),
    held as (
        select story_id, language, key, count(*) - 1 as others
        from keyed
        group by story_id, language, key
    ),
    near as (
        select article_id, sum(others) as near
        from keyed
        join held using (story_id, language, key)
        group by article_id
    ),
    weighed as (
        select
            members.* exclude (story_keys, alike),
            own + coalesce(
                round(2.0 * near / nullif(max(near) over (partition by story_id, language), 0)), 0
            )::integer as weight
        from members
        left join near using (article_id)
    )
    select
        story_id, article_id, language, title, url, is_digest, own, weight,
        row_number() over (
            partition by story_id order by verdict_id desc, is_digest, weight desc, published_at, article_id
        )::integer as place
    from weighed;

comment on macro table headline_order is 'The first twelve headlines in each language of these stories (of all: null), none of which began before since, in the order in which they speak for their story: place 1 is its headline, the first of a language its headline there. Told before a moment, where one is given.';
