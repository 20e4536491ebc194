"""Metrics of the pipeline and the desk, for Prometheus; ``/healthz``.

Names and units follow https://prometheus.io/docs/practices/naming/.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from flows.steps.machines import known_machines
from flows.web.answers import FRESH, Answer, make_answer
from flows.web.shelf import Publication
from transforms.pages.rows.desk import PARTS, Measured
from warehouse.file.open_publication import PublicationMark
from warehouse.file.standstill import at_work
from warehouse.queries import read
from warehouse.runs import turn_waits

log = logging.getLogger("sinowire.web")
_OF_DAY = "in the day up to the newest poll"


class _Gauge(NamedTuple):
    """A gauge of the pipeline: its name, description and label.

    One *since* a moment grows while nothing is published.
    """

    name: str
    told: str
    label: str = ""
    since: bool = False


GAUGES = {
    "articles": _Gauge("sinowire_articles", "Articles in the publication."),
    "newest_article": _Gauge(
        "sinowire_newest_article_timestamp_seconds", "Publication of the newest article."
    ),
    "last_run": _Gauge(
        "sinowire_last_run_end_timestamp_seconds", "End of the newest run that completed."
    ),
    "last_run_seconds": _Gauge("sinowire_last_run_duration_seconds", "How long it took."),
    "runs": _Gauge("sinowire_day_runs", f"Runs {_OF_DAY}, by outcome.", "outcome"),
    "offline": _Gauge(
        "sinowire_offline", "Whether no host answered the newest run as it should."
    ),
    "polls": _Gauge("sinowire_day_polls", f"Polls {_OF_DAY}, by outcome.", "outcome"),
    "new_articles": _Gauge("sinowire_day_new_articles", f"New articles {_OF_DAY}."),
    "host_last_run": _Gauge(
        "sinowire_host_last_run_timestamp_seconds",
        "End of the newest run of a host that completed.",
        "host",
    ),
    "shard_age": _Gauge(
        "sinowire_shard_age_seconds",
        "Since the newest run that read a shard of the feeds completed.",
        "shard",
        since=True,
    ),
    "turn_waited": _Gauge(
        "sinowire_day_turn_wait_seconds",
        f"Longest that a run waited for its turn to write {_OF_DAY}, by host.",
        "host",
    ),
    "turn_held": _Gauge(
        "sinowire_day_turn_held_seconds",
        f"How long runs had the turn to write {_OF_DAY}, by host.",
        "host",
    ),
    "feeds": _Gauge("sinowire_feeds", "Feeds, by state.", "state"),
    "alerts": _Gauge("sinowire_alerts", "Alerts on record, by state.", "state"),
    "verdicts": _Gauge("sinowire_verdicts", "Verdicts that stand, by kind.", "kind"),
    "delivery": _Gauge(
        "sinowire_day_delivery_seconds",
        f"Seconds from decision to delivery of what was delivered {_OF_DAY}.",
        "quantile",
    ),
}


@dataclass(slots=True)
class Counts:
    """Counters of the desk since its start."""

    kept: int = 0
    made: int = 0
    failed: int = 0
    refused: int = 0
    left: int = 0


class Metrics:
    """Collects the metrics; those of a publication are read once."""

    def __init__(self, counts: Counts, data: Path) -> None:
        self._counts = counts
        self._data = data
        self._read: tuple[PublicationMark, list[Measured]] | None = None

    def answer(
        self, publication: Publication | None, *, pages: int, used: int, now: datetime
    ) -> Answer:
        """Return the metrics as text; the cache holds *pages* in *used* bytes."""
        families = [*self._of_desk(pages, used), self._of_turns()]
        families += [self._of_processes(), self._of_machines()]
        if publication is not None:
            families += self._of_pipeline(publication, now)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Told(families))
        return make_answer(
            generate_latest(registry), media=CONTENT_TYPE_LATEST, headers=FRESH
        )

    def _of_desk(self, pages: int, used: int) -> Iterator[Metric]:
        counts = self._counts
        for name, told, count in (
            ("kept", "Answered from kept pages.", counts.kept),
            ("made", "Pages made.", counts.made),
            ("failed", "Pages that failed.", counts.failed),
            ("refused", "Refused, as too many waited.", counts.refused),
            ("abandoned", "Whose reader left before.", counts.left),
        ):
            yield CounterMetricFamily(f"sinowire_desk_pages_{name}", told, count)
        yield GaugeMetricFamily("sinowire_desk_kept_pages", "Pages kept.", pages)
        yield GaugeMetricFamily("sinowire_desk_kept_bytes", "Bytes they take.", used)

    def _of_turns(self) -> Metric:
        """Return this host's wait for the write lock, which no publication holds."""
        now = datetime.now(UTC)
        waited = max((wait.seconds(now) for wait in turn_waits(self._data)), default=0.0)
        return _family(
            "sinowire_turn_wait_seconds",
            "Longest wait for the turn to write since this host had it last.",
            ["host"],
            [([socket.gethostname()], waited)],
        )

    def _of_processes(self) -> Metric:
        """Return how long each process of this home was silent, the most by command."""
        silent: dict[str, float] = {}
        for _, holder, _ in at_work(self._data):
            silent[holder.command] = max(silent.get(holder.command, 0.0), holder.silent)
        return _family(
            "sinowire_process_silent_seconds",
            "Since a process of this home was heard of: one that is stopped says nothing.",
            ["host", "command"],
            [([socket.gethostname(), each], silent[each]) for each in sorted(silent)],
        )

    def _of_machines(self) -> Metric:
        """Return how long the pool's other machines were silent."""
        now = datetime.now(UTC)
        return _family(
            "sinowire_machine_silent_seconds",
            "Since another machine's worker showed a sign of life, as this one's sees it.",
            ["machine"],
            [
                ([machine.name], (now - machine.heard_at).total_seconds())
                for machine in known_machines(self._data)
            ],
        )

    def _of_pipeline(self, publication: Publication, now: datetime) -> Iterator[Metric]:
        age = (now - publication.as_of).total_seconds()
        published = now.timestamp() - publication.mark.modified_ns / 1e9
        yield GaugeMetricFamily(
            "sinowire_desk_data_age_seconds", "Since the newest poll that read a feed.", age
        )
        yield GaugeMetricFamily(
            "sinowire_publication_age_seconds", "Since the file was published.", published
        )
        rows, unread = self._rows(publication)
        for metric, gauge in GAUGES.items():
            labels = [gauge.label] if gauge.label else []
            values = [
                (
                    [row.label] if labels else [],
                    now.timestamp() - row.value if gauge.since else row.value,
                )
                for row in rows
                if row.metric == metric and row.value is not None
            ]
            yield _family(gauge.name, gauge.told, labels, values)
        yield _family(
            "sinowire_unread",
            "Whether numbers of a part could not be read; they are left out.",
            ["part"],
            [([part.key], part.key in unread) for part in PARTS],
        )

    def _rows(self, publication: Publication) -> tuple[list[Measured], set[str]]:
        """Return the metrics, and the parts that cannot be read, which are retried."""
        if self._read is not None and self._read[0] == publication.mark:
            return self._read[1], set()
        rows, unread = _measured(publication)
        if not unread:
            self._read = publication.mark, rows
        return rows, unread


