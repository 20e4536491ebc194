"""A home that polled real feeds of four weeks as they stood, if their captures are here."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from flows.home import load_config, write_starters
from flows.settings import load_settings
from flows.steps.cycle import run

WEEK = timedelta(days=7)
REPLAY = Path(__file__).resolve().parents[2] / "shared" / "replay" / "replay.py"
SINOWIRE = [sys.executable, "-c", "from flows.console.cli import main; main()"]


def fill(home):
    """Poll the captures of four weeks into the folder *home*."""
    (home / "sinowire.toml").write_text('allow_private_addresses = ["127.0.0.0/8"]\n')
    (home / "feeds.toml").write_text("")
    write_starters(home, ("watchlist.toml", "alerts.toml"))
    moments = [datetime(2026, 7, 5, 12, tzinfo=UTC) + n * WEEK for n in range(4)]
    with replaying(moments[0]) as url:
        subscribe = [*SINOWIRE, "--home", str(home), "feeds", "import", f"{url}/feeds.opml"]
        subprocess.run(subscribe, check=True, capture_output=True)
        config = load_config(load_settings(home)).check()
        for now in moments:
            clock = urlencode({"at": now.isoformat()})
            urlopen(Request(f"{url}/_clock?{clock}", method="POST")).close()
            run(config, now=now, report=quiet, progress=quiet)


@contextmanager
def replaying(moment):
    """Serve the captures as they stood at *moment*; yield where."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, REPLAY, "serve", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--at", moment.isoformat()], stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(f"{url}/_clock", server)
            yield url
        finally:
            server.terminate()


def wait_for(url, server):
    while server.poll() is None:
        try:
            return urlopen(url).close()
        except URLError:
            sleep(0.1)
    raise AssertionError(f"the server of captures ended with {server.returncode}")


def quiet(*_):
    pass
