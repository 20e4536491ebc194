-- Which headline speaks for a story: each has a weight by itself, the rest is asked of its story.

alter table articles add column headline_weight tinyint;
comment on column articles.headline_weight is 'How well its headline tells by itself what happened, 0 to 9: a report of who did what before a question, an outlet before a forum, a repository or a stock tip last. Null where an earlier release tagged it: `sinowire retag` fills it in.';
