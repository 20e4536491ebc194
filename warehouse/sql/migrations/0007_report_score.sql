-- Whether a headline reports or talks, learned of labels.

alter table articles add column report_score double;
comment on column articles.report_score is 'How far its headline is above what a report of its language scores, in log-odds; below 0 it is an essay, a question, a list, talk of persons or of shares more often than not. Null off the beat, and where an earlier release tagged it: `sinowire retag` fills it in.';
