"""Two hosts under one Prefect server on PostgreSQL: on schedule, then one is killed.

    python benchmarks/hosts.py [--minutes 12] [--kill taken idle running]

Needs root, iproute2 and PostgreSQL. Hosts are network namespaces on a bridge, as in
tests/hosts.py; PostgreSQL, Prefect's server and the feeds are on the bridge. A minute is
the pause between polls. After half the time the second host is killed with all that runs
on it, and its shard has to be taken over: between two runs, in the middle of one, or, at
its worst, when it took one and did not begin it. Of several such moments each has servers
and hosts of its own, one after the other. Prints when which host polled which shard, and
what became of each run from a minute before the kill on. Of runs due less than five minutes
after they were deployed Prefect looks at the states a quarter of an hour later, and does
not end one that nobody goes on with: so half the time is more than five.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
from results import ROOT, Result, Table, add_record_option
from results import publish as publish_result

sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import hosts  # noqa: E402
import postgres  # noqa: E402
from webserver import Web, running  # noqa: E402

from transforms.urls.shards import share_out  # noqa: E402
from warehouse.file.connect import open_published  # noqa: E402
from warehouse.upkeep.checks import run_checks  # noqa: E402

SIGN_IN = "news:sesame"
# Of the second host's run when the host is killed; "idle" is between two of them.
MOMENTS = {"taken": "PENDING", "running": "RUNNING", "idle": None}
CLI = (sys.executable, "-m", "flows.console.cli")
POLLED = """
select split_part(r.process, ' ', 1) as host, r.run_id, min(p.polled_at) as began,
    list(distinct p.feed_id order by p.feed_id) as feeds
from runs as r join feed_polls as p using (run_id)
group by all order by began
"""


@dataclass(frozen=True)
class Seen:
    """What was seen of two hosts, of which the second was killed at a *moment*."""

    moment: str
    runs: int
    elsewhere: int
    taken_over_after: float | None
    articles: int
    doubled: int
    failed_checks: list[str]

    @property
    def is_well(self) -> bool:
        """Whether each promise held."""
        wrong = self.failed_checks or self.doubled or self.elsewhere
        return not wrong and self.taken_over_after is not None

    @property
    def row(self) -> list[str | int]:
        """The row of the table."""
        after = self.taken_over_after
        return [
            *(self.moment, self.runs, self.elsewhere),
            "never" if after is None else f"{after:.0f}",
            *(self.articles, self.doubled, ", ".join(self.failed_checks) or "none"),
        ]


def main() -> int:
    """Run it and print what was seen; exit 1 where a promise did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--kill", choices=MOMENTS, nargs="+", default=["taken"])
    add_record_option(parser)
    options = parser.parse_args()
    if why_not := hosts.needed() or postgres.needed():
        print(f"skipped: {why_not}")
        return 0
    found = [look_on(moment, options.minutes) for moment in options.kill]
    publish_result(result(found, options.minutes), record=options.record)
    return int(not all(seen.is_well for seen in found))


