-- How far a retag is that has not come to its end: it goes on there.

create table retagged (
    rules varchar not null,
    seq   bigint  not null
);
comment on table retagged is 'How far a retag is that goes on, or was ended before its end; no row where none is.';
comment on column retagged.rules is 'The release and the version of the watchlist by which it finds.';
comment on column retagged.seq is 'The last article that has its findings by them, by order of arrival.';
