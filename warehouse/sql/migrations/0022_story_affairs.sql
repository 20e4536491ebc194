-- Stories that build on one another: a model, its price, its agent.

create table story_affairs (
    affair_id varchar not null,
    story_id  varchar not null,
    step      integer not null,
    group_id  varchar not null
);
comment on table story_affairs is 'One row per affair and story of it: stories of one group within days of each other that are about one matter (a product and its price, the steps of a listing). Derived from headlines; stories that stand alone have no row.';
comment on column story_affairs.affair_id is 'The affair, called after its first story and its group.';
comment on column story_affairs.story_id is 'The story; one that names two groups may be a step of two affairs.';
comment on column story_affairs.step is 'Place of the story in the affair by time, from 1; the highest is the latest turn.';
comment on column story_affairs.group_id is 'The group whose affair it is, as in company_groups.';
