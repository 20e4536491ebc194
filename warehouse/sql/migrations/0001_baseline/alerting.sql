-- Alerts, the outbox of messages on their way to channels, and the ledger of attempts.

create table alerts (
    alert_id         varchar     not null,
    rule_id          varchar     not null,
    kind             varchar     not null,
    company_id       varchar,
    topic_id         varchar,
    story_id         varchar,
    article_id       varchar,
    title            varchar     not null,
    url              varchar     not null,
    created_at       timestamptz not null,
    state            varchar     not null,
    updates_alert_id varchar,
    rules_version    varchar     not null,
    companies        varchar[],
    feed_id          varchar,
    term             varchar,
    step             varchar,
    severity         varchar,
    publishers       integer,
    languages        varchar[],
    phase            varchar,
    phase_at         timestamptz,
    title_zh         varchar,
    muted_by         varchar
);
comment on table alerts is 'One row per decision that someone should hear of something: the first alert of a rule on a story (or on a burst, a shift, a silent feed), and its updates.';
comment on column alerts.alert_id is 'Identity, derived from the rule and what it is about.';
comment on column alerts.rule_id is 'The rule of alerts.toml that fired.';
comment on column alerts.kind is 'The rule''s kind: mention, about, official, crossing (a story reaches another language), burst, shift or silence.';
comment on column alerts.company_id is 'The first of its companies; null where it is about none.';
comment on column alerts.topic_id is 'The topic it is about; null where the rule names none.';
comment on column alerts.story_id is 'The story; null for a burst or a silence.';
comment on column alerts.article_id is 'The article that made the rule fire; null for a burst or a silence.';
comment on column alerts.title is 'Headline of the article, or our own words on a burst, a shift or a silence.';
comment on column alerts.url is 'Where to read on.';
comment on column alerts.created_at is 'The pipeline''s clock when it was decided.';
comment on column alerts.state is 'pending, delivered, parked (a channel would not take it) or suppressed (within a rule''s cooldown, told by another rule, or muted by what verdicts taught).';
comment on column alerts.updates_alert_id is 'The earlier alert that this one brings up to date; null for a first one.';
comment on column alerts.rules_version is 'Version of the rules that decided it.';
comment on column alerts.companies is 'All entities that the rule asks for and the article names, those that it is about first.';
comment on column alerts.feed_id is 'The feed that fell silent; null in other kinds, and where the whole pipeline did.';
comment on column alerts.term is 'The name or word that made the rule fire; empty where there is none.';
comment on column alerts.step is 'What an update brings (publishers:7, language:en, company:tencent, back, correction; several are apart by spaces); empty in a first alert.';
comment on column alerts.severity is 'What the rule says: low, normal, or urgent, which waits for nothing.';
comment on column alerts.publishers is 'How many outlets told the story when it was decided.';
comment on column alerts.languages is 'In which languages the story was told by then.';
comment on column alerts.phase is 'Of a first alert: fired, updated (an update was sent), cooled (nothing new for a day) or resolved (it will not be updated any more). Null in an update.';
comment on column alerts.phase_at is 'When it came into that phase.';
comment on column alerts.title_zh is 'The same in Chinese where the words are our own; empty where they are an article''s.';
comment on column alerts.muted_by is 'What verdicts taught that muted it, each sign with its weight; null where nothing did.';

create table alert_parts (
    alert_id   varchar     not null,
    story_id   varchar     not null,
    shared_at  timestamptz not null,
    split_from varchar
);
comment on table alert_parts is 'One row per alert or update and further story that it counts as told of: a part of the story that it told of, or one that such a part went into. What arrives there updates the alert, and is none of its own. Append-only, but for parts by verdicts that were taken back.';
comment on column alert_parts.alert_id is 'The alert or update, of alerts.';
comment on column alert_parts.story_id is 'The story beside that of the alert itself.';
comment on column alert_parts.shared_at is 'The clock of what parted or joined them.';
comment on column alert_parts.split_from is 'The story that readers'' verdicts parted it from, until these are taken back; null where a retag did.';

create table messages (
    message_id      varchar     not null,
    alert_id        varchar     not null,
    channel_id      varchar     not null,
    created_at      timestamptz not null,
    state           varchar     not null,
    attempts        integer     not null,
    next_attempt_at timestamptz,
    leased_until    timestamptz,
    seq             bigint,
    held            varchar,
    bundle_id       varchar,
    leased_by       varchar
);
comment on table messages is 'The outbox: one row per alert and channel.';
comment on column messages.message_id is 'Identity, derived from alert and channel; receivers see it as the idempotency key.';
comment on column messages.alert_id is 'The alert.';
comment on column messages.channel_id is 'The channel of alerts.toml.';
comment on column messages.created_at is 'The pipeline''s clock when it was put into the outbox.';
comment on column messages.state is 'pending, delivered or parked.';
comment on column messages.attempts is 'Attempts made so far.';
comment on column messages.next_attempt_at is 'Not to be tried before; null means as soon as its channel is free.';
comment on column messages.leased_until is 'Until then another deliverer has it in hand; null where none has.';
comment on column messages.seq is 'Order of arrival, which is the order within a channel; clocks may go back.';
comment on column messages.held is 'What keeps it back until next_attempt_at, or gathered the digest that it goes out in: digest, quiet or rate; null where nothing does.';
comment on column messages.bundle_id is 'Identity of the digest that it goes out in, fixed when it is first taken in hand; null where it goes out alone; its own id where it was taken by a deliverer that died, and so must go out alone.';
comment on column messages.leased_by is 'The deliverer that has it in hand, or had it and never said what became of it; null where none has.';

create table alert_deliveries (
    message_id   varchar     not null,
    alert_id     varchar     not null,
    channel_id   varchar     not null,
    attempt      integer     not null,
    attempted_at timestamptz not null,
    outcome      varchar     not null,
    error        varchar
);
comment on table alert_deliveries is 'The ledger: one row per attempt to hand a message to its channel.';
comment on column alert_deliveries.message_id is 'The message.';
comment on column alert_deliveries.alert_id is 'Its alert.';
comment on column alert_deliveries.channel_id is 'Its channel.';
comment on column alert_deliveries.attempt is 'Number of the attempt, from 1.';
comment on column alert_deliveries.attempted_at is 'When it was made.';
comment on column alert_deliveries.outcome is 'delivered, retry (will be tried again) or parked.';
comment on column alert_deliveries.error is 'What the channel answered, in words; null where it took the message.';
