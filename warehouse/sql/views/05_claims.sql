-- What was told of firms by nobody in particular, or as possible, and what became of it.

-- Those of some stories, or of all, by what had arrived up to the newest place, or by all.
create or replace macro claims_of(told_in, since, until, newest) as table
with clock as (
    select max(published_at) as as_of
    from articles
    where published_from <> 'first_seen'
),
told as (
    select
        found.article_id, found.basis, found.modality, found.cue, found.subject,
        found.rules_version, found.seq,
        articles.story_id, articles.published_at, articles.title, articles.publisher
    from article_claims as found
    join articles using (article_id)
    where
        articles.published_at >= instant_of(since)
        and articles.published_at < instant_of(until)
        and (told_in is null or articles.story_id in (select unnest(told_in)))
        and (newest is null or found.seq <= newest)
),
reports as (
    select
        story_id,
        subject,
        min(published_at) as first_reported_at,
        arg_min(article_id, (published_at, seq)) as article_id,
        arg_min(publisher, (published_at, seq)) as first_publisher,
        arg_min(title, (published_at, seq)) as sentence,
        arg_min(cue, (published_at, seq)) as cue,
        arg_min(basis, (published_at, seq)) as basis,
        arg_min(modality, (published_at, seq)) as modality,
        count(distinct publisher)::integer as publishers,
        max(rules_version) as rules_version
    from told
    where basis = 'unnamed' or modality = 'may'
    group by story_id, subject
),
-- An answer joins the story of what it answers, or a later step of its developing story.
reach as (
    select story_id, story_id as later_id from reports
    union
    select own.story_id, later.story_id
    from story_affairs as own
    join story_affairs as later on later.affair_id = own.affair_id and later.step > own.step
    where own.story_id in (select reports.story_id from reports)
),
settling as (
    select
        reports.story_id,
        reports.subject,
        told.article_id,
        told.published_at,
        told.seq,
        case
            when told.modality in ('denied', 'withdrawn') then told.modality
            else 'confirmed'
        end as outcome
    from reports
    join reach using (story_id)
    join told on told.story_id = reach.later_id and told.subject = reports.subject
    where
        told.published_at >= reports.first_reported_at
        and told.article_id <> reports.article_id
        and told.basis <> 'unnamed'
        and (
            told.modality in ('denied', 'confirmed', 'withdrawn')
            or (
                told.basis in ('company', 'official', 'filing')
                and told.modality in ('happened', 'announced')
                -- That somebody answers is told, and not what.
                and not regexp_matches(
                    lower(told.cue), '回应|声明|歉|发声|表态|击|respond|react|apolog|address'
                )
            )
        )
),
-- What was said last holds; by whom it was said first.
last_word as (
    select story_id, subject, arg_max(outcome, (published_at, seq)) as outcome
    from settling
    group by story_id, subject
),
settled as (
    select
        settling.story_id,
        settling.subject,
        any_value(settling.outcome) as outcome,
        min(settling.published_at) as settled_at,
        arg_min(settling.article_id, (settling.published_at, settling.seq)) as settled_by
    from settling
    join last_word using (story_id, subject, outcome)
    group by settling.story_id, settling.subject
)
select
    'c' || reports.article_id as claim_id,
    reports.story_id,
    reports.subject,
    reports.first_reported_at,
    (reports.first_reported_at at time zone reporting_zone())::date as day,
    reports.first_publisher,
    reports.basis,
    reports.modality,
    coalesce(
        settled.outcome,
        case
            when clock.as_of - reports.first_reported_at > interval 30 days then 'silent'
            else 'open'
        end
    ) as outcome,
    settled.settled_at,
    settled.settled_by,
    reports.sentence,
    reports.cue,
    reports.publishers,
    reports.article_id,
    reports.rules_version
from reports
cross join clock
left join settled using (story_id, subject);

create or replace macro claims_between(since, until) as table
from claims_of(null::varchar[], since, until, null::bigint);

create or replace view claims as
from claims_between('-infinity'::timestamptz, 'infinity'::timestamptz);

comment on macro table claims_of is 'claims of the stories told_in, or of all where that is null, by articles published from the instant since to before until and arrived up to place newest (seq), or by all where that is null.';

comment on macro table claims_between is 'claims of articles that were published from the instant since to before until, with what became of them by then.';

comment on view claims is 'One row per story and company of which something was told by sources without a name, or as possible, and what became of it.';
comment on column claims.claim_id is 'The claim: c and the article_id of its first report.';
comment on column claims.story_id is 'The story.';
comment on column claims.subject is 'The company that it is about, by company_id.';
comment on column claims.first_reported_at is 'Publication of its first report.';
comment on column claims.day is 'Calendar day of that in the reporting zone.';
comment on column claims.first_publisher is 'Outlet of that report.';
comment on column claims.basis is 'What that report rests on: unnamed, company, official, filing, data, media or none.';
comment on column claims.modality is 'How that report tells it: happened, announced, planned, may, denied, confirmed or withdrawn.';
comment on column claims.outcome is 'What became of it: open, confirmed (by the firm, a body or a filing), denied, withdrawn, or silent (nobody said, for 30 days). Open and silent do not mean that it is false.';
comment on column claims.settled_at is 'When the outcome was told first; null while there is none.';
comment on column claims.settled_by is 'The article that told it.';
comment on column claims.sentence is 'Headline of the first report.';
comment on column claims.cue is 'Its words that show the basis or the modality.';
comment on column claims.publishers is 'Outlets that told it so.';
comment on column claims.article_id is 'The article of the first report.';
comment on column claims.rules_version is 'Version of the watchlist by which it was read.';
