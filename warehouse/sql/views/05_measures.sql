-- Acts of states on technology, one row each, whoever told of them; and what followed what.
--
-- A story tells of one act, by what most of its articles say. Stories of one week that tell
-- the same are one act: of the same company, or of nobody by name in much the same words.
-- The press of two languages often tells it apart.

-- What each of some stories, or of all, tells of an act that any of its articles reports since
-- then.
create or replace macro told_measures_of(told_in, since, until) as table
-- What a reader says of an article holds for its story.
with said as (
    select articles.story_id, kind, arg_max(value, verdict_id) as value
    from standing_verdicts(['side', 'status', 'not-measure'])
    join articles using (article_id)
    group by articles.story_id, kind
),
told as (
    select
        articles.story_id,
        articles.published_at,
        articles.title,
        articles.publisher,
        found.*
    from article_measures as found
    join articles using (article_id)
    anti join (from said where kind = 'not-measure') as said on said.story_id = articles.story_id
    where
        articles.published_at >= instant_of(since)
        and articles.published_at < instant_of(until)
        and (told_in is null or articles.story_id in (select unnest(told_in)))
),
aims as (
    select story_id, arg_max(target, (articles, target)) as target
    from (
        select story_id, target, count(*) as articles
        from (select story_id, unnest(targets) as target from told)
        group by story_id, target
    )
    group by story_id
)
select
    told.story_id,
    min(told.published_at) as first_reported_at,
    arg_min(told.article_id, (told.published_at, told.seq)) as article_id,
    arg_min(told.title, (told.published_at, told.seq)) as sentence,
    arg_min(told.publisher, (told.published_at, told.seq)) as first_publisher,
    count(*)::integer as articles,
    coalesce(
        any_value(sides.value), mode(told.side order by told.published_at, told.seq)
    ) as side,
    coalesce(mode(told.actor order by told.published_at, told.seq) filter (where told.actor <> ''), '') as actor,
    mode(told.instrument order by told.published_at, told.seq) as instrument,
    coalesce(
        any_value(statuses.value), mode(told.status order by told.published_at, told.seq)
    ) as status,
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
    coalesce(
        arg_max(told.currency, (told.amount, told.currency)) filter (where told.amount is not null), ''
    ) as currency,
    max(told.rules_version) as rules_version
from told
left join aims on aims.story_id = told.story_id
left join said as sides on sides.story_id = told.story_id and sides.kind = 'side'
left join said as statuses on statuses.story_id = told.story_id and statuses.kind = 'status'
group by told.story_id;

create or replace macro told_measures_between(since, until) as table
from told_measures_of(null::varchar[], since, until);

comment on macro table told_measures_of is 'told_measures_between of the stories told_in, or of all where that is null.';

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
comment on macro measure_lane is 'Who acts against whom: against (others tighten against China), answers (China acts against others, or answers them), eases (others ease or support), supports (China supports its own), own (China rules at home), answered (others, or China itself, answer on what China did) or elsewhere.';

