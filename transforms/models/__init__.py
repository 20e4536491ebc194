"""The nouns of sinowire: frozen records that pass between the packages.

Every arrow in docs/architecture.md carries one of these. Instants are
timezone-aware and in UTC; an empty string means "not known" where a field is
not optional.
"""

from __future__ import annotations

from transforms.models.alerts import (
    Alert,
    AlertKind,
    AlertPhase,
    AlertState,
    Channel,
    Condition,
    Delivery,
    DeliveryOutcome,
    Held,
    Mail,
    Message,
    Notice,
    Parcel,
    Rate,
    Rule,
    Schedule,
    Security,
    Severity,
    Updates,
)
from transforms.models.articles import (
    Article,
    ArticleVersion,
    DateOrigin,
    Entry,
    Script,
    Sighting,
    StoryMember,
)
from transforms.models.feeds import (
    Cursor,
    Feed,
    FeedKind,
    HostHold,
    Outcome,
    Poll,
    Run,
    Standing,
    Wishes,
)
from transforms.models.freshness import Doubts, Freshness
from transforms.models.headlines import FactKind, HeadlineFact
from transforms.models.outbox import Hold, Plan, Sending, Waiting
from transforms.models.query import Answers, Query
from transforms.models.selectors import ListSelectors
from transforms.models.trends import (
    Burst,
    DayCount,
    EmergingTerm,
    FramePole,
    Framing,
    LevelShift,
)
from transforms.models.watchlist import (
    AliasRow,
    CompanyRow,
    Mention,
    Role,
    Tag,
    TextField,
    TopicKind,
    TopicRow,
    Via,
)

__all__ = [
    "Alert",
    "AlertKind",
    "AlertPhase",
    "AlertState",
    "AliasRow",
    "Answers",
    "Article",
    "ArticleVersion",
    "Burst",
    "Channel",
    "CompanyRow",
    "Condition",
    "Cursor",
    "DateOrigin",
    "DayCount",
    "Delivery",
    "DeliveryOutcome",
    "Doubts",
    "EmergingTerm",
    "Entry",
    "FactKind",
    "Feed",
    "FeedKind",
    "FramePole",
    "Framing",
    "Freshness",
    "HeadlineFact",
    "Held",
    "Hold",
    "HostHold",
    "LevelShift",
    "ListSelectors",
    "Mail",
    "Mention",
    "Message",
    "Notice",
    "Outcome",
    "Parcel",
    "Plan",
    "Poll",
    "Query",
    "Rate",
    "Role",
    "Rule",
    "Run",
    "Schedule",
    "Script",
    "Security",
    "Sending",
    "Severity",
    "Sighting",
    "Standing",
    "StoryMember",
    "Tag",
    "TextField",
    "TopicKind",
    "TopicRow",
    "Updates",
    "Via",
    "Waiting",
    "Wishes",
]
