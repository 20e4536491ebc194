-- name: subjects
-- Every company, topic and event type with its names.
select kind, subject_id, name, name_zh
from subjects
order by kind, subject_id;

-- name: groups
-- Each entity and the one it belongs to.
select company_id, name, name_zh, kind, sector, parent_id, tickers, country
from companies
order by company_id;

-- name: span
-- The first and the last day with an article, and when the newest one was published.
select
    reporting_day(min(published_at)) as first_day,
    reporting_day(max(published_at)) as last_day,
    max(published_at) as newest_at
from articles;

-- name: looked_at
-- How many articles a page without stories looked at.
select count(*)::integer as articles
from articles
where
    published_at >= coalesce($since::timestamptz, '-infinity'::timestamptz)
    and published_at < coalesce($until::timestamptz, 'infinity'::timestamptz);

-- name: articles_of
-- The articles of some stories up to a moment, in the order of publication; digests too.
-- The headline that speaks most is its story's.
-- None of these stories began before $since: what is older is skipped unread. A list is
-- asked for and not a sub-query, so of other stories no more than the id is read.
select
    articles.story_id,
    articles.article_id,
    articles.title,
    articles.summary,
    articles.url,
    articles.publisher,
    articles.language,
    articles.published_at,
    articles.published_from,
    articles.first_seen_at,
    articles.feed_id,
    articles.is_digest,
    speaks(
        articles.headline_weight, articles.report_score, articles.is_on_beat, chosen.verdict_id
    )::integer as speaks,
    feeds.timezone as zone
from articles
left join feeds using (feed_id)
left join chosen_headlines() as chosen using (article_id)
where
    articles.published_at >= $since
    and articles.published_at < $until
    and list_contains(from_json($story_ids, '["varchar"]'), articles.story_id)
order by articles.story_id, articles.published_at, articles.article_id;

-- name: stock
-- Summaries that an outlet has given to several headlines of a month: they say nothing of any.
select publisher, summary
from articles
where published_at >= $since and summary <> ''
group by publisher, summary
having count(distinct title) >= 3;

-- name: excerpts
-- How the pages of some articles begin, where they were read.
select article_id, left(text, $most) as beginning
from full_texts
where
    text is not null
    and list_contains(from_json($article_ids, '["varchar"]'), article_id);

-- name: translated
-- What a machine made of some headlines, in one language.
select title, text, reason
from translations
where
    text is not null
    and language = $language
    and title_hash in (select md5(unnest(from_json($titles, '["varchar"]'))));

-- name: tags_of
-- What is stored of some stories' headlines that report and are no round-ups: whom they name,
-- what happens, where, and as what it is told. A line in our own words is written of that.
with asked as (
    select seq, story_id, title
    from articles
    where
        published_at >= $since
        and published_at <= $until
        and list_contains(from_json($story_ids, '["varchar"]'), story_id)
        and list_contains(from_json($titles, '["varchar"]'), title)
        and language <> $language
        and not is_digest
        and coalesce(headline_weight, 5) >= 5
        and coalesce(report_score, 0) >= 0
    qualify row_number() over (partition by story_id, title order by seq) = 1
),
named as (
    select
        seq,
        list((company_id, alias) order by start) as names,
        bool_and(role in ('subject', 'named') and via = 'alias') as are_plain,
        -- By name, and not by what they make or own.
        list(company_id) filter (
            contains(lower(name), lower(alias)) or contains(lower(alias), lower(name))
            or contains(name_zh, alias) or (name_zh <> '' and contains(alias, name_zh))
        ) as called
    from mentions
    semi join asked using (seq)
    join companies using (company_id)
    where field = 'title'
    group by seq
),
happened as (
    select seq, list((topic_id, term) order by score desc, topic_id) as events
    from tags
    semi join asked using (seq)
    where kind = 'event'
    group by seq
),
placed as (
    select seq, list((value, term) order by value) as places
    from headline_facts
    semi join asked using (seq)
    where kind = 'region'
    group by seq
)
select
    asked.story_id,
    asked.title,
    coalesce(named.names, []) as names,
    coalesce(happened.events, []) as events,
    coalesce(placed.places, []) as places,
    coalesce(named.called, []) as called,
    coalesce(named.are_plain, false) as are_plain,
    (
        coalesce(claims.subject, ''), coalesce(claims.modality, ''),
        coalesce(claims.basis, ''), coalesce(claims.cue, '')
    ) as claim,
    (
        coalesce(acts.side, ''), coalesce(acts.status, ''), coalesce(acts.instrument, ''),
        coalesce(acts.actor, ''), coalesce(acts.thing, '')
    ) as act,
    coalesce(acts.targets, []) as targets
from asked
left join named using (seq)
left join happened using (seq)
left join placed using (seq)
left join article_claims as claims using (seq)
left join article_measures as acts using (seq);

