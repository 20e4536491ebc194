-- What the columns of bursts mean since holidays, the part of the day that is over and a
-- budget of false alarms bear on them.

comment on column bursts.observed is 'Stories on that day, digests left out; of today so far.';
comment on column bursts.expected is 'Stories that its own level of the 28 days before, the weekday and holidays lead one to expect; of today, by this hour.';
comment on column bursts.q is 'Of the subjects of that day that stand out as far, the share that chance alone would bring.';
