-- One story, one alert with updates; messages that are held back, or go out together.

alter table alerts add column companies varchar[];
alter table alerts add column feed_id varchar;
alter table alerts add column term varchar;
alter table alerts add column step varchar;
alter table alerts add column severity varchar;
alter table alerts add column publishers integer;
alter table alerts add column languages varchar[];
alter table alerts add column phase varchar;
alter table alerts add column phase_at timestamptz;
update alerts
set
    companies = case when company_id is null then [] else [company_id] end,
    term = '',
    step = '',
    severity = 'normal',
    publishers = 1,
    languages = [],
    phase = 'resolved',
    phase_at = created_at;

-- A rule used to alert of each company of a story: the later ones are updates now.
update alerts
set updates_alert_id = firsts.first_id, phase = null, phase_at = null, step = 'company:' || company_id
from (
    select
        alert_id,
        first_value(alert_id) over (
            partition by rule_id, story_id order by created_at, alert_id
        ) as first_id
    from alerts
    where story_id is not null and updates_alert_id is null
) as firsts
where alerts.alert_id = firsts.alert_id and firsts.first_id <> firsts.alert_id;

comment on table alerts is 'One row per decision that someone should hear of something: the first alert of a rule on a story (or on a burst, a shift, a silent feed), and its updates.';
comment on column alerts.alert_id is 'Identity, derived from the rule and what it is about.';
comment on column alerts.kind is 'The rule''s kind: mention, about, official, crossing (a story reaches another language), burst, shift or silence.';
comment on column alerts.company_id is 'The first of its companies; null where it is about none.';
comment on column alerts.companies is 'All entities that the rule asks for and the article names, those that it is about first.';
comment on column alerts.feed_id is 'The feed that fell silent; null in other kinds, and where the whole pipeline did.';
comment on column alerts.term is 'The name or word that made the rule fire; empty where there is none.';
comment on column alerts.step is 'What an update brings (publishers:7, language:en, company:tencent, back; several are apart by spaces); empty in a first alert.';
comment on column alerts.severity is 'What the rule says: low, normal, or urgent, which waits for nothing.';
comment on column alerts.publishers is 'How many outlets told the story when it was decided.';
comment on column alerts.languages is 'In which languages the story was told by then.';
comment on column alerts.phase is 'Of a first alert: fired, updated (an update was sent), cooled (nothing new for a day) or resolved (it will not be updated any more). Null in an update.';
comment on column alerts.phase_at is 'When it came into that phase.';

alter table messages add column seq bigint;
alter table messages add column held varchar;
alter table messages add column bundle_id varchar;
alter table messages add column leased_by varchar;
update messages
set seq = numbered.seq
from (
    select message_id, row_number() over (order by created_at, message_id) as seq
    from messages
) as numbered
where messages.message_id = numbered.message_id;
comment on column messages.seq is 'Order of arrival, which is the order within a channel; clocks may go back.';
comment on column messages.held is 'What keeps it back until next_attempt_at, or gathered the digest that it goes out in: digest, quiet or rate; null where nothing does.';
comment on column messages.bundle_id is 'Identity of the digest that it goes out in, fixed when it is first taken in hand; null where it goes out alone; its own id where it was taken by a deliverer that died, and so must go out alone.';
comment on column messages.leased_by is 'The deliverer that has it in hand, or had it and never said what became of it; null where none has.';
comment on column messages.next_attempt_at is 'Not to be tried before; null means as soon as its channel is free.';
