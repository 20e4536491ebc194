-- Verdicts hold and teach nothing: by 300 of them alerts of an unseen month were hardly more precise.

drop view if exists taught;
drop macro table if exists verdict_precision_since;
drop table if exists taught_weights;
drop table if exists teachings;

comment on column alerts.state is 'pending, delivered, parked (a channel would not take it) or suppressed (within a rule''s cooldown, told by another rule, or before `mute_until` of its rule).';
comment on column alerts.muted_by is '`mute_until` of its rule, where that held it back, or what an earlier release had learned of verdicts; null where nothing did.';
