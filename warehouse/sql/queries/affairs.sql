-- name: subjects_of
-- Whose affairs stories may be of: the groups that they name, of kinds that act in the
-- market, and the topics that fill a policy board. None has an article from before $since.
with held as (
    select unnest(from_json($story_id, '["varchar"]')) as story_id
)
select 'group:' || groups.group_id as subject
from company_coverage as named
join company_groups as groups using (company_id)
join companies as top on top.company_id = groups.group_id
where
    top.kind in ('company', 'brand')
    and named.published_at >= $since::timestamptz
    and named.story_id in (select story_id from held)
union
select 'topic:' || treated.topic_id
from topic_coverage as treated
join topics using (topic_id, kind)
where
    topics.kind = 'topic'
    and len(list_filter(topics.boards, lambda board: board like 'policy%')) > 0
    and treated.published_at >= $since::timestamptz
    and treated.story_id in (select story_id from held)
order by subject;

-- name: told_of
-- What affairs are made of that stories may be of: a row a subject and story. What is named
-- beside matters to topics.
with held as (
    select story_id, headline, first_published_at
    from stories
    where story_id in (select unnest(from_json($story_id, '["varchar"]')))
),
named as (
    select told.story_id, string_agg(distinct company_id, ' ' order by company_id) as names
    from company_coverage as told
    join companies using (company_id)
    where told.story_id in (select story_id from held) and competes(companies.kind)
    group by told.story_id
)
select 'group:' || groups.group_id as subject, held.*, '' as names
from company_coverage as told
join held using (story_id)
join company_groups as groups using (company_id)
join companies as top on top.company_id = groups.group_id
where top.kind in ('company', 'brand')
union
select 'topic:' || topic_id, held.*, coalesce(named.names, '')
from topic_coverage as told
join held using (story_id)
join topics using (topic_id, kind)
left join named using (story_id)
where
    kind = 'topic'
    and len(list_filter(topics.boards, lambda board: board like 'policy%')) > 0;

-- name: affairs_of
-- The affairs that these stories are turns of.
select story_id, list(affair_id order by affair_id) as affairs
from story_affairs
where story_id in (select unnest(from_json($story_id, '["varchar"]')))
group by story_id;

-- name: span_of
-- When the first and the last of these stories began, which was not before $since.
select min(first_published_at), max(first_published_at)
from stories
where
    first_published_at >= $since::timestamptz
    and story_id in (select unnest(from_json($story_id, '["varchar"]')));

-- name: turns_of_groups
-- The stories of some groups (of all, where none is named) that began in a time, each with
-- those of its groups.
with members as (
    select groups.company_id, groups.group_id
    from company_groups as groups
    join companies as top on top.company_id = groups.group_id
    where
        top.kind in ('company', 'brand')
        and (
            $subject::varchar is null
            or 'group:' || groups.group_id in (select unnest(from_json($subject, '["varchar"]')))
        )
),
told as (
    select distinct members.group_id, coverage.story_id
    from company_coverage as coverage
    join members using (company_id)
    where coverage.published_at >= $since and coverage.published_at < $until
)
select
    'group' as kind, list(told.group_id) as subjects, [] as names, stories.story_id,
    any_value(stories.headline) as headline,
    any_value(stories.first_published_at) as began_at
from told
join stories using (story_id)
where stories.first_published_at >= $since and stories.first_published_at < $until
group by stories.story_id;

-- name: turns_of_topics
-- The same of topics that fill a policy board, with the companies that their stories name.
with boarded as (
    select topic_id
    from topics
    where
        kind = 'topic'
        and len(list_filter(boards, lambda board: board like 'policy%')) > 0
        and (
            $subject::varchar is null
            or 'topic:' || topic_id in (select unnest(from_json($subject, '["varchar"]')))
        )
),
treated as materialized (
    select distinct boarded.topic_id, coverage.story_id
    from topic_coverage as coverage
    join boarded using (topic_id)
    where
        coverage.kind = 'topic'
        and coverage.published_at >= $since and coverage.published_at < $until
),
named as (
    select coverage.story_id, list(distinct coverage.company_id) as names
    from company_coverage as coverage
    join companies using (company_id)
    where
        coverage.story_id in (select story_id from treated)
        and coverage.published_at >= $since and coverage.published_at < $until
        and competes(companies.kind)
    group by coverage.story_id
)
select
    'topic' as kind, list(treated.topic_id) as subjects,
    coalesce(any_value(named.names), []) as names, stories.story_id,
    any_value(stories.headline) as headline,
    any_value(stories.first_published_at) as began_at
from treated
join stories using (story_id)
left join named using (story_id)
where stories.first_published_at >= $since and stories.first_published_at < $until
group by stories.story_id;

-- name: delete_affairs
-- Make room for the affairs of these groups and topics that began in a time, and forget
-- those of some stories (of all, where none is named) that are no more: that did not begin
-- in that time.
with begun as (
    select story_id
    from stories
    where first_published_at >= $since and first_published_at < $until
),
gone as (
    select distinct story_id
    from story_affairs
    where
        (
            $story_id::varchar is null
            or story_id in (select unnest(from_json($story_id, '["varchar"]')))
        )
        and story_id not in (from begun)
)
delete from story_affairs
where
    story_id in (from gone)
    or (
        (
            $subject::varchar is null
            or coalesce('group:' || group_id, 'topic:' || topic_id)
            in (select unnest(from_json($subject, '["varchar"]')))
        )
        and affair_id in (
            select affair_id
            from story_affairs
            where step = 1 and (story_id in (from begun) or story_id in (from gone))
        )
    );

-- name: insert_affairs
-- Keep affairs.
insert into story_affairs by name
select
    row.affair_id as affair_id,
    row.story_id as story_id,
    row.step as step,
    case when row.kind = 'group' then row.subject_id end as group_id,
    case when row.kind = 'topic' then row.subject_id end as topic_id
from (
    select unnest(from_json($rows,
        '[{"affair_id": "varchar", "story_id": "varchar", "step": "integer", "kind": "varchar", "subject_id": "varchar"}]'
    )) as row
);
