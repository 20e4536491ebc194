-- Results of statistics that SQL alone does not compute; replaced for a period at a time.

create table computed_days (
    relation    varchar     not null,
    day         date        not null,
    computed_at timestamptz not null
);
comment on table computed_days is 'One row per relation and reporting day that was computed, whether or not anything was found.';
comment on column computed_days.relation is 'bursts, emerging_terms, level_shifts, frame_weeks or outlet_columns.';
comment on column computed_days.day is 'Calendar day of the reporting zone.';
comment on column computed_days.computed_at is 'When it was computed last.';

create table bursts (
    subject_id varchar not null,
    kind       varchar not null,
    day        date    not null,
    observed   integer not null,
    expected   double  not null,
    p          double  not null,
    q          double  not null
);
comment on table bursts is 'One row per entity or topic and reporting day whose stories were far above their own recent level.';
comment on column bursts.subject_id is 'The entity or topic.';
comment on column bursts.kind is 'company or topic.';
comment on column bursts.day is 'Calendar day of the reporting zone.';
comment on column bursts.observed is 'Stories on that day, digests left out; of today so far.';
comment on column bursts.expected is 'Stories that its own level of the 28 days before, the weekday and holidays lead one to expect; of today, by this hour.';
comment on column bursts.p is 'Chance of as many or more stories if nothing had changed.';
comment on column bursts.q is 'Of the subjects of that day that stand out as far, the share that chance alone would bring.';

create table emerging_terms (
    week     date    not null,
    term     varchar not null,
    language varchar not null,
    count    integer not null,
    z        double  not null
);
comment on table emerging_terms is 'One row per week and term that headlines used far more than in the weeks before.';
comment on column emerging_terms.week is 'Monday of the week, in the reporting zone.';
comment on column emerging_terms.term is 'The term.';
comment on column emerging_terms.language is 'Language of the headlines, ISO 639.';
comment on column emerging_terms.count is 'Stories whose headline holds it in that week.';
comment on column emerging_terms.z is 'How far above the weeks before, in standard deviations.';

create table level_shifts (
    subject_id varchar not null,
    kind       varchar not null,
    since      date    not null,
    until      date    not null,
    before     double  not null,
    after      double  not null,
    ratio      double  not null,
    low        double  not null,
    high       double  not null,
    gain       double  not null
);
comment on table level_shifts is 'One row per entity or topic whose level of stories changed within the last 26 weeks and has stayed there: the latest change. Counted are the outlets that were there all along. Replaced at each refresh.';
comment on column level_shifts.subject_id is 'The entity or topic.';
comment on column level_shifts.kind is 'company or topic.';
comment on column level_shifts.since is 'First day of the new level, in the reporting zone; the likeliest one, it may be off by some days.';
comment on column level_shifts.until is 'Last day that was counted.';
comment on column level_shifts.before is 'Stories a week before, back to the change before it or to the start of the 26 weeks.';
comment on column level_shifts.after is 'Stories a week since then.';
comment on column level_shifts.ratio is 'How many times its former part of all stories it has now: a holiday or a new source, which moves all subjects, does not count.';
comment on column level_shifts.low is 'Lower end of the ratio''s 95 % interval.';
comment on column level_shifts.high is 'Upper end of it.';
comment on column level_shifts.gain is 'Twice the gain in log-likelihood over no change, over-dispersion taken into account; reported above four times the logarithm of the days, 21.';

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
