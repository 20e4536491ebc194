"""Replay months of real captures against the pipeline: nothing lost, nothing doubled.

    python benchmarks/replay.py [--every 12h] [--faults 0.1] [--kill 20] [--shared DIR]
                                [--warehouse lake]

Serves the captures of ``../shared`` at one pretended moment after another, imports
their OPML, and at each moment runs ``sinowire run --now`` until every feed has had a
faultless answer (five runs at most). Then every distinct link of a body that was served
whole must be in ``sightings.url``, and a second pass over the same moments must add none.

With ``--kill N`` the same, but N runs are killed (SIGKILL) at random moments and rerun:
the warehouse must end up with the same articles, sightings and mentions.

With ``--warehouse lake`` the same on a lake, whose catalog is a throwaway PostgreSQL.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote, urljoin

import duckdb
import feedparser

sys.path[:0] = [str(Path(__file__).parents[1] / "tests")]
from postgres import Postgres  # noqa: E402  the one that tests have

SHARED = Path(__file__).resolve().parents[2] / "shared"
RUNS_A_STEP = 5
SINOWIRE = str(Path(sys.executable).with_name("sinowire"))


def main() -> None:
    """Replay twice and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", default="12h")
    parser.add_argument("--from", dest="start", default="2026-06-20T00:00Z")
    parser.add_argument("--to", dest="end", default="2026-07-31T00:00Z")
    parser.add_argument("--faults", type=float, default=0.1)
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--port", type=int, default=18700)
    parser.add_argument("--warehouse", choices=("file", "lake"), default="file")
    args = parser.parse_args()
    if not (args.shared / "replay" / "replay.py").is_file():
        raise SystemExit(f"no captures at {args.shared}; name them with --shared")
    Server.port = args.port
    moments = steps(args)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(serving(args, moments[0]))
        home = Home(work / "home")
        if args.warehouse == "lake":
            cluster = stack.enter_context(Postgres())
            home.use_lake(cluster.make_database("lake"), work / "lake")
        home.call("feeds", "import", f"http://127.0.0.1:{Server.port}/feeds.opml")
        kills = Killer(args.kill, len(moments), args.seed)
        first = walk(home, moments, kills)
        served = answered_whole()
        check_links(args.shared, home, served)
        before = home.counts()
        second = walk(home, moments, Killer(0, len(moments), args.seed))
        print(f"first pass: {first}; killed {kills.killed}")
        print(f"second pass: {second}")
        print(f"rows before and after the second pass: {before} {home.counts()}")
        fail_if(before != home.counts(), "the second pass changed the rows")
        print(home.digest())
        checks = home.call("checks", "--format", "json")
        bad = [row["check"] for row in json.loads(checks) if not row["ok"]]
        fail_if(bool(bad), f"checks failed: {bad}")
    print("nothing lost, nothing doubled")


class Server:
    """Where the replay server listens."""

    port = 18700


