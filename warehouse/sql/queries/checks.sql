-- Each check returns the rows that are wrong, one text column that names each of them.

-- name: article_ids_are_unique
-- An article is stored once.
-- by: id
-- remedy: report it with the ids; `sinowire export` and `import` into a new home drops repeats
select article_id from articles group by article_id having count(*) > 1;

-- name: article_order_is_unique
-- No two articles have one place in the order of arrival.
-- by: place
-- remedy: report it with the numbers
select seq::varchar from articles group by seq having count(*) > 1;

-- name: seen_is_what_is_here
-- What is asked whether an article is here knows each of them, and nothing else.
-- by: place
-- remedy: report it with the ids; `sinowire export` and `import` into a new home makes it anew
select coalesce(articles.article_id, 'article number ' || seen.seq)
from articles
full join seen on seen.seq = articles.seq and seen.key = md5(articles.article_id)::uuid
where articles.seq is null or seen.seq is null
union all
select 'article number ' || seq from seen group by seq having count(*) > 1;

-- name: versions_are_unique
-- A wording of an article is stored once.
-- by: place
-- remedy: report it with the ids
select article_id || ' ' || content_hash
from article_versions
group by article_id, content_hash
having count(*) > 1;

-- name: sightings_are_unique
-- A link of an article in a feed is stored once.
-- by: place
-- remedy: report it with the ids
select article_id || ' ' || feed_id || ' ' || url
from sightings
group by article_id, feed_id, url
having count(*) > 1;

-- name: mentions_are_unique
-- An entity is named once per article and field.
-- by: place
-- remedy: run `sinowire retag --all`
select article_id || ' ' || company_id || ' ' || field
from mentions
group by article_id, company_id, field
having count(*) > 1;

-- name: repeats_are_marked
-- An entity that both headline and summary name counts exactly once.
-- by: place
-- remedy: run `sinowire retag --all`
select article_id || ' ' || company_id
from mentions
where field in ('title', 'summary')
group by article_id, company_id
having count(*) filter (where is_repeat is distinct from true) <> 1;

-- name: tags_are_unique
-- An article has a topic or event once.
-- by: place
-- remedy: run `sinowire retag --all`
select article_id || ' ' || kind || ' ' || topic_id
from tags
group by article_id, kind, topic_id
having count(*) > 1;

-- name: facts_are_unique
-- A headline says a thing once, and has one side and one amount.
-- by: place
-- remedy: run `sinowire retag --all`
select article_id || ' ' || kind
from headline_facts
group by article_id, kind, case when kind = 'region' then value end
having count(*) > 1;

-- name: measures_are_unique
-- An article tells of one measure, makes one claim, and names a date of an occasion once.
-- by: place
-- remedy: run `sinowire retag --all`
select 'measure ' || article_id from article_measures group by article_id having count(*) > 1
union all
select 'claim ' || article_id from article_claims group by article_id having count(*) > 1
union all
select 'date ' || article_id from article_dates group by article_id, occasion, due_on having count(*) > 1;

-- name: topics_are_unique
-- A topic is listed once, and a type of event is, under an id that both may have.
-- remedy: run `sinowire retag --all`
select kind || ' ' || topic_id from topics group by topic_id, kind having count(*) > 1;

-- name: stories_are_unique
-- A story is stored once.
-- by: story
-- remedy: run `sinowire retag --all`
select story_id from stories group by story_id having count(*) > 1;

-- name: feeds_are_unique
-- A feed, its cursor and its standing are stored once.
-- remedy: report it with the ids
select 'feed ' || feed_id from feeds group by feed_id having count(*) > 1
union all
select 'cursor ' || feed_id from feed_cursors group by feed_id having count(*) > 1
union all
select 'standing ' || feed_id from feed_standings group by feed_id having count(*) > 1
union all
select 'host ' || host from host_holds group by host having count(*) > 1;

-- name: polls_are_in_order
-- No two polls have one place in the order of arrival.
-- by: place
-- remedy: report it with the numbers
select seq::varchar from feed_polls group by seq having count(*) > 1;

-- name: alerts_are_unique
-- One rule alerts once on one story; anything further is an update.
-- remedy: report it with the ids
select alert_id from alerts group by alert_id having count(*) > 1
union all
select rule_id || ' ' || story_id
from alerts
where story_id is not null and updates_alert_id is null
group by rule_id, story_id
having count(*) > 1;

