-- What was told of firms by nobody in particular, or as possible, and what became of it.

-- What may, might or could be, and nobody is told to weigh it, is an opinion, a warning or a
-- sale, whoever says so; what a body of a state weighs is its act. An outlet reports; the firm
-- before 或将 is named. Of what merely got out there are pictures, and nothing is told.
create or replace macro is_report(basis, modality, cue) as
    cue not in ('曝光', '曝出', '爆出')
    and (
        basis = 'unnamed'
        or (
            modality = 'may'
            and (
                basis = 'media'
                or (
                    basis <> 'official'
                    and not regexp_full_match(
                        lower(cue),
                        '|may|might|could|(un)?likely( to)?|possibl[ey]|potential(ly)?|rule out|near(s|ing)|explores?|seeks|eyes|look(s|ing) to|或|或许|或可|或成|或将|或被|或在|或于|可能|可能性'
                    )
                )
            )
        )
    );

comment on macro is_report is 'Whether what is told of a firm is a claim, which stands until somebody settles it: told by sources without a name, or as possible by somebody who is told to weigh it.';

-- That somebody denies is a claim of its own only where the headline says that it was told.
create or replace macro names_report(headline) as
    regexp_matches(lower(headline), '\breports?\b|\brumou?r|传[闻言]|傳[聞言]|消息|[网網被][传傳曝]');

comment on macro names_report is 'Whether a headline says that something was reported or rumoured.';

-- What a headline is about, but for names and for who says so: words, and pairs of Chinese
-- characters.
create or replace macro words_of(headline) as
    list_distinct(list_concat(
        list_transform(
            list_filter(
                regexp_extract_all(headline, '[a-z][a-z-]+'),
                lambda word: len(word) > 2 and not regexp_full_match(
                    word, 'the|and|for|with|from|that|its|has|have|are|was|will|could|may|not|new|after|over|into|this|year|says?|said|reports?|reportedly|rumou?rs?|sources?|people|familiar|company|later|soon|next|week|month|launch(es|ed)?|den(y|ies|ied)|confirm(s|ed)?|plans?'
                )
            ),
            lambda word: regexp_replace(word, '(e?s|e?d|ing|e)$', '')
        ),
        list_filter(
            list_transform(range(1, len(headline)), lambda place: substr(headline, place, 2)),
            lambda pair: regexp_full_match(pair, '\p{Han}{2}') and not regexp_full_match(
                pair, '消息|息称|据悉|据报|传闻|网传|知情|情人|人士|否认|确认|证实|回应|官方|公司|计划|考虑|或将|已经|什么|如何|看待'
            )
        )
    ));

-- Numbers and names with one: V4, SU7, 8.4.
create or replace macro numbers_of(headline) as
    list_distinct(regexp_extract_all(headline, '[a-z]*-?\d[\d.,]*'));

-- 8.4 billion are 84亿 in the other language, and 10 billion 100亿.
create or replace macro first_digits(numbers) as
    list_transform(numbers, lambda each: regexp_replace(replace(each, '.', ''), '0+$', ''));

-- Whether each of two headlines has one that the other lacks.
create or replace macro differ(own, other) as
    len(list_filter(own, lambda each: not list_contains(other, each))) > 0
    and len(list_filter(other, lambda each: not list_contains(own, each))) > 0;

comment on macro words_of is 'The words of a folded headline, and its pairs of Chinese characters, but for what tells of telling.';
comment on macro numbers_of is 'The numbers of a folded headline, with the letters before them.';
comment on macro first_digits is 'Numbers without their points and last zeros, as they are compared across languages.';
comment on macro differ is 'Whether each of two lists has what the other lacks.';

