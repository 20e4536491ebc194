-- Acts of states on technology, one row each, whoever told of them; and what followed what.
--
-- A story tells of one act, by what most of its articles say. Stories of one week that tell
-- the same of the same target are one act: the press of two languages often tells it apart.

-- What each story tells of an act that any of its articles reports since then.
create or replace macro told_measures_between(since, until) as table
with told as (
    select
        articles.story_id,
        articles.published_at,
        articles.title,
        articles.publisher,
        found.*
    from article_measures as found
    join articles using (article_id)
    where articles.published_at >= instant_of(since) and articles.published_at < instant_of(until)
),
aims as (
    select story_id, arg_max(target, (articles, target)) as target
    from (
        select story_id, target, count(*) as articles
        from (select story_id, unnest(targets) as target from told)
        group by story_id, target
    )
    group by story_id
),
by_story as (
    select
        told.story_id,
        min(told.published_at) as first_reported_at,
        arg_min(told.article_id, (told.published_at, told.seq)) as article_id,
        arg_min(told.title, (told.published_at, told.seq)) as sentence,
        arg_min(told.publisher, (told.published_at, told.seq)) as first_publisher,
        count(*)::integer as articles,
        mode(told.side order by told.published_at, told.seq) as side,
        coalesce(mode(told.actor order by told.published_at, told.seq) filter (where told.actor <> ''), '') as actor,
        mode(told.instrument order by told.published_at, told.seq) as instrument,
        mode(told.status order by told.published_at, told.seq) as status,
        mode(told.direction order by told.published_at, told.seq) as direction,
        list_sort(list_distinct(flatten(list(told.targets)))) as targets,
        coalesce(any_value(aims.target), '') as target,
        coalesce(
            mode(told.target_class order by told.published_at, told.seq) filter (where told.target_class <> ''), ''
        ) as target_class,
        coalesce(
            mode(told.target_side order by told.published_at, told.seq) filter (where told.target_side <> ''), ''
        ) as target_side,
        coalesce(
            mode(told.thing order by told.published_at, told.seq) filter (where told.thing not in ('', 'other')),
            mode(told.thing order by told.published_at, told.seq)
        ) as thing,
        mode(told.effective_on order by told.published_at, told.seq) as effective_on,
        max(told.amount) as amount,
        coalesce(arg_max(told.currency, told.amount), '') as currency,
        max(told.rules_version) as rules_version
    from told
    left join aims on aims.story_id = told.story_id
    group by told.story_id
)
select
    *,
    -- An act on nobody by name is told by what it is about.
    case
        when target <> '' then target
        when thing not in ('', 'other') then thing || ' ' || target_side
        else story_id
    end as aim,
    case status when 'in-force' then 'decided' when 'stayed' then 'eased' else status end as step,
    -- What an affair of measures is about: whose, on what, against whom; not which firm.
    side || ' ' || case
        when thing not in ('', 'other') then thing || ' ' || target_side
        when target <> '' then target
        else story_id
    end as affair
from by_story;

comment on macro table told_measures_between is 'What each story says of an act of a state, by the articles published from the instant since to before until: the input of measures.';

-- The part of an act in the conflict that the ledger tells: who did it to whom.
create or replace macro measure_lane(side, target_side, status, direction) as
    case
        when side = 'cn' and status = 'answered' then 'answered'
        when side <> 'cn' and status = 'answered' and target_side in ('cn', '') then 'answers'
        when side = 'cn' and direction = 'supports' then 'supports'
        when side = 'cn' and target_side in ('cn', 'all', '') then 'own'
        when side = 'cn' then 'answers'
        when target_side = 'cn' and direction = 'tightens' then 'against'
        when target_side = 'cn' then 'eases'
        else 'elsewhere'
    end;

-- Whose act pages and briefs tell of unasked.
create or replace macro concerns_beat(is_on_beat, side, target_side) as
    is_on_beat or side = 'cn' or target_side = 'cn';

comment on macro concerns_beat is 'Whether an act is of China, against it, or told on the beat: what pages and briefs tell of unasked.';
comment on macro measure_lane is 'Who acts against whom: against (others tighten against China), answers (China acts against others, or answers them), eases (others ease or support), supports (China supports its own), own (China rules at home), answered (others answer China) or elsewhere.';

