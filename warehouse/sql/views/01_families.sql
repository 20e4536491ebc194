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