-- Those that some stories tell or settle, or all, by what had arrived up to the newest place, or by all.
create or replace macro claims_of(told_in, since, until, newest) as table
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
-- A report, the word of somebody with a name, or what is done.
told as materialized (
    select
        *,
        case
            when
                is_report(basis, modality, cue)
                -- What states do is told as acts of theirs.
                and article_id not in (select article_id from article_measures)
                then 'report'
            when basis = 'unnamed' then 'rumour'
            when modality in ('denied', 'confirmed', 'withdrawn') then 'word'
            when
                -- What merely happened to a company is not its word.
                (
                    (basis in ('company', 'official', 'filing') and modality = 'announced')
                    or (basis in ('official', 'filing') and modality = 'happened')
                )
                -- That somebody answers is told, and not what.
                and not regexp_matches(
                    lower(cue), '回应|声明|歉|发声|表态|击|respond|react|apolog|address'
                )
                -- Nor does a question, or what got out, settle anything.
                and not regexp_matches(lower(title), '[?？]|曝|泄[露漏]|洩|\bleak|\b(may|might|could)\b')
                and not names_report(title)
                then 'deed'
            else modality
        end as kind
    from (
        select
            articles.article_id, coalesce(said.value, found.basis) as basis, found.modality,
            found.cue, found.subject, found.rules_version, found.seq,
            articles.story_id, articles.published_at, articles.title, articles.publisher,
            articles.language,
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
            and (newest is null or found.seq <= newest)
    )
),
acts as materialized (
    select seq, topic_id, event_object, case when event_object in (select company_id from companies) then event_object end as object
    from tags
    -- By their places: of the rest of the table nothing is read.
    where kind = 'event' and seq in (select seq from told)
),
-- A firm, or a part of one, goes to others: what is both of money and a top story, and of a
-- thing that is sold; a listing is of the firm alone.
takeovers as materialized (
    select seq
    from acts
    where
        topic_id in (from events_on('money'))
        and topic_id in (from events_on('top-stories'))
        and event_object is not null
),
-- What nobody stands for, or is only possible, of firms that the stories tell of; where they
-- tell that something is bought, also of who else was to buy.
reports as (
    select *
    from told
    where
        kind = 'report'
        and (
            told_in is null
            or subject in (select subject from told where story_id in (select unnest(told_in)))
            or (
                seq in (select seq from takeovers)
                and exists (
                    select 1
                    from told as own
                    where own.story_id in (select unnest(told_in)) and own.seq in (select seq from takeovers)
                )
            )
        )
),
-- Two articles of one firm and act; of companies it is known that they are two.
same_acts as materialized (
    select
        reports.seq as report_seq, later.seq,
        bool_or(
            own.object <> other.object and reports.subject not in (own.object, other.object)
        ) as is_other_object
    from reports
    join acts as own on own.seq = reports.seq
    join told as later
        on
            later.subject = reports.subject
            and later.told_day >= reports.told_day
            and later.told_day <= reports.told_day + 30
    join acts as other on other.seq = later.seq and other.topic_id = own.topic_id
    group by reports.seq, later.seq
),
-- What may tell of the same matter: another report within two days, a word or a deed of the
-- same firm within thirty, or that another firm buys what was to be bought.
pairs as (
    select
        reports.seq as report_seq, later.seq, later.kind,
        later.language <> reports.language as is_translated,
        later.story_id = reports.story_id as is_one_story,
        same_acts.seq is not null as is_same_act,
        coalesce(is_other_object, false) as is_other_object,
        false as is_other_firm
    from reports
    join told as later
        on
            later.subject = reports.subject
            and later.told_day >= reports.told_day
            and later.told_day <= reports.told_day + 30
    left join same_acts on same_acts.report_seq = reports.seq and same_acts.seq = later.seq
    where
        later.seq <> reports.seq
        and (
            later.kind = 'word'
            -- What is told as done within six hours is mostly the report again, without its source.
            or (
                later.kind = 'deed'
                and later.told_day >= reports.told_day + 0.25
                and (same_acts.seq is not null or later.story_id = reports.story_id)
            )
            or (later.kind = 'report' and later.told_day <= reports.told_day + 2)
        )
    union all
    select
        reports.seq, later.seq, later.kind, later.language <> reports.language,
        later.story_id = reports.story_id, true, false, true
    from reports
    join told as later
        on
            later.subject <> reports.subject
            and later.told_day >= reports.told_day
            and later.told_day <= reports.told_day + 30
    where
        later.modality in ('happened', 'announced', 'confirmed')
        and later.basis <> 'unnamed'
        and reports.seq in (select seq from takeovers)
        and later.seq in (select seq from takeovers)
),
-- Headlines in one script, without the names of the firm that they tell of.
texts as materialized (
    select *, words_of(headline) as words, numbers_of(headline) as numbers
    from (
        select
            told.seq,
            regexp_replace(
                coalesce(split_part(articles.search_text, chr(10), 1), lower(told.title)),
                list_aggregate(
                    list_transform(
                        list_filter(
                            ['^$', lower(named.alias), lower(companies.name), lower(companies.name_zh)],
                            lambda name: name <> ''
                        ),
                        lambda name: regexp_escape(name)
                    ),
                    'string_agg', '|'
                ),
                ' ', 'g'
            ) as headline,
            places.regions
        from told
        join articles on articles.seq = told.seq
        left join companies on companies.company_id = told.subject
        left join (
            select seq, company_id, any_value(alias) as alias
            from mentions
            -- By their places: all names of a large warehouse do not fit into a desk's memory.
            where field = 'title' and via = 'alias' and seq in (select seq from told)
            group by seq, company_id
        ) as named on named.seq = told.seq and named.company_id = told.subject
        left join (
            select seq, list(value) as regions
            from headline_facts
            where kind = 'region' and seq in (select seq from told)
            group by seq
        ) as places on places.seq = told.seq
        where told.seq in (select unnest([report_seq, seq]) from pairs)
    )
),
compared as (
    select
        pairs.*,
        list_intersect(own.words, other.words) as shared,
        least(len(own.words), len(other.words)) as words,
        pairs.report_seq in (select seq from acts) or pairs.seq in (select seq from acts) as is_of_event,
        -- A product or a brand: V4, Keeta.
        len(list_filter(list_intersect(own.numbers, other.numbers), lambda each: each >= 'a')) > 0
        or (is_translated and len(list_filter(shared, lambda word: ascii(word) < 128 and len(word) > 3)) > 0) as has_name,
        case
            when is_translated then differ(first_digits(own.numbers), first_digits(other.numbers))
            else differ(own.numbers, other.numbers)
        end
        or not list_has_any(own.regions, other.regions) as is_apart
    from pairs
    join texts as own on own.seq = pairs.report_seq
    join texts as other on other.seq = pairs.seq
),
-- The same firm, act and object: by the story, the words, or a name in both languages.
matched as materialized (
    select *
    from compared
    where
        is_apart is not true
        and case
            when is_other_firm then len(shared) >= 3 and len(shared) >= 0.5 * words
            when is_one_story and kind = 'word' then is_translated or len(shared) > 0 or words < 3
            when is_one_story
                then is_same_act or has_name or len(shared) >= greatest(0.4 * words, case when is_of_event then 2 else 1 end)
            when is_same_act and (has_name or (is_translated and kind = 'report')) then true
            when is_translated then has_name
            when is_same_act then len(shared) >= 2 and len(shared) >= 0.4 * words
            else len(shared) >= 3 and len(shared) >= 0.5 * words
        end
),
-- Stories of one claim: by the one that told it first.
firsts as (
    select story_id, subject, min(published_at) as first_at
    from reports
    group by story_id, subject
),
roots as materialized (
    select own.story_id, own.subject, arg_min(earlier.story_id, (firsts.first_at, earlier.story_id)) as root_id
    from reports as own
    join (
        select seq, report_seq from matched where kind = 'report'
        union all
        select seq, seq from reports
    ) as links on links.seq = own.seq
    join reports as earlier on earlier.seq = links.report_seq
    join firsts on firsts.story_id = earlier.story_id and firsts.subject = earlier.subject
    group by own.story_id, own.subject
),
rooted as (
    select reports.*, roots.root_id
    from reports
    join roots using (story_id, subject)
),
claimed as (
    select
        root_id as story_id,
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
        told_in is null or bool_or(story_id in (select unnest(told_in))) as is_told_in
    from rooted
    group by root_id, subject
),
called_off as (
    select distinct root_id as story_id, subject
    from rooted
    where modality = 'withdrawn'
),
settling as materialized (
    select
        rooted.root_id as story_id,
        rooted.subject,
        told.article_id,
        told.published_at,
        told.seq,
        told_in is not null and told.story_id in (select unnest(told_in)) as is_told_in,
        case
            -- Another outcome of the same act: by another, with another, or after all.
            when matched.is_other_firm then 'overtaken'
            when told.modality = 'denied' then 'denied'
            when told.modality = 'withdrawn' and called_off.story_id is null then 'withdrawn'
            when matched.is_other_object then 'overtaken'
            when called_off.story_id is not null and matched.kind = 'deed' then 'overtaken'
            else 'confirmed'
        end as outcome
    from matched
    join rooted on rooted.seq = matched.report_seq
    join told on told.seq = matched.seq
    left join called_off on called_off.story_id = rooted.root_id and called_off.subject = rooted.subject
    where matched.kind <> 'report'
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
        arg_min(settling.article_id, (settling.published_at, settling.seq)) as settled_by,
        arg_min(settling.is_told_in, (settling.published_at, settling.seq)) as is_told_in
    from settling
    join last_word using (story_id, subject, outcome)
    group by settling.story_id, settling.subject
),
-- A denial of a report that no article here tells is of a claim too.
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
        and kind = 'word'
        and (
            names_report(title)
            -- What 小米辟谣 denies was told.
            or subject in (
                select company_id
                from aliases
                where
                    contains(told.title, alias || '辟谣')
                    and not contains(told.title, '为' || alias || '辟谣')
            )
        )
        and (told_in is null or story_id in (select unnest(told_in)))
        and (story_id, subject) not in (select (story_id, subject) from reports)
        and article_id not in (select article_id from settling)
    group by story_id, subject
),
-- All that is told so, with its end.
ended as (
    select claimed.* exclude (is_told_in), settled.outcome, settled.settled_at, settled.settled_by
    from claimed
    left join settled using (story_id, subject)
    where claimed.is_told_in or settled.is_told_in
    union all by name
    select *, 'denied' as outcome, first_reported_at as settled_at, article_id as settled_by
    from denials
),
judged as (
    select coalesce(root_id, said.story_id) as story_id, said.subject, any_value(said.value) as value
    from said
    left join roots on roots.story_id = said.story_id and roots.subject = said.subject
    where said.kind = 'outcome'
    group by all
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
        judged.value,
        ended.outcome,
        case
            when clock.as_of - ended.first_reported_at > interval 30 days then 'silent'
            else 'open'
        end
    ) as outcome,
    case when coalesce(judged.value, ended.outcome) = ended.outcome then ended.settled_at end as settled_at,
    case when coalesce(judged.value, ended.outcome) = ended.outcome then ended.settled_by end as settled_by,
    ended.sentence,
    ended.cue,
    ended.publishers,
    ended.article_id,
    ended.rules_version
