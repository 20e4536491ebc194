-- Columns of outlets, found by the form that their headlines repeat; once a day anew.

create table outlet_columns (
    publisher varchar not null,
    label     varchar not null,
    days      integer not null,
    articles  integer not null
);
comment on table outlet_columns is 'One row per column of an outlet: headlines that repeat one form on five days or more of the last 60, hardly more than once a day. Its articles lead nothing and join no story.';
comment on column outlet_columns.publisher is 'The outlet.';
comment on column outlet_columns.label is 'What the headlines repeat (column_labels), with numbers as #.';
comment on column outlet_columns.days is 'Days of the 60 with such a headline.';
comment on column outlet_columns.articles is 'Articles of these days.';
comment on column computed_days.relation is 'bursts, emerging_terms, level_shifts, frame_weeks or outlet_columns.';
