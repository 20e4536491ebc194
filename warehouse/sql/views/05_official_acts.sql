-- What ministries, regulators and other official sources published themselves, and who told
-- of it afterwards. Of acts from since on, nothing older is read.

-- Who explains an act, or shows whom it is to hit, has not acted; transforms/headlines/acts.py
-- says the same to alerts.
create or replace macro is_act(title) as not regexp_matches(
    title,
    '解读|读懂|看懂|图解|答记者问|有关问题答|公开招聘|拟聘|拟录用|部门预算|部门决算|工作动态|公示(公告)?([\s（(：:，,。】）)]|$)'
);

-- The number that a body of China files an act under: 工信部科〔2026〕12号, 商务部公告2026年第30号,
-- 令第22号. Lists give it in the headline, or apart, where it is the summary.
create or replace macro act_number(title, summary) as nullif(
    regexp_replace(
        regexp_extract(
            title || ' ' || summary,
            '\p{Han}{0,16}(?:[〔\[【（(]\s?(?:19|20)\d\d\s?[〕\]】）)]\s?第?\s?\d{1,5}|(?:公告|通告|令)\s?(?:(?:19|20)\d\d\s?年\s?)?第\s?[0-9〇一二三四五六七八九十百]{1,6})\s?号'
        ),
        '^.*的',
        ''
    ),
    ''
);

create or replace macro official_articles_between(since, until) as table
    select articles.*, feeds.kind, feeds.region
    from articles
    join feeds using (feed_id)
    where
        feeds.kind in ('official', 'regulator')
        and is_act(articles.title)
        and is_news(articles.is_digest, articles.published_from)
        and articles.published_at >= since
        and articles.published_at < until;

comment on macro is_act is 'Whether a headline of an official source may be of an act: it explains none, and shows no names.';
comment on macro act_number is 'The number under which a body files an act, of its headline and summary; null where neither has one.';
comment on macro table official_articles_between is 'Articles of feeds of kind official or regulator that were published from the instant since to before until, with their feed''s kind and region. Round-ups, backlog and what is no act (is_act) left out.';

-- Stories that the press told after an act: of the act's own story, and of later steps of
-- its affair. One that was told before is no answer to it.
create or replace macro act_stories_between(since, until) as table
with acts as (
    select article_id, story_id, published_at
    from official_articles_between(since, until)
),
related as (
    select article_id, published_at, story_id, 'story' as link
    from acts
    union
    select acts.article_id, acts.published_at, later.story_id, 'affair'
    from acts
    join story_affairs as own on own.story_id = acts.story_id
    join story_affairs as later on later.affair_id = own.affair_id and later.step > own.step
),
press as (
    select articles.story_id, articles.publisher, articles.published_at, articles.seq
    from articles
    left join feeds using (feed_id)
    where
        articles.published_at >= since
        and articles.story_id in (select related.story_id from related)
        and coalesce(feeds.kind, 'news') not in ('official', 'regulator')
        and is_news(articles.is_digest, articles.published_from)
)
select
    related.article_id,
    related.story_id,
    related.link,
    min(press.published_at) as followed_at,
    arg_min(press.publisher, (press.published_at, press.seq)) as publisher,
    count(distinct press.publisher)::integer as publishers,
    (epoch(min(press.published_at)) - epoch(any_value(related.published_at))) / 3600.0 as hours_after
from related
join press on press.story_id = related.story_id and press.published_at >= related.published_at
group by related.article_id, related.story_id, related.link;

create or replace view official_act_stories as
from act_stories_between('-infinity'::timestamptz, 'infinity'::timestamptz);

comment on macro table act_stories_between is 'official_act_stories of the acts that were published from the instant since to before until.';

comment on view official_act_stories is 'One row per official act and story in which the press told of it afterwards: of the act''s own story, and of later stories of its affair.';
comment on column official_act_stories.article_id is 'The act, an article of an official source.';
comment on column official_act_stories.story_id is 'The story.';
comment on column official_act_stories.link is 'story (the act''s own) or affair (a later story of its affair).';
comment on column official_act_stories.followed_at is 'Publication of the first press article after the act.';
comment on column official_act_stories.publisher is 'Outlet of that article.';
comment on column official_act_stories.publishers is 'Outlets of the press that told it after the act.';
comment on column official_act_stories.hours_after is 'Hours from the act to that article.';

create or replace macro acts_between(since, until) as table
with acts as (
    from official_articles_between(since, until)
),
named as (
    select article_id, list(subject_id order by is_subject desc, subject_id) as companies
    from (
        select article_id, subject_id, bool_or(coalesce(is_subject, false)) as is_subject
        from coverage
        where
            kind = 'company'
            and published_at >= since
            and published_at < until
            and article_id in (select acts.article_id from acts)
        group by article_id, subject_id
    )
    group by article_id
),
followed as (
    select
        article_id,
        count(distinct story_id)::integer as press_stories,
        min(followed_at) as first_press_at,
        arg_min(publisher, followed_at) as first_press,
        min(hours_after) as hours_to_press
    from act_stories_between(since, until)
    group by article_id
)
select
    acts.article_id,
    acts.title as act,
    -- A register names the agency that issues an act as its author.
    coalesce(nullif(array_to_string(acts.authors, ', '), ''), acts.publisher) as body,
    acts.kind,
    acts.region,
    acts.published_at,
    reporting_day(acts.published_at) as day,
    coalesce(named.companies, []) as companies,
    acts.url,
    acts.language,
    acts.is_on_beat is distinct from false as is_on_beat,
    acts.story_id,
    acts.feed_id,
    act_number(acts.title, acts.summary) as number,
    coalesce(followed.press_stories, 0) as press_stories,
    followed.first_press_at,
    followed.first_press,
    followed.hours_to_press
from acts
left join named using (article_id)
left join followed using (article_id);

create or replace view official_acts as
from acts_between('-infinity'::timestamptz, 'infinity'::timestamptz);

comment on macro table acts_between is 'official_acts that were published from the instant since to before until.';

comment on view official_acts is 'One row per act of an official source: an article of a feed of kind official or regulator, with the companies that it names and how soon the press told of it. Round-ups, backlog and what only explains an act left out.';
comment on column official_acts.article_id is 'The act, an article.';
comment on column official_acts.act is 'Its headline.';
comment on column official_acts.body is 'Who issued it: the agency that a register names, else the feed''s publisher.';
comment on column official_acts.kind is 'official or regulator, the feed''s kind.';
comment on column official_acts.region is 'The feed''s region, such as CN, US or EU.';
comment on column official_acts.published_at is 'When it was published.';
comment on column official_acts.day is 'Calendar day of publication in the reporting zone.';
comment on column official_acts.companies is 'Ids of the companies and bodies that headline or summary names, those it is about first.';
comment on column official_acts.url is 'Its page.';
comment on column official_acts.language is 'Language, ISO 639.';
comment on column official_acts.is_on_beat is 'Whether it is on the beat.';
comment on column official_acts.story_id is 'Its story.';
comment on column official_acts.feed_id is 'The feed that brought it.';
comment on column official_acts.number is 'The number under which its body files it; null where headline and summary have none.';
comment on column official_acts.press_stories is 'Stories in which the press told of it afterwards: official_act_stories.';
comment on column official_acts.first_press_at is 'Publication of the first press article after it; null where there is none yet.';
comment on column official_acts.first_press is 'Outlet of the first press article after it.';
comment on column official_acts.hours_to_press is 'Hours from the act to the first press article after it.';
