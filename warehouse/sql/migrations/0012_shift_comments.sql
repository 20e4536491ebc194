-- What the columns of level_shifts mean since only outlets count that were there all along.

comment on table level_shifts is 'One row per entity or topic whose level of stories changed within the last 26 weeks and has stayed there: the latest change. Counted are the outlets that were there all along. Replaced at each refresh.';
comment on column level_shifts.gain is 'Twice the gain in log-likelihood over no change, over-dispersion taken into account; reported above four times the logarithm of the days, 21.';
