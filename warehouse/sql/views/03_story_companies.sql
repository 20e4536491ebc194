-- What holds for one member of a story holds for the story.
create or replace view story_companies as
select
    story_id,
    company_id,
    count(*)::integer as articles,
    min(published_at) as first_named_at
from company_coverage
group by story_id, company_id;

comment on view story_companies is 'One row per story and entity that any of its articles names in headline or summary; digests left out. For shares of coverage count mentions, which say what each text names.';
comment on column story_companies.story_id is 'The story.';
comment on column story_companies.company_id is 'The entity, the most specific one.';
comment on column story_companies.articles is 'Articles of the story that name it.';
comment on column story_companies.first_named_at is 'Publication of the first of these.';

create or replace view story_topics as
select
    coverage.story_id,
    coverage.topic_id,
    coverage.kind,
    count(*)::integer as articles,
    max(tags.score) as score,
    mode(tags.event_object) as event_object
from topic_coverage as coverage
join tags using (article_id, topic_id, kind)
group by coverage.story_id, coverage.topic_id, coverage.kind;

comment on view story_topics is 'One row per story and topic or event type that any of its articles treats; digests left out.';
comment on column story_topics.story_id is 'The story.';
comment on column story_topics.topic_id is 'The topic or event type; only with kind it is one.';
comment on column story_topics.kind is 'topic or event.';
comment on column story_topics.articles is 'Articles of the story that treat it.';
comment on column story_topics.score is 'The highest score among these.';
comment on column story_topics.event_object is 'Of an event type whom or what it is done to, as most of these say: a company_id, or words of a headline.';
