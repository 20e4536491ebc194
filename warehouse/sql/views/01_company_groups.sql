-- Each entity and the one at the top of its chain of parents.
-- A parent that the watchlist does not know ends the chain; entities of a circle of
-- parents, which the watchlist refuses, stand for themselves.
create or replace view company_groups as
with recursive chain as (
    select company_id, company_id as group_id
    from companies
    where parent_id is null or parent_id not in (select company_id from companies)
    union all
    select child.company_id, chain.group_id
    from companies as child
    join chain on child.parent_id = chain.company_id
)
select companies.company_id, coalesce(chain.group_id, companies.company_id) as group_id
from companies
left join chain using (company_id);

comment on view company_groups is 'One row per entity of the watchlist: the group it rolls up to.';
comment on column company_groups.company_id is 'The entity.';
comment on column company_groups.group_id is 'The entity at the top of its chain of parents, itself where it has none.';
