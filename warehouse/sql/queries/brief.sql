-- name: names
-- What every entity and topic is called; an event that has a topic's id has its name.
select subject_id as id, arg_max(name, kind) as name, arg_max(name_zh, kind) as name_zh
from subjects
group by subject_id;

-- name: window
-- How much there was in the period, and how much there usually is in one as long:
-- the mean of the days with coverage among the 28 before, where there are 14. Of those 28
-- days, how many are on record, and whether the period before is to be compared with.
with before as (
    from days_on_record($since::timestamptz, $until::timestamptz, 28)
),
usual as (
    select case when count(*) >= 14 then avg(stories) * epoch($until - $since) / 86400 end as stories
    from before
)
select
    count(*)::integer as articles,
    count(distinct story_id)::integer as stories,
    count(distinct publisher)::integer as publishers,
    (select stories from usual) as usual_stories,
    (select count(*) from before where is_on_record)::integer as days_on_record,
    (
        select count(*) filter (where is_on_record and days_ago < epoch($until - $since) / 86400)
        from before
    ) >= 0.8 * epoch($until - $since) / 86400 as is_comparable
from article_days
where published_at >= $since and published_at < $until;

-- name: stories
-- Stories of the period that are on the beat, with what the ranking of the front page goes
-- by. Digests tell of many things and lead nothing, nor do columns of an outlet.
with live as (
    select distinct story_id
    from article_days
    where published_at >= $since and published_at < $until
),
seen as materialized (
    select
        a.article_id, a.story_id, a.title, a.language, a.publisher, a.published_at,
        -- Not known of what an earlier release tagged.
        coalesce(a.relevance, 0.5) as relevance, a.is_on_beat is distinct from false as is_on_beat,
        -- As rules that ask for reports do.
        coalesce(a.headline_weight, 5) >= 5 and coalesce(a.report_score, 0) >= 0 as is_report,
        a.published_at >= $since as within
    from articles as a
    join live using (story_id)
    where is_news(a.is_digest, a.published_from) and a.published_at < $until
),
of_columns as (
    select article_id
    from (
        select article_id, publisher, unnest(column_labels(title)) as label
        from seen
        where publisher in (select publisher from outlet_columns)
    )
    semi join outlet_columns using (publisher, label)
),
told as (
    select
        story_id,
        arg_min(publisher, (published_at, article_id)) as first_publisher,
        min(published_at) as first_published_at,
        min(published_at) filter (where language = 'en') as first_en_at,
        min(published_at) filter (where language = 'zh') as first_zh_at,
        count(*)::integer as articles,
        list_unique(list(publisher))::integer as publishers,
        -- The mean: where one of five articles is of the beat, the story hardly is.
        avg(relevance) filter (where within) as relevance,
        bool_or(is_report) as is_reported,
        -- Lists are made distinct and put in order afterwards: within, each story would have
        -- a table and a sort of its own.
        list_sort(list_distinct(list(publisher) filter (where within))) as outlets,
        list_sort(list_distinct(list(language) filter (where within))) as languages,
        list_transform(
            list_sort(list((published_at, article_id, title)) filter (where within))[:12],
            lambda told: told[3]
        ) as titles
    from seen
    anti join of_columns using (article_id)
    group by story_id
    -- A story is on the beat if one of its articles is.
    having bool_or(is_on_beat) filter (where within)
),
named as (
    select
        coverage.story_id,
        coverage.kind,
        coverage.subject_id,
        coalesce(bool_or(coverage.is_subject), false) as is_subject,
        count(*) as articles
    from coverage
    join live using (story_id)
    where coverage.kind <> 'article' and coverage.published_at < $until
    group by coverage.story_id, coverage.kind, coverage.subject_id
),
treated as (
    select
        story_id,
        list_sort(list((-articles, subject_id)) filter (where kind = 'company')) as companies,
        list_sort(list((-articles, subject_id)) filter (where is_subject)) as subjects,
        list_sort(list((-articles, subject_id)) filter (where kind = 'topic')) as topics,
        list_sort(list((-articles, subject_id)) filter (where kind = 'event')) as events
    from named
    group by story_id
),
affairs as (
    select story_id, list_sort(list(affair_id)) as affairs
    from story_affairs
    semi join live using (story_id)
    group by story_id
),
-- What a state does, and the affair of measures that it is a step of: whose, on what and
-- against whom, not which firm.
measured as (
    select
        story_id,
        status,
        concat_ws(' ', side, instrument, status, direction, coalesce(nullif(target, ''), thing)) as act,
        concat_ws(
            ' ', side, case when thing in ('', 'other') then coalesce(nullif(target, ''), story_id) else thing end,
            target_side
        ) as measure
    from told_measures_between($since::timestamptz - interval 30 days, $until::timestamptz)
),
candidates as (
    select
        told.*,
        coalesce(list_transform(treated.companies, lambda named: named[2]), []) as companies,
        coalesce(list_transform(treated.subjects, lambda named: named[2]), []) as subjects,
        coalesce(list_transform(treated.topics, lambda named: named[2]), []) as topics,
        coalesce(list_transform(treated.events, lambda named: named[2]), []) as events,
        coalesce(affairs.affairs, []) as affairs,
        coalesce(measured.act, '') as act,
        coalesce(measured.measure, '') as measure,
        coalesce(measured.status, '') as status
    from told
    left join treated using (story_id)
    left join affairs using (story_id)
    left join measured using (story_id)
    -- What one outlet tells of nobody is far from the front: more would only be compared.
    order by told.publishers desc, len(subjects) > 0 desc, told.articles desc, told.story_id
    limit 1500
)
select candidates.*, called.* exclude (story_id)
from candidates
join headlines_of((select list(story_id) from candidates), told_before := $until::timestamptz) as called using (story_id)
order by candidates.publishers desc, candidates.story_id;

