-- The stories of a span of days are not the sum of its days': a story that goes on for
-- three days is one. To tell them apart takes most of the time that counting takes. So each
-- row knows the day before on which the story counted for the same subject, and is the
-- first of its span where that day lies before it: who counts those counts each story once.
-- `story_days_follow_from_coverage` proves that rows kept in step come to the same.
create or replace macro story_days_of(coverage_of) as table
with told as (
    select
        kind,
        subject_id,
        day,
        story_id,
        count(*)::integer as articles,
        (count(*) filter (where is_on_beat))::integer as on_beat
    from query_table(coverage_of)
    where kind in ('article', 'company') or is_on_beat
    group by kind, subject_id, day, story_id
)
select
    kind,
    subject_id,
    day,
    md5_number_lower(story_id) as story,
    articles,
    on_beat,
    lag(day) over earlier as previous_day,
    max(day) filter (where on_beat > 0) over (
        earlier rows between unbounded preceding and 1 preceding
    ) as previous_on_beat
from told
window earlier as (partition by kind, subject_id, story_id order by day);

-- Where a session looks back, or at some stories alone, coverage is not what these rows
-- were derived from: a view of this name says so, and coverage is counted (numbers/asof.py).
create or replace view roll_ups as
select true as are_whole;

create or replace macro are_days(since, until) as
    typeof(since) <> 'TIMESTAMP WITH TIME ZONE' and typeof(until) <> 'TIMESTAMP WITH TIME ZONE';

-- Each story once a subject and span. Periods that begin or end at a moment count coverage.
create or replace macro subject_stories_every(days, since, until) as table
    select kind, subject_id, span_start(day, days, since) as start, story
    from story_days
    cross join roll_ups
    where
        roll_ups.are_whole
        and are_days(since, until)
        and kind <> 'article'
        and day >= since::date
        and day < until::date
        and (previous_day is null or previous_day < coalesce(span_start(day, days, since), since::date))
    union all
    select distinct kind, subject_id, span_start(day, days, since) as start, hash(story_id) as story
    from coverage
    cross join roll_ups
    where
        not (roll_ups.are_whole and are_days(since, until))
        and kind <> 'article'
        and (kind = 'company' or is_on_beat)
        and is_told_within(day, published_at, since, until);

-- The same of articles on the beat alone.
create or replace macro beat_stories_every(days, since, until) as table
    select kind, subject_id, span_start(day, days, since) as start, story
    from story_days
    cross join roll_ups
    where
        roll_ups.are_whole
        and are_days(since, until)
        and on_beat > 0
        and day >= since::date
        and day < until::date
        and (
            previous_on_beat is null
            or previous_on_beat < coalesce(span_start(day, days, since), since::date)
        )
    union all
    select distinct kind, subject_id, span_start(day, days, since) as start, hash(story_id) as story
    from coverage
    cross join roll_ups
    where
        not (roll_ups.are_whole and are_days(since, until))
        and is_on_beat
        and is_told_within(day, published_at, since, until);

comment on macro table story_days_of is 'What the rows of story_days should be, made from a table like coverage that is named.';
comment on view roll_ups is 'One row: whether what is rolled up by day holds here; not where a session looks back.';
comment on column roll_ups.are_whole is 'Whether story_days has all that coverage has.';
comment on macro are_days is 'Whether both bounds of a period are days, and none a moment.';
comment on macro table subject_stories_every is 'The stories of each company, topic and event type by spans of so many days, each once (kind, subject_id, start, story); one span where days is null. Topics and event types on the beat alone.';
comment on macro table beat_stories_every is 'The stories of each subject on the beat by spans of so many days, each once (kind, subject_id, start, story), those of kind article whatever their subject; one span where days is null.';
