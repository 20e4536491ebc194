-- Of what headline and summary both name, the summary's row is marked.

alter table mentions add column is_repeat boolean default false;
update mentions
set is_repeat = true
where
    field = 'summary'
    and exists (
        from mentions as headline
        where
            headline.field = 'title'
            and headline.article_id = mentions.article_id
            and headline.company_id = mentions.company_id
    );
comment on column mentions.is_repeat is 'Whether headline or summary names the entity in another row that counts already: true in one of the two where both do. The views count what is not marked so.';
