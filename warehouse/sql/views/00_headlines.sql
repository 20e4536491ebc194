-- How much a headline speaks for its story: what it weighs by itself, up to three less and one
-- more by how surely it reports, less where it is off the beat; one that a reader chose before
-- all others, the newest verdict of several. This is the one place where a story's headline is
-- chosen: the one that speaks most, of equals the first, so that a later one takes its place
-- only where it tells more.
create or replace macro speaks(headline_weight, report_score, is_on_beat, verdict_id) as
    coalesce(
        100 + verdict_id,
        coalesce(headline_weight, 5)
        + round(greatest(-3, least(1, coalesce(report_score, 0))))::integer
        -- What is hardly ever a report speaks for no story that holds one.
        - if(report_score < -1, 2, 0)
        - if(is_on_beat = false, 2, 0)
    );

comment on macro speaks is 'How much an article''s headline speaks for its story, whether or not a reader''s verdict chose it: the one that does most is the story''s headline, in all and in its language; of equals the first.';
