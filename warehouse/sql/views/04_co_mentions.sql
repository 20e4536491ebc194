-- Which entities the same stories name, beyond chance: normalised pointwise mutual
-- information, -1 never together, 0 as chance has it, 1 only together. Reckoned over
-- the stories that name any entity; three stories are the least to say anything.
create or replace macro pairs_of(named_in) as table
with named as materialized (
    from query_table(named_in)
),
singles as (
    select company_id, count(*) as stories
    from named
    group by company_id
),
total as (
    select count(distinct story) as stories
    from named
),
pairs as (
    select a.company_id as company_a, b.company_id as company_b, count(*) as stories
    from named as a
    join named as b on a.story = b.story and a.company_id < b.company_id
    group by a.company_id, b.company_id
    having count(*) >= 3
)
select
    pairs.company_a,
    pairs.company_b,
    pairs.stories::integer as stories,
    case
        when pairs.stories = total.stories then 1.0
        else ln(pairs.stories::double * total.stories / (a.stories::double * b.stories))
            / -ln(pairs.stories::double / total.stories)
    end as npmi
from pairs
join singles as a on a.company_id = pairs.company_a
join singles as b on b.company_id = pairs.company_b
cross join total;

create or replace macro pairs_between(since, until) as table
with named_alone as (
    select subject_id as company_id, story
    from beat_stories_every(null::integer, since, until)
    where kind = 'company'
)
select pairs.*, group_a.group_id is not distinct from group_b.group_id as is_one_group
from pairs_of('named_alone') as pairs
left join company_groups as group_a on group_a.company_id = pairs.company_a
left join company_groups as group_b on group_b.company_id = pairs.company_b;

create or replace macro group_pairs_between(since, until) as table
with named_together as (
    select distinct groups.group_id as company_id, told.story
    from beat_stories_every(null::integer, since, until) as told
    join company_groups as groups on told.kind = 'company' and groups.company_id = told.subject_id
)
from pairs_of('named_together');

create or replace view co_mentions as
from pairs_between(date '0001-01-01', date '9999-12-31');

comment on macro table pairs_of is 'Which companies the same stories name, of a relation of each company and story that is named.';
comment on macro table group_pairs_between is 'co_mentions of groups with their brands, of the days from since to the day before until.';
comment on macro table pairs_between is 'co_mentions of the days from since to the day before until.';
comment on view co_mentions is 'One row per pair of entities that at least 3 stories name together; digests left out.';
comment on column co_mentions.company_a is 'The entity that comes first by the alphabet.';
comment on column co_mentions.company_b is 'The other entity.';
comment on column co_mentions.stories is 'Stories that name both.';
comment on column co_mentions.npmi is 'Normalised pointwise mutual information over stories that name any entity: 1 only together, 0 as chance has it, below 0 less than that.';
comment on column co_mentions.is_one_group is 'Whether both belong to one group, as a company and its brand do.';
