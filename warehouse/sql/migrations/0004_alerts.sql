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
    rules_version    varchar     not null
);
comment on table alerts is 'One row per decision that someone should hear of something; at most one per rule, subject and story.';
comment on column alerts.alert_id is 'Identity, derived from rule, subject and story.';
comment on column alerts.rule_id is 'The rule of alerts.toml that fired.';
comment on column alerts.kind is 'mention, burst or silence.';
comment on column alerts.company_id is 'The entity it is about; null where the rule names none.';
comment on column alerts.topic_id is 'The topic it is about; null where the rule names none.';
comment on column alerts.story_id is 'The story; null for a burst or a silence.';
comment on column alerts.article_id is 'The article that made the rule fire; null for a burst or a silence.';
comment on column alerts.title is 'What it says, one line.';
comment on column alerts.url is 'Where to read on.';
comment on column alerts.created_at is 'The pipeline''s clock when it was decided.';
comment on column alerts.state is 'pending, delivered, parked (a channel would not take it) or suppressed (within a rule''s cooldown).';
comment on column alerts.updates_alert_id is 'The earlier alert that this one brings up to date; null for a first one.';
comment on column alerts.rules_version is 'Version of the rules that decided it.';

create table messages (
    message_id      varchar     not null,
    alert_id        varchar     not null,
    channel_id      varchar     not null,
    created_at      timestamptz not null,
    state           varchar     not null,
    attempts        integer     not null,
    next_attempt_at timestamptz,
    leased_until    timestamptz
);
comment on table messages is 'The outbox: one row per alert and channel.';
comment on column messages.message_id is 'Identity, derived from alert and channel; receivers see it as the idempotency key.';
comment on column messages.alert_id is 'The alert.';
comment on column messages.channel_id is 'The channel of alerts.toml.';
comment on column messages.created_at is 'The pipeline''s clock when it was put into the outbox.';
comment on column messages.state is 'pending, delivered or parked.';
comment on column messages.attempts is 'Attempts made so far.';
comment on column messages.next_attempt_at is 'Not to be tried before; null means at once.';
comment on column messages.leased_until is 'Until then another deliverer has it in hand; null where none has.';

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
