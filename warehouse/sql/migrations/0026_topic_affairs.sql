-- Affairs of a topic, such as a measure and the answer to it, beside those of a group.

alter table story_affairs add column topic_id varchar;
alter table story_affairs alter column group_id drop not null;
comment on table story_affairs is 'One row per affair and story of it: stories of one group, or of one topic of the policy boards, within days of each other that are about one matter (a product and its price, the steps of a listing, a measure and the answer to it). Derived from headlines; stories that stand alone have no row.';
comment on column story_affairs.affair_id is 'The affair, called after its first story and its group or topic.';
comment on column story_affairs.story_id is 'The story; it may be a step of several affairs, of two groups or of a group and a topic.';
comment on column story_affairs.group_id is 'The group whose affair it is, as in company_groups; null in an affair of a topic.';
comment on column story_affairs.topic_id is 'The topic whose affair it is; null in an affair of a group.';
