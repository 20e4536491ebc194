-- By which rules stored articles were read, so that an edit of a few rereads a few.

create table rules_read (
    step      integer not null,
    since_seq bigint  not null,
    rules     varchar not null,
    reaches   blob    not null
);
comment on table rules_read is 'By which rules articles were read that came since: a row at the end of a retag, and one each time that others begin to be used.';
comment on column rules_read.step is 'The order in which they were used.';
comment on column rules_read.since_seq is 'The last article, by order of arrival, that came before; 0 where all were read by these.';
comment on column rules_read.rules is 'The release and the version of the watchlist.';
comment on column rules_read.reaches is 'What each rule bears on, under a digest of what it says: JSON, packed by zlib.';

alter table retagged add column regroup_days timestamptz[];
comment on column retagged.regroup_days is 'Days whose stories such a retag of a part of all articles has to make anew; null where it is of all.';