def look_on(moment: str, minutes: float) -> Seen:
    """Let two hosts run for so long, and kill the second at such a *moment*."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        network = stack.enter_context(hosts.Network())
        cluster = stack.enter_context(postgres.Postgres())
        cluster.listen_at(network.addresses[0])
        web = stack.enter_context(running("0.0.0.0"))
        api = stack.enter_context(prefect(cluster, network.addresses[0], folder))
        lake = folder / "lake"
        lake.mkdir()
        cluster.make_database("lake")
        made = []
        for name in ("alpha", "beta"):
            host = stack.enter_context(network.host(name, folder / name))
            furnish(host.home, network, web)
            catalog = cluster.dsn("lake", host=network.addresses[0])
            host.env |= {
                "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": network.cidr,
                "SINOWIRE_WAREHOUSE": f"ducklake:postgres:{catalog}",
                "SINOWIRE_LAKE": str(lake),
                "SINOWIRE_INGEST_MINUTES": "1",
                "SINOWIRE_POLL_MINUTES": "1",
                "SINOWIRE_POLL_SHORTEST_MINUTES": "1",
                "PREFECT_API_URL": api,
                "PREFECT_API_AUTH_STRING": SIGN_IN,
            }
            made.append(host)
        killed = schedule(made, web, minutes * 60, Server(api), moment)
        return tell(made[0], Server(api), killed, moment)


@contextlib.contextmanager
def prefect(cluster: postgres.Postgres, address: str, folder: Path) -> Iterator[str]:
    """Run Prefect's server at *address*, its data in PostgreSQL; yields its API's."""
    cluster.make_database("prefect")
    where = f"127.0.0.1:{cluster.port}/prefect"
    env = {
        **os.environ,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": (
            f"postgresql+asyncpg://{postgres.USER}:{cluster.password}@{where}"
        ),
        "PREFECT_SERVER_API_AUTH_STRING": SIGN_IN,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    api = f"http://{address}:4200/api"
    command = [sys.executable, "-m", "prefect", "server", "start"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--host", address, "--port", "4200"],
            env=env,
            stdout=log,
            stderr=log,
        )
    try:
        for _ in range(240):
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{api}/health", trust_env=False).is_success:
                    break
            time.sleep(0.5)
        yield api
    finally:
        process.terminate()
        process.wait()


class Server:
    """What Prefect's server says of the runs."""

    def __init__(self, api: str) -> None:
        self.api = api

    def ask(self, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Return what it answers to a filter."""
        auth = tuple(SIGN_IN.split(":"))
        said = httpx.post(f"{self.api}/{path}", json=body, auth=auth, trust_env=False)
        return said.raise_for_status().json()

    def runs(self) -> list[dict[str, Any]]:
        """Return the runs that were due, the first one first, by deployment's name."""
        names = {each["id"]: each["name"] for each in self.ask("deployments/filter", {})}
        due = {"flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}}}
        found = self.ask("flow_runs/filter", due)
        found.sort(key=lambda run: run["expected_start_time"])
        return [run | {"name": names[run["deployment_id"]]} for run in found]

    def has_one(self, state: str) -> bool:
        """Return whether a run of the second shard is in that state."""
        return any(
            run["name"] == "ingest-2" and run["state_type"] == state for run in self.runs()
        )


def furnish(home: Path, network: hosts.Network, web: Web) -> None:
    """Write the files of a home whose feeds lie on six web hosts."""
    rows = (
        f'[feed.f{n}]\nurl = "http://{address}:{web.server_port}/f{n}"\n'
        f'publisher = "Paper {n}"\nlanguage = "en"\n'
        for n, address in enumerate(network.web_hosts)
    )
    (home / "feeds.toml").write_text("\n".join(rows))
    (home / "alerts.toml").write_text("")


def schedule(
    made: list[hosts.Host], web: Web, seconds: float, server: Server, moment: str
) -> datetime:
    """Deploy, let both work, kill the second half way; return when that was."""
    publish_news(web, 0)
    done = made[0].sinowire("deploy", "--shards", "2")
    assert done.returncode == 0, done.stderr
    workers = [
        host.start(
            *CLI, "up", "--worker", str(number), "--no-web", stderr=subprocess.DEVNULL
        )
        for number, host in enumerate(made, 1)
    ]
    start, killed = time.monotonic(), None
    while (gone := time.monotonic() - start) < seconds:
        publish_news(web, int(gone // 30))
        if killed is None and gone > seconds / 2:
            wait_for(server, MOMENTS[moment])
            killed = datetime.now(UTC)
            made[1].kill_all()
        time.sleep(5)
    workers[0].send_signal(signal.SIGTERM)
    for worker in workers:
        worker.wait(60)
    assert killed is not None
    return killed


def wait_for(server: Server, state: str | None) -> None:
    """Wait until a run of the second shard is in *state*; None: until there is none."""
    while True:
        if state is None and not (server.has_one("PENDING") or server.has_one("RUNNING")):
            return
        if state and server.has_one(state):
            return
        time.sleep(0.1)


def publish_news(web: Web, edition: int) -> None:
    """Let each feed carry an item of its own, and one that all carry."""
    now = format_datetime(datetime.now(UTC))
    for n in range(6):
        web.feed(
            f"/f{n}",
            (f"https://all.example/{edition}", f"Baidu opens lab {edition}", now),
            (f"https://own.example/{edition}/{n}", f"Huawei sells {edition} of {n}", now),
        )


def shard_two(host: hosts.Host) -> Iterator[str]:
    """Yield the feeds of the second shard."""
    feeds = tomllib.loads((host.home / "feeds.toml").read_text())["feed"]
    share = share_out([(feed["url"], 1) for feed in feeds.values()], 2)[1]
    return (name for name, feed in feeds.items() if share.holds(feed["url"]))


def tell(host: hosts.Host, server: Server, killed: datetime, moment: str) -> Seen:
    """Print each run and what became of it."""
    with contextlib.closing(open_published(host.home / "data" / "sinowire.duckdb")) as con:
        polls = con.execute(POLLED).fetchall()
        [(articles, different)] = con.execute(
            "select count(*), count(distinct article_id) from articles"
        ).fetchall()
        failed = [check.name for check in run_checks(con) if not check.ok]
    for name, _, at, feeds in polls:
        mark = "" if at < killed else "  after the kill"
        print(f"{at:%H:%M:%S} {name:6} {' '.join(feeds)}{mark}")
    own = set(shard_two(host))
    before = [(name, own & set(feeds)) for name, _, at, feeds in polls if at < killed]
    elsewhere = sum((name == "beta") != bool(feeds) for name, feeds in before)
    taken = [at for name, _, at, feeds in polls if at > killed and own & set(feeds)]
    after = (taken[0] - killed).total_seconds() if taken else None
    runs = server.runs()
    soon = killed.timestamp() - 60
    for run in runs:
        due = datetime.fromisoformat(run["expected_start_time"])
        if run["name"] == "ingest-2" and due.timestamp() > soon:
            at = datetime.fromisoformat(run["state"]["timestamp"])
            said = run["state"].get("message") or ""
            print(f"due {due:%H:%M:%S}: {run['state_name']} at {at:%H:%M:%S} {said}")
    states = Counter(run["state_name"] for run in runs)
    print(f"killed at {killed:%H:%M:%S}; flow runs: {dict(states)}\n")
    return Seen(
        moment, len(before), elsewhere, after, articles, articles - different, failed
    )


def result(found: Sequence[Seen], minutes: float) -> Result:
    """Return the table of what was seen."""
    longest = max(seen.taken_over_after or 0.0 for seen in found)
    outcome = "each promise held" if all(seen.is_well for seen in found) else "NOT well"
    return Result(
        name="hosts",
        title="Two hosts on schedule, of which one is killed",
        summary=f"A host killed, its shard is taken over within {longest:.0f} s: {outcome}",
        code=("flows/orchestration", "warehouse/lake", "flows/steps/ingest"),
        tables=[
            Table(
                columns=[
                    *("killed while its run was", "runs before", "on another host"),
                    *("shard taken over after, s", "articles", "doubled", "failed checks"),
                ],
                rows=[seen.row for seen in found],
            )
        ],
        notes=[f"{minutes:g} minutes each, a poll a minute, killed half way.\n"],
    )


if __name__ == "__main__":
    sys.exit(main())
