"""How many more sendings a channel's rate allows now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from transforms.models import Rate


@dataclass(slots=True)
class RateWindow:
    """The sendings of the rate's period, by key; a retry counts once."""

    rate: Rate | None
    now: datetime
    sent: dict[str, datetime]

    @classmethod
    def of(
        cls, rate: Rate | None, recent: Mapping[str, datetime], now: datetime
    ) -> RateWindow:
        """Return the window that ends *now*, with those of *recent* that lie in it."""
        if rate is None:
            return cls(None, now, {})
        sent = {key: at for key, at in recent.items() if now - rate.period < at <= now}
        return cls(rate, now, sent)

    def free(self, wanted: int) -> int:
        """Return how many of *wanted* new sendings may go now."""
        if self.rate is None:
            return wanted
        return max(self.rate.count - len(self.sent), 0)

    def takes(self, key: str) -> bool:
        """Tell whether the sending *key* may go: there is room, or it has its place."""
        return key in self.sent or self.free(1) > 0

    def note(self, key: str) -> None:
        """Let *key* go now."""
        self.sent[key] = self.now

    def frees_at(self) -> datetime:
        """Return when there is room for one more."""
        if self.rate is None or self.free(1) > 0:
            return self.now
        oldest = sorted(self.sent.values())
        return oldest[len(oldest) - self.rate.count] + self.rate.period