-- name: told
-- From when to when some stories were told, none of which ended before $since where it is known.
select min(first_published_at) as began_at, max(last_published_at) as ended_at
from stories
where
    last_published_at >= coalesce($since::timestamptz, '-infinity'::timestamptz)
    and list_contains(from_json($story_ids, '["varchar"]'), story_id);

-- name: stories_of
-- The stories of some articles.
select article_id, story_id
from articles
where list_contains(from_json($article_ids, '["varchar"]'), article_id);

-- name: any_story
-- One story of a period, if there is any, on the beat or off it.
select story_id
from dated_articles
where
    published_at >= $since
    and published_at < $until
limit 1;

-- name: days_around
-- The nearest days with articles before a day and after it.
select
    (select day from dated_articles where day < $day order by day desc limit 1) as before,
    (select day from dated_articles where day > $day order by day limit 1) as after;

-- name: off_beat
-- Stories with an article since a moment that are not on the beat, the widest told first.
select story_id
from stories
where
    is_on_beat = false
    and last_published_at >= $since
    and first_published_at < $until
order by publishers desc, last_published_at desc, story_id
limit $limit;

-- name: most_named
-- Groups of companies and brands with the most stories from since to before until.
select companies.company_id as id, 'company' as kind, count(*)::integer as stories
from family_stories_every(null::integer, $since::timestamptz, $until::timestamptz) as named
join companies on named.kind = 'company' and companies.company_id = named.subject_id
join competing_groups as groups on groups.company_id = companies.company_id
where groups.group_id = companies.company_id and companies.kind in ('company', 'brand')
group by companies.company_id
order by stories desc, id
limit $limit;

-- name: changed
-- Groups of companies and brands, and topics, with more or fewer stories than in as long a time
-- before, where there was any; the largest difference first. Companies at home elsewhere are
-- left out.
with told as (
    select kind, subject_id, 0 as back, count(*)::integer as stories
    from family_stories_every(null::integer, $since::timestamptz, $until::timestamptz)
    where kind <> 'event'
    group by kind, subject_id
    union all
    select kind, subject_id, 1 as back, count(*)::integer as stories
    from family_stories_every(
        null::integer,
        $since::timestamptz - ($until::timestamptz - $since::timestamptz),
        $since::timestamptz
    )
    where kind <> 'event'
    group by kind, subject_id
),
moved as (
    select
        told.kind,
        told.subject_id,
        coalesce(sum(stories) filter (where back = 0), 0)::integer as stories,
        coalesce(sum(stories) filter (where back = 1), 0)::integer as previous
    from told
    left join companies on told.kind = 'company' and company_id = subject_id
    left join competing_groups as groups using (company_id)
    where
        told.kind = 'topic'
        or (
            groups.group_id = company_id
            and competes(companies.kind)
            and not is_peer(companies.kind, companies.country)
        )
    group by told.kind, told.subject_id
)
select kind, subject_id, stories, previous
from moved
where stories <> previous and exists (from moved where previous > 0)
order by abs(stories - previous) desc, stories desc, kind, subject_id
limit $limit;

-- name: of_days
-- Stories by day of some companies with their brands, and of some topics.
select kind, subject_id, start as day, count(*)::integer as stories
from family_stories_every(1, $first_day::date, $last_day::date + 1)
where list_contains(from_json($ids, '["varchar"]'), subject_id)
group by kind, subject_id, start;

-- name: wordings
-- The headlines that articles have had, where there were several; none was seen before $since.
select article_id, seen_at, title
from article_versions
where
    seen_at >= $since
    and list_contains(from_json($article_ids, '["varchar"]'), article_id)
qualify count(distinct title) over (partition by article_id) > 1
order by article_id, seen_at;

-- name: named_in
-- Whom some stories name in headline or summary, how often, and by which words.
select
    company_id,
    count(distinct article_id)::integer as articles,
    coalesce(bool_or(is_subject), false) as is_subject,
    list(distinct word order by word) as aliases
from company_coverage
where
    published_at >= $since
    and published_at <= $until
    and list_contains(from_json($story_ids, '["varchar"]'), story_id)
group by company_id
order by is_subject desc, articles desc, company_id;

-- name: named_in_digests
-- Whom the lines of some round-ups name, in the same way: counts of coverage leave them out.
select
    company_id,
    count(distinct article_id)::integer as articles,
    coalesce(bool_or(coalesce(role = 'subject', is_about)), false) as is_subject,
    list(distinct alias order by alias) as aliases
from named_mentions()
where list_contains(from_json($article_ids, '["varchar"]'), article_id)
group by company_id
order by is_subject desc, articles desc, company_id;

-- name: treated_in
-- The topics and event types of some stories, and a term that spoke for each.
select
    subject_id as topic_id,
    kind,
    count(distinct article_id)::integer as articles,
    mode(word order by word) as term
from coverage
where
    kind in ('topic', 'event')
    and published_at >= $since
    and published_at <= $until
    and list_contains(from_json($story_ids, '["varchar"]'), story_id)
group by subject_id, kind
order by kind desc, articles desc, topic_id;

