"""Alerts: rules, decisions, messages, channels, and what waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, get_args

from transforms.models.articles import Role, TextField, Via
from transforms.models.briefs import Doubts, Edition
from transforms.models.feeds import FeedKind
from transforms.models.measures import MeasureFilter
from transforms.models.search import SearchQuery

RuleKind = Literal[
    "mention", "about", "official", "crossing", "burst", "shift", "silence", "due"
]
# How long before a date a rule tells of it, if it does not say.
DUE_IN = timedelta(days=3)
# Kinds that look at counts, feeds and dates, and at no article that comes.
WATCHING = frozenset({"burst", "shift", "silence", "due"})
# A brief that goes out on schedule is an alert of no rule.
AlertKind = Literal[RuleKind, "brief"]
AlertState = Literal["pending", "delivered", "parked", "suppressed"]
AlertPhase = Literal["fired", "updated", "cooled", "resolved"]
DeliveryOutcome = Literal["delivered", "retry", "parked"]
Held = Literal["digest", "quiet", "rate"]
Severity = Literal["low", "normal", "urgent"]
Security = Literal["starttls", "tls", "none"]
# The step of an update that tells a further story of the affair.
TURN = "turn"
# What may become of a claim that was told; such a step names it: ``denied:CLAIM_ID``.
ClaimOutcome = Literal["confirmed", "denied", "withdrawn", "overtaken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Condition on an article; empty sets do not restrict.

    ``companies`` is already widened to brands and subsidiaries unless it is exact.
    ``about`` leaves out articles that only name a company; ``roles`` says what else it may
    be to them, and ``via`` whether a person may stand for it. ``on_beat`` leaves out what
    is off the beat, ``reports`` headlines that do not say what happened, and ``search``
    what that search does not find, ``measure`` articles of no such act of a state.
    ``namesakes`` are the
    other people whose names hold one of ``people``. At least one of ``any_of`` must hold
    where there are some, and none of ``none_of``.
    """

    companies: frozenset[str] = frozenset()
    about: bool = False
    roles: frozenset[Role] = frozenset({"subject", "named"})
    via: frozenset[Via] = frozenset({"alias", "person"})
    on_beat: bool = False
    reports: bool = False
    topics: frozenset[str] = frozenset()
    terms: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    namesakes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    feeds: frozenset[str] = frozenset()
    not_feeds: frozenset[str] = frozenset()
    feed_kinds: frozenset[FeedKind] = frozenset()
    search: SearchQuery | None = None
    measure: MeasureFilter | None = None
    fields: tuple[TextField, ...] = ("title", "summary")
    any_of: tuple[Condition, ...] = ()
    none_of: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Sending times of messages: immediate unless restricted here.

    ``digest`` are times of the day, in ``zone``, at which all earlier messages are sent as
    one digest. Between the two times of ``quiet`` nothing is sent (the second may be of the
    next day); messages of that time are sent at its end as one digest.
    """

    digest: tuple[time, ...] = ()
    quiet: tuple[time, time] | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Updates:
    """Steps of a story at which its alert gets an update.

    ``publishers`` are numbers of outlets, ``languages`` stands for the first article in
    another language, ``companies`` for the first on a further company, ``outcomes`` for
    what became of a claim that was told.
    """

    publishers: tuple[int, ...] = ()
    languages: bool = False
    companies: bool = True
    outcomes: frozenset[ClaimOutcome] = frozenset(get_args(ClaimOutcome))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An alert rule: one ``[rule.<id>]`` of ``alerts.toml``.

    ``schedule`` is None if the channels' schedules apply. ``pipeline`` is the time without
    a successful run after which a silence rule fires; None does not watch runs. A rule of
    dates fires so long before one as ``due_in`` says. Until the day ``mute_until`` begins,
    in UTC, its alerts are kept and not sent.
    """

    rule_id: str
    kind: RuleKind = "mention"
    severity: Severity = "normal"
    wanted: Condition = Condition()
    min_publishers: int = 1
    max_age: timedelta = timedelta(hours=72)
    cooldown: timedelta = timedelta(0)
    updates: Updates = Updates()
    pipeline: timedelta | None = None
    due_in: timedelta = DUE_IN
    mute_until: date | None = None
    channels: tuple[str, ...] = ()
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Rate limit: at most ``count`` sendings within ``period``."""

    count: int
    period: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Recipients and server of an e-mail channel."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    sender: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A destination of alerts, as declared in ``alerts.toml``.

    ``address`` and ``secret`` are never logged, shown or stored; a message is signed with
    the secret. ``private`` says that it may lie in a private network; it is reached through
    ``proxy`` where there is one. ``public`` is where readers find the files of a feed
    channel. Messages are written in ``language``, with times of ``zone``. With ``once`` a
    story is told here once, whichever rule it fires. Where a variable is not set that the
    channel needs, ``lacks`` says so, and its messages wait.
    """

    channel_id: str
    type: str
    address: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secret: str = field(default="", repr=False)
    mail: Mail | None = None
    public: str = ""
    private: bool = False
    proxy: str = field(default="", repr=False)
    language: Literal["en", "zh"] = "en"
    zone: str = "UTC"
    schedule: Schedule = Schedule()
    rate: Rate | None = None
    once: bool = False
    lacks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHead:
    """What an alert is on: its rule, subject, story, article or feed, and its title."""

    alert_id: str
    rule_id: str
    kind: AlertKind
    company_id: str | None
    topic_id: str | None
    story_id: str | None
    article_id: str | None
    feed_id: str | None = None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(AlertHead):
    """Decision of a rule to alert on a story, burst, level shift or silence.

    ``company_id`` is the first of ``companies``, all those that the rule asks for and
    the article names. ``title`` is the article's, or our own words; then ``title_zh``
    has them in Chinese. ``term`` is the name or word that made the rule fire.
    ``publishers`` and ``languages`` are those that told the story by then. ``phase`` is
    that of a first alert; an update has none and says in ``step`` what is new, words
    such as ``publishers:7``, ``language:en``, ``company:tencent``, ``back``,
    ``correction``, ``denied:CLAIM_ID`` and ``turn``: its story is a further turn of the
    affair that the first alert told of, or of its company's news of the day. ``muted_by``
    names the day before which its rule is muted.
    """

    url: str
    created_at: datetime
    state: AlertState
    rules_version: str
    updates_alert_id: str | None = None
    companies: tuple[str, ...] = ()
    term: str = ""
    step: str = ""
    severity: Severity = "normal"
    publishers: int = 1
    languages: tuple[str, ...] = ()
    phase: AlertPhase | None = "fired"
    title_zh: str = ""
    muted_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether updates may follow: it was sent, or merely muted."""
        return self.state != "suppressed" or self.muted_by is not None

    @property
    def opens_story(self) -> bool:
        """Tell whether it is its rule's first alert on its story."""
        return self.updates_alert_id is None or self.step.partition(" ")[0] == TURN


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """What the outbox has of any message; ``held`` keeps it until ``next_attempt_at``.

    Messages with the same ``bundle_id`` have gone, or will go, out as one.
    """

    message_id: str
    channel_id: str
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = None
    held: Held | None = None
    bundle_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Queued):
    """One alert for one channel: a row of the outbox.

    ``message_id`` is derived from alert and channel, and is the idempotency
    key that receivers see.
    """

    alert_id: str


