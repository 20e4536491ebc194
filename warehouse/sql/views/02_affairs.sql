-- Of headlines that score below a report, such as essays and tests, no affair is made.
create or replace macro reports(report_score) as coalesce(report_score, 0) >= 0;

-- Three headlines of each story and language that report, those that speak most first.
create or replace macro reports_between(since, until) as table
with chosen as (
    select story_id, title
    from articles
    where
        published_at >= instant_of(since) and published_at < instant_of(until)
        and not is_digest
        and reports(report_score)
    qualify
        row_number() over (
            partition by story_id, language
            order by -speaks(headline_weight, report_score, is_on_beat, null), seq
        ) <= 3
)
select story_id, list(title order by title) as headlines
from chosen
group by story_id;

-- What China does at home or to another state, or another to it, by the states as a subject.
create or replace macro acts_of_states(since, until) as table
select distinct
    articles.story_id,
    least(side, target_side) || '_' || greatest(side, target_side) as subject,
    {
        'side': side,
        'target_side': target_side,
        'actor': actor,
        'instrument': instrument,
        'status': status,
        'direction': direction,
        'thing': thing,
        'targets': list_sort(targets)
    } as act
from article_measures
join articles using (article_id)
where
    articles.published_at >= since and articles.published_at < until
    and 'cn' in (side, target_side)
    and side <> 'other'
    and target_side not in ('', 'all', 'other');

comment on macro reports is 'Whether a headline reports what happened, by its score.';
comment on macro table reports_between is 'Three headlines that report of each story and language, of articles from the instant since to before until.';
comment on macro table acts_of_states is 'What the beat''s home side does at home or to another state, or another to it, by story and the states that are its subject, of articles from the instant since to before until.';

-- A table's comment that the baseline has in words of before affairs were chains of acts.
comment on table story_affairs is 'One row per affair and story of it: a chain of acts on one object, of one group (a model, its price and its sale; talks, a deal and its closing; the steps of a listing) or of states (a rule proposed, decided and in force, with the answer to it). Derived from headlines that report; stories that stand alone have no row.';
comment on column story_affairs.affair_id is 'The affair, called after its first story and its group or states.';
comment on column story_affairs.story_id is 'The story; it may be a step of several affairs, of two groups or of a group and of states.';
comment on column story_affairs.group_id is 'The group whose affair it is, as in company_groups; null in an affair of states.';
comment on column story_affairs.topic_id is 'The topic of the policy boards that an affair of states is of, where its stories have one; null in an affair of a group.';
