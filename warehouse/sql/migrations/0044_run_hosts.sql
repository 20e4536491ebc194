-- Which machine made a run, and in which of its homes: two homes are two of a lake's hosts.

alter table runs add column host varchar;
alter table runs add column home varchar;
comment on column runs.host is 'Name of the machine that made the run.';
comment on column runs.home is 'Which home of that machine: the folder''s name and a mark of its path; null where an earlier version ran.';
update runs set host = split_part(process, ' ', 1) where process is not null;
