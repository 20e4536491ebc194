-- name: progress
-- How far headlines have been read, and by which version of the words.
select rules_version, seq from framed;

-- name: restart
-- Forget all that was read: the words have changed.
delete from framings;
delete from framed;
delete from frames;

-- name: insert_frames
-- Record what frames there are.
insert into frames by name
from rows_of($batch, '[{
    "frame_id": "varchar", "pole": "varchar", "name": "varchar", "name_zh": "varchar"
}]');

-- name: unread
-- Headlines that arrived after $seq, in order of arrival; digests count in no trend.
select seq, article_id, title, is_digest
from articles
where seq > $seq
order by seq
limit $limit;

-- name: insert_framings
-- Record which headlines are worded how.
insert into framings by name
from rows_of($batch, '[{
    "article_id": "varchar", "frame_id": "varchar", "pole": "varchar", "term": "varchar"
}]');

-- name: forget_progress
delete from framed;

-- name: record_progress
-- Remember how far headlines have been read.
insert into framed (rules_version, seq) values ($rules_version, $seq);