-- name: affair
-- The other stories of the affairs that a story is a step of.
select others.affair_id, others.story_id, others.step, own.step as own_step
from story_affairs as own
join story_affairs as others using (affair_id)
where own.story_id = $story_id and others.story_id <> own.story_id
order by others.affair_id, others.step;

-- name: parted
-- The stories that were one with a story until a retag parted them.
with whole as (
    select split_from as story_id from story_splits where story_id = $story_id
    union
    select $story_id
),
parted as (
    select story_id from whole
    union
    select story_id from story_splits where split_from in (from whole)
)
select story_id
from stories
where story_id in (select story_id from parted where story_id <> $story_id)
order by first_published_at, story_id
limit $limit;

-- name: joined
-- The stories that went into a story, with the article that named each of them. It was told
-- from $since to $until: of other articles nothing is read.
with recursive gone as (
    select story_id, merged_at
    from story_merges
    where merged_into = $story_id and story_id <> $story_id
    union
    select story_merges.story_id, story_merges.merged_at
    from story_merges
    join gone on story_merges.merged_into = gone.story_id
    where story_merges.story_id <> $story_id
)
select gone.story_id, max(gone.merged_at) as merged_at, articles.title, articles.language
from gone
join articles on articles.article_id = gone.story_id[2:]
where
    gone.story_id not in (
        select story_id from stories where story_id in (select story_id from gone)
    )
    and articles.story_id = $story_id
    and articles.published_at >= $since
    and articles.published_at <= $until
group by gone.story_id, articles.title, articles.language
order by merged_at desc, gone.story_id
limit $limit;

-- name: company_covered
-- The articles of a period that name one of some entities in headline or summary.
select distinct article_id, story_id, day, language, publisher, published_at, is_on_beat
from company_coverage
where
    list_contains(from_json($ids, '["varchar"]'), company_id)
    and day >= $first_day
    and day <= $last_day;

-- name: topic_covered
-- The articles of a period on a topic or event type.
select article_id, story_id, day, language, publisher, published_at, true as is_on_beat
from topic_coverage
where topic_id = $id and kind = $kind and day >= $first_day and day <= $last_day;

-- name: person_covered
-- The articles of a period that name a company and, in headline or summary, one who stands
-- for it by one of the names that are given as a pattern.
select distinct
    named.article_id, named.story_id, named.day, named.language, named.publisher,
    named.published_at, named.is_on_beat
from company_coverage as named
join articles using (article_id)
where
    named.company_id = $company
    and named.day >= $first_day
    and named.day <= $last_day
    and articles.published_at >= $since
    and articles.published_at < $until
    and regexp_matches(articles.search_text, $spelled);

-- name: headlines_on
-- The latest headlines with one of the names.
select
    articles.story_id,
    articles.title,
    articles.url,
    articles.publisher,
    articles.language,
    articles.published_at
from covered
join articles using (article_id)
where
    articles.published_at >= $since
    and articles.published_at < $until
    and regexp_matches(split_part(articles.search_text, chr(10), 1), $spelled)
order by articles.published_at desc, articles.article_id
limit $limit;

-- name: days
-- Stories by day, and in either language.
with told as (
    select day, story_id, bool_or(language = 'en') as is_en, bool_or(language = 'zh') as is_zh
    from covered
    group by day, story_id
)
select
    day,
    count(*)::integer as stories,
    (count(*) filter (where is_en))::integer as stories_en,
    (count(*) filter (where is_zh))::integer as stories_zh
from told
group by day
order by day;

-- name: sums
-- Stories of the period, in either language, and of its last seven days and the seven before:
-- one that goes on for days is one of each.
with told as (
    select
        story_id,
        count(*) as articles,
        bool_or(language = 'en') as is_en,
        bool_or(language = 'zh') as is_zh,
        bool_or(day > $last_day::date - 7) as is_of_week,
        bool_or(day > $last_day::date - 14 and day <= $last_day::date - 7) as is_of_before
    from covered
    group by story_id
)
select
    count(*)::integer as stories,
    (count(*) filter (where is_en))::integer as en,
    (count(*) filter (where is_zh))::integer as zh,
    (count(*) filter (where is_en and is_zh))::integer as both,
    (count(*) filter (where is_of_week))::integer as week,
    (count(*) filter (where is_of_before))::integer as before,
    is_hardly_covered(sum(articles)) as is_hardly_covered
from told;

-- name: outlets
-- Outlets by stories.
select publisher as id, 'outlet' as kind, count(distinct story_id)::integer as stories
from covered
group by publisher
order by stories desc, publisher
limit $limit;

-- name: topics
-- Topics and event types by the stories whose articles treat them.
select
    treated.subject_id as id,
    treated.kind,
    count(distinct covered.story_id)::integer as stories
from covered
join coverage as treated using (article_id)
where
    treated.kind in ('topic', 'event')
    and treated.day >= $first_day
    and treated.day <= $last_day
    and not (treated.kind = $kind and treated.subject_id = $id)
