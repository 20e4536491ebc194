-- Dates ahead, one row an occasion: the date that counts, those told before, and what became of it.

-- Occasions that may fall between two days, by what had arrived before a moment.
create or replace macro dates_due(first_day, last_day, told_by) as table
with named as (
    select seq, occasion, subject, due_on, due_until, "precision", moves, said from article_dates
    union all
    -- What an official notice says beside its text.
    select seq, 'takes-effect', '', in_force_on, in_force_on, 'day', false, '1'
    from articles
    where in_force_on > published_at::date
    union all
    select seq, 'comment-closes', '', comments_close_on, comments_close_on, 'day', false, '1'
    from articles
    where comments_close_on >= published_at::date
),
-- A developing story tells of a firm's occasion as its stories do.
threads as (
    select story_id, min(affair_id) as affair_id from story_affairs group by story_id
),
found as materialized (
    select
        named.*,
        articles.article_id, articles.story_id, articles.published_at, articles.publisher,
        articles.title, articles.language, articles.is_on_beat,
        case when subject = '' then articles.story_id else coalesce(threads.affair_id, articles.story_id) end as thread,
        due_until - due_on as span
    from named
    join articles using (seq)
    left join threads using (story_id)
    where is_news(is_digest, published_from) and articles.published_at < instant_of(told_by)
),
-- A headline that says that a date moves may come weeks later, in a story of its own: it is
-- of the first story that tells so of the firm in some of its words.
moved as (
    select
        later.thread, later.occasion, later.subject,
        arg_min(earlier.thread, earlier.seq) as first_thread
    from found as later
    join found as earlier using (subject, occasion)
    where
        later.moves
        and subject <> ''
        and earlier.thread <> later.thread
        and earlier.published_at < later.published_at
        and earlier.due_until >= later.published_at::date
        and len(list_intersect(words_of(lower(earlier.title)), words_of(lower(later.title)))) >= 2
    group by all
),
told as materialized (
    select found.* replace (coalesce(first_thread, thread) as thread)
    from found
    left join moved using (thread, occasion, subject)
),
-- Since the last headline that says so, another date than before counts.
standing as (
    from told
    qualify published_at >= coalesce(
        max(published_at) filter (moves) over (partition by thread, occasion, subject),
        published_at
    )
),
chosen as (
    select
        thread, occasion, subject,
        arg_max({'first': due_on, 'last': due_until}, (outlets, -span, newest)) as range
    from (
        select
            thread, occasion, subject, due_on, due_until, span,
            count(distinct publisher) as outlets, max(published_at) as newest
        from standing
        group by all
    )
    group by all
),
-- Within a month that most outlets name, a day that any names.
exact as (
    select
        thread, occasion, subject,
        arg_min(
            {'due_on': due_on, 'due_until': due_until, 'precision': "precision", 'seq': seq},
            (span, seq)
        ) as date
    from standing
    join chosen using (thread, occasion, subject)
    where due_on >= chosen.range.first and due_until <= chosen.range.last
    group by all
),
occasions as (
    select
        thread, occasion, subject,
        'd' || arg_min(article_id, told.seq) || '-' || occasion as date_id,
        min(told.seq) as first_seq,
        arg_max(story_id, told.seq) as story_id,
        exact.date.due_on as due_on,
        exact.date.due_until as due_until,
        exact.date."precision" as "precision",
        exact.date.seq as date_seq,
        -- What is counted from the day of telling ("in 30 days") ends a day later a day later.
        list_sort(list(distinct told.due_on) filter (
            (told.due_on > exact.date.due_until or told.due_until < exact.date.due_on)
            and (abs(told.due_on - exact.date.due_on) > 3 or regexp_matches(said, '[0-9]'))
        )) as superseded,
        list(distinct publisher) as outlets,
        min(published_at) as announced_at,
        max(published_at) as updated_at,
        bool_or(is_on_beat is distinct from false) as is_on_beat,
        sum(is_turn::integer) - 1 as turns
    from (
        select
            *,
            due_on is distinct from lag(due_on) over (
                partition by thread, occasion, subject order by published_at, seq
            ) as is_turn
        from told
    ) as told
    join exact using (thread, occasion, subject)
    group by thread, occasion, subject, exact.date
),
fallen as (
    select occasions.date_id, max(articles.published_at) as fallen_at
    from occasions
    join article_claims as claims on claims.subject = occasions.subject and claims.modality = 'withdrawn'
    join articles on articles.seq = claims.seq
    left join threads on threads.story_id = articles.story_id
    where
        coalesce(threads.affair_id, articles.story_id) = occasions.thread
        and articles.published_at > occasions.updated_at
        and articles.published_at < instant_of(told_by)
    group by all
),
-- Of stories that name one date for one firm the first tells; what names a date from which
-- another has moved since is late.
apart as (
    select own.*
    from occasions as own
    where not exists (
        from occasions as other
        where
            other.subject = own.subject
            and own.subject <> ''
            and other.occasion = own.occasion
            and other.date_id <> own.date_id
            and (
                (other.due_on = own.due_on and other.due_until = own.due_until and other.first_seq < own.first_seq)
                or (list_contains(other.superseded, own.due_on) and own.updated_at < other.updated_at)
            )
    )
)
select
    apart.date_id,
    apart.story_id,
    apart.due_on,
    apart.due_until,
    apart."precision",
    apart.occasion,
    nullif(apart.subject, '') as company_id,
    acts.side,
    coalesce(topics.topics, []) as topics,
    case
        when fallen_at is not null then 'cancelled'
        when apart.superseded is not null then 'moved'
        else 'planned'
    end as status,
    coalesce(apart.superseded, []) as superseded,
    (apart.turns + (fallen_at is not null)::integer)::integer as sequence,
    articles.title as headline,
    articles.language,
    articles.url,
    articles.publisher as first_publisher,
    articles.article_id,
    len(apart.outlets)::integer as publishers,
    apart.announced_at,
    coalesce(fallen_at, apart.updated_at) as updated_at,
    apart.is_on_beat
