-- What is counted, ready to count: views/02_coverage.sql and 02_story_days.sql fill it as
-- articles are committed. A page of a story or company reads here what coverage counts for and
-- why, where rows lie by time; in mentions and tags it would read all that was ever named.

create table coverage (
    kind          varchar     not null,
    subject_id    varchar     not null,
    article_id    varchar     not null,
    story_id      varchar,
    day           date        not null,
    published_at  timestamptz not null,
    first_seen_at timestamptz not null,
    language      varchar,
    publisher     varchar,
    feed_id       varchar,
    is_on_beat    boolean     not null,
    is_subject    boolean,
    word          varchar
);
alter table coverage set partitioned by (year(published_at), month(published_at));
comment on table coverage is 'One row per article, and one per article and company, topic or event type that it counts for; digests left out. Derived from articles, mentions and tags as they are committed: what counts reads these rows and joins nothing.';
comment on column coverage.kind is 'article (the article itself), company, topic or event.';
comment on column coverage.subject_id is 'The company, topic or event type; empty of an article itself.';
comment on column coverage.article_id is 'The article.';
comment on column coverage.story_id is 'Its story.';
comment on column coverage.day is 'Calendar day of publication in the reporting zone.';
comment on column coverage.published_at is 'When it was published.';
comment on column coverage.first_seen_at is 'When it arrived.';
comment on column coverage.language is 'Language of the article, ISO 639.';
comment on column coverage.publisher is 'Outlet.';
comment on column coverage.feed_id is 'The feed that brought it first.';
comment on column coverage.is_on_beat is 'Whether it is on the beat; true as well where an earlier release tagged it.';
comment on column coverage.is_subject is 'Whether the article is about the company or only names it; null of an article, topic or event type.';
comment on column coverage.word is 'The alias or term by which it was found, the headline''s where headline and summary have one; null of an article.';

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
alter table story_days set partitioned by (year(day), month(day));
comment on table story_days is 'One row per subject, calendar day and story that counts for it that day: so the stories of any span of days are counted, and not told apart. Derived from coverage as articles are committed. Topics and event types count on the beat alone.';
comment on column story_days.kind is 'article (whatever the subject), company, topic or event.';
comment on column story_days.subject_id is 'The company, topic or event type; empty where the kind is article.';
comment on column story_days.day is 'Calendar day of publication in the reporting zone.';
comment on column story_days.story is 'A number that stands for the story: the lower half of the MD5 of its id.';
comment on column story_days.articles is 'Its articles of the day that count for the subject.';
comment on column story_days.on_beat is 'Those of them on the beat.';
comment on column story_days.previous_day is 'The last day before on which the story counted for the subject; null where this is the first.';
comment on column story_days.previous_on_beat is 'The last day before on which an article on the beat did.';