class ToldClaim(NamedTuple):
    """A claim that was told before, as first reported, with what became of it."""

    claim_id: str
    outcome: ClaimOutcome
    title: str
    url: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt to deliver a message to its channel, by its number."""

    message_id: str
    channel_id: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Attempt):
    """Content of an alert for a channel: the alert with names and outlets.

    ``companies`` and ``companies_zh`` are the names of the alert's companies, in its order.
    ``publishers`` are the outlets of its story, earliest first. ``corrects`` is the
    headline that a correction replaces, ``follows`` the headline of the affair's first
    alert, ``claim`` what the article settles. ``measure`` is the act of a state that the
    article tells of: its side, instrument and status.
    """

    alert: Alert
    company_name: str = ""
    company_name_zh: str = ""
    companies: tuple[str, ...] = ()
    companies_zh: tuple[str, ...] = ()
    topic_name: str = ""
    topic_name_zh: str = ""
    publisher: str = ""
    language: str = ""
    summary: str = ""
    published_at: datetime | None = None
    alias: str = ""
    publishers: tuple[str, ...] = ()
    corrects: str = ""
    follows: str = ""
    claim: ToldClaim | None = None
    measure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel(Attempt):
    """Content of one sending to a channel: one alert, or those of a digest.

    ``message_id`` is the idempotency key: that of the one message, or the bundle's.
    ``why`` is the reason for a digest; None is a single alert. A digest begins with its
    ``doubts`` about the data. A brief has an ``edition``.
    """

    notices: tuple[Notice, ...]
    why: Held | None = None
    doubts: Doubts | None = None
    edition: Edition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Attempt):
    """One attempt to deliver a message to its channel."""

    alert_id: str
    attempted_at: datetime
    outcome: DeliveryOutcome
    error: str | None = None
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Queued):
    """An undelivered message with the data that decide its sending time.

    ``seq`` is its place in the order of arrival, which is the order within a channel.
    ``held`` is the reason of its hold, or of the digest ``bundle_id``. ``is_left`` says
    that a deliverer's lease ended without a result: the message may have arrived.
    """

    rule_id: str
    severity: Severity
    seq: int
    is_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A unit sent to a channel: a message, or the members of a digest.

    ``bundle_id`` is None for a single message, or its own id if it may have arrived, so
    that it stays single. ``why`` is the reason of a digest.
    """

    channel_id: str
    message_ids: tuple[str, ...]
    bundle_id: str | None = None
    why: Held | None = None

    @property
    def key(self) -> str:
        """The idempotency key that the receiver sees."""
        return self.bundle_id or self.message_ids[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A message held until a moment, with the reason."""

    message_id: str
    why: Held
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """Plan for the waiting messages: those to send now and those to hold.

    Sendings are in the order of each channel. Messages in neither list wait for their
    channel.
    """

    sendings: tuple[Sending, ...] = ()
    holds: tuple[Hold, ...] = ()
