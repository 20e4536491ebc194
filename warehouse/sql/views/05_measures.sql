-- Acts of states on technology, one row each, whoever told of them; and what followed what.
--
-- A story tells of one act, by what most of its articles say. Stories of two days, and in the
-- same words of one week, are one act where body, means, thing and target agree as far as they
-- are told, in one language or two; two bodies, two numbers or two firms are two acts.

-- The country of bodies of a side, as companies has it.
create or replace macro country_of(side) as case side when 'uk' then 'GB' else upper(side) end;

comment on macro country_of is 'The country of the bodies of a side, as in companies.';

-- What each of some stories, or of all, tells of an act that any of its articles reports since
-- then.
create or replace macro told_measures_of(told_in, since, until) as table
-- What a reader says of an article holds for its story.
with said as (
    select
        articles.story_id,
        arg_max(value, verdict_id) filter (where kind = 'side') as side,
        arg_max(value, verdict_id) filter (where kind = 'status') as status,
        bool_or(kind = 'not-measure') as is_none
    from standing_verdicts(['side', 'status', 'not-measure'])
    join articles using (article_id)
    group by articles.story_id
),
told as (
    select
        articles.published_at,
        found.seq,
        articles.story_id,
        articles.title,
        articles.publisher,
        found.* exclude (seq),
        bodies.company_id is not null as is_body
    from article_measures as found
    -- By their places: of measures from before, nothing is read.
    join articles using (seq)
    left join companies as bodies
        on
            bodies.company_id = found.actor
            and bodies.kind in ('regulator', 'gov')
            and bodies.country = country_of(found.side)
    where
        articles.published_at >= instant_of(since)
        and articles.published_at < instant_of(until)
        and not is_backlog(articles.published_from)
        and (told_in is null or articles.story_id in (select unnest(told_in)))
),
-- Put in order once, by published_at and seq: of what as many say, the earliest counts.
stories as (
    select
        story_id,
        list_sort(list(told)) as told,
        max(amount) as amount,
        coalesce(arg_max(currency, (amount, currency)) filter (where amount is not null), '') as currency,
        max(rules_version) as rules_version
    from told
    group by story_id
)
select
    stories.story_id,
    told[1].published_at as first_reported_at,
    told[1].article_id as article_id,
    told[1].title as sentence,
    told[1].publisher as first_publisher,
    len(told)::integer as articles,
    coalesce(said.side, list_mode([one.side for one in told])) as side,
    coalesce(
        case
            when 3 * len([one for one in told if one.is_body]) >= len(told)
                then list_mode([one.actor for one in told if one.is_body])
        end,
        list_mode([one.actor for one in told if one.actor <> '']),
        ''
    ) as actor,
    list_mode([one.instrument for one in told]) as instrument,
    coalesce(said.status, list_mode([one.status for one in told])) as status,
    list_mode([one.direction for one in told]) as direction,
    list_sort(list_distinct(flatten([one.targets for one in told]))) as targets,
    coalesce(list_mode(list_reverse_sort(flatten([one.targets for one in told]))), '') as target,
    coalesce(list_mode([one.target_class for one in told if one.target_class <> '']), '') as target_class,
    -- What is not told of another side is read as on the own one; a body, and a side, that one
    -- in three tells is more than none.
    coalesce(
        case
            when 3 * len([one for one in told if one.target_side not in ('', 'all', one.side)]) >= len(told)
                then list_mode([one.target_side for one in told if one.target_side not in ('', 'all', one.side)])
        end,
        list_mode([one.target_side for one in told if one.target_side <> '']),
        ''
    ) as target_side,
    coalesce(
        list_mode([one.thing for one in told if one.thing not in ('', 'other')]),
        list_mode([one.thing for one in told])
    ) as thing,
    list_mode([one.effective_on for one in told]) as effective_on,
    amount,
    currency,
    rules_version
from stories
left join said on said.story_id = stories.story_id
where not coalesce(said.is_none, false);

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

-- How far an act has come by some day: decided until the day from which it holds, and in
-- force from then on.
create or replace macro status_on(day, status, effective_on) as
    case
        when status in ('decided', 'in-force') and effective_on > day then 'decided'
        when status in ('decided', 'in-force') and effective_on <= day then 'in-force'
        else status
    end;