-- name: earlier_tellings
-- What the other language than a story's own told in the 30 days before it, but for the
-- last three, of the same firm or side and the same type of event; of no story that it is
-- of itself. is_same_object says that it is done to the same company or version as well.
with asked as (
    select unnest(from_json($story_ids, '["varchar"]')) as story_id
),
counted as materialized (
    select kind, subject_id, article_id, story_id, published_at, language, is_on_beat
    from coverage
    where
        (kind = 'event' or (kind = 'company' and is_subject))
        and published_at >= $since::timestamptz - interval 33 day
        and published_at < $until::timestamptz
        and first_seen_at <= $as_of::timestamptz
),
begun as (
    select story_id, min(published_at) as began_at, arg_min(language, (published_at, article_id)) as language
    from coverage
    where
        kind = 'article'
        and story_id in (from asked)
        and published_at >= $since::timestamptz - interval 33 day
        and published_at < $until::timestamptz
        and first_seen_at <= $as_of::timestamptz
    group by story_id
),
places as (
    select article_id, seq
    from articles
    where
        published_at >= $since::timestamptz - interval 33 day
        and published_at < $until::timestamptz
),
acts as materialized (
    select counted.*, tags.event_object
    from counted
    -- By their places: of tags from before, nothing is read.
    join places using (article_id)
    join tags
        on tags.seq = places.seq
        and tags.topic_id = counted.subject_id
        and tags.kind = 'event'
    where
        counted.kind = 'event'
        and counted.subject_id in (
            select subject_id from counted where kind = 'event' and story_id in (from asked)
        )
),
actors as (
    select article_id, subject_id as actor
    from counted
    where kind = 'company'
    union all
    select article_id, 'side ' || value
    from headline_facts
    where kind = 'side' and value <> 'unclear' and article_id in (select article_id from acts)
),
own as (
    select distinct
        begun.story_id, begun.began_at, begun.language, acts.subject_id, actors.actor,
        lower(acts.event_object) as object
    from begun
    join acts using (story_id)
    join actors using (article_id)
),
before as (
    select
        own.story_id,
        acts.article_id,
        coalesce(bool_or(
            own.object = lower(acts.event_object)
            and own.object <> own.actor
            and (own.object in (select company_id from companies) or regexp_matches(own.object, '[0-9]'))
        ), false) as is_same_object
    from own
    join acts
        on acts.subject_id = own.subject_id
        and acts.story_id <> own.story_id
        and acts.language in ('en', 'zh')
        and acts.language <> own.language
        and acts.published_at >= own.began_at - interval 30 day
        and acts.published_at < own.began_at - interval 72 hour
    join actors on actors.article_id = acts.article_id and actors.actor = own.actor
    where acts.is_on_beat
    group by own.story_id, acts.article_id
)
select before.story_id, a.title, a.url, a.publisher, a.published_at, before.is_same_object
from before
join articles as a using (article_id)
where a.published_at >= $since::timestamptz - interval 33 day
order by a.published_at, a.article_id, before.story_id
limit 400;

