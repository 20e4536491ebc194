-- Which stories count for what on which day, and on which day before they did so last:
-- views/02_story_days.sql tells how; warehouse/news/coverage.py fills it.

create table story_days (
    kind             varchar not null,
    subject_id       varchar not null,
    day              date    not null,
    story            ubigint not null,
    articles         integer not null,
    on_beat          integer not null,
    previous_day     date,
    previous_on_beat date
);
comment on table story_days is 'One row per subject, calendar day and story that counts for it that day: so the stories of any span of days are counted, and not told apart. Derived from coverage as articles are committed. Topics and event types count on the beat alone.';
comment on column story_days.kind is 'article (whatever the subject), company, topic or event.';
comment on column story_days.subject_id is 'The company, topic or event type; empty where the kind is article.';
comment on column story_days.day is 'Calendar day of publication in the reporting zone.';
comment on column story_days.story is 'A number that stands for the story: the lower half of the MD5 of its id.';
comment on column story_days.articles is 'Its articles of the day that count for the subject.';
comment on column story_days.on_beat is 'Those of them on the beat.';
comment on column story_days.previous_day is 'The last day before on which the story counted for the subject; null where this is the first.';
comment on column story_days.previous_on_beat is 'The last day before on which an article on the beat did.';
