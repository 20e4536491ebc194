-- Rows handed in as one JSON text, which names their columns and types: a value at a time
-- takes many times longer (warehouse/queries.py).
create or replace macro rows_of(batch, shape) as table
    select unnest(rows, recursive := true)
    from (select from_json_strict(batch, shape) as rows);

create or replace macro numbered_rows_of(batch, shape) as table
    select unnest(rows, recursive := true), generate_subscripts(rows, 1) as position
    from (select from_json_strict(batch, shape) as rows);

comment on macro table rows_of is 'The rows of a JSON text, with columns and types as the shape says.';
comment on macro table numbered_rows_of is 'rows_of, with the place of each from 1 on (position).';