comment on macro status_on is 'How far an act has come by a day: what was decided is in force from the day from which it holds, and not before.';

-- Whose act pages and briefs tell of unasked.
create or replace macro concerns_beat(is_on_beat, side, target_side) as
    is_on_beat or side = 'cn' or target_side = 'cn';

comment on macro concerns_beat is 'Whether an act is of the home side, against it, or told on the beat: what pages and briefs tell of unasked.';
comment on macro measure_lane is 'Who acts against whom, seen from the beat''s home side: against (others tighten against it), answers (it acts against others, or answers them), eases (others ease or support), supports (it supports its own), own (it rules at home), answered (others, or itself, answer on what it did) or elsewhere.';

-- The number that stands first before some words, in digits; "" without one.
create or replace macro number_before(sentence, words) as regexp_replace(
    translate(
        regexp_extract(sentence, '([0-9]+|[一二两三四五六七八九十]{1,2})' || words, 1),
        '一二两三四五六七八九', '1223456789'
    ),
    '^十([0-9])$', '1\1'
);

comment on macro number_before is 'The number that stands first before words that a pattern names, in digits; empty without one.';

create or replace macro measures_of(told_in, since, until) as table
with recursive bodies as (
    select company_id, coalesce(parent_id, company_id) as body, country
    from companies
    where kind in ('regulator', 'gov')
),
told as materialized (
    select
        found.*,
        -- Its place in time: numbers are compared at less cost than ids.
        (row_number() over (order by first_reported_at, story_id))::integer as place,
        -- Days, since the difference of two moments goes through the calendar.
        epoch(first_reported_at) / 86400 as told_day,
        -- What is allowed has been eased, however it is told.
        case
            when direction = 'eases' and status in ('decided', 'in-force', 'stayed') then 'eased'
            when status = 'in-force' then 'decided'
            when status = 'stayed' then 'eased'
            else status
        end as step,
        -- Of its own side is also told what no headline says of another.
        case when target_side in ('', 'all', side) then '' else target_side end as abroad,
        case when thing = 'other' then '' else thing end as good,
        case
            when instrument in ('export-control', 'approval-or-licence', 'entity-list', 'ban', 'rule-or-standard') then 'ban'
            else instrument
        end as means,
        regexp_matches(sentence, '\p{Han}') as is_chinese,
        number_before(sentence, '[ -]?(家|款|天|周|类|firms|companies|entities|platforms|apps|days?|weeks?|kinds)') as number,
        -- Of bodies that act together one is named here, another there: their number is told.
        case when contains(sentence, '部') then number_before(sentence, '个?部[门委]') else '' end as ministries,
        -- A part of a body acts as that body.
        bodies.body,
        bodies.country,
        coalesce(bodies.country = country_of(side), false) as is_body,
        -- Whom China answers is read in one headline of a press conference, and not in the next;
        -- a state without a side of its own is known by who acts.
        concat_ws(
            ' ',
            case
                when status = 'answered' then status
                when side = 'other' then side || left(lower(actor), 5)
                else side
            end,
            step,
            direction
        ) as matter
    from told_measures_of(told_in, since, until) as found
    left join bodies on bodies.company_id = actor
),
-- Pairs of which nothing parts them: not a body, a number, a firm or a side.
pairs as (
    select
        earlier.place as earlier,
        later.place as later,
        later.told_day - earlier.told_day as gap,
        earlier.is_chinese <> later.is_chinese as is_across,
        later.is_chinese,
        later.direction as later_direction,
        later.status = 'answered' as is_answer,
        list_has_any(earlier.targets, later.targets) as is_of_one_firm,
        earlier.target = later.target as is_of_nobody,
        earlier.thing = later.thing as is_of_one_thing,
        earlier.good = later.good and later.good <> '' as is_of_one_good,
        earlier.instrument = later.instrument as is_of_one_means,
        -- A licence for exports and their control, a standard and the ban that it holds.
        earlier.means = later.means as is_alike,
        list_has_any(['ban', 'entity-list', 'tariff'], [earlier.instrument, later.instrument]) as is_rare,
        earlier.abroad = later.abroad and later.abroad <> '' as is_abroad,
        earlier.actor = later.actor and later.actor <> '' as is_by_one,
        coalesce(earlier.body = later.body, false) as is_by_one_body,
        earlier.ministries = later.ministries and later.ministries <> '' as is_by_ministries,
        later.ministries in ('2', '3') as is_by_few
    from told as earlier
    join told as later
        on
            later.matter = earlier.matter
            and later.told_day < earlier.told_day + 7
            and later.place > earlier.place
    where
        (earlier.targets = [] or later.targets = [] or list_has_any(earlier.targets, later.targets))
        and (earlier.abroad = later.abroad or '' in (earlier.abroad, later.abroad))
        -- Twelve firms are not seven, nor eight bodies five.
        and (earlier.number = later.number or '' in (earlier.number, later.number))
        and (earlier.ministries = later.ministries or '' in (earlier.ministries, later.ministries))
        and (
            earlier.body is null
            or later.body is null
            or earlier.body = later.body
            or earlier.country <> later.country
            or (earlier.ministries = later.ministries and later.ministries <> '')
        )
),
-- How much alike two headlines have to be to tell of the same: 0 is however
-- little, null is never.
bounds as materialized (
    select
        earlier,
        later,
        case
            when is_answer then case when gap < 1 and (is_of_one_firm or is_of_one_good) then 0.3 end
            when is_across then
                case
                    when gap >= 2 then null
                    when is_of_one_firm and (is_of_one_means or is_of_one_good) then 0
                    when is_alike and is_of_one_good and (is_abroad or is_by_one_body or is_rare) then 0
                end
            when is_of_one_firm then
                case
                    when is_of_one_means and is_by_one and gap < 3 then 0
                    when gap >= 2 then case when is_of_one_means then 0.2 end
                    when is_of_one_means then case when is_chinese then 0 else 0.1 end
                    when is_of_one_good and gap < 1 then 0
                    else 0.3
                end
            when is_by_ministries and is_of_one_good and not is_by_few then 0
            when is_by_ministries and is_of_one_means and gap < 2 then 0.3
            -- The other may hit a firm that is not known here.
            when not is_of_nobody then case when gap < 2 and (is_of_one_means or is_of_one_good) then 0.5 end
            when is_alike and is_of_one_good and not is_of_one_means then 0.25
            when gap >= 2 then case when is_of_one_means then case when is_of_one_thing then 0.4 else 0.45 end end
            when is_of_one_means and is_of_one_thing then
                case when is_abroad or is_by_one or is_by_one_body then 0.15 else 0.25 end
            when is_of_one_good or (is_of_one_means and later_direction <> 'supports') then
                case when gap < 0.5 and is_of_nobody then 0.3 else 0.4 end
        end as same_from
    from pairs
    where same_from is not null
),
-- How far two headlines on nobody by name say the same: by pairs of Chinese characters and
-- by longer words, the rarer the more.
words as materialized (
    select
        place,
        unnest(list_distinct(
            regexp_extract_all(lower(sentence), '[a-z][a-z0-9]{3,}')
            || regexp_extract_all(sentence, '\p{Han}{2}')
            -- The pairs between those.
            || regexp_extract_all(regexp_replace(sentence, '\p{Han}(\p{Han}*)', ' \1', 'g'), '\p{Han}{2}')
        )) as word
    from told
),
weights as (
    select word, ln(((select count(*) from told) + 1) / count(*)) as weight
    from words
    group by word
),
weighed as materialized (
    select place, word, weight
    from words
    join weights using (word)
),
totals as (
    select place, sum(weight) as total
    from weighed
    group by place
),
-- The words of a pair come before those that it shares: else all stories would be compared.
own_words as materialized (
    select bounds.earlier, bounds.later, weighed.word, weighed.weight
    from bounds
    join weighed on weighed.place = bounds.earlier
    where same_from > 0
),
alike as (
    select earlier, later, shared / least(own.total, other.total) as likeness
    from (
        select own.earlier, own.later, sum(own.weight) as shared
        from own_words as own
        semi join weighed as other on other.place = own.later and other.word = own.word
        group by own.earlier, own.later
    ) as common
    join totals as own on own.place = earlier
    join totals as other on other.place = later
),
turns as materialized (
    select bounds.earlier, bounds.later
    from bounds
    left join alike on alike.earlier = bounds.earlier and alike.later = bounds.later
    where coalesce(likeness, 0) >= same_from
),
one_act as materialized (
    select earlier as one, later as other from turns
    union all
    select later, earlier from turns
),
-- All that say the same through others are one act, which the first of them heads.
reached as (
    select place as act, place
    from told
    where place not in (select later from turns)
    union
    select reached.act, one_act.other
    from reached
    join one_act on one_act.one = reached.place
),
heads as materialized (
    select place, min(act) as act
    from reached
    group by place
),
-- The day that is asked about: no later than that of the newest article.
today as (
    select
        reporting_day(
            least(instant_of(until), newest + interval 1 microsecond) - interval 1 microsecond
        ) as asked
    from (select coalesce(max(published_at), 'epoch'::timestamptz) as newest from articles)
),
affairs as (
    select story_id, min(affair_id) as affair_id
    from story_affairs
    where group_id is null
    group by story_id
),
acts as materialized (
    select
        heads.act,
        'm' || arg_min(article_id, place) as measure_id,
        arg_min(story_id, place) as story_id,
        min(first_reported_at) as first_reported_at,
        reporting_day(min(first_reported_at)) as day,
        arg_min(side, place) as side,
        -- Who tells a body, a side, a good or a day tells more than who does not.
        coalesce(arg_max(actor, (is_body, articles, place)) filter (where actor <> ''), '') as actor,
        arg_max(instrument, (instrument <> 'other', articles, -epoch(first_reported_at), story_id)) as instrument,
        status_on(
            (select asked from today), arg_max(status, (articles, place)), max(effective_on)
        ) as status,
        any_value(direction) as direction,
        list_sort(list_distinct(flatten(list(targets)))) as targets,
        coalesce(arg_max(target_class, (articles, place)) filter (where target_class <> ''), '') as target_class,
        coalesce(
            arg_max(target_side, (abroad <> '', articles, place)) filter (where target_side <> ''), ''
        ) as target_side,
        -- Said of the whole act below, as is what it answers.
        '' as lane,
        arg_max(thing, (good <> '', articles, place)) as thing,
        max(effective_on) as effective_on,
        max(amount) as amount,
        coalesce(arg_max(currency, (amount, currency)) filter (where amount is not null), '') as currency,
        null::varchar as answers,
        arg_min(sentence, place) as sentence,
        arg_min(article_id, place) as article_id,
        arg_min(first_publisher, place) as first_publisher,
        sum(articles)::integer as articles,
        [one.story_id for one in list_sort(list({'place': place, 'story_id': story_id}))] as stories,
        coalesce(arg_min(affairs.affair_id, place), 'm' || arg_min(article_id, place)) as affair,
        max(rules_version) as rules_version
    from told
    join heads using (place)
    left join affairs using (story_id)
    group by heads.act
),
-- Days within which China acts in turn: a ban or a probe follows at once, or is of itself.
turns_of_china as (
    select unnest(['export-control', 'entity-list', 'tariff', 'ban', 'investigation']) as instrument,
        unnest([30, 30, 30, 7, 7]) as days
),
-- Of China and another state, what one says of the other's act: on the same firm within four
-- months, else on the same thing or by the same means within one. And how China acts in turn
-- on limits to trade: on the act that is told most.
answers as (
    select
        later.act,
        arg_max(
            earlier.measure_id,
            (
                list_has_any(earlier.targets, later.targets),
                later.status = 'answered' and earlier.thing = later.thing,
                later.status = 'answered' and earlier.instrument = later.instrument,
                earlier.articles,
                earlier.act
            )
        ) as answered
    from acts as later
    join acts as earlier
        on
            earlier.side = case later.status when 'answered' then later.side else later.target_side end
            and earlier.target_side = case later.status when 'answered' then later.target_side else later.side end
            and earlier.first_reported_at < later.first_reported_at
            and earlier.first_reported_at >= later.first_reported_at - interval 2880 hours
    left join turns_of_china as turn on turn.instrument = later.instrument
    where
        'cn' in (earlier.side, earlier.target_side)
        and earlier.side <> earlier.target_side
        and earlier.direction = 'tightens'
        and earlier.status not in ('rumoured', 'answered')
        and case
            when later.status = 'answered' then
                list_has_any(earlier.targets, later.targets)
                or (
                    earlier.first_reported_at >= later.first_reported_at - interval 720 hours
                    and (
                        (earlier.thing = later.thing and later.thing not in ('', 'other'))
                        or (earlier.instrument = later.instrument and later.instrument <> 'other')
                    )
                )
            else
                later.side = 'cn'
                and later.direction = 'tightens'
                and later.status <> 'rumoured'
                and earlier.instrument in ('export-control', 'entity-list', 'tariff', 'investment-limit')
                and earlier.first_reported_at >= later.first_reported_at - turn.days * interval 24 hours
        end
    group by later.act
)
select
    acts.* exclude (act, affair, rules_version) replace (
        measure_lane(side, target_side, status, direction) as lane,
        answers.answered as answers
    ),
    first_value(measure_id) over steps_of as thread_id,
    row_number() over steps_of::integer as step,
    (count(*) over (partition by affair))::integer as steps,
    coalesce(
        last_value(case when status <> 'answered' then status end ignore nulls) over (
            partition by affair
            order by first_reported_at, measure_id
            rows between unbounded preceding and unbounded following
        ),
        'answered'
    ) as thread_status,
    rules_version