-- name: story_articles
-- All articles of some stories up to the end of the period, with the topics of each.
select
    a.story_id,
    a.article_id,
    a.title,
    any_value(a.summary) as summary,
    a.url,
    a.publisher,
    a.language,
    any_value(made.text) filter (where made.language = 'en') as made_en,
    any_value(made.text) filter (where made.language = 'zh') as made_zh,
    coalesce(
        list(distinct treated.subject_id order by treated.subject_id) filter (where treated.kind = 'topic'), []
    ) as topics
from articles as a
left join coverage as treated using (article_id)
left join translations as made on made.title_hash = md5(a.title)
where
    a.story_id in (select unnest(from_json($story_ids, '["varchar"]')))
    and is_news(a.is_digest, a.published_from)
    and a.published_at < $until
group by all
order by a.story_id, min(a.published_at), a.article_id;

-- name: companies
-- Each company with stories in the period or the one before: stories, the 29 days up to
-- its end for a sparkline (oldest first), its most widely told story, its topics.
with changed as (
    from changes_between($since::timestamptz, $until::timestamptz, 1)
    where kind = 'company' and stories + previous > 0
),
tops as (
    from top_stories_between($since::timestamptz, $until::timestamptz) where kind = 'company'
),
told as (
    from headlines_by((select list(article_id) from tops))
),
about as (
    select company_id, list(topic_id order by stories desc, topic_id)[:3] as topics
    from company_topics_between($since::timestamptz, $until::timestamptz)
    group by company_id
)
select
    companies.company_id,
    companies.name,
    companies.name_zh,
    changed.stories,
    changed.previous as previous_stories,
    coalesce(sparks.stories, list_resize([0], 29, 0)) as days,
    told.headline as top_headline,
    told.headline_en as top_headline_en,
    told.headline_zh as top_headline_zh,
    told.url as top_url,
    told.url_en as top_url_en,
    told.url_zh as top_url_zh,
    coalesce(about.topics, []) as topics
from changed
join companies on companies.company_id = changed.subject_id
left join sparks_between($until::timestamptz - interval 696 hour, $until::timestamptz) as sparks
    on sparks.kind = 'company' and sparks.subject_id = companies.company_id
left join tops on tops.subject_id = companies.company_id
left join told using (article_id)
left join about on about.company_id = companies.company_id
where companies.kind in ('company', 'brand')
order by changed.stories desc, companies.company_id;

-- name: bursts
-- Days of the period far above a subject's own level that are of the beat, with the story
-- most widely told.
with flagged as (
    from bursts_between($since::timestamptz, $until::timestamptz) where is_on_beat
),
best as (
    select flagged.kind, flagged.subject_id, flagged.day, tops.article_id
    from flagged
    join top_stories_every(1, $since::date - 1, $until::timestamptz) as tops
        on tops.kind = flagged.kind and tops.subject_id = flagged.subject_id and tops.start = flagged.day
),
told as (
    from headlines_by((select list(article_id) from best))
)
select
    subject_id,
    kind,
    flagged.name,
    flagged.name_zh,
    day,
    flagged.observed,
    flagged.expected,
    flagged.p,
    flagged.q,
    told.* exclude (article_id)
from flagged
left join best using (kind, subject_id, day)
left join told using (article_id)
-- A day's second burst of one story is none: a company's tells more than its topic's.
qualify row_number() over (
    partition by day, coalesce(told.story_id, kind || ' ' || subject_id)
    order by kind <> 'company', flagged.q, subject_id
) = 1
order by flagged.q, day desc, subject_id;

-- name: burst_stories
-- For each day of the period and each subject, the story most widely told: that of a
-- burst where there was one. Which days burst is computed from counts.
with best as (
    from top_stories_every(1, $since::date - 1, $until::timestamptz)
    where kind <> 'event' and start >= reporting_day($since::timestamptz)
),
told as (
    from headlines_by((select list(article_id) from best))
)
select best.start as day, best.kind, best.subject_id, told.* exclude (article_id, story_id)
from best
join told using (article_id)
order by day desc, best.kind, best.subject_id;

-- name: entrants
-- Companies that two outlets name in the period and nobody did on the days on record among
-- the 180 before, of which days_on_record says how many there are; none before there are 28.
select
    new.company_id,
    companies.name,
    companies.name_zh,
    new.first_seen,
    new.stories,
    new.days_on_record