-- name: messages_are_unique
-- An alert goes to a channel as one message, each attempt with a number of its own.
-- remedy: report it with the ids
select message_id from messages group by message_id having count(*) > 1
union all
select message_id || ' attempt ' || attempt
from alert_deliveries
group by message_id, attempt
having count(*) > 1;

-- name: messages_are_in_order
-- No two messages have one place in the order of arrival.
-- remedy: report it with the numbers
select coalesce(seq::varchar, 'none') from messages group by seq having count(*) > 1 or seq is null;

-- name: versions_hold_the_newest_wording
-- What an article shows is among its versions.
-- by: place
-- remedy: report it with the ids
select articles.article_id
from articles
where not exists (
    from article_versions as versions
    where
        versions.article_id = articles.article_id
        and versions.content_hash = articles.content_hash
);

-- name: articles_were_seen
-- Every article has a sighting.
-- by: place
-- remedy: report it with the ids
select article_id from articles where article_id not in (select article_id from sightings);

-- name: findings_have_articles
-- No version, sighting, mention, tag or fact is without its article.
-- by: place
-- remedy: run `sinowire retag --all` for mentions, tags and facts; report the others
select 'version ' || article_id from article_versions
where article_id not in (select article_id from articles)
union all
select 'sighting ' || article_id from sightings
where article_id not in (select article_id from articles)
union all
select 'mention ' || article_id from mentions
where article_id not in (select article_id from articles)
union all
select 'tag ' || article_id from tags
where article_id not in (select article_id from articles)
union all
select 'fact ' || article_id from headline_facts
where article_id not in (select article_id from articles)
union all
select 'measure ' || article_id from article_measures
where article_id not in (select article_id from articles)
union all
select 'claim ' || article_id from article_claims
where article_id not in (select article_id from articles)
union all
select 'date ' || article_id from article_dates
where article_id not in (select article_id from articles)
union all
select 'full text ' || article_id from full_texts
where article_id not in (select article_id from articles);

-- name: places_are_those_of_articles
-- What is kept of an article bears its place in the order of arrival.
-- by: place
-- remedy: report it with the ids
with placed as (
    select 'version ' as kind, article_id, seq from article_versions
    union all
    select 'sighting ', article_id, seq from sightings
    union all
    select 'mention ', article_id, seq from mentions
    union all
    select 'tag ', article_id, seq from tags
    union all
    select 'fact ', article_id, seq from headline_facts
    union all
    select 'measure ', article_id, seq from article_measures
    union all
    select 'claim ', article_id, seq from article_claims
    union all
    select 'date ', article_id, seq from article_dates
    union all
    select 'full text ', article_id, seq from full_texts
)
select distinct placed.kind || placed.article_id
from placed
join articles using (article_id)
where placed.seq is distinct from articles.seq;

-- name: mentions_lie_in_their_field
-- An alias lies within the field it was found in.
-- by: place
-- remedy: run `sinowire retag --all`
select mentions.article_id || ' ' || mentions.company_id || ' ' || mentions.field
from mentions
join article_texts as articles using (article_id)
where
    mentions.start < 0
    or mentions.start + mentions.length > length(
        case mentions.field
            when 'title' then articles.title
            when 'summary' then articles.summary
            else coalesce(articles.content, '')
        end
    );

-- name: salience_is_one
-- An article is about a company, or is not, in all of its fields alike.
-- by: place
-- remedy: run `sinowire retag --all`
select article_id || ' ' || company_id
from mentions
group by article_id, company_id
having count(distinct coalesce(is_about::varchar, 'null')) > 1;

-- name: codes_are_known
-- States, outcomes and kinds are among those that the data dictionary names.
-- remedy: report it with the value
select distinct 'runs.outcome ' || outcome from runs
where outcome not in ('running', 'completed', 'failed', 'offline', 'crashed')
union all
select distinct 'feed_polls.outcome ' || outcome from feed_polls
where outcome not in (
    'new', 'unchanged', 'empty', 'not_a_feed', 'challenge', 'undated', 'stale_copy', 'gone',
    'moved', 'transient_error', 'permanent_error', 'too_large'
)
union all
select distinct 'articles.published_from ' || published_from from articles
where
    published_from not in (
        'published', 'updated', 'relative', 'url', 'title', 'first_seen', 'backlog'
    )
