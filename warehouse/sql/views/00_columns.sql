-- What a headline may repeat as one of a column does: a name in brackets, before or behind
-- a bar, in corner brackets at the end, or before a colon if it is called as columns are;
-- a colon else stands behind who speaks. Labels that say that something is news are none.
create or replace macro column_labels(title) as list_filter(
    list_transform(
        [
            regexp_extract(title, '^\s*【([^】]{2,12})】', 1),
            regexp_extract(title, '[|｜丨]\s*([^|｜丨：:，。！？!?,；;]{2,16}?)\s*$', 1),
            regexp_extract(title, '^\s*([^|｜丨：:，。！？!?,；;“”"「」《》]{2,16}?)\s?[|｜丨]', 1),
            regexp_extract(title, '「([^」]{4,16})」\s*$', 1),
            regexp_extract(
                title,
                '^\s*([^|｜丨：:，。！？!?,；;“”"「」《》]{0,12}(?:收盘|收评|午评|复盘|看点|看盘|避雷针|追踪|看懂|盘点|观察|笔记|周刊|日报|周报|早报|晚报|[早晚]知道))\s?[：:]',
                1
            ),
            regexp_extract(
                title,
                '^((?:[A-Z][A-Za-z&’'']*\s){0,3}(?:Report|Bid|Day|Daily|Week|Weekly|Morning|Evening|Download|Brief|Briefing|Digest|Notes?|Open|Podcast|Recap|Newsletter|Diary|Bulletin|After|Explainer))\s?[:–—|]',
                1
            )
        ],
        lambda form: regexp_replace(form, '[0-9一二三四五六七八九十]+', '#', 'g')
    ),
    lambda form: form <> '' and not regexp_matches(
        form, '首发|独家|快讯|最前线|突发|专访|公告$|项目|直播|(?i)exclusive|breaking|\blive\b|\bHN$'
    )
);

comment on macro column_labels is 'What a headline repeats if it is one of a column, with numbers as #; an empty list for most.';
