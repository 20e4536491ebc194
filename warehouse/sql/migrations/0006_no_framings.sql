-- Framings are no longer counted: what was right of them was little more than half.

drop view if exists frame_weeks;
drop macro table if exists frames_between;
drop macro table if exists frames_every;
drop macro table if exists wording_between;
drop macro table if exists worded_between;
drop table if exists framings;
drop table if exists framed;
drop table if exists frames;

comment on column computed_days.relation is 'bursts, emerging_terms, level_shifts or outlet_columns; frame_weeks, which is no more, of days before.';
