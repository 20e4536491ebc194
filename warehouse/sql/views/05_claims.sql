-- What was told of firms by nobody in particular, or as possible, and what became of it.

-- What may, might or could be, and nobody is told to weigh it, is an opinion, a warning or a
-- sale, whoever says so. An outlet reports; of a body of a state the cue names it ("court may"),
-- and the firm before 或将. Of what merely got out there are pictures, and nothing is told.
create or replace macro is_report(basis, modality, cue) as
    cue not in ('曝光', '曝出', '爆出')
    and (
        basis = 'unnamed'
        or (
            modality = 'may'
            and (
                basis = 'media'
                or not regexp_full_match(
                    lower(cue),
                    '|may|might|could|(un)?likely( to)?|possibl[ey]|potential(ly)?|rule out|near(s|ing)|explores?|seeks|eyes|look(s|ing) to|或|或许|或可|或成|或将|或被|或在|或于|可能|可能性'
                )
            )
        )
    );

comment on macro is_report is 'Whether what is told of a firm is a claim, which stands until somebody settles it: told by sources without a name, or as possible by somebody who is told to weigh it.';

-- Those of some stories, or of all, by what had arrived up to the newest place, or by all.
-- Of reports from before settled_from it is not asked whose words settle them.
create or replace macro claims_of(told_in, since, until, newest, settled_from := null::timestamptz) as table
with clock as (
    select max(published_at) as as_of
    from articles
    where
        is_dated(published_from)
        -- Of what was told since, nothing is older than 30 days by an older article.
        and is_within(published_at, since, until)
),
-- What a reader says of an article holds for what its story tells of the same firm; of a
-- basis, where it was read as the same.
said as (
    select
        verdicts.kind, articles.story_id, found.subject,
        case verdicts.kind when 'basis' then found.basis end as basis,
        arg_max(verdicts.value, verdicts.verdict_id) as value
    from standing_verdicts(['basis', 'outcome']) as verdicts
    join articles using (article_id)
    join article_claims as found using (article_id)
    group by all
),
told as (
    select
        articles.article_id, coalesce(said.value, found.basis) as basis, found.modality,
        found.cue, found.subject, found.rules_version, found.seq,
        articles.story_id, articles.published_at, articles.title, articles.publisher,
        -- Days, since the difference of two moments goes through the calendar.
        epoch(articles.published_at) / 86400 as told_day
    from article_claims as found
    -- By their places: of claims from before, nothing is read.
    join articles using (seq)
    left join said
        on
            said.kind = 'basis'
            and said.story_id = articles.story_id
            and said.subject = found.subject
            and said.basis = found.basis
    where
        is_within(articles.published_at, since, until)
        and not is_backlog(articles.published_from)
        and (told_in is null or articles.story_id in (select unnest(told_in)))
        and (newest is null or found.seq <= newest)
),
-- What nobody stands for, or is only possible.
reports as (
    select
        story_id,
        subject,
        min(published_at) as first_reported_at,
        min(told_day) as told_day,
        arg_min(article_id, (published_at, seq)) as article_id,
        arg_min(publisher, (published_at, seq)) as first_publisher,
        arg_min(title, (published_at, seq)) as sentence,
        arg_min(cue, (published_at, seq)) as cue,
        arg_min(basis, (published_at, seq)) as basis,
        arg_min(modality, (published_at, seq)) as modality,
        count(distinct publisher)::integer as publishers,
        max(rules_version) as rules_version,
        arg_min(seq, (published_at, seq)) as seq
    from told
    where is_report(basis, modality, cue)
    group by story_id, subject
),
answers as (
    select *, modality in ('denied', 'confirmed', 'withdrawn') as is_explicit
    from told
    where
        basis <> 'unnamed'
        and (
            modality in ('denied', 'confirmed', 'withdrawn')
            or (
                -- What merely happened to a company is not its word.
                (
                    (basis in ('company', 'official', 'filing') and modality = 'announced')
                    or (basis in ('official', 'filing') and modality = 'happened')
                )
                -- That somebody answers is told, and not what.
                and not regexp_matches(
                    lower(cue), '回应|声明|歉|发声|表态|击|respond|react|apolog|address'
                )
            )
        )
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
-- Or it tells of the same company, act and object in much the same words, months later too.
pairs as materialized (
    select
        reports.story_id, reports.subject, reports.article_id as report_id, answers.article_id,
        reports.seq as report_seq, answers.seq,
        answers.is_explicit, answers.story_id = reports.story_id as is_one_story,
        reach.story_id is not null as is_reached,
        answers.told_day - reports.told_day as gap
    from reports
    join answers on answers.subject = reports.subject
    left join reach on reach.story_id = reports.story_id and reach.later_id = answers.story_id
    where
        answers.told_day >= reports.told_day
        and answers.article_id <> reports.article_id
        and answers.told_day <= reports.told_day + 400
),
events as materialized (
    select article_id, topic_id, event_object
    from tags
    -- By their places: of the rest of the table nothing is read.
    where kind = 'event' and seq in (select unnest([seq, report_seq]) from pairs)
),
same_acts as (
    select
        pairs.report_id, pairs.article_id,
        -- Of companies it is known that they are two.
        bool_or(
            own.event_object <> other.event_object
            and own.event_object in (select company_id from companies)
            and other.event_object in (select company_id from companies)
            and pairs.subject not in (own.event_object, other.event_object)
        ) as is_other_object
    from pairs
    join events as own on own.article_id = pairs.report_id
    join events as other on other.article_id = pairs.article_id and other.topic_id = own.topic_id
    group by pairs.report_id, pairs.article_id
),
near as materialized (
    select
        pairs.*,
        same_acts.report_id is not null as is_same_act,
        coalesce(is_other_object, false) as is_other_object,
        pairs.report_id in (select article_id from events)
        or pairs.article_id in (select article_id from events) as is_of_event
    from pairs
    left join same_acts
        on same_acts.report_id = pairs.report_id and same_acts.article_id = pairs.article_id
    where is_reached or same_acts.report_id is not null or (is_explicit and gap <= 60)
),
-- Pairs of Chinese characters and words, the rarer the more.
words as (
    select distinct article_id, word
    from (
        select
            article_id,
            unnest(list_concat(
                regexp_extract_all(lower(title), '[a-z0-9][a-z0-9.]+'),
                list_filter(
                    list_transform(range(1, len(title)), lambda place: substr(title, place, 2)),
                    lambda pair: regexp_full_match(pair, '\p{Han}{2}')
                )
            )) as word
        from told
        where
            article_id in (select report_id from near where not is_one_story)
            or article_id in (select article_id from near where not is_one_story)
    )
),
weighed as materialized (
    select article_id, word, weight, sum(weight) over (partition by article_id) as total
    from (
        select
            *,
            ln(
                ((select count(distinct article_id) from words) + 1)
                / count(*) over (partition by word)
            ) as weight
        from words
    )
),
own_words as materialized (
    select near.report_id, near.article_id, weighed.word, weighed.weight, weighed.total
    from near
    join weighed on weighed.article_id = near.report_id
    where
        not near.is_one_story
        and (
            settled_from is null
            or near.report_id in (
                select reports.article_id from reports where reports.first_reported_at >= settled_from
            )
        )
),
alike as (
    select
        own.report_id,
        own.article_id,
        count(*) as shared,
        sum(own.weight) / min(least(own.total, other.total)) as likeness
    from own_words as own
    join weighed as other on other.article_id = own.article_id and other.word = own.word
    group by own.report_id, own.article_id
),
called_off as (
    select distinct reports.story_id, reports.subject
    from reports
    join told
        on
            told.story_id = reports.story_id
            and told.subject = reports.subject
            and told.published_at <= reports.first_reported_at
    where told.modality = 'withdrawn'
),
settling as materialized (
    select
        near.story_id,
        near.subject,
        told.article_id,
        told.published_at,
        told.seq,
        case
            when told.modality = 'denied' then 'denied'
            when told.modality = 'withdrawn' and called_off.story_id is null then 'withdrawn'
            -- Another outcome of the same act: with somebody else, or after all.
            when near.is_other_object then 'overtaken'
            when called_off.story_id is not null and not near.is_explicit then 'overtaken'
            else 'confirmed'
        end as outcome
    from near
    join told on told.article_id = near.article_id
    left join called_off on called_off.story_id = near.story_id and called_off.subject = near.subject
    left join alike on alike.report_id = near.report_id and alike.article_id = near.article_id
    where
        -- One story tells of a company's other acts too.
        (near.is_one_story and (near.is_explicit or near.is_same_act or not near.is_of_event))
        or (
            near.is_reached
            and (near.is_explicit or near.is_same_act or likeness >= 0.2)
        )
        or (shared >= 3 and likeness >= case when near.is_same_act then 0.3 else 0.4 end)
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
),
-- A denial of what no article here tells is of a claim too.
denials as (
    select
        story_id,
        subject,
        min(published_at) as first_reported_at,
        min(told_day) as told_day,
        arg_min(article_id, (published_at, seq)) as article_id,
        arg_min(publisher, (published_at, seq)) as first_publisher,
        arg_min(title, (published_at, seq)) as sentence,
        arg_min(cue, (published_at, seq)) as cue,
        arg_min(basis, (published_at, seq)) as basis,
        'denied' as modality,
        count(distinct publisher)::integer as publishers,
        max(rules_version) as rules_version
    from told
    where
        modality = 'denied'
        and basis <> 'unnamed'
        and (story_id, subject) not in (select (story_id, subject) from reports)
        and article_id not in (select article_id from settling)
    group by story_id, subject
),
-- All that is told so, with its end.
ended as (
    select reports.* exclude (seq), settled.outcome, settled.settled_at, settled.settled_by
    from reports
    left join settled using (story_id, subject)
    union all by name
    select *, 'denied' as outcome, first_reported_at as settled_at, article_id as settled_by
    from denials
)
select
    'c' || ended.article_id as claim_id,
    ended.story_id,
    ended.subject,
    ended.first_reported_at,
    reporting_day(ended.first_reported_at) as day,
    ended.first_publisher,
    ended.basis,
    ended.modality,
    coalesce(
        said.value,
        ended.outcome,
        case
            when clock.as_of - ended.first_reported_at > interval 30 days then 'silent'
            else 'open'
        end
    ) as outcome,
    case when coalesce(said.value, ended.outcome) = ended.outcome then ended.settled_at end as settled_at,
    case when coalesce(said.value, ended.outcome) = ended.outcome then ended.settled_by end as settled_by,
    ended.sentence,
    ended.cue,
    ended.publishers,
    ended.article_id,
    ended.rules_version
from ended
cross join clock
left join said
    on
        said.kind = 'outcome'
        and said.story_id = ended.story_id
        and said.subject = ended.subject;

create or replace macro claims_between(since, until) as table
from claims_of(null::varchar[], since, until, null::bigint);

create or replace view claims as
from claims_between('-infinity'::timestamptz, 'infinity'::timestamptz);

comment on macro table claims_of is 'claims of the stories told_in, or of all where that is null, by articles published from the instant since to before until and arrived up to place newest (seq), or by all where that is null; outcomes of reports from before the instant settled_from, which may be null, leave out what only its words tell.';

comment on macro table claims_between is 'claims of articles that were published from the instant since to before until, with what became of them by then.';

comment on view claims is 'One row per story and company of which something was told by sources without a name, or as possible, and what became of it; also where a denial alone tells of it.';
comment on column claims.claim_id is 'The claim: c and the article_id of its first report.';
comment on column claims.story_id is 'The story.';
comment on column claims.subject is 'The company that it is about, by company_id.';
comment on column claims.first_reported_at is 'Publication of its first report.';
comment on column claims.day is 'Calendar day of that in the reporting zone.';
comment on column claims.first_publisher is 'Outlet of that report.';
comment on column claims.basis is 'What that report rests on: unnamed, company, official, filing, data, media or none.';
comment on column claims.modality is 'How that report tells it: happened, announced, planned, may, denied, confirmed or withdrawn.';
comment on column claims.outcome is 'What became of it: open, confirmed (by the firm, a body or a filing), denied, withdrawn, overtaken (another outcome of the same act: with another company, or after all) or silent (nobody said, for 30 days). Open and silent do not mean that it is false. A reader''s verdict goes before.';
comment on column claims.settled_at is 'When the outcome was told first; null while there is none.';
comment on column claims.settled_by is 'The article that told it.';
comment on column claims.sentence is 'Headline of the first report.';
comment on column claims.cue is 'Its words that show the basis or the modality.';
comment on column claims.publishers is 'Outlets that told it so.';
comment on column claims.article_id is 'The article of the first report.';
comment on column claims.rules_version is 'Version of the watchlist by which it was read.';