group by treated.subject_id, treated.kind
order by stories desc, treated.subject_id, treated.kind desc
limit $limit;

-- name: events
-- Stories by event type and by seven days, counted back from the last, with the first of them.
select
    $last_day::date - (6 + 7 * (($last_day::date - covered.day) // 7))::integer as week,
    treated.subject_id as event_id,
    count(distinct covered.story_id)::integer as stories,
    arg_min(covered.story_id, (covered.published_at, covered.article_id)) as story_id,
    arg_min(articles.title, (covered.published_at, covered.article_id)) as headline
from covered
join coverage as treated using (article_id)
join articles using (article_id)
where
    treated.kind = 'event'
    and treated.day >= $first_day
    and treated.day <= $last_day
    and articles.published_at >= $since
    and articles.published_at < $until
group by week, event_id
order by event_id, week;

-- name: companies
-- Companies by the stories whose articles name them, each group once, with its brands.
select groups.group_id as id, 'company' as kind, count(distinct covered.story_id)::integer as stories
from covered
join company_coverage as named using (article_id)
join company_groups as groups using (company_id)
where named.day >= $first_day and named.day <= $last_day
group by groups.group_id
order by stories desc, groups.group_id
limit $limit;

-- name: with
-- Other companies that the same stories name, each group once, with its brands; its own is
-- left out, as in co_mentions.
select groups.group_id as id, 'company' as kind, count(distinct named.story_id)::integer as stories
from company_coverage as named
join company_groups as groups using (company_id)
where
    named.day >= $first_day
    and named.day <= $last_day
    and named.story_id in (select story_id from covered)
    and groups.group_id is distinct from (select group_id from company_groups where company_id = $id)
group by groups.group_id
order by stories desc, groups.group_id
limit $limit;

-- name: words
-- The words by which articles named it, and how often.
select word as alias, count(distinct article_id)::integer as articles
from company_coverage
where
    list_contains(from_json($ids, '["varchar"]'), company_id)
    and day >= $first_day
    and day <= $last_day
group by word
order by articles desc, word
limit $limit;

-- name: began
-- When the oldest of the stories covered began; none of them ended before the period.
select min(first_published_at) as began_at, max(last_published_at) as ended_at
from stories
where
    last_published_at >= day_start($first_day)
    and story_id in (select story_id from covered);

-- name: stories
-- Its stories, the newest first, or the widest told; every filter may be null.
with chosen as (
    select article_id, story_id, publisher, published_at
    from covered
    where
        published_at >= coalesce($from::timestamptz, '-infinity'::timestamptz)
        and published_at < coalesce($to::timestamptz, 'infinity'::timestamptz)
        and ($day::date is null or day = $day::date)
        and ($outlet::varchar is null or publisher = $outlet)
        and ($language::varchar is null or language = $language)
        and (is_on_beat or not $on_beat::boolean)
        and (
            $topic::varchar is null
            or article_id in (
                select article_id
                from coverage
                where
                    kind = coalesce($treated_kind, kind)
                    and kind in ('topic', 'event')
                    and subject_id = $topic
                    and day >= $first_day
                    and day <= $last_day
            )
        )
        and (
            $named::varchar is null
            or article_id in (
                select article_id
                from company_coverage
                join company_families using (company_id)
                where family_id = $named and day >= $first_day and day <= $last_day
            )
        )
        and (
            $with::varchar is null
            or story_id in (
                select story_id
                from company_coverage
                join company_families using (company_id)
                where
                    family_id = $with
                    and day >= $first_day
                    and day <= $last_day
                    and (is_on_beat or not $on_beat::boolean)
            )
        )
)
select
    story_id,
    count(*)::integer as articles,
    count(distinct publisher)::integer as publishers,
    max(published_at) as last_at,
    (count(*) over ())::integer as found
from chosen
group by story_id
order by
    case when $sort = 'wide' then count(distinct publisher) end desc,
    last_at desc,
    story_id
limit $limit offset $skip;

-- name: gaps
-- When those of its stories that name it in both languages were first told in each, as in
-- coverage_gaps; none of them began before $began.
select
    story_id,
    min(published_at) filter (where language = 'zh') as first_zh_at,
    min(published_at) filter (where language = 'en') as first_en_at
from dated_articles
where
    published_at >= $began
    and story_id in (
        select story_id from covered
        group by story_id having bool_or(language = 'en') and bool_or(language = 'zh')
    )
group by story_id
having first_zh_at is not null and first_en_at is not null;

-- name: bursts
-- Days on which it was far above its own level.
select subject_id, kind, day, observed, expected, p, q
from bursts
where
    kind = $kind
    and list_contains(from_json($ids, '["varchar"]'), subject_id)
    and day >= $first_day and day <= $last_day
order by day, subject_id;

-- name: shifts
-- The latest lasting change of its level.
select subject_id, kind, since, until, before, after, ratio, low, high, gain
from level_shifts
where
    list_contains(from_json($ids, '["varchar"]'), subject_id)
    and kind = $kind
order by since desc, subject_id;

-- name: aliases
-- The names by which the press is read for it.
select company_id, alias, script, rule
from aliases
where list_contains(from_json($ids, '["varchar"]'), company_id)
order by company_id, script, alias;

-- name: voice
-- Every group's part of all company-stories by seven days, corrected for feeds that were
-- down, with its 95 % interval; of peers too, which have no part in the whole.
select start as week, company_id, stories, corrected as share, low, high, is_peer
from share_every(7, $first_day, $last_day)
order by week, stories desc, company_id;

-- name: companies_of_late
-- Every company, brand and body, each with what belongs to it: its stories of seven days of the
-- calendar, of the seven before, and of 28 by day.
select
    companies.company_id as id,
    companies.kind,
    companies.sector as sector,
    coalesce(latest.stories, 0)::integer as stories,
    coalesce(latest.previous, 0)::integer as previous,
    coalesce(latest.days, list_resize([0], 28, 0)) as days,
    false as is_hardly_covered
from companies
left join family_latest($last_day) as latest
    on latest.kind = 'company' and latest.subject_id = companies.company_id
order by stories desc, previous desc, companies.company_id;

-- name: topics_of_late
-- Every topic and event type, in the same way.
select
    topics.topic_id as id,
    topics.kind,
    '' as sector,
    coalesce(latest.stories, 0)::integer as stories,
    coalesce(latest.previous, 0)::integer as previous,
    coalesce(latest.days, list_resize([0], 28, 0)) as days,
    topics.kind = 'topic' and is_hardly_covered(week.articles) as is_hardly_covered
from topics
left join family_latest($last_day) as latest
    on latest.kind = topics.kind and latest.subject_id = topics.topic_id
left join subjects_between($last_day::date - 6, $last_day::date + 1) as week
    on week.kind = topics.kind and week.subject_id = topics.topic_id
order by stories desc, previous desc, topics.topic_id, topics.kind desc;

-- name: inbox
-- Alerts with how far each got; what needs a person first, then the newest.
with tries as (
    select
        messages.alert_id,
        list({'channel': messages.channel_id, 'state': messages.state, 'attempts': messages.attempts} order by messages.channel_id) as messages,
        sum(messages.attempts)::integer as attempts,
        arg_max(tried.error, tried.attempted_at) filter (where tried.error is not null) as last_error
    from messages
    left join (
        select message_id, max(attempted_at) as attempted_at, arg_max(error, attempt) as error
        from alert_deliveries
        group by message_id
    ) as tried using (message_id)
    group by messages.alert_id
)
select
    alerts.alert_id,
    alerts.rule_id,
    alerts.kind,
    alerts.company_id,
    alerts.topic_id,
    alerts.story_id,
    alerts.article_id,
    alerts.feed_id,
    alerts.title,
    alerts.title_zh,
    alerts.url,
    alerts.created_at,
    alerts.state,
    alerts.phase,
    alerts.updates_alert_id,
    alerts.step,
    alerts.term,
    alerts.severity,
    coalesce(alerts.publishers, 0)::integer as publishers,
    coalesce(alerts.companies, []) as companies,
    coalesce(tries.attempts, 0) as attempts,
    coalesce(list_transform(tries.messages, lambda m: m.channel), []) as channels,
    coalesce(list_transform(tries.messages, lambda m: m.state), []) as states,
    alerts.muted_by,
    tries.last_error
from alerts
left join tries using (alert_id)
where
    alerts.kind <> 'brief'
    and alerts.created_at >= coalesce($since::timestamptz, '-infinity'::timestamptz)
    and alerts.created_at < coalesce($until::timestamptz, 'infinity'::timestamptz)
    and ($story_id::varchar is null or alerts.story_id = $story_id)
    and ($state::varchar is null or alerts.state = $state)
    and ($rule::varchar is null or alerts.rule_id = $rule)
order by alerts.state = 'parked' desc, alerts.created_at desc, alerts.alert_id
limit $limit;

-- name: spans
-- Where the alias of an alert stands in its article.
select article_id, company_id, field, alias, start, length
from mentions
where list_contains(from_json($article_ids, '["varchar"]'), article_id)
order by article_id, field = 'title' desc, start;

-- name: feed_states
-- Every feed with its state and when it was last asked.
select
    feeds.feed_id,
    feeds.publisher,
    feeds.language,
    feeds.url,
    feeds.site,
    health.state,
    health.reason,
    health.last_success_at,
    health.last_article_at,
    epoch(health.usual_gap) / 3600.0 as usual_gap_hours,
    epoch(health.as_of - health.last_article_at) / 3600.0 as silent_hours,
    health.failures,
    health.next_poll_at,
    health.retry_after_at,
    health.moved_to,
    health.other_url
from feed_health as health
join feeds using (feed_id)
order by
    case health.state when 'dead' then 0 when 'failing' then 1 when 'quiet' then 2 when 'healthy' then 3 else 4 end,
    feeds.feed_id;

-- name: feed_answers
-- What the list of feeds is worth today.
from feed_answers;

-- name: polls
-- The newest polls of feeds, a few each: no more of them are kept while all are read.
with newest as (
    select
        feed_id,
        unnest(max_by(
            {
                'seq': seq, 'polled_at': polled_at, 'outcome': outcome, 'http_status': http_status,
                'duration_ms': duration_ms, 'new_articles': new_articles, 'error': error
            },
            seq, $limit::bigint
        )) as poll
    from feed_polls
    where feed_id in (select unnest(from_json($feed_ids, '["varchar"]')))
    group by feed_id
)
select
    feed_id, poll.polled_at as polled_at, poll.outcome as outcome,
    poll.http_status as http_status, poll.duration_ms as duration_ms,
    poll.new_articles as new_articles, poll.error as error
from newest
order by feed_id, poll.seq desc;

-- name: newest_alerts
-- How many alerts wait or are parked, and how many were decided since a moment.
select
    (count(*) filter (where state = 'parked'))::integer as parked,
    (count(*) filter (where state = 'pending'))::integer as pending,
    (count(*) filter (where created_at >= $since and updates_alert_id is null))::integer as decided
from alerts
where kind <> 'brief' and created_at < $until;

-- name: acts
-- Official acts of a period, the newest first.
select
    article_id, act, number, body, kind, region, published_at, companies, url, language,
    is_on_beat,
    story_id, press_stories, first_press_at, first_press, hours_to_press
from acts_between($since::timestamptz, $until::timestamptz)
where
    $region in ('', region)
    and $body in ('', body)
    and ($company = '' or list_contains(companies, $company))
    and (is_on_beat or $all)
order by published_at desc, article_id
limit $limit;

-- name: developing
-- Developing stories whose newest turn began in a period, that turn of each, the newest first.
with turned as (
    select
        affair_id,
        any_value(group_id) as company,
        any_value(topic_id) as topic,
        max(step) as turns,
        arg_max(story_id, step) as story_id,
        arg_min(story_id, step) as first_story
    from story_affairs
    group by affair_id
),
newest as (
    select turned.*, stories.* exclude (story_id)
    from turned
    join stories using (story_id)
    where
        first_published_at >= $since::timestamptz
        and first_published_at < $until::timestamptz
        and ($company = '' or company in (select unnest(from_json($ids, '["varchar"]'))))
        and $topic in ('', topic)
        and (is_on_beat or $all)
    order by first_published_at desc, affair_id
    limit $limit
)
select
    newest.affair_id, newest.story_id, newest.company, newest.topic, newest.turns,
    newest.first_published_at as turned_at, newest.headline,
    coalesce(min(articles.language), '') as language, newest.first_publisher,
    newest.publishers, began.first_published_at as began_at, began.story_id as first_story,
    began.headline as first_headline
from newest
join stories as began on began.story_id = newest.first_story
left join articles on articles.story_id = newest.story_id and articles.title = newest.headline
group by all
order by turned_at desc, newest.affair_id;

-- name: calendar
-- Dates ahead that may fall in a period of days, the soonest first.
select dates.*
from dates_due(
    reporting_day($since::timestamptz), reporting_day($until::timestamptz), 'infinity'::timestamptz
) as dates
where
    $occasion in ('', occasion)
    and ($company = '' or company_id in (select unnest(from_json($ids, '["varchar"]'))))
    and $side in ('', side)
    and ($topic = '' or list_contains(topics, $topic))
    and (is_on_beat or $all)
order by due_until, due_on, publishers desc, date_id
limit $limit;

-- name: official_feeds
-- How many feeds of official sources are followed.
select count(*)::integer as feeds
from feeds
where enabled and kind in ('official', 'regulator');

-- name: act_stories
-- Stories in which the press told of some acts, those that followed first.
select article_id, story_id, link, followed_at, publisher, publishers, hours_after
from act_stories_between($since::timestamptz, $until::timestamptz)
where article_id in (select unnest(from_json($article_ids, '["varchar"]')))
order by followed_at, story_id;

-- name: measures
-- Acts of states of a period, the newest first.
select acts.* exclude (lane, thread_status, rules_version), articles.language
from new_measures_between($since::timestamptz, $until::timestamptz) as acts
join articles using (article_id)
where
    articles.published_at >= $since::timestamptz
    and $side in ('', side)
    and $instrument in ('', instrument)
    and $status in ('', status)
    and $thing in ('', thing)
    and $thread in ('', thread_id)
    and $lane in ('', lane)
    and ($target = '' or list_has_any(targets, from_json($ids, '["varchar"]')))
    and ($all or concerns_beat(articles.is_on_beat, side, target_side))
order by acts.first_reported_at desc, acts.measure_id
limit $limit;

-- name: hits
-- Acts of states that hit some companies, the newest first; a thread is of these acts alone.
select acts.* exclude (lane, thread_status, rules_version), articles.language
from measures_of(
    (
        select list(distinct covered.story_id)
        from covered
        join article_measures using (article_id)
        where list_has_any(targets, from_json($ids, '["varchar"]'))
    ),
    $since::timestamptz,
    $until::timestamptz
) as acts
join articles using (article_id)
where
    list_has_any(targets, from_json($ids, '["varchar"]'))
    -- Of articles of other days nothing is read.
    and articles.published_at >= $since::timestamptz
    and articles.published_at < $until::timestamptz
order by acts.first_reported_at desc, acts.measure_id
limit $limit;

-- name: timeline
-- Acts of months by who acts against whom, with those that most articles tell of, else the newest:
-- so many of each, and one of each side.
with acts as (
    select *, date_trunc('month', day)::date as month
    from new_measures_between($since::timestamptz, $until::timestamptz)
    where lane <> 'elsewhere'
),
counted as (
    select
        *,
        row_number() over (
            partition by month, lane order by articles desc, first_reported_at desc, measure_id
        ) as place,
        row_number() over (
            partition by month, lane, side
            order by articles desc, first_reported_at desc, measure_id
        ) as place_of_side,
        count(*) over (partition by month, lane) as acts,
        count(*) over (partition by month, lane, side) as acts_of_side
    from acts
)
select
    counted.month, counted.lane, counted.acts::integer as acts,
    counted.acts_of_side::integer as acts_of_side, counted.measure_id, counted.story_id,
    counted.side, counted.status, counted.sentence, articles.language,
    counted.first_reported_at, counted.day
from counted
join articles using (article_id)
where
    (place <= $shown or place_of_side = 1)
    and articles.published_at >= $since::timestamptz
order by counted.month desc, counted.lane, place;

-- name: abroad
-- Whose coverage of months is about growth abroad, the most first: stories on these topics
-- and events, with the one that most of a company's articles are on.
with told as (
    select distinct date_trunc('month', day)::date as month, story_id, subject_id
    from coverage
    where
        kind in ('topic', 'event')
        and subject_id in (select unnest(from_json($subjects, '["varchar"]')))
        and published_at >= $since::timestamptz
        and published_at < $until::timestamptz
),
counted as (
    select
        told.month,
        companies.company_id,
        list_mode(list_sort(list(told.subject_id))) as subject_id,
        count(distinct story_id) as stories
    from coverage
    join companies on coverage.subject_id = companies.company_id
    join told using (story_id)
    where
        coverage.kind = 'company'
        and date_trunc('month', coverage.day) = told.month
        and competes(companies.kind)
        and not is_peer(companies.kind, companies.country)
        and coverage.published_at >= $since::timestamptz
        and coverage.published_at < $until::timestamptz
    group by told.month, companies.company_id
)
select
    month, company_id, subject_id,
    (row_number() over (partition by month order by stories desc, company_id))::integer as place,
    (count(*) over (partition by month))::integer as companies
from counted
qualify place <= $shown
order by month desc, place;

-- name: claims
-- What was told of firms in a period, what is open first, and the newest first.
select
    claims.* exclude (day, rules_version), articles.language,
    settling.title as settled_headline, settling.language as settled_language,
    settling.story_id as settled_story,
    (epoch(newest.at) - epoch(claims.first_reported_at)) / 3600.0 as age_hours
from claims_between($since::timestamptz, $until::timestamptz) as claims
join articles using (article_id)
left join articles as settling on settling.article_id = claims.settled_by
cross join (select max(first_seen_at) as at from articles) as newest
where
    $outcome in ('', claims.outcome)
    and $basis in ('', claims.basis)
    and ($company = '' or claims.subject in (select unnest(from_json($ids, '["varchar"]'))))
order by claims.outcome = 'open' desc, claims.first_reported_at desc, claims.claim_id
limit $limit;

-- name: claims_on
-- What was told of some companies and is open or settled: what was told or settled last comes
-- first.
select
    claims.* exclude (day, rules_version), articles.language,
    settling.title as settled_headline, settling.language as settled_language,
    settling.story_id as settled_story,
    (epoch(newest.at) - epoch(claims.first_reported_at)) / 3600.0 as age_hours
from claims_of(
    (
        -- No list is all stories.
        select coalesce(list(distinct articles.story_id), [])
        from article_claims as found
        join articles using (seq)
        where
            found.subject in (select unnest(from_json($ids, '["varchar"]')))
            and articles.article_id in (select article_id from covered)
            and articles.published_at >= $since::timestamptz
            and articles.published_at < $until::timestamptz
    ),
    $since::timestamptz,
    $until::timestamptz,
    null::bigint
) as claims
join articles using (article_id)
left join articles as settling on settling.article_id = claims.settled_by
cross join (select max(first_seen_at) as at from articles) as newest
where
    claims.outcome <> 'silent'
    and articles.published_at >= $since::timestamptz
    and claims.subject in (select unnest(from_json($ids, '["varchar"]')))
order by coalesce(claims.settled_at, claims.first_reported_at) desc, claims.claim_id
limit $limit;

-- name: in_ledgers
-- Whether some articles tell of acts of states, and of what firms are said to do.
select
    exists(from article_measures where list_contains(from_json($article_ids, '["varchar"]'), article_id)) as acts,
    exists(from article_claims where list_contains(from_json($article_ids, '["varchar"]'), article_id)) as claims;

-- name: acts_of_story
-- The act of a state that a story tells of, with the other steps of its thread, in order: of
-- acts that stories of a period tell of, as they stand by now.
with acts as (
    from measures_of(
        (
            -- No list is all stories.
            select coalesce(list(distinct articles.story_id), [])
            from article_measures
            join articles using (seq)
            where
                articles.published_at >= $since::timestamptz
                and articles.published_at < $until::timestamptz
        ),
        $since::timestamptz,
        $as_of::timestamptz
    )
)
select acts.* exclude (lane, thread_status, rules_version), articles.language
from acts
join articles using (article_id)
where
    articles.published_at >= $since::timestamptz
    and acts.thread_id in (
        select thread_id
        from acts
        where list_contains(stories, $story_id)
    )
order by acts.first_reported_at, acts.measure_id;

-- name: claims_of_story
-- What a story tells, or settles, of what was told of firms, with the headline that settled it.
select
    claims.* exclude (day, rules_version), articles.language,
    settling.title as settled_headline, settling.language as settled_language,
    settling.story_id as settled_story,
    (epoch(newest.at) - epoch(claims.first_reported_at)) / 3600.0 as age_hours
from claims_of([$story_id], $since::timestamptz, $until::timestamptz, null::bigint) as claims
join articles using (article_id)
left join articles as settling
    on
        settling.article_id = claims.settled_by
        -- As claims: of other days no article is read.
        and is_within(settling.published_at, $since::timestamptz, $until::timestamptz)
cross join (select max(first_seen_at) as at from articles) as newest
where is_within(articles.published_at, $since::timestamptz, $until::timestamptz)
order by coalesce(claims.settled_at, claims.first_reported_at) desc, claims.claim_id;

-- name: judged
-- The articles of a story, or one article, in order of publication, with what was found in each.
with own as (
    select *
    from articles
    where story_id = $story_id or article_id = $article_id
)
select
    own.article_id,
    own.story_id,
    own.title,
    own.language,
    own.publisher,
    own.published_at,
    own.is_digest,
    coalesce(own.is_on_beat, false) as is_on_beat,
    coalesce(own.title = stories.headline, false) as is_shown,
    coalesce(named.companies, []) as companies,
    coalesce(treated.topics, []) as topics,
    acts.side,
    acts.status,
    claims.basis
from own
left join article_measures as acts using (article_id)
left join article_claims as claims using (article_id)
left join stories using (story_id)
left join (
    select article_id, list(distinct company_id order by company_id) as companies
    from named_mentions()
    where article_id in (select article_id from own)
    group by article_id
) as named using (article_id)
left join (
    select article_id, list(distinct kind || ':' || topic_id order by kind || ':' || topic_id) as topics
    from tags
    where article_id in (select article_id from own)
    group by article_id
) as treated using (article_id)
order by own.published_at, own.article_id;

-- name: like_stories
-- Stories of the same days that name the same companies, the likest first.
select stories.story_id, stories.headline, stories.first_publisher, stories.first_published_at
from stories
join story_companies using (story_id)
where
    stories.first_published_at between $since and $until
    and stories.story_id <> $story_id
    and list_contains(from_json($company_ids, '["varchar"]'), company_id)
group by stories.story_id, stories.headline, stories.first_publisher, stories.first_published_at
order by count(*) desc, abs(epoch(stories.first_published_at) - epoch($at::timestamptz)), stories.story_id
limit $limit;

-- name: judged_alert
-- One alert.
select alert_id, created_at, rule_id, kind, company_id, topic_id, title, url, state, story_id
from alerts
where alert_id = $alert_id;

-- name: verdicts
-- What readers said, the newest first, with the headlines that it was about.
select
    verdicts.verdict_id,
    verdicts.made_at,
    verdicts.by,
    verdicts.subject_id,
    verdicts.kind,
    verdicts.value,
    verdicts.scope,
    verdicts.why,
    verdicts.undone_at,
    coalesce(articles.title, alerts.title) as title,
    articles.language,
    coalesce(articles.story_id, alerts.story_id) as story_id,
    others.title as other_title,
    others.story_id = articles.story_id as is_one
from verdicts
left join articles on articles.article_id = verdicts.subject_id
left join alerts on alerts.alert_id = verdicts.subject_id
left join articles as others on others.article_id = verdicts.value
where $verdict_id::bigint is null or verdicts.verdict_id = $verdict_id
order by verdicts.verdict_id desc
limit $limit
offset $skip;
