-- What verdicts taught and stands: the newest teaching that was not taken back.
create or replace view taught as
select taught_weights.teaching_id, teachings.taught_at, taught_weights.part, taught_weights.name, taught_weights.weight
from taught_weights
join teachings using (teaching_id)
where teaching_id = (
    select max(given.teaching_id)
    from teachings as given
    where
        given.undoes is null
        and given.teaching_id not in (select undoes from teachings where undoes is not null)
);

comment on view taught is 'One row per weight by which verdicts taught articles, pairs of headlines and alerts to be judged. Whatever is not named here has the weight that is shipped.';
comment on column taught.teaching_id is 'The teaching, of teachings.';
comment on column taught.taught_at is 'When it was applied.';
comment on column taught.part is 'What weighs by it: alerts, beat, or pairs of headlines (latin, han, cross).';
comment on column taught.name is 'What is weighed.';
comment on column taught.weight is 'Log-odds that it adds.';
