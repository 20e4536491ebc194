-- name: subjects_of
-- Whose affairs stories may be of: the groups that they are about, of kinds that act in the
-- market, and the states that act in them. None has an article from before $since.
with held as (
    select unnest(from_json($story_id, '["varchar"]')) as story_id
)
select groups.group_id as subject
from company_coverage as named
join company_groups as groups using (company_id)
join companies as top on top.company_id = groups.group_id
where
    top.kind in ('company', 'brand')
    and named.is_subject
    and named.published_at >= $since::timestamptz
    and named.story_id in (select story_id from held)
union
select acts.subject
from acts_of_states($since::timestamptz, 'infinity'::timestamptz) as acts
where acts.story_id in (select story_id from held)
order by subject;

-- name: told_of
-- What affairs are made of that stories may be of: a row a subject and story, with what else
-- is named, and what is done.
with held as (
    select story_id, headline, first_published_at, is_on_beat
    from stories
    where story_id in (select unnest(from_json($story_id, '["varchar"]')))
),
span as (
    select min(published_at) as since, max(published_at) as until
    from articles
    where story_id in (select story_id from held)
),
named as (
    select
        told.story_id,
        string_agg(distinct groups.group_id, ' ' order by groups.group_id) as names
    from company_coverage as told
    join company_groups as groups using (company_id)
    join companies using (company_id)
    where told.story_id in (select story_id from held) and competes(companies.kind)
    group by told.story_id
)
select groups.group_id as subject, held.*, named.names
from company_coverage as told
join held using (story_id)
join company_groups as groups using (company_id)
join companies as top on top.company_id = groups.group_id
left join named using (story_id)
where top.kind in ('company', 'brand') and told.is_subject
union
select acts.subject, held.*, to_json(acts)::varchar
from acts_of_states((select since from span), 'infinity'::timestamptz) as acts
join held using (story_id);

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
-- The stories on the beat about some groups (about any, where none is named) that began in a
-- time: headlines of reports, the groups that they name, and by which words.
with told as (
    select
        coverage.story_id,
        list(distinct groups.group_id order by groups.group_id) as firms,
        list(distinct groups.group_id order by groups.group_id) filter (
            coverage.is_subject
            and top.kind in ('company', 'brand')
            and (
                $subject::varchar is null
                or groups.group_id in (select unnest(from_json($subject, '["varchar"]')))
            )
        ) as subjects,
        list(distinct coverage.word order by coverage.word) as words
    from company_coverage as coverage
    join companies using (company_id)
    join company_groups as groups using (company_id)
    join companies as top on top.company_id = groups.group_id
    where
        coverage.published_at >= $since
        and coverage.published_at < $until
        and competes(companies.kind)
    group by coverage.story_id
)
select
    told.subjects, told.firms, told.words, [] as acts, null as topic_id, stories.story_id,
    headlines.headlines, stories.first_published_at as began_at
from told
join stories using (story_id)
join reports_between($since, $until) as headlines using (story_id)
where
    told.subjects is not null
    and coalesce(stories.is_on_beat, true)
    and stories.first_published_at >= $since and stories.first_published_at < $until;

-- name: turns_of_states
-- The same of stories in which states act, with what they do; a topic of the policy boards.
with acts as (
    select story_id, subject, list(distinct act order by act) as acts
    from acts_of_states($since::timestamptz, $until::timestamptz)
    where
        $subject::varchar is null
        or subject in (select unnest(from_json($subject, '["varchar"]')))
    group by story_id, subject
),
treated as (
    select coverage.story_id, min(topic_id) as topic_id
    from topic_coverage as coverage
    join topics using (topic_id, kind)
    where
        coverage.kind = 'topic'
        and coverage.story_id in (select story_id from acts)
        and len(list_filter(topics.boards, lambda board: board like 'policy%')) > 0
    group by coverage.story_id
)
select
    [acts.subject] as subjects, [] as firms, [] as words, acts.acts, treated.topic_id,
    stories.story_id,
    coalesce(reported.headlines, [stories.headline]) as headlines,
    stories.first_published_at as began_at
from acts
join stories using (story_id)
left join reports_between($since, $until) as reported using (story_id)
left join treated using (story_id)
where stories.first_published_at >= $since and stories.first_published_at < $until;

-- name: delete_affairs
-- Make room for the affairs of these subjects that began in a time, and forget those of some
-- stories (of all, where none is named) that are no more: that did not begin in that time.
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
            -- An affair is called after its first story and its subject.
            or substr(affair_id, strpos(affair_id, '-') + 1)
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
select unnest(from_json($rows,
    '[{"affair_id": "varchar", "story_id": "varchar", "step": "integer", "group_id": "varchar", "topic_id": "varchar"}]'
), recursive := true);
