-- A process that was stopped while it opened the warehouse had the turn, and waited for nobody.

comment on column runs.waited_seconds is 'How long the run waited for its turn to write, until its end was recorded or it gave up. Null while running, or where the run crashed.';
comment on column runs.held_seconds is 'How long the run had the turn to write, others waiting meanwhile, with the opening of the warehouse, until its end was recorded. Null while running, or where the run crashed.';