create or replace macro measures_between(since, until) as table
with told as (
    from told_measures_between(since, until)
),
-- A week after the first report of an act another may be the same again, and is a new row.
weeks as (
    select
        *,
        first_reported_at - lag(first_reported_at) over act >= interval 7 days as is_later
    from told
    window act as (
        partition by side, instrument, step, direction, aim
        order by first_reported_at, story_id
    )
),
numbered as (
    select
        *,
        count(*) filter (where is_later) over (
            partition by side, instrument, step, direction, aim
            order by first_reported_at, story_id
        ) as number
    from weeks
),
acts as (
    select
        'm' || arg_min(article_id, (first_reported_at, story_id)) as measure_id,
        arg_min(story_id, (first_reported_at, story_id)) as story_id,
        list(story_id order by first_reported_at, story_id) as stories,
        min(first_reported_at) as first_reported_at,
        side,
        coalesce(arg_max(actor, articles) filter (where actor <> ''), '') as actor,
        instrument,
        arg_max(status, (articles, first_reported_at)) as status,
        direction,
        list_sort(list_distinct(flatten(list(targets)))) as targets,
        coalesce(arg_max(target_class, articles) filter (where target_class <> ''), '') as target_class,
        coalesce(arg_max(target_side, articles) filter (where target_side <> ''), '') as target_side,
        arg_max(thing, articles) as thing,
        max(effective_on) as effective_on,
        max(amount) as amount,
        coalesce(arg_max(currency, amount), '') as currency,
        arg_min(sentence, (first_reported_at, story_id)) as sentence,
        arg_min(article_id, (first_reported_at, story_id)) as article_id,
        arg_min(first_publisher, (first_reported_at, story_id)) as first_publisher,
        sum(articles)::integer as articles,
        max(rules_version) as rules_version,
        max(affair) as affair
    from numbered
    group by side, instrument, step, direction, aim, number, thing
),
steps as (
    select
        *,
        first_reported_at - lag(first_reported_at) over thread > interval 30 days as is_new_thread
    from acts
    window thread as (partition by affair order by first_reported_at, measure_id)
),
threads as (
    select
        *,
        count(*) filter (where is_new_thread) over (
            partition by affair order by first_reported_at, measure_id
        ) as thread
    from steps
)
select
    measure_id,
    story_id,
    first_reported_at,
    (first_reported_at at time zone reporting_zone())::date as day,
    side,
    actor,
    instrument,
    status,
    direction,
    targets,
    target_class,
    target_side,
    measure_lane(side, target_side, status, direction) as lane,
    thing,
    effective_on,
    amount,
    currency,
    case
        when status = 'answered' then last_value(
            case when status <> 'answered' then measure_id end ignore nulls
        ) over (
            partition by affair, thread
            order by first_reported_at, measure_id
            rows between unbounded preceding and 1 preceding
        )
    end as answers,
    sentence,
    article_id,
    first_publisher,
    articles,
    stories,
    first_value(measure_id) over (
        partition by affair, thread order by first_reported_at, measure_id
    ) as thread_id,
    row_number() over (
        partition by affair, thread order by first_reported_at, measure_id
    )::integer as step,
    (count(*) over (partition by affair, thread))::integer as steps,
    rules_version
from threads;

-- A thread's acts come within 30 days of each other: so far is looked back, and further.
create or replace macro new_measures_between(since, until) as table
    from measures_between(instant_of(since) - interval 60 days, until)
    where first_reported_at >= instant_of(since);

create or replace view measures as
from measures_between('-infinity'::timestamptz, 'infinity'::timestamptz);

comment on macro table measures_between is 'measures that articles tell of that were published from the instant since to before until. What came earlier is not looked at: an act first reported before since is told by its first report since.';

comment on macro table new_measures_between is 'measures that were first reported from the instant since to before until: what pages and briefs of a period count. An act that goes on from before is none of it, nor is a step of a thread the first that has others behind it.';

comment on view measures is 'One row per act of a state on technology or one of its firms, proposed and reported acts too, however many articles and stories tell of it.';
comment on column measures.measure_id is 'The act: m and the article_id of its first report.';
comment on column measures.story_id is 'The story that told of it first.';
comment on column measures.first_reported_at is 'Publication of its first report.';
comment on column measures.day is 'Calendar day of that in the reporting zone.';
comment on column measures.side is 'Whose measure it is: cn, us, eu, jp, kr, tw, nl, uk, in or other; of an answer, whose measure is answered.';
comment on column measures.actor is 'The body that acts: its company_id, else its name; empty where none is told.';
comment on column measures.instrument is 'export-control, entity-list, tariff, investment-limit, ban, penalty, investigation, approval-or-licence, rule-or-standard, plan-or-support, procurement, court-ruling or other.';
comment on column measures.status is 'rumoured, proposed, decided, in-force, stayed, eased or answered.';
comment on column measures.direction is 'tightens, eases or supports.';
comment on column measures.targets is 'Companies whom it hits, by company_id.';
comment on column measures.target_class is 'Whom it hits, in words.';
comment on column measures.target_side is 'Where those are at home; all is everywhere.';
comment on column measures.lane is 'Who acts against whom: against (others tighten against China), answers (China acts against others, or answers them), eases (others ease or support), supports (China supports its own), own (China rules at home), answered (others answer China) or elsewhere.';
comment on column measures.thing is 'What it is about, such as chips, AI models, drones or rare earths.';
comment on column measures.effective_on is 'From which day it holds, where that is told.';
comment on column measures.amount is 'Amount of money, such as of a fine, in its currency.';
comment on column measures.currency is 'Currency of the amount, by ISO 4217; empty without an amount.';
comment on column measures.answers is 'The act that it answers, of status answered, where that is on record: a measure_id.';
comment on column measures.sentence is 'Headline of its first report.';
comment on column measures.article_id is 'The article of that headline.';
comment on column measures.first_publisher is 'Outlet of that article.';
comment on column measures.articles is 'Articles that tell of it.';
comment on column measures.stories is 'Stories that tell of it, the first one first.';
comment on column measures.thread_id is 'Its thread: acts of one side on one thing and target, each within 30 days of the one before, by the measure_id of the first.';
comment on column measures.step is 'Its place in the thread, from 1.';
comment on column measures.steps is 'Acts of the thread.';
comment on column measures.rules_version is 'Version of the watchlist by which it was read.';
