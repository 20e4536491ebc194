-- Stories, groups of articles on one event, and how they joined, parted and follow on.

create table stories (
    story_id           varchar     not null,
    headline           varchar     not null,
    first_published_at timestamptz not null,
    last_published_at  timestamptz not null,
    first_publisher    varchar     not null,
    articles           integer     not null,
    publishers         integer     not null,
    languages          varchar[]   not null,
    rules_version      varchar     not null,
    relevance          double,
    is_on_beat         boolean
);
comment on table stories is 'One row per story, a group of articles on the same event; recomputed from its articles whenever they change.';
comment on column stories.story_id is 'Identity of the story, derived from its first article.';
comment on column stories.headline is 'Headline of the article published first.';
comment on column stories.first_published_at is 'When its first article was published.';
comment on column stories.last_published_at is 'When its latest article was published.';
comment on column stories.first_publisher is 'Outlet that published first.';
comment on column stories.articles is 'Articles in the story.';
comment on column stories.publishers is 'How many outlets tell it: different publishers on as many different sites; each source that an aggregator names counts as one.';
comment on column stories.languages is 'Languages of its articles, sorted.';
comment on column stories.rules_version is 'Version of the rules in force when it was last touched.';
comment on column stories.relevance is 'That of its most relevant article.';
comment on column stories.is_on_beat is 'Whether an article of it is on the beat. Null where an earlier release tagged them all.';

create table story_merges (
    story_id    varchar     not null,
    merged_into varchar     not null,
    merged_at   timestamptz not null
);
comment on table story_merges is 'One row per story that went into another, when an article turned up that surely belongs to both, or a retag found them to be of one event; its articles and alerts moved with it. Where the story is there again since, nothing leads away from it.';
comment on column story_merges.story_id is 'The story that is no more: links to it lead to the other.';
comment on column story_merges.merged_into is 'The story that took its articles, itself merged perhaps later; the chain ends at a row of stories.';
comment on column story_merges.merged_at is 'The pipeline''s clock when it happened.';

create table story_splits (
    story_id   varchar     not null,
    split_from varchar     not null,
    split_at   timestamptz not null
);
comment on table story_splits is 'One row per story and other story of which its articles were, when a retag found them to be of several events. Append-only.';
comment on column story_splits.story_id is 'A story that holds articles of the other; it may have gone into a further one since (story_merges).';
comment on column story_splits.split_from is 'The story of which they were. Its id stays with the article that named it.';
comment on column story_splits.split_at is 'The clock of the retag that parted them.';

create table story_affairs (
    affair_id varchar not null,
    story_id  varchar not null,
    step      integer not null,
    group_id  varchar,
    topic_id  varchar
);
comment on table story_affairs is 'One row per affair and story of it: stories of one group, or of one topic of the policy boards, within days of each other that are about one matter (a product and its price, the steps of a listing, a measure and the answer to it). Derived from headlines; stories that stand alone have no row.';
comment on column story_affairs.affair_id is 'The affair, called after its first story and its group or topic.';
comment on column story_affairs.story_id is 'The story; it may be a step of several affairs, of two groups or of a group and a topic.';
comment on column story_affairs.step is 'Place of the story in the affair by time, from 1; the highest is the latest turn.';
comment on column story_affairs.group_id is 'The group whose affair it is, as in company_groups; null in an affair of a topic.';
comment on column story_affairs.topic_id is 'The topic whose affair it is; null in an affair of a group.';
