-- What hosts of one lake have to agree on, and how they share the turn to write.

alter table runs add column feeds_version varchar;
alter table runs add column waited_seconds double;
alter table runs add column held_seconds double;
comment on column runs.feeds_version is 'Which list of feeds the host had, as a digest; null where no other host shares the warehouse.';
comment on column runs.waited_seconds is 'How long the run waited to have the warehouse open to write, until its end was recorded: for its turn, and for the opening itself. Null while running, or where the run crashed.';
comment on column runs.held_seconds is 'How long the run had the warehouse open to write, others waiting meanwhile, until its end was recorded. Null while running, or where the run crashed.';
