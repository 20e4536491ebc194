-- What is counted of coverage, whoever's and of whichever span. Not the sum of shorter spans: a
-- story that goes on for three days is one story of the week.
-- Different ones are told by their hashes: a list of numbers takes half the time.
create or replace macro coverage_counts(relation, keys) as table
    select
        columns(lambda name: name in keys),
        count(*)::integer as articles,
        list_unique(list(hash(story_id)))::integer as stories,
        list_unique(list(hash(publisher)))::integer as publishers,
        (count(*) filter (where language = 'en'))::integer as articles_en,
        (count(*) filter (where language = 'zh'))::integer as articles_zh
    from query_table(relation)
    group by all;

comment on macro table coverage_counts is 'Articles, stories, outlets and articles by language of a relation of coverage, for each of its different keys.';
