"""Machines that are none: each a network namespace and a host name, on one bridge.

    root: bridge ── veth ── namespace alpha (hostname alpha, a home of its own)
            │    ── veth ── namespace beta
            └ PostgreSQL and the web server listen on the bridge's addresses

What a test starts on a machine sees that network and that name, and nothing of ours but
the files. Needs root and iproute2.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from transforms.urls.shards import Shard, ShardContents

ROOT = Path(__file__).parents[1]


def needed():
    """Return why there are no such machines here, None where there are."""
    if os.getuid():
        return "needs root, to make network namespaces"
    missing = [each for each in ("ip", "unshare", "hostname") if not shutil.which(each)]
    if missing:
        return f"needs {' and '.join(missing)} (iproute2, util-linux)"
    probe = f"sw{os.getpid()}p"
    made = subprocess.run(
        ["ip", "netns", "add", probe], capture_output=True, text=True, check=False
    )
    if made.returncode:
        return f"cannot make network namespaces: {made.stderr.strip()}"
    try:
        alive = subprocess.run(
            ["ip", "netns", "exec", probe, "unshare", "--uts", "hostname", "probe"],
            capture_output=True,
            text=True,
            check=False,
        )
        return f"cannot enter one: {alive.stderr.strip()}" if alive.returncode else None
    finally:
        _ip("netns", "del", probe)


class Network:
    """A bridge with addresses of our own, and the machines on it; a context manager."""

    def __init__(self, addresses=40):
        # Runs side by side get networks of their own.
        self.prefix = f"10.213.{os.getpid() % 250}"
        self.addresses = [f"{self.prefix}.{n}" for n in range(1, 1 + addresses)]
        self._bridge = f"sw{os.getpid()}"
        self._closing = ExitStack()
        self._count = 0

    @property
    def web_hosts(self):
        """Six addresses for web servers, three in each of two shards."""
        free = self.addresses[2:]
        alone = [ShardContents(Shard(number, 2), {}) for number in (1, 2)]
        chosen = ([a for a in free if share.holds(f"http://{a}/")] for share in alone)
        return [address for addresses in chosen for address in addresses[:3]]

    @property
    def cidr(self):
        return f"{self.prefix}.0/24"

    def __enter__(self):
        _ip("link", "add", self._bridge, "type", "bridge")
        self._closing.callback(_ip, "link", "del", self._bridge)
        for address in self.addresses:
            _ip("addr", "add", f"{address}/24", "dev", self._bridge)
        _ip("link", "set", self._bridge, "up")
        return self

    def __exit__(self, *_):
        self._closing.close()

    @contextmanager
    def host(self, name, home):
        """Have a machine called *name* whose home is the folder *home*."""
        self._count += 1
        namespace, link = f"{self._bridge}n{self._count}", f"{self._bridge}v{self._count}"
        _ip("netns", "add", namespace)
        try:
            yield self._wired(name, namespace, link, home)
        finally:
            _end_all(namespace)
            _ip("netns", "del", namespace)

    def _wired(self, name, namespace, link, home):
        _ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace)
        _ip("link", "set", link, "master", self._bridge, "up")
        _ip(
            "-n",
            namespace,
            "addr",
            "add",
            f"{self.prefix}.{100 + self._count}/24",
            "dev",
            "eth0",
        )
        for device in ("lo", "eth0"):
            _ip("-n", namespace, "link", "set", device, "up")
        home.mkdir(parents=True, exist_ok=True)
        return Host(name, namespace, link, home)


class Host:
    """A machine of a :class:`Network`."""

    def __init__(self, name, namespace, link, home):
        self.name, self.home = name, home
        self._namespace, self._link = namespace, link
        self.env = {
            **os.environ,
            "SINOWIRE_HOME": str(home),
            "PYTHONPATH": str(ROOT),
        }

    def start(self, *command, **options):
        """Start a command here; it is a group of its own, to be killed whole."""
        there = ["ip", "netns", "exec", self._namespace, "unshare", "--uts", "sh", "-c"]
        named = 'hostname "$0" && exec "$@"'
        return subprocess.Popen(
            [*there, named, self.name, *map(str, command)],
            env=self.env,
            cwd=self.home,
            text=True,
            start_new_session=True,
            **options,
        )

    def python(self, code, *words, **options):
        """Start Python on *code*."""
        return self.start(sys.executable, "-c", code, *words, **options)

    def sinowire(self, *words, timeout=120):
        """Run a command of ours to its end; returns it with its output."""
        program = (sys.executable, "-m", "flows.console.cli")
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with self.start(*program, *words, **pipes) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            finally:
                process.kill()
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def kill_all(self):
        """Kill whatever runs here, as where its plug is pulled."""
        _end_all(self._namespace)

    def cut(self):
        """Pull its cable: nothing arrives, and nobody is told."""
        _ip("link", "set", self._link, "down")

    def mend(self):
        """Put its cable back."""
        _ip("link", "set", self._link, "up")


def _end_all(namespace):
    """End what still runs there, and with it the network."""
    for pid in _ip("netns", "pids", namespace).split():
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)


def _ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout
