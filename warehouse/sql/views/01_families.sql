-- Some companies, topics or event types with all that are below them.
create or replace macro with_those_below(of_kind, asked) as table
    with recursive family as (
        select unnest(asked) as id
        union
        select child.id
        from (
            select 'company' as kind, company_id as id, parent_id
            from companies
            union all
            select kind, topic_id, parent_id
            from topics
        ) as child
        join family on child.parent_id = family.id
        where child.kind = of_kind
    )
    from family;

comment on macro table with_those_below is 'The ids of a list and of all below them: of companies their brands and subsidiaries (of_kind company), of topics and event types those that they have (topic, event).';

-- An entity counts for itself and for all that it belongs to: a firm is its group with brands.
create or replace view company_families as
with recursive above as (
    select company_id, company_id as family_id
    from companies
    union
    select above.company_id, parent.company_id
    from above
    join companies as own on own.company_id = above.family_id
    join companies as parent on parent.company_id = own.parent_id
)
from above;

comment on view company_families is 'One row per entity and each entity that it counts for: itself, and all that it belongs to.';
comment on column company_families.company_id is 'The entity that is named.';
comment on column company_families.family_id is 'The entity that is counted, with all its brands and subsidiaries.';
