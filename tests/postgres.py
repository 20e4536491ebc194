"""A throwaway PostgreSQL: a cluster of its own, on a socket and a loopback port.

It keeps nothing (fsync is off) and is gone with the process that started it.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from connectors.process import die_with_parent

USER = "sinowire"
START_SECONDS = 30.0
# A folder with initdb, postgres and psql of another version.
CHOSEN = "POSTGRES_BINARIES"


def binaries():
    """Return the folder of initdb, postgres and psql; None where there is none.

    Debian keeps them off the path, a folder for each version; the newest is taken, or the
    one that the environment names.
    """
    if named := os.environ.get(CHOSEN):
        return Path(named)
    kept = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = sorted(kept, key=lambda found: int(found.parts[-3]), reverse=True)
    on_path = shutil.which("postgres")
    found = [*newest, *([Path(on_path).resolve()] if on_path else [])]
    return next((each.parent for each in found if (each.parent / "initdb").exists()), None)


def needed():
    """Return why there is no PostgreSQL here, None where there is."""
    return None if binaries() else "needs PostgreSQL: initdb and postgres are not installed"


class Postgres:
    """A running cluster; a context manager.

    Who comes over the network has to know the password; the socket is for ``sql``.
    """

    def __init__(self):
        self.addresses = ["127.0.0.1"]
        self.password = secrets.token_hex(8)
        self._binaries = binaries()
        # PostgreSQL refuses to run as root.
        self._owner = _other_than_root() if os.getuid() == 0 else None

    def __enter__(self):
        # Not in pytest's folders: another user cannot reach into them.
        self.folder = Path(tempfile.mkdtemp(prefix="sinowire-pg-"))
        try:
            if self._owner:
                os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)
            secret = self.folder / "password"
            secret.write_text(self.password)
            secret.chmod(0o644)
            self._run(
                *("initdb", "--no-sync", "--encoding=UTF8", "--locale=C"),
                *(f"--username={USER}", f"--pwfile={secret}", "-D", self.data),
                *("--auth-local=trust", "--auth-host=scram-sha-256"),
            )
            # Hosts in namespaces come from another network than the loopback one.
            with (self.data / "pg_hba.conf").open("a") as rules:
                rules.write("host all all all scram-sha-256\n")
            self.port = _free_port(self.addresses[0])
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def data(self):
        return self.folder / "data"

    def start(self):
        """Start the server and wait until it answers."""
        options = {
            "listen_addresses": ",".join(self.addresses),
            "port": self.port,
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": 50,
        }
        settings = [f"--{name}={value}" for name, value in options.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.data, *settings],
                **self._as_owner(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  as our own children
            )
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            # The last line of this file is the server's word that it takes connections.
            told = self.data / "postmaster.pid"
            lines = told.read_text().splitlines() if told.exists() else []
            if (
                lines[7:]
                and lines[7].strip() == "ready"
                and lines[0] == str(self.process.pid)
            ):
                return
            time.sleep(0.02)
        said = (self.folder / "log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"PostgreSQL did not start: {said}")

    def stop(self, how=signal.SIGINT):
        """Stop it: SIGINT fast (connections are ended), SIGQUIT at once, as in a crash."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(START_SECONDS)

    @contextmanager
    def standing_still(self):
        """Let none of its processes go on: what they are asked they do not answer."""
        first = self.process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text()
        ours = [first, *map(int, children.split())]
        for pid in ours:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in ours:
                # Of one that had ended the first may have heard meanwhile.
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def listen_at(self, address):
        """Listen at one more address; those who are connected lose their connection."""
        self.stop()
        self.addresses.append(address)
        self.start()

    def make_database(self, name):
        """Make an empty database and return how it is reached; see ``dsn``."""
        self.sql(f"create database {name}")
        return self.dsn(name)

    def dsn(self, database="postgres", *, host=None, password=None):
        """Return a connection string of libpq's: ``dbname=… host=… password=…``."""
        host, password = host or self.addresses[0], password or self.password
        where = f"dbname={database} host={host} port={self.port}"
        return f"{where} user={USER} password={password}"

    def sql(self, query, database="postgres"):
        """Run SQL by psql, over the socket; returns rows of strings."""
        said = self._run(
            *("psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"),
            *("-h", self.folder, "-p", self.port, "-U", USER, "-d", database, "-c", query),
        )
        return [tuple(line.split("\t")) for line in said.splitlines()]

    def _run(self, program, *arguments):
        done = subprocess.run(
            [self._binaries / program, *map(str, arguments)],
            **self._as_owner(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def _as_owner(self):
        owner = self._owner
        as_owner = (
            {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            if owner
            else {}
        )
        # In a folder that its user may enter.
        return {
            **as_owner,
            "cwd": self.folder,
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        }


@pytest.fixture(scope="session")
def postgres():
    """A :class:`Postgres` for the whole session; each test makes a database of its own."""
    if why_not := needed():
        pytest.skip(why_not)
    with Postgres() as cluster:
        yield cluster


def _other_than_root():
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL cannot run as root, and there is no user for it")


def _free_port(address):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]
