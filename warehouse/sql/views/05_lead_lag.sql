-- Which of two outlets is first on the stories that both tell: those that began in a span
-- of days. Only dates that feeds gave count, and five stories are the least.
create or replace macro leads_between(since, until) as table
with span as materialized (
    from moments_between(since, until)
),
told as materialized (
    select
        -- A number is grouped in half the time that a text takes; see share_every.
        hash(story_id) as story,
        publisher,
        language,
        published_at
    from articles
    cross join span
    where
        is_news(is_digest, published_from)
        and is_on_beat is distinct from false
        and published_from = 'published'
        and published_at >= span.looked_from
        and published_at < span.ended_at
),
-- Most stories have one outlet: what each told, and when, is looked for in the rest alone.
begun as (
    select story
    from told
    group by story
    having min(publisher) < max(publisher) and min(published_at) >= (select began_at from span)
),
recent as materialized (
    select story, publisher, mode(language) as language, min(published_at) as told_at
    from told
    where story in (from begun)
    group by story, publisher
),
paired as (
    select
        a.publisher as publisher_a,
        b.publisher as publisher_b,
        mode(a.language) as language_a,
        mode(b.language) as language_b,
        count(*)::integer as stories,
        (count(*) filter (where a.told_at < b.told_at))::integer as a_first,
        (count(*) filter (where b.told_at < a.told_at))::integer as b_first,
        median(epoch(b.told_at) - epoch(a.told_at)) / 3600.0 as median_hours
    from recent as a
    join recent as b on a.story = b.story and a.publisher < b.publisher
    group by a.publisher, b.publisher
    having count(*) >= 5
)
select
    publisher_a,
    publisher_b,
    language_a,
    language_b,
    stories,
    a_first,
    b_first,
    median_hours,
    a_first / nullif(a_first + b_first, 0) as a_share,
    wilson_low(a_first, a_first + b_first) as low,
    wilson_high(a_first, a_first + b_first) as high,
    case
        when wilson_low(a_first, a_first + b_first) > 0.5 then publisher_a
        when wilson_high(a_first, a_first + b_first) < 0.5 then publisher_b
    end as leader
from paired;

create or replace view lead_lag as
from leads_between(newest_day() - 27, newest_day() + 1);

comment on macro table leads_between is 'lead_lag of the stories that began on the days from since to the day before until.';
comment on view lead_lag is 'One row per pair of outlets that both told at least 5 stories begun in the 28 days up to the day of the newest arrival, by dates that feeds gave: which is first, and by how much. By story it is coverage_gaps.';
comment on column lead_lag.publisher_a is 'The outlet that comes first by the alphabet.';
comment on column lead_lag.publisher_b is 'The other outlet.';
comment on column lead_lag.language_a is 'Language in which publisher_a told most of them.';
comment on column lead_lag.language_b is 'Language in which publisher_b told most of them.';
comment on column lead_lag.stories is 'Stories that both told.';
comment on column lead_lag.a_first is 'Of those, told by publisher_a before publisher_b.';
comment on column lead_lag.b_first is 'Of those, told by publisher_b before publisher_a; the rest at one moment.';
comment on column lead_lag.median_hours is 'Median of the hours by which publisher_b came after publisher_a; negative where it came before.';
comment on column lead_lag.a_share is 'a_first as a part of a_first and b_first, 0 to 1.';
comment on column lead_lag.low is 'Lower end of its 95 % interval (Wilson).';
comment on column lead_lag.high is 'Upper end of it.';
comment on column lead_lag.leader is 'The outlet that is first more often than chance would have it; null where neither is.';
