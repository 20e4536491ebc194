-- name: columns
-- Every column of every relation with its comment; tables first, both by name.
with relations as (
    select table_name as relation, 'table' as kind, comment as about
    from duckdb_tables()
    where not internal
    union all
    select view_name, 'view', comment
    from duckdb_views()
    where not internal
)
select
    relations.relation,
    relations.kind,
    coalesce(relations.about, '') as about,
    columns.column_name as name,
    case lower(columns.data_type)
        when 'timestamp with time zone' then 'timestamptz'
        else lower(columns.data_type)
    end as type,
    coalesce(columns.comment, '') as meaning
from relations
join duckdb_columns() as columns
    on columns.table_name = relations.relation and not columns.internal
order by relations.kind, relations.relation, columns.column_index;

-- name: macros
-- Every macro with its comment; those that give a table last, both by name.
select
    function_name as name,
    function_type = 'table_macro' as is_table,
    parameters,
    coalesce(comment, '') as meaning
from duckdb_functions()
where not internal and function_type in ('macro', 'table_macro')
order by is_table, name;
