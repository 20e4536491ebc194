-- Which days were looked at for what is computed rather than viewed, and what came by
-- import: an empty table says nothing of days that nobody looked at.

create table computed_days (
    relation    varchar     not null,
    day         date        not null,
    computed_at timestamptz not null
);
comment on table computed_days is 'One row per relation and reporting day that was computed, whether or not anything was found.';
comment on column computed_days.relation is 'bursts, emerging_terms, level_shifts or frame_weeks.';
comment on column computed_days.day is 'Calendar day of the reporting zone.';
comment on column computed_days.computed_at is 'When it was computed last.';

create table imports (
    imported_at timestamptz not null,
    entries     integer     not null,
    undated     integer     not null
);
comment on table imports is 'One row per batch of rows that `sinowire import` read.';
comment on column imports.imported_at is 'When the import began. Rows with neither a date nor a first sight were first seen then.';
comment on column imports.entries is 'Rows in the batch.';
comment on column imports.undated is 'Rows without a date; they count on the day they were first seen.';