from entrants_between($since::timestamptz, $until::timestamptz) as new
join companies using (company_id)
order by new.stories desc, new.company_id;

-- name: movers
-- Groups whose part of the news of the period is another than in the four before it, or
-- that are too young to say, as in the view movers; the clearest first.
select
    moved.company_id,
    companies.name,
    companies.name_zh,
    moved.stories,
    moved.previous,
    moved.usual,
    moved.expected,
    moved.ratio,
    moved.low,
    moved.high,
    moved.state
from movers_between($since_day::date, $until_day, 4) as moved
join companies using (company_id)
where moved.state in ('up', 'down', 'warming_up')
order by greatest(moved.ratio, 1 / moved.ratio) desc, moved.company_id;

-- name: policy
-- Acts of states that were first reported in the period, one row each whoever told of them,
-- and the side that acts: china, us_eu (Britain too) or unclear (elsewhere). An answer is
-- an act of who answers. The event is the instrument.
with acts as materialized (
    select
        *,
        case
            when lane = 'answers' then 'cn'
            when lane = 'answered' and target_side not in ('', 'all') then target_side
            else side
        end as acting
    from new_measures_between($since::timestamptz, $until::timestamptz)
),
told as (
    select
        acts.measure_id,
        count(distinct a.publisher)::integer as publishers,
        arg_min(a.title, (a.published_at, a.article_id)) filter (where a.language = 'en') as headline_en,
        arg_min(a.title, (a.published_at, a.article_id)) filter (where a.language = 'zh') as headline_zh,
        arg_min(a.url, (a.published_at, a.article_id)) filter (where a.language = 'en') as url_en,
        arg_min(a.url, (a.published_at, a.article_id)) filter (where a.language = 'zh') as url_zh
    from (select measure_id, unnest(stories) as story_id from acts) as acts
    join articles as a using (story_id)
    semi join article_measures using (article_id)
    where a.published_at >= $since and a.published_at < $until
    group by acts.measure_id
)
select
    acts.measure_id,
    acts.story_id,
    case
        when acts.acting = 'cn' then 'china'
        when acts.acting in ('us', 'eu', 'nl', 'uk') then 'us_eu'
        else 'unclear'
    end as side,
    acts.instrument as event,
    acts.status,
    acts.sentence as headline,
    told.headline_en,
    told.headline_zh,
    first.url,
    told.url_en,
    told.url_zh,
    acts.first_publisher as publisher,
    acts.first_reported_at as published_at,
    told.publishers,
    acts.targets as companies
from acts
join articles as first using (article_id)
join told using (measure_id)
where
    concerns_beat(first.is_on_beat, acts.side, acts.target_side)
    and first.published_at >= $since
order by told.publishers desc, acts.first_reported_at desc, acts.measure_id;

-- name: became
-- What was told of firms on the beat without a name, or as possible, and was denied, given
-- up or confirmed in the period, with the headline that says so.
select
    claims.claim_id,
    claims.story_id,
    claims.subject,
    claims.basis,
    claims.modality,
    claims.outcome,
    claims.first_reported_at,
    claims.first_publisher,
    claims.sentence,
    told.url,
    claims.settled_at,
    claims.settled_by,
    answer.story_id as settled_story,
    answer.title as settled_headline,
    answer.url as settled_url,
    answer.publisher as settled_publisher
from claims_of(
    null::varchar[],
    $since::timestamptz - interval 30 days,
    $until::timestamptz,
    null::bigint
) as claims
join articles as told using (article_id)
join articles as answer on answer.article_id = claims.settled_by
where
    claims.settled_at >= $since::timestamptz
    -- A denial of what no article here tells says itself what became of it.
    and claims.settled_by <> claims.article_id
    and told.is_on_beat is distinct from false
    and told.published_at >= $since::timestamptz - interval 30 days
    and answer.published_at >= $since::timestamptz
order by claims.outcome = 'confirmed', claims.publishers desc, claims.settled_at desc, claims.claim_id
limit 3;