union all
select distinct 'mentions.field ' || field from mentions
where field not in ('title', 'summary', 'content')
union all
select distinct 'tags.kind ' || kind from tags where kind not in ('topic', 'event')
union all
select distinct 'headline_facts.kind ' || kind from headline_facts
where kind not in ('side', 'amount', 'region')
union all
select distinct 'article_measures.side ' || side from article_measures
where side not in ('cn', 'us', 'eu', 'jp', 'kr', 'tw', 'nl', 'uk', 'in', 'other')
union all
select distinct 'article_measures.direction ' || direction from article_measures
where direction not in ('tightens', 'eases', 'supports')
union all
select distinct 'article_claims.basis ' || basis from article_claims
where basis not in ('unnamed', 'company', 'official', 'filing', 'data', 'media', 'none')
union all
select distinct 'article_dates.precision ' || "precision" from article_dates
where "precision" not in ('day', 'week', 'month', 'quarter', 'half', 'year')
union all
select distinct 'alerts.state ' || state from alerts
where state not in ('pending', 'delivered', 'parked', 'suppressed')
union all
select distinct 'alerts.phase ' || phase from alerts
where phase not in ('fired', 'updated', 'cooled', 'resolved')
union all
select distinct 'alerts.kind ' || kind from alerts
where kind not in ('mention', 'about', 'official', 'crossing', 'burst', 'shift', 'silence', 'due', 'brief')
union all
select distinct 'messages.state ' || state from messages
where state not in ('pending', 'delivered', 'parked')
union all
select distinct 'messages.held ' || held from messages where held not in ('digest', 'quiet', 'rate')
union all
select distinct 'alert_deliveries.outcome ' || outcome from alert_deliveries
where outcome not in ('delivered', 'retry', 'parked');

-- name: dates_are_past
-- Nothing was published more than a day after it was first seen.
-- by: place
-- remedy: set `timezone` of the feed in feeds.toml; it dates its entries ahead
select article_id || ' ' || feed_id
from articles
where published_at > first_seen_at + interval 1 day;

-- name: stories_follow_from_articles
-- The rows of stories are what their articles give.
-- by: story
-- remedy: run `sinowire retag --all`, which derives all stories anew
select coalesce(derived.story_id, stories.story_id)
from derived_stories() as derived
full join stories using (story_id)
where
    derived.story_id is null
    or stories.story_id is null
    or derived.headline <> stories.headline
    or derived.first_published_at <> stories.first_published_at
    or derived.last_published_at <> stories.last_published_at
    or derived.first_publisher <> stories.first_publisher
    or derived.articles <> stories.articles
    or derived.publishers <> stories.publishers
    or derived.languages <> stories.languages
    or derived.is_on_beat <> stories.is_on_beat;

-- name: coverage_follows_from_articles
-- The rows of coverage are what articles, mentions and tags give, day by day.
-- by: month
-- remedy: run `sinowire retag --all`, which derives them all anew
with both_sides as (
    select *, 1 as side from coverage
    union all by name
    select *, -1 as side from derived_coverage('articles', 'mentions', 'tags')
)
select kind || ' ' || day
from both_sides
group by kind, day
having
    sum(side) <> 0
    or sum(side * hash(
        subject_id, article_id, story_id, published_at, first_seen_at, language, publisher,
        feed_id, is_on_beat, is_subject, word
    )::hugeint) <> 0;

-- name: story_days_follow_from_coverage
-- The stories that count on a day are what coverage gives.
-- by: day
-- remedy: run `sinowire retag --all`, which derives them all anew
with both_sides as (
    select kind, subject_id, day, story, articles, on_beat, 1 as side from story_days
    union all by name
    select kind, subject_id, day, story, articles, on_beat, -1 as side
    from story_days_of('coverage')
)
select kind || ' ' || day
from both_sides
group by kind, day
having
    sum(side) <> 0
    or sum(side * hash(subject_id, story, articles, on_beat)::hugeint) <> 0;

-- name: story_days_know_the_day_before
-- A day on which a story counts knows the one before on which it did.
-- by: number
-- remedy: run `sinowire retag --all`, which derives them all anew
with told as (
    select
        kind, day, previous_day, previous_on_beat,
        lag(day) over earlier as day_before,
        max(day) filter (where on_beat > 0) over (
            earlier rows between unbounded preceding and 1 preceding
        ) as day_before_on_beat
    from story_days
    window earlier as (partition by kind, subject_id, story order by day)
)
select distinct kind || ' ' || day
from told
where
    previous_day is distinct from day_before
    or previous_on_beat is distinct from day_before_on_beat;

