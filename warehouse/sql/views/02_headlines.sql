-- What stories are called, in all and in either language: by what speaks most for each.
-- Of a list of stories, since to look at all takes seconds where there are a million.
create or replace macro headlines_of(stories, told_before := 'infinity'::timestamptz) as table
    select
        story_id,
        arg_min(title, place) as headline,
        arg_min(title, place) filter (where language = 'en') as headline_en,
        arg_min(title, place) filter (where language = 'zh') as headline_zh,
        arg_min(url, place) as url,
        arg_min(url, place) filter (where language = 'en') as url_en,
        arg_min(url, place) filter (where language = 'zh') as url_zh
    from (
        select
            told.story_id, told.title, told.url, told.language,
            (
                -speaks(headline_weight, report_score, is_on_beat, verdict_id), told.published_at, article_id
            ) as place
        from (
            select
                article_id, story_id, title, url, language, published_at, is_digest,
                headline_weight, report_score, is_on_beat
            from articles
            where
                story_id in (select unnest(stories))
                and published_at < told_before
                -- Of what is older than all of them nothing is read.
                and published_at >= coalesce(
                    (select min(first_published_at) from stories where story_id in (select unnest(stories))),
                    '-infinity'::timestamptz
                )
        ) as told
        left join chosen_headlines() using (article_id)
        where not (is_digest and verdict_id is null)
    )
    group by story_id;

-- The headline is that of the article, which names what it was chosen for.
create or replace macro headlines_by(articles_of) as table
    select
        chosen.article_id,
        chosen.title as headline,
        told.headline_en,
        told.headline_zh,
        chosen.url,
        told.url_en,
        told.url_zh,
        chosen.story_id
    from articles as chosen
    join headlines_of((select list(story_id) from articles where article_id in (select unnest(articles_of)))) as told
        using (story_id)
    where chosen.article_id in (select unnest(articles_of));

comment on macro table headlines_by is 'headlines_of the stories of a list of articles, each with its own headline and address in place of the first (article_id, headline, headline_en, headline_zh, url, url_en, url_zh, story_id).';
comment on macro table headlines_of is 'Headline and address of each story of a list of ids: the one that speaks for it, and those in English and in Chinese; of what was told before a moment, where one is given (headline, headline_en, headline_zh, url, url_en, url_zh).';
