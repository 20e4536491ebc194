-- Which part of the feeds a run was to poll, where several machines share them.

alter table runs add column shard varchar;
comment on column runs.shard is 'Which shard of the feeds the run was to poll, as 1/2 is the first of two; null where it was all of them.';
