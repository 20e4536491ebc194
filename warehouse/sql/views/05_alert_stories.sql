-- Of which stories alerts and updates tell: their own, and parts of what that was.
create or replace view alert_stories as
select alert_id, story_id
from alerts
where story_id is not null
union all
select alert_id, story_id
from alert_parts
union all
select alert_parts.alert_id, story_merges.merged_into
from alert_parts
join story_merges using (story_id)
where story_id not in (select story_id from stories);

comment on view alert_stories is 'One row per alert or update and story that it tells of: its own, and further parts of what its story was before a retag or a verdict parted it.';
comment on column alert_stories.alert_id is 'The alert or update.';
comment on column alert_stories.story_id is 'A story of which it counts as told.';