from ended
cross join clock
left join judged using (story_id, subject);

create or replace macro claims_between(since, until) as table
from claims_of(null::varchar[], since, until, null::bigint);

create or replace view claims as
from claims_between('-infinity'::timestamptz, 'infinity'::timestamptz);

comment on macro table claims_of is 'claims that the stories told_in tell or settle, or all where that is null, by articles published from the instant since to before until and arrived up to place newest (seq), or by all where that is null.';

comment on macro table claims_between is 'claims of articles that were published from the instant since to before until, with what became of them by then.';

comment on view claims is 'One row per matter of a company that was told by sources without a name, or as possible, in whichever stories and languages, and what became of it within 30 days; also where a denial alone tells of a report.';
comment on column claims.claim_id is 'The claim: c and the article_id of its first report.';
comment on column claims.story_id is 'The story that told it first.';
comment on column claims.subject is 'The company that it is about, by company_id.';
comment on column claims.first_reported_at is 'Publication of its first report.';
comment on column claims.day is 'Calendar day of that in the reporting zone.';
comment on column claims.first_publisher is 'Outlet of that report.';
comment on column claims.basis is 'What that report rests on: unnamed, company, official, filing, data, media or none.';
comment on column claims.modality is 'How that report tells it: happened, announced, planned, may, denied, confirmed or withdrawn.';
comment on column claims.outcome is 'What became of it: open, confirmed (by the firm, a body or a filing), denied, withdrawn, overtaken (another outcome of the same act: by or with another company, or after all) or silent (nobody said, for 30 days). Open and silent do not mean that it is false. A reader''s verdict goes before.';
comment on column claims.settled_at is 'When the outcome was told first; null while there is none.';
comment on column claims.settled_by is 'The article that told it.';
comment on column claims.sentence is 'Headline of the first report.';
comment on column claims.cue is 'Its words that show the basis or the modality.';
comment on column claims.publishers is 'Outlets that told it so, in all its stories.';
comment on column claims.article_id is 'The article of the first report.';
comment on column claims.rules_version is 'Version of the watchlist by which it was read.';