class Home:
    """A home of sinowire's with no feeds yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "feeds.toml").write_text("")
        self.env = {
            **os.environ,
            "SINOWIRE_HOME": str(folder),
            "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
        }
        self.env.pop("PREFECT_API_URL", None)

    def use_lake(self, catalog: str, folder: Path) -> None:
        """Make it the one host of an empty lake."""
        folder.mkdir()
        self.env["SINOWIRE_WAREHOUSE"] = f"ducklake:postgres:{catalog}"
        self.env["SINOWIRE_LAKE"] = str(folder)

    def call(self, *args: str) -> bytes:
        """Run a command that must not fail."""
        return subprocess.run(
            [SINOWIRE, *args], env=self.env, check=True, stdout=subprocess.PIPE
        ).stdout

    def run(self, moment: str, kill_after: float | None) -> dict[str, object] | None:
        """Make one pass; None where it was killed."""
        command = [SINOWIRE, "run", "--now", moment, "--json"]
        with subprocess.Popen(
            command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            if kill_after is not None:
                try:
                    process.wait(kill_after)
                except subprocess.TimeoutExpired:
                    process.kill()
            out, err = process.communicate()
        if process.returncode == -9:
            return None
        fail_if(process.returncode != 0, f"exit {process.returncode}: {err.decode()}")
        return json.loads(out)

    def counts(self) -> dict[str, int]:
        """Return the rows of the tables that a pass appends to, of what was published.

        A feed that fails again in the second pass falls silent once more: that is news.
        """
        tables = ["articles", "article_versions", "sightings", "mentions", "tags"]
        tables.append("alerts where kind <> 'silence'")
        with self.published() as con:
            return {
                name: con.execute(f"select count(*) from {name}").fetchone()[0]
                for name in tables
            }

    def digest(self) -> str:
        """Return what the store holds in a form that two runs can be compared by."""
        with self.published() as con:
            return "digest of articles and sightings: " + str(
                con.execute(
                    "select bit_xor(hash(article_id, title)), "
                    "(select bit_xor(hash(article_id, feed_id, url)) from sightings) "
                    "from articles"
                ).fetchone()
            )

    def published(self) -> duckdb.DuckDBPyConnection:
        """Open the published file."""
        return duckdb.connect(str(self.folder / "data" / "sinowire.duckdb"), read_only=True)


class Killer:
    """Picks the runs that are killed, and when."""

    def __init__(self, kills: int, moments: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.at = Counter(self.random.randrange(moments) for _ in range(kills))
        self.killed = 0

    def delay(self, step: int) -> float | None:
        """Return after how many seconds this run dies, or None."""
        if not self.at[step]:
            return None
        self.at[step] -= 1
        return self.random.uniform(0.2, 2.5)


def walk(home: Home, moments: list[str], kills: Killer) -> dict[str, int]:
    """Go through all moments; return totals of what the runs said."""
    total: Counter[str] = Counter()
    for number, moment in enumerate(moments):
        set_clock(moment)
        start = len(log()["answers"])
        runs = 0
        while runs < RUNS_A_STEP:
            done = home.run(moment, kills.delay(number))
            if done is None:
                kills.killed += 1
                # What the dead run was served does not count: it may not have kept it.
                start = len(log()["answers"])
                continue
            runs += 1
            for key in ("new_articles", "changed_articles", "alerts", "deliveries"):
                total[key] += done[key]
            if not waiting(log()["answers"][start:]):
                break
        total["runs"] += runs
        sys.stderr.write(f"\r\x1b[K{moment} {dict(total)}")
    sys.stderr.write("\n")
    return dict(total)


def waiting(answers: list[list[str]]) -> set[str]:
    """Return the sources that have had only faults."""
    asked = {source for source, _, _ in answers}
    return asked - {source for source, _, how in answers if how == "whole"}


def check_links(shared: Path, home: Home, served: dict[str, set[str]]) -> None:
    """Every entry's link of every body served whole must have been sighted."""
    with home.published() as con:
        seen = {url for (url,) in con.execute("select url from sightings").fetchall()}
    wanted = {
        link
        for source, files in served.items()
        for name in files
        for link in links(shared, source, name)
    }
    missing = sorted(wanted - seen)
    print(f"{len(wanted)} distinct links were served whole, {len(missing)} not sighted")
    for link in missing[:20]:
        print("  missing", link)
    fail_if(bool(missing), "links were lost")


def links(shared: Path, source: str, name: str) -> set[str]:
    """Return the links of a capture's entries, read by feedparser alone."""
    parsed = feedparser.parse(io.BytesIO(bodies(shared, source)[name]))
    base = f"http://127.0.0.1:{Server.port}/{source}.xml"
    found = (entry.get("link") for entry in parsed.entries)
    return {urljoin(base, link) for link in found if link}


@cache
def bodies(shared: Path, source: str) -> dict[str, bytes]:
    """Return the captures of a source by name."""
    with tarfile.open(shared / "corpus" / "feeds" / f"{source}.tar.xz") as tar:
        return {
            member.name.removeprefix("./"): tar.extractfile(member).read()
            for member in tar
            if member.isfile()
        }


def answered_whole() -> dict[str, set[str]]:
    """Return the captures that were served whole, by source."""
    found = defaultdict(set)
    for source, name, how in log()["answers"]:
        if how == "whole":
            found[source].add(name)
    return found


def steps(args: argparse.Namespace) -> list[str]:
    """Return the moments of the replay."""
    command = [sys.executable, str(args.shared / "replay" / "replay.py"), "steps"]
    span = ["--every", args.every, "--from", args.start, "--to", args.end]
    return subprocess.run(
        [*command, *span], check=True, capture_output=True, text=True
    ).stdout.split()


def log() -> dict[str, list[list[str]]]:
    """Return what the server has served."""
    with urllib.request.urlopen(f"http://127.0.0.1:{Server.port}/_log") as answer:
        return json.load(answer)


def set_clock(moment: str) -> None:
    """Move the server's clock."""
    url = f"http://127.0.0.1:{Server.port}/_clock?at={quote(moment)}"
    with urllib.request.urlopen(urllib.request.Request(url, method="POST")) as answer:
        answer.read()


@contextmanager
def serving(args: argparse.Namespace, moment: str) -> Iterator[None]:
    """Run the replay server."""
    command = [sys.executable, str(args.shared / "replay" / "replay.py"), "serve"]
    options = ["--port", str(args.port), "--at", moment, "--faults", str(args.faults)]
    with subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(120):
                try:
                    log()
                    break
                except OSError:
                    time.sleep(0.25)
            yield
        finally:
            process.terminate()


def fail_if(wrong: bool, message: str) -> None:
    """Stop with *message* if something is *wrong*."""
    if wrong:
        raise SystemExit(f"FAILED: {message}")


if __name__ == "__main__":
    main()
