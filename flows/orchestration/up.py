"""Processes of ``sinowire up``: a Prefect server, its page, a runner and the desk.

Of many machines each has a worker and the desk, for a server that is elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from flows.home import Config
from flows.logs import is_json
from flows.orchestration.children import FOLLOW, child, rotate
from flows.orchestration.schedules import queue_of
from flows.orchestration.server import (
    ASKED,
    BUCKET,
    DATABASE,
    FOLDER,
    PrefectError,
    child_environment,
    client_environment,
    free_port,
    how_to_sign_in,
    prefect_server,
    require_server,
    runs_logged,
)
from flows.prefect_channels import SENT
from flows.settings import Settings
from transforms.config import ConfigError
from warehouse.errors import WarehouseBusy
from warehouse.file.lock import held, private_folder
from warehouse.file.standstill import StandStillWatch

# As in flows.web.server, which would take a second to import.
DESK_PORT = 8330
# The setting by which the desk leads to Prefect's page.
RUNS = "SINOWIRE_RUNS_URL"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpPart:
    """A process of ``sinowire up``."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    is_of_runs: bool = True

    @property
    def log(self) -> str:
        """The name of its log file."""
        return f"{self.name}.log"


def up(
    config: Config,
    *,
    port: int | None,
    web_port: int | None,
    with_web: bool,
    report: Say,
    is_terminal: bool,
) -> None:
    """Run until Ctrl-C or SIGTERM; on return no child process is left.

    *port* is that of Prefect's page, *web_port* that of the desk. The sign-in to the page
    is told where *report* leads to a terminal, and in no log.

    Raises:
        PrefectError: Already up in this home, or a part ended by itself.
        ConfigError: A file is wrong; nothing was started.
    """
    config.check()
    home, data = config.settings.home.resolve(), config.settings.data
    with _only_one(data), _stop_event() as stop:
        report("starting the Prefect server …")
        with prefect_server(data, port) as env:
            folder = data / FOLDER
            runs_url = env["PREFECT_API_URL"].removesuffix("/api")
            runner = _python(
                home, "runner", "flows.orchestration.serve", env={**env, **runs_logged()}
            )
            desk = _desk(home, web_port, runs_url) if with_web else None

            def tell() -> None:
                report(f"runs and artifacts: {runs_url}")
                report(how_to_sign_in(folder, env[SENT], is_terminal=is_terminal))
                report(f"polling every {config.settings.ingest_minutes:g} minutes")

            _keep_up(config.settings, [runner, desk], tell, report, stop)
        report("stopped")


def up_worker(
    config: Config, number: int, *, web_port: int | None, with_web: bool, report: Say
) -> None:
    """Run as machine *number* of many until Ctrl-C or SIGTERM.

    The Prefect server is that of ``PREFECT_API_URL``.

    Raises:
        PrefectError: Already up in this home, another machine has that number, or no
            server of that address knows us.
        ConfigError: A file is wrong or missing; nothing was started.
    """
    config.check()
    home, data = config.settings.home.resolve(), config.settings.data
    if not (home / "feeds.toml").exists():
        raise ConfigError(
            str(home / "feeds.toml"),
            "is missing, and your other machines do not use the shipped feeds",
            "copy feeds.toml, watchlist.toml and alerts.toml from the first machine",
        )
    with _only_one(data), _stop_event() as stop:
        server = require_server(around="")
        from flows.orchestration.worker import refuse_a_second  # noqa: PLC0415  slow

        asyncio.run(refuse_a_second(number, home))
        runs_url = server.rstrip("/").removesuffix("/api")
        worker = _python(
            home,
            "worker",
            "flows.orchestration.worker",
            str(number),
            env={
                **client_environment(private_folder(data / FOLDER)),
                **runs_logged(),
                "SINOWIRE_HOME": str(home),
            },
        )
        desk = _desk(home, web_port, runs_url) if with_web else None

        def tell() -> None:
            queue = queue_of(number)
            report(f"working for {runs_url} as {queue}; what runs say is shown there too")

        _keep_up(config.settings, [worker, desk], tell, report, stop)
        report("stopped")


def _keep_up(
    settings: Settings,
    parts: Iterable[UpPart | None],
    tell: Callable[[], None],
    report: Say,
    stop: threading.Event,
) -> None:
    """Run the parts until *stop*, their logs in one folder.

    Lines of the parts that make runs are reported as well, and processes of this home that
    stand still.
    """
    folder = settings.data / FOLDER
    with contextlib.ExitStack() as stack:
        running = [
            (
                part,
                stack.enter_context(
                    child(
                        part.command,
                        env=part.env,
                        log=folder / part.log,
                        say=partial(_say, report) if part.is_of_runs else None,
                    )
                ),
            )
            for part in parts
            if part is not None
        ]
        tell()
        for part, _ in running:
            if part.name == "desk":
                report(f"the desk: http://127.0.0.1:{part.command[-1]}/")
                report(f"to correct what it shows: {_how_to_write(settings)}")
        report(f"logs: {folder}")
        report("stop with Ctrl-C")
        watch = StandStillWatch(settings.data, settings.silent_seconds, report)
        while not stop.wait(1.0):
            watch.look()
            for part, process in running:
                if process.poll() is not None:
                    log = folder / part.log
                    raise PrefectError(f"the {part.name} ended by itself; see {log}")
            for log in folder.glob("*.log"):
                rotate(log)


def _how_to_write(settings: Settings) -> str:
    """Return the place of the password for corrections."""
    if settings.web_token:
        return "the password is SINOWIRE_WEB_TOKEN"
    return f"the password is in {settings.data / 'web-token'}"


def _say(report: Say, line: str) -> None:
    """Report a line of a part's log, a JSON object unchanged."""
    if is_json():
        sys.stderr.write(f"{line}\n")
    elif line.strip():
        report(line)


def _python(
    home: Path, name: str, module: str, *words: str, env: Mapping[str, str]
) -> UpPart:
    return UpPart(
        name=name,
        command=[sys.executable, "-m", module, str(home), *words],
        env=child_environment({**env, FOLLOW: "1"}, without=DATABASE),
    )


def _desk(home: Path, port: int | None, runs_url: str) -> UpPart:
    program = [sys.executable, "-m", "flows.console.cli", "--home", str(home)]
    chosen = free_port(DESK_PORT) if port is None else port
    return UpPart(
        name="desk",
        command=[*program, "web", "--port", str(chosen)],
        is_of_runs=False,
        # It is read by many, and gets no sign-in to what runs code, and no key to a bucket.
        env=child_environment({RUNS: runs_url}, without=(*DATABASE, *BUCKET, ASKED, SENT)),
    )


@contextlib.contextmanager
def _stop_event() -> Iterator[threading.Event]:
    """Yield an event that Ctrl-C and SIGTERM set, instead of ending the process."""
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
    try:
        with held(data / "up.lock", command="sinowire up", wait=0):
            yield
    except WarehouseBusy as exc:
        raise PrefectError(
            f"sinowire is up already on {data}: {exc.holder}; stop that one first"
        ) from exc