-- name: money
-- Earnings, funding, listings and takeovers of the period, a row per story and event.
-- The amount is that of the first headline, as written, with its unit.
with events as (
    select
        a.story_id,
        tags.topic_id as event,
        arg_min(a.article_id, (a.published_at, a.article_id)) as article_id,
        arg_min(articles.title, (a.published_at, a.article_id)) as headline,
        arg_min(articles.title, (a.published_at, a.article_id)) filter (where a.language = 'en') as headline_en,
        arg_min(articles.title, (a.published_at, a.article_id)) filter (where a.language = 'zh') as headline_zh,
        arg_min(articles.url, (a.published_at, a.article_id)) as url,
        arg_min(articles.url, (a.published_at, a.article_id)) filter (where a.language = 'en') as url_en,
        arg_min(articles.url, (a.published_at, a.article_id)) filter (where a.language = 'zh') as url_zh,
        arg_min(a.publisher, (a.published_at, a.article_id)) as publisher,
        min(a.published_at) as published_at,
        count(distinct a.publisher)::integer as publishers
    from article_days as a
    join tags on tags.article_id = a.article_id
    join articles on articles.article_id = a.article_id
    where
        tags.kind = 'event'
        and tags.topic_id in (from events_on('money'))
        and a.published_at >= $since
        and a.published_at < $until
    group by a.story_id, tags.topic_id
),
named as (
    select story_id, list(distinct company_id order by company_id) as companies
    from company_coverage
    where story_id in (select story_id from events) and published_at < $until
    group by story_id
)
select
    events.* exclude (article_id),
    coalesce(facts.value, '') as amount,
    coalesce(named.companies, []) as companies
from events
left join headline_facts as facts on facts.article_id = events.article_id and facts.kind = 'amount'
left join named using (story_id)
order by events.event, events.publishers desc, events.published_at desc, events.story_id;

-- name: gaps
-- Stories that two outlets or more told in one language and none in the other, 24 hours
-- and more after they began, nor any other turn of their affair. They began a period long
-- before the last 24 hours.
with told as (
    from gaps_between($since_day::date - 14, $until_day)
),
affairs as (
    select
        affair_id,
        bool_or(first_zh_at is not null) and bool_or(first_en_at is not null) as is_in_both
    from story_affairs
    join told using (story_id)
    group by affair_id
),
young as (
    select
        story_id,
        case led_by when 'zh only' then 'zh' else 'en' end as language,
        greatest(publishers_zh, publishers_en) as publishers,
        least(first_zh_at, first_en_at) as first_published_at
    from told
    where
        is_mostly_on_beat
        and led_by in ('zh only', 'en only')
        and story_id not in (
            select story_id from story_affairs join affairs using (affair_id) where is_in_both
        )
)
select
    story_id,
    young.language,
    if(young.language = 'zh', called.headline_zh, called.headline_en) as headline,
    if(young.language = 'zh', called.url_zh, called.url_en) as url,
    young.publishers,
    young.first_published_at
from young
join headlines_of((select list(story_id) from young where publishers >= 2)) as called using (story_id)
where
    young.first_published_at >= $since - interval 24 hour
    and young.first_published_at < $until - interval 24 hour
order by young.publishers desc, young.first_published_at desc, story_id
limit 60;

-- name: alerts
-- Alerts decided in the period, with the state that they had come to by the moment
-- looked back from: what was tried later had not been tried.
with tried as (
    select
        messages.alert_id,
        messages.message_id,
        arg_max(tries.outcome, tries.attempt) filter (where tries.attempted_at <= $as_of) as outcome,
        bool_or(tries.attempted_at > $as_of) as went_on
    from messages
    left join alert_deliveries as tries using (message_id)
    group by messages.alert_id, messages.message_id
),
then_told as (
    select
        alert_id,
        case
            when bool_or(coalesce(outcome, 'retry') = 'retry') then 'pending'
            when bool_or(outcome = 'parked') then 'parked'
            else 'delivered'
        end as state
    from tried
    group by alert_id
    having bool_or(went_on)
)
select
    alerts.alert_id,
    alerts.created_at,
    alerts.rule_id,
    alerts.kind,
    alerts.company_id,
    alerts.topic_id,
    alerts.title,
    alerts.url,
    case when alerts.state = 'suppressed' then alerts.state else coalesce(then_told.state, alerts.state) end as state,
    alerts.story_id
from alerts
left join then_told using (alert_id)
where
    alerts.created_at >= $since
    and alerts.created_at < $until
    and alerts.created_at <= $as_of
    and alerts.kind <> 'brief'
order by alerts.created_at desc, alerts.alert_id;

