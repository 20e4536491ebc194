-- What readers said, each verdict with when it was taken back.
create or replace view verdicts as
select
    given.verdict_id, given.made_at, given."by", given.subject_id, given.kind, given.value,
    given.scope, given.why, undone.undone_at
from verdict_log as given
left join (
    select undoes as verdict_id, min(made_at) as undone_at
    from verdict_log
    where kind = 'undo'
    group by undoes
) as undone using (verdict_id)
where given.kind <> 'undo';

-- What readers say of articles by some kinds, by the ids of today and former ones.
create or replace macro standing_verdicts(kinds) as table
with recursive said as (
    select verdict_id, subject_id as article_id, kind, value
    from verdicts
    where list_contains(kinds, kind) and undone_at is null
    union
    select said.verdict_id, article_merges.into_id, said.kind, said.value
    from said
    join article_merges on article_merges.article_id = said.article_id
)
from said;

-- By which article a reader wants a story shown; of several of a story the last word.
create or replace macro chosen_headlines() as table
select article_id, max(verdict_id) as verdict_id
from standing_verdicts(['headline'])
group by article_id;

comment on macro table standing_verdicts is 'Verdicts of some kinds on articles that stand, by the ids of today and former ones.';
comment on macro table chosen_headlines is 'Articles by whose headlines readers want stories shown, by the ids of today and former ones; of several of a story the newest verdict counts.';
comment on view verdicts is 'One row per verdict of a reader: what is wrong or right in an article, a story or an alert, and whether it still stands. The words are the reader''s own.';
comment on column verdicts.verdict_id is 'Its number.';
comment on column verdicts.made_at is 'When it was given.';
comment on column verdicts."by" is 'Who gave it, as said: no proof of who it was.';
comment on column verdicts.subject_id is 'What it is of: an article, or an alert; of a story, the article by which it was shown.';
comment on column verdicts.kind is 'What it says: not-about, about, not-topic, topic, off-beat, on-beat, one-event, not-one-event, headline, wanted, unwanted, side, status, not-measure, basis or outcome.';
comment on column verdicts.value is 'The company, topic or event that it names, the other article, or what is right; empty where the kind says it all.';
comment on column verdicts.scope is 'article, or rule where a rule of the watchlist was changed with it.';
comment on column verdicts.why is 'Why, in the reader''s words.';
comment on column verdicts.undone_at is 'When it was taken back; null while it stands.';
