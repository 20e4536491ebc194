"""What a retag changes, in rows and in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter

from transforms.models import Alert
from transforms.text.plural import counted
from warehouse.queries import Row
from warehouse.upkeep.regroup import StoryCounts
from warehouse.upkeep.retag import ALERT_DAYS

_COUNTS = ("added", "removed")


@dataclass(kw_only=True)
class Retagged:
    """What a retagging changes: findings by company, topic or event, alerts by rule.

    ``lost_alerts`` rest on a finding that goes; ``new_matches`` would have been alerts
    of the last days. Neither is sent, and neither is taken back. ``stories`` says what
    became of those that were stored.
    """

    articles: int = 0
    changes: list[Row] = field(default_factory=list)
    lost_alerts: dict[str, Row] = field(default_factory=dict)
    new_matches: dict[str, list[Alert]] = field(default_factory=dict)
    stories: StoryCounts = field(default_factory=StoryCounts)

    def add(self, part: Retagged) -> None:
        """Add what some further articles change, which came after those before."""
        self.articles += part.articles
        self.stories = StoryCounts(*map(sum, zip(self.stories, part.stories, strict=True)))
        known = {(row["kind"], row["id"]): row for row in self.changes}
        for row in part.changes:
            before = known.get((row["kind"], row["id"]))
            if before is None:
                self.changes.append(row)
                continue
            first = min(before, row, key=itemgetter("article_id"))
            totals = {name: before[name] + row[name] for name in _COUNTS}
            before |= {**first, **totals}
        for rule_id, row in part.lost_alerts.items():
            alerts = row["alerts"] + self.lost_alerts.get(rule_id, {"alerts": 0})["alerts"]
            self.lost_alerts[rule_id] = {**row, "alerts": alerts}
        for rule_id, alerts in part.new_matches.items():
            told = self.new_matches.setdefault(rule_id, [])
            keys = {alert_key(alert) for alert in told}
            told += [alert for alert in alerts if alert_key(alert) not in keys]

    def rows(self) -> list[Row]:
        """Return a row per company or topic that changes, then one per rule."""
        rules = sorted(self.lost_alerts.keys() | self.new_matches.keys())
        return [*map(_change, self._sorted()), *map(self._rule, rules)]

    def sentences(self, *, dry_run: bool) -> list[str]:
        """Return the whole of it in words."""
        verb = "would be" if dry_run else "were"
        added, removed = (sum(row[key] for row in self.changes) for key in _COUNTS)
        lost = sum(row["alerts"] for row in self.lost_alerts.values())
        matches = sum(map(len, self.new_matches.values()))
        findings = (
            f"{counted(self.articles, 'article')} read; findings that {verb} added: "
            f"{added:,}, removed: {removed:,}"
        )
        alerts = (
            f"past alerts that rest on a removed finding: {lost:,}; further alerts that "
            f"would have fired in the last {ALERT_DAYS} days: {matches:,}; "
            "none is sent or taken back"
        )
        split, joined, unchanged = self.stories
        stories = (
            f"stories that {verb} split: {split:,}, joined to others: {joined:,}, "
            f"unchanged: {unchanged:,}"
        )
        return [findings, stories, alerts]

    def _sorted(self) -> list[Row]:
        """Return the greatest change first."""
        return sorted(
            self.changes,
            key=lambda row: (-row["added"] - row["removed"], row["kind"], row["id"]),
        )

    def _rule(self, rule_id: str) -> Row:
        lost = self.lost_alerts.get(rule_id)
        new = self.new_matches.get(rule_id, [])
        return {
            "kind": "alerts of rule",
            "id": rule_id,
            "added": len(new),
            "removed": lost["alerts"] if lost else 0,
            "example": new[0].title if new else lost["example"] if lost else "",
        }


_COUNTS = ("added", "removed")


def alert_key(alert: Alert) -> tuple[str, str | None]:
    """Return what a rule tells once: a story."""
    return alert.rule_id, alert.story_id


def _change(row: Row) -> Row:
    return {name: row[name] for name in ("kind", "id", *_COUNTS, "example")}
