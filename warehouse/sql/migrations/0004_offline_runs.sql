-- Runs in which no host answered as it should are on record as such.

comment on column runs.outcome is 'running, completed, failed (no feed worked), offline (no host answered as it should: network, portal or proxy; of its polls nothing is on record) or crashed (its process went away).';
