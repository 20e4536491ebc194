"""What one poll brings, and the record that is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.errors import FeedError
from connectors.feeds.fetch.document import Document
from connectors.feeds.fetch.options import FetchOptions
from connectors.feeds.poll.schedule import Ask, Bounds, next_poll
from connectors.net.headers import fresh_for
from transforms.articles.reader import ReadEntry
from transforms.models import Cursor, Entry, Feed, HostHold, Outcome, Poll, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """One feed's poll. ``cursor`` and ``standing`` are None where the last ones stand.

    ``body_hash`` is of ``body``. ``notices`` are what a person should hear of once,
    ``warnings`` what the document was like.
    """

    feed: Feed
    poll: Poll
    cursor: Cursor | None = None
    standing: Standing | None = None
    hold: HostHold | None = None
    entries: list[Entry] = field(default_factory=list)
    readings: list[ReadEntry] = field(default_factory=list)
    body: bytes | None = None
    body_hash: str = ""
    final_url: str = ""
    warnings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes the records of a run's polls, with when each feed is due again."""

    run_id: str
    now: datetime
    options: FetchOptions

    def success(
        self, feed: Feed, outcome: Outcome, document: Document, standing: Standing
    ) -> Poll:
        """Return the record of a poll that *document* answered."""
        fresh = fresh_for(
            document.cache_control,
            age=document.age,
            expires=document.expires,
            date=document.date,
        )
        return Poll(
            feed_id=feed.feed_id,
            run_id=self.run_id,
            polled_at=self.now,
            outcome=outcome,
            http_status=document.status,
            bytes=len(document.body),
            next_poll_at=next_poll(self._ask(feed, outcome, standing, fresh=fresh)),
        )

    def failure(
        self, feed: Feed, error: FeedError, standing: Standing, until: datetime | None
    ) -> Poll:
        """Return the record of a poll that failed; *until* is the server's request."""
        asked = self._ask(feed, error.outcome, standing, until=until)
        return Poll(
            feed_id=feed.feed_id,
            run_id=self.run_id,
            polled_at=self.now,
            outcome=error.outcome,
            http_status=error.status,
            error=error.reason,
            next_poll_at=next_poll(asked),
            retry_after_at=until,
        )

    def _ask(
        self,
        feed: Feed,
        outcome: Outcome,
        standing: Standing,
        *,
        fresh: timedelta | None = None,
        until: datetime | None = None,
    ) -> Ask:
        options = self.options
        bounds = Bounds(
            default=options.default_poll,
            shortest=options.shortest_poll,
            longest=options.longest_poll,
        )
        return Ask(
            feed_id=feed.feed_id,
            now=self.now,
            outcome=outcome,
            standing=standing,
            bounds=bounds,
            own=feed.poll,
            fresh_for=fresh,
            until=until,
        )
