-- What verdicts taught: weights in place of the shipped ones.

create table teachings (
    teaching_id bigint      not null,
    taught_at   timestamptz not null,
    "by"        varchar     not null,
    verdicts    integer     not null,
    report      varchar     not null,
    undoes      bigint
);
comment on table teachings is 'One row per `sinowire teach --apply`, and one per such taken back; rows are only added. The newest that stands counts.';
comment on column teachings.teaching_id is 'Its number, from 1 on.';
comment on column teachings.taught_at is 'When it was applied.';
comment on column teachings."by" is 'Who applied it, as said: no proof of who it was.';
comment on column teachings.verdicts is 'How many verdicts it was learnt from.';
comment on column teachings.report is 'What was said of it when it was applied: rows as JSON, as `sinowire teach --format json` prints them. Empty of one that takes back.';
comment on column teachings.undoes is 'The one that it takes back; null of one that takes back none.';

create table taught_weights (
    teaching_id bigint  not null,
    part        varchar not null,
    name        varchar not null,
    weight      double  not null
);
comment on table taught_weights is 'One row per weight that a teaching set: whatever it does not name keeps what is shipped. Read `taught`.';
comment on column taught_weights.teaching_id is 'The teaching, of teachings.';
comment on column taught_weights.part is 'What weighs by it: alerts, beat, or pairs of headlines (latin, han, cross).';
comment on column taught_weights.name is 'What is weighed.';
comment on column taught_weights.weight is 'Log-odds that it adds: of an alert''s being wanted, of belonging to the beat, of telling one event.';

alter table alerts add column muted_by varchar;
comment on column alerts.muted_by is 'What verdicts taught that muted it, each sign with its weight; null where nothing did.';
comment on column alerts.state is 'pending, delivered, parked (a channel would not take it) or suppressed (within a rule''s cooldown, told by another rule, or muted by what verdicts taught).';
