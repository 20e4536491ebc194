-- What is found in Python beside bursts and terms: levels that changed for good, and
-- headlines worded one way or the other.

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
comment on table level_shifts is 'One row per entity or topic whose level of stories changed within the last 26 weeks and has stayed there: the latest change. Replaced at each refresh.';
comment on column level_shifts.subject_id is 'The entity or topic.';
comment on column level_shifts.kind is 'company or topic.';
comment on column level_shifts.since is 'First day of the new level, in the reporting zone; the likeliest one, it may be off by some days.';
comment on column level_shifts.until is 'Last day that was counted.';
comment on column level_shifts.before is 'Stories a week before, back to the change before it or to the start of the 26 weeks.';
comment on column level_shifts.after is 'Stories a week since then.';
comment on column level_shifts.ratio is 'How many times its former part of all stories it has now: a holiday or a new source, which moves all subjects, does not count.';
comment on column level_shifts.low is 'Lower end of the ratio''s 95 % interval.';
comment on column level_shifts.high is 'Upper end of it.';
comment on column level_shifts.gain is 'Twice the gain in log-likelihood over no change, over-dispersion taken into account; reported from five times the logarithm of the days on, 26 for 26 weeks.';

create table frames (
    frame_id varchar not null,
    pole     varchar not null,
    name     varchar not null,
    name_zh  varchar not null
);
comment on table frames is 'One row per pole of a frame, a pair of opposite wordings that headlines choose between.';
comment on column frames.frame_id is 'The pair.';
comment on column frames.pole is 'One of its two wordings.';
comment on column frames.name is 'What the pole is called in English.';
comment on column frames.name_zh is 'What it is called in Chinese.';

create table framings (
    article_id varchar not null,
    frame_id   varchar not null,
    pole       varchar not null,
    term       varchar not null
);
comment on table framings is 'One row per article, frame and pole whose words its headline has. A headline may have both.';
comment on column framings.article_id is 'The article.';
comment on column framings.frame_id is 'The frame.';
comment on column framings.pole is 'The pole.';
comment on column framings.term is 'The words as they stand in the headline, in Simplified characters.';

create table framed (
    rules_version varchar not null,
    seq           bigint  not null
);
comment on table framed is 'How far headlines have been read for frames: at most one row.';
comment on column framed.rules_version is 'Version of the words they were read with.';
comment on column framed.seq is 'The last article read, by its order of arrival.';
