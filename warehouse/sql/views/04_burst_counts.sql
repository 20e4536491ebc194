-- What bursts and level shifts are computed from, of what had been seen by a moment.
--
-- Bursts: what came undated from a feed that had not been read for a day, or from an import
-- that does not say when it was first seen, is left out: it may be of any day before, and
-- all of it at once is no burst.
create or replace macro burst_counts_between(since, until, seen_by) as table
with undated as (
    select article_id, feed_id, first_seen_at, run_id = '' as is_imported
    from articles
    where published_from = 'first_seen' and is_within(first_seen_at, since, until)
),
answers as (
    select feed_id, polled_at
    from feed_polls
    where
        answered(outcome)
        and feed_id in (select feed_id from undated)
        and polled_at >= (since::date - 3)::timestamptz
),
of_any_day as (
    select undated.article_id
    from undated
    asof left join answers
        on answers.feed_id = undated.feed_id and answers.polled_at < undated.first_seen_at
    where
        case
            when undated.is_imported
                then undated.first_seen_at in (select imported_at from imports)
            else coalesce(answers.polled_at < undated.first_seen_at - interval 30 hour, true)
        end
)
select subject_id, kind, day, count(distinct story_id)::integer as stories
from coverage_between(since, until)
where
    kind <> 'event'
    and first_seen_at <= seen_by
    and article_id not in (from of_any_day)
group by subject_id, kind, day;

-- Level shifts: of the outlets alone that were there all along, with stories at both ends
-- and in three of four weeks. An outlet that came or went moves each subject differently,
-- and none of them for good.
create or replace macro shift_counts_between(since, until, seen_by) as table
with outlets as (
    select publisher, min(day) as first_day, max(day) as last_day, count(distinct week) as weeks
    from articles_between(since, until)
    where first_seen_at <= seen_by
    group by publisher
),
panel as (
    select publisher
    from outlets
    where
        first_day <= since::date + 14
        and last_day >= until::date - 14
        and weeks >= 0.75 * (until::date - since::date - 1) / 7
)
select subject_id, kind, day, count(distinct story_id)::integer as stories
from coverage_between(since, until)
where
    kind <> 'event'
    and first_seen_at <= seen_by
    and publisher in (select publisher from panel)
group by subject_id, kind, day;

-- A burst is of a whole day: one that the period touches is in it. A company's is of the
-- beat where at least half of its stories of that day are, and it is at home here.
create or replace macro bursts_between(since, until) as table
with flagged as (
    from bursts
    where day >= reporting_day(instant_of(since)) and day_start(day) < instant_of(until)
),
told as (
    select
        kind,
        subject_id,
        day,
        count(distinct story_id) filter (is_on_beat) / count(distinct story_id) as share
    from coverage
    semi join flagged using (kind, subject_id, day)
    where kind = 'company'
    group by kind, subject_id, day
)
select
    flagged.*,
    coalesce(subjects.name, subject_id) as name,
    coalesce(subjects.name_zh, '') as name_zh,
    coalesce(told.share >= 0.5, true)
    and not coalesce(competes(companies.kind) and is_peer(companies.kind, companies.country), false) as is_on_beat
from flagged
left join told using (kind, subject_id, day)
left join subjects using (kind, subject_id)
left join companies on kind = 'company' and companies.company_id = subject_id;

comment on macro table burst_counts_between is 'Stories by subject and day from since to before until that bursts are computed from, of what had been seen by a moment.';
comment on macro table shift_counts_between is 'Stories by subject and day from since to before until that level shifts are computed from, of what had been seen by a moment.';
comment on macro table bursts_between is 'bursts of the days that the period from since to before until touches, with the names of their subjects, and whether they are of the beat (is_on_beat): a company at home elsewhere is not, nor one of whose stories of the day less than half are.';
