-- What was applied to this file, so that it can be brought up to date or refused.
-- It may be there, and empty: whoever began was killed before the first migration.
begin;
create table if not exists schema_migrations (
    name       varchar     not null,
    checksum   varchar     not null,
    applied_at timestamptz not null
);
comment on table schema_migrations is 'One row per migration applied to this file, and one for the views.';
comment on column schema_migrations.name is 'File name of the migration; views for all views together.';
comment on column schema_migrations.checksum is 'SHA-256 of the SQL as it was applied.';
comment on column schema_migrations.applied_at is 'When it was applied.';
commit;
