-- name: groups_of
-- The groups that stories name, of kinds that act in the market.
select distinct groups.group_id
from story_companies as named
join company_groups as groups using (company_id)
join companies as top on top.company_id = groups.group_id
where
    top.kind in ('company', 'brand')
    and named.story_id in (select unnest(from_json($story_id, '["varchar"]')))
order by groups.group_id;

-- name: span_of
-- When the first and the last of these stories began.
select min(first_published_at), max(first_published_at)
from stories
where story_id in (select unnest(from_json($story_id, '["varchar"]')));

-- name: turns
-- The stories of some groups (of all, where none is named) that began in a time, in order.
with members as (
    select groups.company_id, groups.group_id
    from company_groups as groups
    join companies as top on top.company_id = groups.group_id
    where
        top.kind in ('company', 'brand')
        and (
            $group_id::varchar is null
            or groups.group_id in (select unnest(from_json($group_id, '["varchar"]')))
        )
),
told as (
    select distinct members.group_id, coverage.story_id
    from company_coverage as coverage
    join members using (company_id)
    where coverage.published_at >= $since and coverage.published_at < $until
)
select told.group_id, stories.story_id, stories.headline, stories.first_published_at
from told
join stories using (story_id)
where stories.first_published_at >= $since and stories.first_published_at < $until
order by told.group_id, stories.first_published_at, stories.story_id;

-- name: delete_affairs
-- Make room for the affairs of these groups that began in a time, and forget stories that
-- are no more.
delete from story_affairs
where
    (
        ($group_id::varchar is null
         or group_id in (select unnest(from_json($group_id, '["varchar"]'))))
        and affair_id in (
            select first.affair_id
            from story_affairs as first
            left join stories using (story_id)
            where
                first.step = 1
                and coalesce(
                    stories.first_published_at >= $since
                    and stories.first_published_at < $until,
                    true
                )
        )
    )
    or story_id not in (select story_id from stories);

-- name: insert_affairs
-- Keep affairs.
insert into story_affairs by name
select
    row.affair_id as affair_id,
    row.story_id as story_id,
    row.step as step,
    row.group_id as group_id
from (
    select unnest(from_json($rows,
        '[{"affair_id": "varchar", "story_id": "varchar", "step": "integer", "group_id": "varchar"}]'
    )) as row
);