-- name: sources
-- How each feed that is polled does; the state is that of the last run.
select
    feeds.feed_id,
    feeds.publisher,
    health.state,
    health.last_article_at,
    epoch(health.usual_gap) / 3600.0 as usual_gap_hours,
    health.reason
from feed_health as health
join feeds using (feed_id)
where health.state <> 'paused'
order by
    case health.state when 'dead' then 0 when 'failing' then 1 when 'quiet' then 2 else 3 end,
    feeds.feed_id;

-- name: quality
-- How far dates and delays of the period can be trusted. Delay counts what was published
-- and seen in the period: a feed's archive on its first poll is not late.
select
    count(*)::integer as articles,
    count(distinct story_id)::integer as stories,
    (count(*) filter (where published_from = 'first_seen'))::integer as undated,
    (count(*) filter (where published_from in ('relative', 'url', 'title')))::integer as estimated,
    median(epoch(first_seen_at - published_at) / 60.0) filter (
        where published_from = 'published' and first_seen_at >= $since
    ) as delay_median_min,
    quantile_cont(epoch(first_seen_at - published_at) / 60.0, 0.95) filter (
        where published_from = 'published' and first_seen_at >= $since
    ) as delay_p95_min
from articles
where published_at >= $since and published_at < $until and not is_backlog(published_from);

-- name: share
-- Each group's part of the company-stories of the seven days up to the period's last, and
-- of the 11 times seven before, corrected for feeds that were down, with its 95 % interval.
select
    shares.start as week,
    shares.company_id,
    companies.name,
    companies.name_zh,
    shares.stories,
    shares.corrected as share,
    shares.low,
    shares.high
from share_every(7, $until_day::date - 84, $until_day) as shares
join companies using (company_id)
where not shares.is_peer
order by week, shares.stories desc, shares.company_id;

-- name: topics
-- Stories of each topic in the period, and the mean of the four periods before.
select
    subject_id as topic_id,
    subjects.name,
    subjects.name_zh,
    moved.stories,
    moved.usual as previous_mean,
    is_hardly_covered(counted.articles) as is_hardly_covered
from changes_between($since::timestamptz, $until::timestamptz, 4) as moved
join subjects using (kind, subject_id)
left join subjects_between($since::timestamptz, $until::timestamptz) as counted using (kind, subject_id)
where kind = 'topic'
order by moved.stories desc, topic_id;

-- name: co_mentions
-- Companies that the stories of 28 days name together beyond chance; pairs within one
-- group are left out.
select
    pairs.company_a,
    name_a.name as name_a,
    pairs.company_b,
    name_b.name as name_b,
    pairs.stories,
    pairs.npmi
from pairs_between($until_day::date - 28, $until_day) as pairs
join companies as name_a on name_a.company_id = pairs.company_a
join companies as name_b on name_b.company_id = pairs.company_b
where not pairs.is_one_group
order by pairs.stories desc, pairs.npmi desc, pairs.company_a, pairs.company_b
limit 60;

-- name: emerging
-- Terms of the week far more used than before, with the newest article that has one.
with latest as (
    select
        emerging_terms.week,
        emerging_terms.term,
        emerging_terms.language,
        arg_max(articles.url, (a.published_at, a.article_id)) as url
    from emerging_terms
    join article_days as a on a.week = emerging_terms.week and a.language = emerging_terms.language
    join articles on articles.article_id = a.article_id
    where contains(articles.search_text, lower(emerging_terms.term))
    group by emerging_terms.week, emerging_terms.term, emerging_terms.language
)
select
    emerging_terms.week,
    emerging_terms.term,
    emerging_terms.language,
    emerging_terms.count,
    emerging_terms.z,
    latest.url
from emerging_terms
left join latest using (week, term, language)
where
    -- The week of the middle: on a Monday the week of the end has hardly begun.
    emerging_terms.week = date_trunc(
        'week',
        reporting_day($since::timestamptz + to_seconds(epoch($until::timestamptz - $since::timestamptz) / 2))
    )::date
order by emerging_terms.z desc, emerging_terms.term
limit 40;

-- name: warming_up
-- What of the brief does not have the history that it needs, of what had been seen.
select relation, state, days, needed
from readiness
where
    state = 'warming_up'
    and relation in (
        'bursts', 'emerging_terms', 'share_of_voice', 'co_mentions', 'coverage_gaps', 'feed_health'
    )
order by relation;
