"""Scheduled runs under one process: a Prefect server, its page, and a runner."""

from __future__ import annotations

import contextlib
import fcntl
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from flows.home import Config
from flows.orchestration.children import FOLLOW, child
from flows.orchestration.environment import child_environment
from flows.orchestration.logs import rotate
from flows.orchestration.server import FOLDER, PrefectError, prefect_server
from flows.orchestration.sign_in import SENT, how_to_sign_in


def up(
    config: Config,
    *,
    port: int | None,
    report: Callable[[str], None],
    is_terminal: bool,
) -> None:
    """Run until Ctrl-C or SIGTERM; on return no process of ours is left.

    The sign-in to the page is told where *report* leads to a terminal, and in no log.

    Raises:
        PrefectError: Already up in this home, or a part ended by itself.
        ConfigError: A file is wrong; nothing was started.
    """
    config.check()
    data = config.settings.data
    with _only_one(data), _stop_event() as stop:
        report("starting the Prefect server …")
        with prefect_server(data, port) as env:
            folder = data / FOLDER
            log = folder / "runner.log"
            home = str(config.settings.home.resolve())
            command = [sys.executable, "-m", "flows.orchestration.serve", home]
            follow = child_environment({**env, FOLLOW: "1"})
            with child(command, env=follow, log=log) as runner:
                report(f"runs and artifacts: {env['PREFECT_API_URL'][:-4]}")
                report(how_to_sign_in(folder, env[SENT], is_terminal=is_terminal))
                report(f"polling every {config.settings.ingest_minutes:g} minutes")
                report(f"logs: {folder}")
                report("stop with Ctrl-C")
                while not stop.wait(1.0):
                    if runner.poll() is not None:
                        raise PrefectError(f"the runner ended by itself; see {log}")
                    _rotate_logs(folder)
        report("stopped")


def _rotate_logs(folder: Path) -> None:
    for log in folder.glob("*.log"):
        rotate(log)


@contextlib.contextmanager
def _stop_event() -> Iterator[threading.Event]:
    """Yield an event that Ctrl-C and SIGTERM set, in place of dying on the spot."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    with (data / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise PrefectError(
                f"sinowire is up already on {data}; stop that one first"
            ) from exc
        yield
