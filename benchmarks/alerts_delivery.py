"""How long it takes to deliver a backlog: alerts pending for five channels.

    python benchmarks/alerts_delivery.py [--alerts 10000] [--each]

A file, three webhooks and a console; the receivers of the webhooks are another process on
this machine. The alerts are dealt out to the channels, or with --each every alert goes to
all five. Each alert has an article and a story in the warehouse. What arrived is counted
at the receivers' side.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.clock import clock_at
from flows.steps.deliver.deliver import deliver, outcomes
from transforms.alerts import messages_for
from transforms.models import Alert, Article
from warehouse import outbox
from warehouse.alerts import append_alerts
from warehouse.articles import append_articles
from warehouse.file.connect import transaction, writer
from warehouse.stories import refresh_stories

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
CHANNELS = ("file", "one", "two", "three", "console")
TARGET_SECONDS = 60


def main() -> None:
    """Fill the outbox, deliver, and say how long it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--alerts", type=int, default=10_000)
    parser.add_argument("--each", action="store_true", help="each alert to all channels")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work, receivers(Path(work) / "log") as port:
        home, log = Path(work), Path(work) / "log"
        _write_home(home, port, each=args.each)
        wanted = _fill(home, args.alerts)
        shown = io.StringIO()
        start, spent = time.perf_counter(), time.process_time()
        with contextlib.redirect_stderr(shown):
            counts = outcomes(deliver(_config(home), clock_at(None), report=_quiet))
        seconds, cpu = time.perf_counter() - start, time.process_time() - spent
        arrived = _arrived(home, log, shown.getvalue())
    print(f"{args.alerts} alerts, {wanted} messages over {len(CHANNELS)} channels\n")
    print("| channel | arrived |")
    print("|---|---:|")
    for name in CHANNELS:
        print(f"| {name} | {arrived[name]} |")
    rate = wanted / seconds
    print(f"\n{seconds:.1f} s, {rate:.0f} messages/s, {cpu:.1f} s of CPU; {dict(counts)}")
    print(f"target: {TARGET_SECONDS} s: {'met' if seconds < TARGET_SECONDS else 'missed'}")


@contextmanager
def receivers(log: Path, *options: str) -> Iterator[int]:
    """Run the receivers in a process of their own; yields their port."""
    script = Path(__file__).with_name("receivers.py")
    with subprocess.Popen(
        [sys.executable, str(script), str(log), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _write_home(home: Path, port: int, *, each: bool) -> None:
    channels = [
        '[channel.file]\ntype = "file"\npath = "alerts.jsonl"\n',
        '[channel.console]\ntype = "console"\n',
        *(
            f'[channel.{name}]\ntype = "webhook"\nprivate = true\n'
            f'url = "http://127.0.0.1:{port}/{name}"\n'
            for name in CHANNELS[1:4]
        ),
    ]
    rules = [
        f'[rule.r{n}]\nterms = ["x"]\n'
        f"channels = {json.dumps(CHANNELS if each else [name])}\n"
        for n, name in enumerate(CHANNELS)
    ]
    (home / "alerts.toml").write_text("\n".join([*channels, *rules]), encoding="utf-8")
    (home / "feeds.toml").write_text("", encoding="utf-8")


def _config(home: Path) -> Config:
    return load_config(load_settings(home)).check()


def _fill(home: Path, count: int) -> int:
    alerts = [_alert(n) for n in range(count)]
    messages = messages_for(alerts, _config(home).alerts)
    with writer(home / "data", command="benchmark") as con, transaction(con):
        append_articles(con, [_article(n) for n in range(count)], run_id="r1")
        refresh_stories(con, {f"s{n:05}" for n in range(count)}, "w0")
        append_alerts(con, alerts)
        outbox.append_messages(con, messages)
    return len(messages)


def _alert(n: int) -> Alert:
    return Alert(
        alert_id=f"x{n:05}",
        rule_id=f"r{n % len(CHANNELS)}",
        kind="mention",
        company_id="baidu",
        topic_id=None,
        story_id=f"s{n:05}",
        article_id=f"a{n:05}",
        title=f"百度 Baidu opens laboratory number {n} in Wuhan",
        url=f"https://x.example/{n}",
        created_at=NOW,
        state="pending",
        rules_version="w0",
    )


def _article(n: int) -> Article:
    alert = _alert(n)
    return Article(
        article_id=f"a{n:05}",
        feed_id="sample",
        url=alert.url,
        title=alert.title,
        summary="A summary of the usual length, in a sentence or two. " * 4,
        content=None,
        language="en",
        script="latin",
        is_digest=False,
        publisher="Sample",
        authors=(),
        published_at=NOW,
        published_raw="",
        published_from="published",
        first_seen_at=NOW,
        content_hash=f"h{n}",
        search_text="",
        story_id=f"s{n:05}",
        story_keys=(),
    )


def _arrived(home: Path, log: Path, shown: str) -> Counter[str]:
    lines = log.read_text(encoding="utf-8").splitlines()
    posts = {(path.strip("/"), key) for path, key, _ in map(json.loads, lines)}
    counts = Counter(path for path, _ in posts)
    counts["file"] = len((home / "alerts.jsonl").read_text("utf-8").splitlines())
    counts["console"] = sum(line.startswith("! ") for line in shown.splitlines())
    return counts


def _quiet(_: str) -> None:
    return


if __name__ == "__main__":
    main()
