-- Results of statistics that SQL alone does not compute; replaced for a period at a time.

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
comment on column bursts.observed is 'Stories on that day, digests left out.';
comment on column bursts.expected is 'Stories that its own level of the 28 days before leads one to expect.';
comment on column bursts.p is 'Chance of as many or more stories if nothing had changed.';
comment on column bursts.q is 'The same after correction for the many subjects tested that day.';

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