from apart
join articles on articles.seq = apart.date_seq
left join fallen using (date_id)
left join article_measures as acts on acts.seq = apart.date_seq
left join (
    select seq, list(topic_id order by score desc, topic_id) as topics
    from tags
    where kind = 'topic' and seq in (select date_seq from apart)
    group by seq
) as topics on topics.seq = apart.date_seq
where apart.due_until >= first_day::date and apart.due_on < last_day::date;

create or replace view dates_ahead as
from dates_due('0001-01-01'::date, '9999-01-01'::date, 'infinity'::timestamptz);

comment on macro table dates_due is 'dates_ahead of which the date may fall from the first day to before the last one, by what had arrived before a moment.';
comment on view dates_ahead is 'One row per occasion that headlines or official notices announce for a date: a launch, a hearing, a rule''s first day. Stories of one developing story tell of one, and so do stories that name one date for one firm. Nothing checks whether it came about.';
comment on column dates_ahead.date_id is 'The occasion: d, the article_id of its first report, and what is due. It stays when the date moves.';
comment on column dates_ahead.story_id is 'The story that told of it last.';
comment on column dates_ahead.due_on is 'The first day that it may be: of the date that most outlets name since it last moved.';
comment on column dates_ahead.due_until is 'The last day that it may be.';
comment on column dates_ahead."precision" is 'day, week, month, quarter, half or year: what is named.';
comment on column dates_ahead.occasion is 'takes-effect, comment-closes, hearing, decision-due, earnings-date, listing, sale-opens, conference, expires or launch.';
comment on column dates_ahead.company_id is 'The company that it is about; null where none is named.';
comment on column dates_ahead.side is 'Whose act of a state it is, if it is one.';
comment on column dates_ahead.topics is 'Topics of the article that names the date, the weightiest first.';
comment on column dates_ahead.status is 'planned, moved (another date was told before) or cancelled (it was withdrawn since).';
comment on column dates_ahead.superseded is 'Earlier dates, by their first days.';
comment on column dates_ahead.sequence is 'How often another date was told, or that it is off.';
comment on column dates_ahead.headline is 'The headline that names the date.';
comment on column dates_ahead.language is 'The language of that headline.';
comment on column dates_ahead.url is 'The address of its article.';
comment on column dates_ahead.first_publisher is 'The outlet of that headline.';
comment on column dates_ahead.article_id is 'The article of that headline.';
comment on column dates_ahead.publishers is 'Outlets that told of it.';
comment on column dates_ahead.announced_at is 'When it was announced first.';
comment on column dates_ahead.updated_at is 'When it was told last, or called off.';
comment on column dates_ahead.is_on_beat is 'Whether any article that told of it is on the beat.';
