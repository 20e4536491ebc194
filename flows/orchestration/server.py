"""Private Prefect server on loopback, for as long as it is needed.

It has its own folder, logs little and sends no telemetry. Its credentials allow anyone to
run code as this user.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flows.orchestration.children import child, wait_until
from flows.prefect_channels import REFUSALS, SENT, answers, is_healthy
from transforms.config import ConfigError
from warehouse.file.lock import OURS_ALONE, PRIVATE_FILE, private_folder

FOLDER = "prefect"
START_SECONDS = 120.0
DRAIN_SECONDS = 10.0
DIRECTLY = ", or run without it: sinowire run --direct"
DEFAULT_PORT = 4200
# What the server alone needs: who has it can change every run that is to come.
DATABASE = (
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    "PREFECT_SERVER_DATABASE_PASSWORD",
    # Their former names, which Prefect still heeds.
    "PREFECT_API_DATABASE_CONNECTION_URL",
    "PREFECT_API_DATABASE_PASSWORD",
)
LEVEL = "PREFECT_LOGGING_LEVEL"
# What only who writes to a lake in a bucket needs.
BUCKET = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# The kernel's table of TCP sockets; 0A is "listening".
LISTENERS = Path("/proc/net/tcp")
# Seconds between heartbeats of a flow run; a run that misses three is dead.
HEARTBEAT_SECONDS = 30
# Flow runs of the page; the runs themselves are in the warehouse for good.
RUNS_KEPT = timedelta(days=7)
SIGN_IN_FILE = "sign-in"
# What the server asks for, and what clients send: ``user:password``, in one piece.
ASKED = "PREFECT_SERVER_API_AUTH_STRING"
_BYTES = 32


class PrefectError(Exception):
    """Prefect is missing or did not start; the message names its log."""


class PortTakenError(PrefectError):
    """Another server took the port after it was found free."""


@contextlib.contextmanager
def prefect_server(data: Path, port: int | None = None) -> Iterator[dict[str, str]]:
    """Run a private Prefect server.

    Yields the environment in which this process may import prefect, and others, to whom
    it is handed, may be its clients.

    Raises:
        PrefectError: It did not answer in time; names its log.
    """
    chosen = free_port() if port is None else port or free_port(0)
    folder = private_folder(data / FOLDER)
    with kept_sign_in(folder) as sign_in, contextlib.ExitStack() as stack:
        try:
            env = stack.enter_context(_server(folder, sign_in, port=chosen))
        except PortTakenError:
            if port:
                raise
            env = stack.enter_context(_server(folder, sign_in, port=free_port(0)))
        yield env
        _send_what_is_queued()


@contextlib.contextmanager
def _server(folder: Path, sign_in: str, *, port: int) -> Iterator[dict[str, str]]:
    env = prefect_environment(folder, port, sign_in)
    log = folder / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start"]
    options = ["--host", "127.0.0.1", "--port", str(port)]
    starting = child(
        [*command, *options], env=child_environment(env), log=log, umask=OURS_ALONE
    )
    with starting as process:

        def is_up() -> bool:
            # Check the port's owner first: nobody else may receive the sign-in.
            return listens_as_us(port) and _knows(env["PREFECT_API_URL"], sign_in)

        if not wait_until(is_up, process, seconds=START_SECONDS):
            problem = f"the Prefect server did not start on port {port}; see {log}"
            taken = process.poll() is not None and is_healthy(env["PREFECT_API_URL"])
            raise (PortTakenError if taken else PrefectError)(problem)
        yield env


def _send_what_is_queued() -> None:
    """Flush queued logs and events of flows in this process to the server."""
    if "prefect" not in sys.modules:
        return
    from prefect.events.worker import EventsWorker  # noqa: PLC0415  loaded already
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=DRAIN_SECONDS)


def _knows(api_url: str, sign_in: str) -> bool:
    """Tell whether the server accepts *sign_in*; the one of another run does not."""
    # As Prefect's clients send it, with a colon in it or without.
    basic = base64.b64encode(sign_in.encode()).decode()
    return answers(f"{api_url}/admin/version", {"Authorization": f"Basic {basic}"})


def require_server(around: str = DIRECTLY) -> str:
    """Return the configured API's address, once the server answers.

    Raises:
        PrefectError: It does not answer, or refuses us; names it and the way *around* it.
        ConfigError: None is configured.
    """
    # Before the import of prefect, which otherwise sends telemetry.
    os.environ.setdefault("DO_NOT_TRACK", "1")
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        raise ConfigError(
            "PREFECT_API_URL",
            "is not in the environment, so there is no Prefect server to work for",
            "set it, and PREFECT_API_AUTH_STRING, as docs/howto/many-machines.md tells",
        )
    if not is_healthy(url):
        raise PrefectError(
            f"PREFECT_API_URL is {url} and no Prefect server answers there; start "
            f"it{around}"
        )
    if not _lets_us_in():
        is_wrong = f"refuses the {SENT} that is set"
        refused = is_wrong if SENT in os.environ else "asks for a sign-in"
        raise PrefectError(
            f"PREFECT_API_URL is {url} and the Prefect server there {refused}; "
            f"set {SENT} to its {ASKED} (the server of `sinowire up` has it in "
            f"data/{FOLDER}/{SIGN_IN_FILE}){around}"
        )
    return url


def _lets_us_in() -> bool:
    """Tell whether the server accepts the credentials of Prefect's settings.

    The settings may come from a profile of Prefect's as well as from the environment.
    """
    from prefect.client.orchestration import get_client  # noqa: PLC0415  seconds
    from prefect.exceptions import PrefectHTTPStatusError  # noqa: PLC0415

    try:
        with get_client(sync_client=True) as client:
            client.request("POST", "/flows/count")
    except PrefectHTTPStatusError as exc:
        return exc.response.status_code not in REFUSALS
    return True


def prefect_environment(folder: Path, port: int, sign_in: str) -> dict[str, str]:
    """Return the variables of a Prefect server whose data is in *folder*.

    Its server, at *port* of the loopback address, wants *sign_in* of everybody, and no
    page but its own may speak to it from a browser. Its clients send *sign_in*.
    """
    return {
        **client_environment(folder),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        ASKED: sign_in,
        SENT: sign_in,
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": ",".join(
            f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")
        ),
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
        # ISO 8601: a bare number breaks every import of prefect.
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P2D",
        # By default Prefect deletes old events and keeps all else.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(
            int(RUNS_KEPT.total_seconds())
        ),
    }


def client_environment(folder: Path) -> dict[str, str]:
    """Return the variables of the flows' processes, whose data is in *folder*."""
    return {
        "PREFECT_HOME": str(folder.resolve()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # Of its own doings Prefect says what is wrong, unless the user asks for more.
        LEVEL: os.environ.get(LEVEL) or "WARNING",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
        "PREFECT_CLI_PROMPT": "false",
    }


def runs_logged() -> dict[str, str]:
    """Return the variables that send flow runs' logs to the page and the log.

    There are none if the user set how much Prefect logs.
    """
    if os.environ.get(LEVEL):
        return {}
    loggers = ("FLOW_RUNS", "TASK_RUNS")
    return {f"PREFECT_LOGGING_LOGGERS_PREFECT_{each}_LEVEL": "INFO" for each in loggers}


def child_environment(
    extra: Mapping[str, str], *, without: Collection[str] = ()
) -> dict[str, str]:
    """Return this process's environment with *extra* added, *without* left out."""
    ours = {name: value for name, value in os.environ.items() if name not in without}
    return {**ours, **extra}


def listens_as_us(port: int) -> bool:
    """Tell whether the listener on the loopback address at *port* is of this user.

    Another one could have taken the port after we looked, and would be handed the sign-in
    and hand our runner code. Only Linux tells; elsewhere it is taken for granted.
    """
    if not LISTENERS.exists():
        return True
    here = int.from_bytes(socket.inet_aton("127.0.0.1"), sys.byteorder)
    rows = [line.split() for line in LISTENERS.read_text().splitlines()]
    return any(
        (address, state, owner) == (f"{here:08X}:{port:04X}", "0A", str(os.getuid()))
        for _, address, _, state, _, _, _, owner, *_ in rows[1:]
    )


def free_port(preferred: int = DEFAULT_PORT) -> int:
    """Return *preferred* where it is free, else another free port."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # As the server will: a port in TIME_WAIT is free, a listener's is not.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


@contextmanager
def kept_sign_in(folder: Path) -> Iterator[str]:
    """Yield the credentials for one start of a server whose data is in *folder*.

    One that the environment gives is used as it is, and written nowhere. Else it is made
    anew and is in a file, for its owner alone, for as long as the server runs.

    Raises:
        ConfigError: The environment's is one that Prefect cannot compare.
    """
    if name := _given():
        yield _comparable(name, os.environ[name])
        return
    sign_in = f"sinowire:{secrets.token_urlsafe(_BYTES)}"
    file = folder / SIGN_IN_FILE
    # A file left there may be readable by other users.
    file.unlink(missing_ok=True)
    file.touch(PRIVATE_FILE, exist_ok=False)
    file.write_text(f"{sign_in}\n", encoding="utf-8")
    try:
        yield sign_in
    finally:
        file.unlink(missing_ok=True)


def how_to_sign_in(folder: Path, sign_in: str, *, is_terminal: bool) -> str:
    """Return the hint on signing in; the secret itself goes to a terminal only."""
    if name := _given():
        return f"sign in with what {name} holds"
    if is_terminal:
        return f"sign in with: {sign_in}"
    return (
        f"sign in with what is in {folder / SIGN_IN_FILE}, which its owner alone can read"
    )


def _comparable(name: str, sign_in: str) -> str:
    if not sign_in.isascii():
        raise ConfigError(
            name,
            "holds other characters than ASCII's, which Prefect cannot compare",
            "choose another user:password",
        )
    return sign_in


def _given() -> str | None:
    """Return the name of the variable with the credentials, None if none is set."""
    return next((name for name in (ASKED, SENT) if os.environ.get(name)), None)
