"""Domain records of sinowire: frozen records that pass between the packages.

Every arrow in docs/architecture.md carries one of these. Instants are
timezone-aware and in UTC; an empty string means "not known" where a field is
not optional.
"""

from __future__ import annotations

from transforms.models.alerts import (
    TURN,
    Alert,
    AlertKind,
    AlertPhase,
    AlertState,
    Channel,
    ClaimOutcome,
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
    RuleKind,
    Schedule,
    Security,
    Severity,
    ToldClaim,
    Updates,
)
from transforms.models.articles import (
    AliasRow,
    Article,
    ArticleClaim,
    ArticleVersion,
    CompanyRow,
    DateOrigin,
    Entry,
    FactKind,
    FullText,
    FullTextOutcome,
    Headline,
    HeadlineFact,
    Mention,
    Regrouped,
    Role,
    Script,
    Sighting,
    StoredStory,
    StoryMember,
    Tag,
    TextField,
    TitleName,
    TopicKind,
    TopicRow,
    Translated,
    Via,
    WantedTranslation,
)
from transforms.models.briefs import (
    BriefPeriod,
    Burst,
    DayCount,
    Doubts,
    Edition,
    EmergingTerm,
    Freshness,
    Letter,
    LetterSection,
    LevelShift,
    ScheduledBrief,
    ToldItem,
)
from transforms.models.feeds import (
    FEED_STATES,
    Cursor,
    Feed,
    FeedKind,
    HostHold,
    ListSelectors,
    Outcome,
    Poll,
    Run,
    Standing,
    Wishes,
)
from transforms.models.measures import ArticleMeasure
from transforms.models.outbox import DeliveryPlan, Hold, Sending, Waiting
from transforms.models.search import (
    Answers,
    Facet,
    Name,
    NamedResult,
    Query,
    SearchFilters,
    SearchNames,
    SearchOrder,
    SearchQuery,
    SearchResult,
    StoryFound,
    Words,
)
