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

-- Ids of articles are made in one way, and were since 8e51f5d3.

drop table if exists identified;
comment on table article_merges is 'One row per article id that was given up before December 2026, because another address of the same article had it or because ids were made otherwise; sightings, wordings and alerts moved with it.';