def _measured(publication: Publication) -> tuple[list[Measured], set[str]]:
    rows: list[Measured] = []
    unread: set[str] = set()
    with publication.reading() as con:
        for part in PARTS:
            try:
                rows += read(con, part, {"until": publication.as_of})
            except duckdb.Error as exc:
                log.warning(
                    "metrics of %s cannot be read: %s", part.key, str(exc).splitlines()[0]
                )
                unread.add(part.key)
    return rows, unread


def _family(
    name: str, told: str, labels: list[str], values: Iterable[tuple[list[str], float]]
) -> Metric:
    """Return a gauge with a value for each set of labels."""
    family = GaugeMetricFamily(name, told, labels=labels or None)
    for own, value in values:
        family.add_metric(own, value)
    return family


class _Told(Collector):
    """Collector that a registry reads."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        """Return the metric families."""
        return self._families


def health(publication: Publication | None, now: datetime) -> Answer:
    """Return ``ok`` with the age of the data in seconds, or 503 without data."""
    if publication is None:
        said: dict[str, object] = {
            "status": "no publication",
            "published_at": None,
            "age_seconds": None,
            "newest_article_at": None,
        }
        return make_answer(
            json.dumps(said) + "\n", status=503, media="application/json", headers=FRESH
        )
    published = datetime.fromtimestamp(publication.mark.modified_ns / 1e9, UTC)
    newest = publication.newest_article_at
    said = {
        "status": "ok",
        "published_at": published.isoformat(timespec="seconds"),
        "age_seconds": round((now - publication.as_of).total_seconds()),
        "newest_article_at": newest and newest.isoformat(timespec="seconds"),
    }
    return make_answer(json.dumps(said) + "\n", media="application/json", headers=FRESH)