create or replace macro measures_of(told_in, since, until) as table
with recursive told as materialized (
    select
        *,
        -- Days, since the difference of two moments goes through the calendar.
        epoch(first_reported_at) / 86400 as told_day,
        case status when 'in-force' then 'decided' when 'stayed' then 'eased' else status end as step,
        instrument = 'export-control' or target_side not in ('', 'all', side) as is_abroad,
        regexp_matches(sentence, '\p{Han}') as is_chinese,
        regexp_replace(
            translate(
                regexp_extract(sentence, '([0-9]+|[一二两三四五六七八九十]{1,2}) ?(家|款|firms|companies|entities)', 1),
                '一二两三四五六七八九', '1223456789'
            ),
            '^十([0-9])$', '1\1'
        ) as number,
        -- A state without a side of its own is known by who acts.
        case side when 'other' then side || left(lower(actor), 5) else side end as state
    from told_measures_of(told_in, since, until)
),
matters as (
    select
        story_id, told_day, side, 'company' as bond,
        state || ' ' || unnest(targets) as matter
    from told
    union all
    -- Whom it hits is not named: what it is about.
    select
        story_id, told_day, side, 'class',
        state || ' ' || target_side || ' ' || case when thing = '' then 'other' else thing end
    from told
    where target = ''
    union all
    -- Two states on each other, in kind.
    select
        story_id, told_day, side, 'answer',
        least(side, target_side) || ' ' || greatest(side, target_side) || ' ' || unnest(
            list_filter(
                [thing, instrument], lambda kind: kind not in ('', 'other', 'ban', 'investigation')
            )
        )
    from told
    where
        is_abroad
        and direction = 'tightens'
        and instrument in (
            'export-control', 'entity-list', 'tariff', 'investment-limit', 'ban', 'investigation'
        )
),
pairs as materialized (
    select
        earlier.story_id as earlier_id,
        later.story_id as later_id,
        min(later.bond) as bond,
        count(*) filter (where later.bond = 'company') as shared,
        any_value(later.told_day - earlier.told_day) as gap
    from matters as earlier
    join matters as later
        on
            later.matter = earlier.matter
            and later.bond = earlier.bond
            and (later.side <> earlier.side) = (later.bond = 'answer')
            and later.told_day <= earlier.told_day
                + case earlier.bond when 'company' then 365 when 'class' then 30 else 7 end
            and (
                later.told_day > earlier.told_day
                or (later.told_day = earlier.told_day and later.story_id > earlier.story_id)
            )
    group by earlier.story_id, later.story_id
),
-- How far two headlines on nobody by name say the same: by pairs of Chinese characters and
-- by longer words, the rarer the more.
words as (
    select distinct story_id, word
    from (
        select
            story_id,
            unnest(list_concat(
                regexp_extract_all(lower(sentence), '[a-z][a-z0-9]{3,}'),
                list_filter(
                    list_transform(range(1, len(sentence)), lambda place: substr(sentence, place, 2)),
                    lambda pair: regexp_full_match(pair, '\p{Han}{2}')
                )
            )) as word
        from told
    )
),
weighed as materialized (
    select story_id, word, weight, sum(weight) over (partition by story_id) as total
    from (
        select
            *,
            ln(((select count(distinct story_id) from words) + 1) / count(*) over (partition by word)) as weight
        from words
    )
),
own_words as materialized (
    select pairs.earlier_id, pairs.later_id, weighed.word, weighed.weight, weighed.total
    from pairs
    join weighed on weighed.story_id = pairs.earlier_id
    where pairs.bond <> 'answer'
),
alike as (
    select own.earlier_id, own.later_id, sum(own.weight) / min(least(own.total, other.total)) as likeness
    from own_words as own
    join weighed as other on other.story_id = own.later_id and other.word = own.word
    group by own.earlier_id, own.later_id
),
-- Of which earlier ones each may be told again, or go on.
turns as materialized (
    select
        pairs.earlier_id,
        pairs.later_id,
        bond,
        earlier.first_reported_at as earlier_at,
        later.first_reported_at as later_at,
        bond <> 'answer' and earlier.step = later.step and earlier.direction = later.direction
        and gap < 7
        -- Twelve firms are not seven.
        and (earlier.number = later.number or '' in (earlier.number, later.number))
        and case
            when earlier.instrument <> later.instrument then
                case bond
                    when 'company' then
                        earlier.thing = later.thing
                        and later.thing not in ('', 'other')
                        and gap < 1
                    else likeness >= 0.4
                end
            when bond = 'company' then
                gap < 2 or likeness >= 0.15 or earlier.is_chinese <> later.is_chinese
            else
                likeness > 0.3
                or (
                    later.is_abroad
                    and (likeness >= 0.15 or (earlier.is_chinese <> later.is_chinese and gap < 2))
                )
        end as is_same,
        case
            when bond = 'answer' then
                earlier.instrument <> 'investigation'
                and earlier.status <> 'answered'
            when bond = 'class' then
                coalesce(likeness, 0) >= 0.3
                or (later.is_abroad and (later.thing not in ('', 'other') or later.instrument = earlier.instrument))
                or (
                    earlier.actor = later.actor
                    and later.actor <> ''
                    and earlier.status in ('rumoured', 'proposed', 'stayed')
                    and later.status not in ('answered', earlier.status)
                )
            -- Two companies are a deal or a list; an answer comes when a court does.
            when shared > 1 or later.status = 'answered' then true
            else
                (earlier.thing = later.thing or earlier.instrument in ('investigation', later.instrument))
                and (later.is_abroad or likeness >= 0.1 or earlier.is_chinese <> later.is_chinese)
                and (
                    gap <= case when later.is_abroad and earlier.instrument = later.instrument then 90 else 30 end
                    -- What is open, proposed or stayed is settled months later.
                    or earlier.status in ('rumoured', 'proposed', 'stayed')
                    or (earlier.instrument = 'investigation' and earlier.status <> 'answered')
                )
        end as is_next
    from pairs
    join told as earlier on earlier.story_id = pairs.earlier_id
    join told as later on later.story_id = pairs.later_id
    left join alike on alike.earlier_id = pairs.earlier_id and alike.later_id = pairs.later_id
),
one_act as materialized (
    select earlier_id as one, later_id as other from turns where is_same
    union all
    select later_id, earlier_id from turns where is_same
),
-- All that say the same through others are one act, which the first of them heads.
reached as (
    select story_id as head, first_reported_at as began_at, story_id
    from told
    where story_id not in (select later_id from turns where is_same)
    union
    select reached.head, reached.began_at, one_act.other
    from reached
    join one_act on one_act.one = reached.story_id
),
heads as materialized (
    select story_id, arg_min(head, (began_at, head)) as act
    from reached
    group by story_id
),
acts as materialized (
    select
        heads.act,
        'm' || arg_min(article_id, (first_reported_at, story_id)) as measure_id,
        arg_min(story_id, (first_reported_at, story_id)) as story_id,
        list(story_id order by first_reported_at, story_id) as stories,
        min(first_reported_at) as first_reported_at,
        any_value(side) as side,
        coalesce(arg_max(actor, (articles, first_reported_at, story_id)) filter (where actor <> ''), '') as actor,
        arg_max(instrument, (articles, -epoch(first_reported_at), story_id)) as instrument,
        arg_max(status, (articles, first_reported_at, story_id)) as status,
        any_value(direction) as direction,
        list_sort(list_distinct(flatten(list(targets)))) as targets,
        coalesce(arg_max(target_class, (articles, first_reported_at, story_id)) filter (where target_class <> ''), '') as target_class,
        coalesce(arg_max(target_side, (articles, first_reported_at, story_id)) filter (where target_side <> ''), '') as target_side,
        arg_max(thing, (articles, first_reported_at, story_id)) as thing,
        max(effective_on) as effective_on,
        max(amount) as amount,
        coalesce(arg_max(currency, (amount, currency)) filter (where amount is not null), '') as currency,
        arg_min(sentence, (first_reported_at, story_id)) as sentence,
        arg_min(article_id, (first_reported_at, story_id)) as article_id,
        arg_min(first_publisher, (first_reported_at, story_id)) as first_publisher,
        sum(articles)::integer as articles,
        max(rules_version) as rules_version
    from told
    join heads using (story_id)
    group by heads.act
),
follows as materialized (
    select
        later.act,
        -- Its own affair goes before what it may answer.
        arg_max(earlier.act, (turns.bond <> 'answer', turns.earlier_at, turns.earlier_id)) as earlier,
        arg_max(turns.bond, (turns.bond <> 'answer', turns.earlier_at, turns.earlier_id)) as bond
    from turns
    join heads as own on own.story_id = turns.later_id
    join heads as former on former.story_id = turns.earlier_id
    join acts as later on later.act = own.act
    join acts as earlier on earlier.act = former.act
    where
        turns.is_next
        and (
            turns.earlier_at < later.first_reported_at
            or (turns.earlier_at = later.first_reported_at and turns.earlier_id < later.act)
        )
    group by later.act
),
chains as (
    select act, act as thread from acts where act not in (select act from follows)
    union all
    select follows.act, chains.thread
    from chains
    join follows on follows.earlier = chains.act
)
select
    acts.measure_id,
    acts.story_id,
    acts.first_reported_at,
    (acts.first_reported_at at time zone reporting_zone())::date as day,
    acts.side,
    acts.actor,
    acts.instrument,
    acts.status,
    acts.direction,
    acts.targets,
    acts.target_class,
    acts.target_side,
    measure_lane(acts.side, acts.target_side, acts.status, acts.direction) as lane,
    acts.thing,
    acts.effective_on,
    acts.amount,
    acts.currency,
    case
        when acts.status = 'answered' then last_value(
            case when acts.status <> 'answered' then acts.measure_id end ignore nulls
        ) over (
            partition by chains.thread
            order by acts.first_reported_at, acts.measure_id
            rows between unbounded preceding and 1 preceding
        )
        when follows.bond = 'answer' then answered.measure_id
    end as answers,
    acts.sentence,
    acts.article_id,
    acts.first_publisher,
    acts.articles,
    acts.stories,
    first_value(acts.measure_id) over (
        partition by chains.thread order by acts.first_reported_at, acts.measure_id
    ) as thread_id,
    row_number() over (
        partition by chains.thread order by acts.first_reported_at, acts.measure_id
    )::integer as step,
    (count(*) over (partition by chains.thread))::integer as steps,
    coalesce(
        last_value(case when acts.status <> 'answered' then acts.status end ignore nulls) over (
            partition by chains.thread
            order by acts.first_reported_at, acts.measure_id
            rows between unbounded preceding and unbounded following
        ),
        'answered'
    ) as thread_status,
    acts.rules_version
