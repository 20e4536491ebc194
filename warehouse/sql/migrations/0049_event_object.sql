-- Whom or what an event is done to is read where its type is found, from the headline's clause.

alter table tags add column event_object varchar;
comment on column tags.event_object is 'Of an event type whom or what it is done to, where the headline says so: the company_id of a company that it names, else its words. Null of topics, and of articles stored by an earlier release until `sinowire retag`.';
