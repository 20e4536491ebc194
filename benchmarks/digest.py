"""Does a change store the same? One digest a table of what polls make of a corpus.

    python benchmarks/digest.py [--every 3d] [--from MOMENT] [--to MOMENT] [--shared DIR]
    python benchmarks/digest.py --feeds 200 [--shared DIR]
    python benchmarks/digest.py --published FILE

The first serves the captures of ``../shared`` at one pretended moment after another,
without faults, and makes one pass at each. The second polls the load of ``poll.py``, first
with nothing known and then twice with three new entries in a tenth of the feeds: that has
many more stories to put together. Both have one fetch in flight: so articles come in one
order, whatever the machine does. The third reads a file that was published before.

A digest is over all rows and all columns of a table, but for those that name a run. So two
states of the code give the same digests exactly where they store the same.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import quote

import duckdb
import poll
from measure import serving
from results import SHARED

TABLES = (
    *("articles", "article_versions", "sightings", "mentions", "tags", "headline_facts"),
    "article_dates",
    *("stories", "story_merges", "story_splits", "alert_parts", "story_affairs"),
    *("company_coverage", "topic_coverage", "alerts", "bursts", "emerging_terms"),
)
# A run is called anew each time.
LEFT_OUT = "run_id"
# The load's first entries are of 5 January.
MOMENTS = ("2026-01-06T00:00Z", "2026-01-06T01:00Z", "2026-01-06T02:00Z")
PORT = 18710
SINOWIRE = str(Path(sys.executable).with_name("sinowire"))


class Home:
    """A home without feeds, whose polls have one fetch in flight."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "feeds.toml").write_text("")
        self.env = os.environ | {
            "SINOWIRE_HOME": str(folder),
            "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "SINOWIRE_CONCURRENCY": "1",
        }
        self.env.pop("PREFECT_API_URL", None)

    def call(self, *args: str) -> None:
        """Run a command that must not fail."""
        command = [SINOWIRE, *args]
        subprocess.run(command, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def run(self, moment: str) -> None:
        """Make one pass at a pretended moment."""
        self.call("run", "--now", moment, "--json")


def main() -> None:
    """Replay, and print the digests."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", default="3d")
    parser.add_argument("--from", dest="start", default="2026-06-20T00:00Z")
    parser.add_argument("--to", dest="end", default="2026-07-31T00:00Z")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--feeds", type=int, help="poll so many feeds of the load instead")
    parser.add_argument("--published", type=Path, help="digest this file; replay nothing")
    args = parser.parse_args()
    if args.published:
        print_digests(args.published)
        return
    if not (args.shared / "replay" / "replay.py").is_file():
        raise SystemExit(f"no captures at {args.shared}; name them with --shared")
    with tempfile.TemporaryDirectory() as work:
        home = Home(Path(work) / "home")
        (poll_load if args.feeds else poll_corpus)(home, args)
        print_digests(home.folder / "data" / "sinowire.duckdb")


def poll_corpus(home: Home, args: argparse.Namespace) -> None:
    """Poll the captures of every moment."""
    replay = [sys.executable, str(args.shared / "replay" / "replay.py")]
    steps = [
        *replay,
        "steps",
        "--every",
        args.every,
        "--from",
        args.start,
        "--to",
        args.end,
    ]
    moments = subprocess.check_output(steps, text=True).split()
    address = f"http://127.0.0.1:{PORT}"
    options = ["--port", str(PORT), "--at", moments[0], "--faults", "0"]
    with serving([*replay, "serve", *options], f"{address}/_log"):
        home.call("feeds", "import", f"{address}/feeds.opml")
        for moment in moments:
            clock = f"{address}/_clock?at={quote(moment)}"
            urllib.request.urlopen(urllib.request.Request(clock, method="POST")).close()
            home.run(moment)


def poll_load(home: Home, args: argparse.Namespace) -> None:
    """Poll the load three times."""
    with poll.serving(args.shared / "bench" / "load", args.feeds):
        feeds = (
            f'[feed.f{number}]\nurl = "{url}"\npublisher = "Outlet {number}"\n'
            for number, url in enumerate(poll.control("urls").split())
        )
        (home.folder / "feeds.toml").write_text("\n".join(feeds), encoding="utf-8")
        for moment in MOMENTS:
            home.run(moment)
            poll.control("bump?frac=0.1")


def print_digests(path: Path) -> None:
    """Print a line a table of the published file at *path*: name, rows, digest."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        for table in TABLES:
            rows, digest = digest_of(con, table)
            print(f"{table:16} {rows:8,} {digest}")


def digest_of(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    """Return how many rows a table has, and a digest of them, whatever their order."""
    found = con.execute(
        f"select to_json(told)::varchar from (select columns(lambda name: "
        f"name <> '{LEFT_OUT}') from {table}) as told"
    )
    lines = sorted(line for (line,) in found.fetchall())
    return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


if __name__ == "__main__":
    main()