from acts
join chains using (act)
left join follows using (act)
left join acts as answered on answered.act = follows.earlier;

create or replace macro measures_between(since, until) as table
from measures_of(null::varchar[], since, until);

-- What goes on is looked back for so far that hardly a thread is cut.
create or replace macro new_measures_between(since, until) as table
    from measures_between(instant_of(since) - interval 120 days, until)
    where first_reported_at >= instant_of(since);

create or replace view measures as
from measures_between('-infinity'::timestamptz, 'infinity'::timestamptz);

comment on macro table measures_of is 'measures of the stories told_in, or of all where that is null: a thread is that of their acts.';

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
comment on column measures.lane is 'Who acts against whom: against (others tighten against China), answers (China acts against others, or answers them), eases (others ease or support), supports (China supports its own), own (China rules at home), answered (others, or China itself, answer on what China did) or elsewhere.';
comment on column measures.thing is 'What it is about, such as chips, AI models, drones or rare earths.';
comment on column measures.effective_on is 'From which day it holds, where that is told.';
comment on column measures.amount is 'Amount of money, such as of a fine, in its currency.';
comment on column measures.currency is 'Currency of the amount, by ISO 4217; empty without an amount.';
comment on column measures.answers is 'The act that it answers, where that is on record: a measure_id. An act of the other side in kind answers too.';
comment on column measures.sentence is 'Headline of its first report.';
comment on column measures.article_id is 'The article of that headline.';
comment on column measures.first_publisher is 'Outlet of that article.';
comment on column measures.articles is 'Articles that tell of it.';
comment on column measures.stories is 'Stories that tell of it, the first one first.';
comment on column measures.thread_id is 'Its thread, the affair that it is a step of, by the measure_id of the first step: acts of one side on the same company, or where none is named on the same thing and side, and what the other side answers in kind within a week. Each goes on from one of the 30 days before (90 of the same means abroad); what is open, proposed or stayed may be settled within a year.';
comment on column measures.step is 'Its place in the thread, from 1.';
comment on column measures.steps is 'Acts of the thread.';
comment on column measures.thread_status is 'What stands of the thread: the status of its newest act that is no answer; answered where there are answers alone.';
comment on column measures.rules_version is 'Version of the watchlist by which it was read.';
