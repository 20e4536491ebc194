-- By which engine stories were last made anew, so that a retag leaves those that it would find again.

create table grouped (
    engine  varchar not null,
    seq     bigint  not null,
    is_done boolean not null
);
comment on table grouped is 'By which engine all stories were made anew: at most a row, of the last retag that did so or goes on.';
comment on column grouped.engine is 'Digest of the code, words and weights by which headlines are compared.';
comment on column grouped.seq is 'The last article, by order of arrival, that was there when it began.';
comment on column grouped.is_done is 'Whether it came to its end.';
