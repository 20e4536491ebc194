"""The programs that ``poll.py`` measures: sinowire, and feed readers beside it."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

# Seconds that every peer waits for an answer, wherever it lets that be set.
TIMEOUT = 10


class Peer(Protocol):
    """A program with a database of its own, in a folder of its own."""

    name: str
    command: Sequence[str]
    env: dict[str, str]
    # A server of its own, whose CPU counts as well.
    server_pid: int | None

    def prepare(self) -> None:
        """Make every feed due."""

    def close(self) -> None:
        """End what was started."""


class _Program:
    server_pid: int | None = None

    def prepare(self) -> None:
        """Do nothing: it asks for every feed each time."""

    def close(self) -> None:
        """Do nothing: it started nothing."""


class Sinowire(_Program):
    """Our own command, in a home with the load's feeds."""

    name = "sinowire"

    def __init__(self, folder: Path, urls: list[str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        feeds = (
            f'[feed.f{i}]\nurl = "{url}"\npublisher = "Outlet {i}"\n'
            for i, url in enumerate(urls)
        )
        (folder / "feeds.toml").write_text("\n".join(feeds))
        self.env = {
            **_environment(),
            "SINOWIRE_HOME": str(folder),
            "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "SINOWIRE_TIMEOUT_SECONDS": str(TIMEOUT),
        }
        self.command = [str(Path(sys.executable).with_name("sinowire")), "run", "--json"]


class Reader(_Program):
    """The reader library's own command line, eight workers."""

    name = "reader"

    def __init__(self, folder: Path, urls: list[str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        python, db = os.environ["READER_PY"], str(folder / "db.sqlite")
        code = (
            "import sys; from reader import make_reader; r = make_reader(sys.argv[1]);"
            "[r.add_feed(u) for u in sys.stdin.read().split()]"
        )
        self.env = _environment()
        subprocess.run(
            [python, "-c", code, db],
            input="\n".join(urls),
            text=True,
            check=True,
            env=self.env,
        )
        update = ["update", "--no-scheduled", "--workers", "8"]
        self.command = [python, "-m", "reader", "--db", db, *update]


class Miniflux(_Program):
    """miniflux with a PostgreSQL cluster of its own, as Debian installs both."""

    name = "miniflux"
    port, web = 54329, 18090

    def __init__(self, folder: Path, urls: list[str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # PostgreSQL refuses to run as root, and must reach its folder.
        for above in (folder, *folder.parents[:2]):
            above.chmod(0o755)
        shutil.chown(folder, "postgres")
        self._data = folder / "data"
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self._postgres("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8")
        listen = f"-p {self.port} -c listen_addresses=127.0.0.1"
        options = f"{listen} -c unix_socket_directories={folder}"
        self._postgres("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        pid = (self._data / "postmaster.pid").read_text().splitlines()[0]
        self.server_pid = int(pid)
        self._sql("create database miniflux", "postgres")
        self.env = self._settings(len(urls))
        self.command = ["miniflux", "-refresh-feeds"]
        self._subscribe(urls)

    def prepare(self) -> None:
        """Let every feed be due."""
        self._sql("update feeds set next_check_at = now() - interval '1 minute'")

    def close(self) -> None:
        """Stop its database."""
        self._postgres("pg_ctl", "-m", "fast", "-w", "stop")

    def _settings(self, feeds: int) -> dict[str, str]:
        database = f"user=postgres host=127.0.0.1 port={self.port} dbname=miniflux"
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"{database} sslmode=disable",
            "RUN_MIGRATIONS": "1",
            "CREATE_ADMIN": "1",
            "ADMIN_USERNAME": "admin",
            "ADMIN_PASSWORD": "adminadmin",
            "LISTEN_ADDR": f"127.0.0.1:{self.web}",
            "WORKER_POOL_SIZE": "16",
            "BATCH_SIZE": str(feeds),
            "HTTP_CLIENT_TIMEOUT": str(TIMEOUT),
            "POLLING_PARSING_ERROR_LIMIT": "0",
            "DISABLE_SCHEDULER_SERVICE": "1",
            "LOG_LEVEL": "error",
        }

    def _subscribe(self, urls: list[str]) -> None:
        outlines = "".join(f'<outline text="f" type="rss" xmlUrl="{u}"/>' for u in urls)
        login = base64.b64encode(b"admin:adminadmin").decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.web}/v1/import",
            data=f'<opml version="2.0"><body>{outlines}</body></opml>'.encode(),
            headers={"Authorization": f"Basic {login}"},
        )
        with subprocess.Popen(
            ["miniflux"], env=self.env, stdout=subprocess.DEVNULL
        ) as server:
            for _ in range(120):
                try:
                    urllib.request.urlopen(request, timeout=120).read()
                    break
                except urllib.error.URLError:
                    time.sleep(0.5)
            server.terminate()
        found = int(self._sql("select count(*) from feeds"))
        if found != len(urls):
            raise SystemExit(f"miniflux took {found} of {len(urls)} feeds")

    def _postgres(self, program: str, *options: str) -> None:
        command = [str(self._bin / program), "-D", str(self._data), *options]
        subprocess.run(
            command, check=True, user="postgres", cwd="/", stdout=subprocess.DEVNULL
        )

    def _sql(self, statement: str, database: str = "miniflux") -> str:
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        done = subprocess.run(
            [*command, "-d", database, "-qAtc", statement],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()


def _environment() -> dict[str, str]:
    """Return this environment, without what would make a program slower than it is."""
    dropped = {"PREFECT_API_URL", "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in dropped}