-- name: feed_marks_follow_from_polls
-- Where feeds stand is what their polls give.
-- remedy: report it with the ids; a new release that changes views derives it anew
with derived as (
    from feed_marks_of('feed_polls')
),
differing as (
    (select columns(*)::varchar from derived except select columns(*)::varchar from feed_marks)
    union all
    (select columns(*)::varchar from feed_marks except select columns(*)::varchar from derived)
)
select distinct feed_id from differing
union all
select feed_id from feed_marks group by feed_id having count(*) > 1;

-- name: poll_days_follow_from_polls
-- The days on which feeds were asked and answered are what their polls give.
-- remedy: report it with the ids; a new release that changes views derives it anew
with both_sides as (
    select *, 1 as side from poll_days
    union all by name
    select *, -1 as side from poll_days_of('feed_polls')
)
select feed_id || ' ' || day
from both_sides
group by feed_id, day
having sum(side) <> 0 or sum(side * has_answered::integer) <> 0;

-- name: feed_arrivals_follow_from_sightings
-- No feed carried an article that is newer than the newest on record.
-- by: place
-- remedy: run `sinowire retag --all`, which derives it anew
select distinct found.feed_id
from feed_arrivals_of('sightings', 'articles') as found
left join feed_arrivals as noted using (feed_id)
where noted.feed_id is null or noted.last_article_at < found.last_article_at;

-- name: feed_arrivals_were_seen
-- The newest article on record of a feed was seen there, and is noted once.
-- remedy: run `sinowire retag --all`, which derives it anew
select feed_id
from feed_arrivals
where feed_id not in (
    select sightings.feed_id
    from sightings
    join feed_arrivals as noted
        on noted.feed_id = sightings.feed_id and sightings.first_seen_at >= noted.last_article_at
    join articles on articles.seq = sightings.seq
    where least(articles.published_at, sightings.first_seen_at) = noted.last_article_at
)
union all
select feed_id from feed_arrivals group by feed_id having count(*) > 1;

-- name: alerts_have_messages
-- Every alert that is to be delivered is on its way to a channel.
-- remedy: give the rule a channel in alerts.toml; what has none reaches nobody
select alert_id
from alerts
where state <> 'suppressed' and alert_id not in (select alert_id from messages);

-- name: messages_have_alerts
-- No message and no attempt is without its alert.
-- remedy: report it with the ids
select 'message ' || message_id from messages
where alert_id not in (select alert_id from alerts)
union all
select 'attempt ' || message_id from alert_deliveries
where message_id not in (select message_id from messages);

-- name: alert_states_follow_from_messages
-- An alert's state is what the states of its messages give.
-- remedy: run `sinowire alerts deliver`; if it stays, report it with the ids
select alerts.alert_id
from alerts
join (
    select
        alert_id,
        case
            when bool_or(state = 'pending') then 'pending'
            when bool_or(state = 'parked') then 'parked'
            else 'delivered'
        end as state
    from messages
    group by alert_id
) as told using (alert_id)
where alerts.state not in ('suppressed', told.state);

-- name: shares_sum_to_one
-- Share of voice sums to 1 in every week; of a week in two months, in each part of it.
-- by: day
-- remedy: report it with the week
select week::varchar from share_of_voice where not is_peer group by week having abs(sum(share) - 1) > 1e-9;

-- name: hosts_have_one_feed_list
-- Hosts of a lake that ran in the last two days have one list of feeds.
-- remedy: copy the feeds.toml that is to stand to every machine; each is compared by its next run
with newest as (
    select run_hosts.host, feeds_version
    from run_hosts
    join runs using (run_id)
    where runs.started_at > (select max(started_at) from run_hosts) - interval 48 hours
    qualify row_number() over (partition by run_hosts.host order by runs.seq desc) = 1
)
select host || ' has ' || feeds_version
from newest
where (select count(distinct feeds_version) from newest) > 1 and feeds_version is not null;

-- name: there_is_one_reporting_zone
-- There is exactly one reporting zone.
-- remedy: set `reporting_zone` in sinowire.toml and run `sinowire run`
select count(*) || ' zones' from reporting having count(*) <> 1;