from acts
left join answers using (act)
window steps_of as (partition by affair order by first_reported_at, measure_id);

create or replace macro measures_between(since, until) as table
from measures_of(null::varchar[], since, until);

-- What goes on is looked back for so far that hardly a thread is cut.
create or replace macro new_measures_between(since, until) as table
    from measures_between(instant_of(since) - interval 120 days, until)
    where first_reported_at >= instant_of(since);

create or replace view measures as
from measures_between('-infinity'::timestamptz, 'infinity'::timestamptz);

comment on macro table measures_of is 'measures of the stories told_in, or of all where that is null: a thread and its answers are those of their acts.';

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
comment on column measures.status is 'rumoured, proposed, decided, in-force, stayed, eased or answered; in force from effective_on, decided until then.';
comment on column measures.direction is 'tightens, eases or supports.';
comment on column measures.targets is 'Companies whom it hits, by company_id.';
comment on column measures.target_class is 'Whom it hits, in words.';
comment on column measures.target_side is 'Where those are at home; all is everywhere.';
comment on column measures.lane is 'Who acts against whom, seen from the beat''s home side: against (others tighten against it), answers (it acts against others, or answers them), eases (others ease or support), supports (it supports its own), own (it rules at home), answered (others, or itself, answer on what it did) or elsewhere.';
comment on column measures.thing is 'What it is about, such as chips, AI models, drones or rare earths.';
comment on column measures.effective_on is 'From which day it holds, where that is told.';
comment on column measures.amount is 'Amount of money, such as of a fine, in its currency.';
comment on column measures.currency is 'Currency of the amount, by ISO 4217; empty without an amount.';
comment on column measures.answers is 'The act that it answers, where that is on record: a measure_id. Of what a state says of another''s act, the one on the same firm or thing; of what cn does in turn within 30 days, by a list, a control, a duty, a ban or a probe, the act of that state that is told most.';
comment on column measures.sentence is 'Headline of its first report.';
comment on column measures.article_id is 'The article of that headline.';
comment on column measures.first_publisher is 'Outlet of that article.';
comment on column measures.articles is 'Articles that tell of it.';
comment on column measures.stories is 'Stories that tell of it, the first one first.';
comment on column measures.thread_id is 'Its thread, by the measure_id of the first step: the acts on one object, such as one firm, good or dispute, that story_affairs links as an affair of states. An act of no such affair is a thread of its own.';
comment on column measures.step is 'Its place in the thread, from 1.';
comment on column measures.steps is 'Acts of the thread.';
comment on column measures.thread_status is 'What stands of the thread: the status of its newest act that is no answer; answered where there are answers alone.';
comment on column measures.rules_version is 'Version of the watchlist by which it was read.';
