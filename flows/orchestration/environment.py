"""The environment in which Prefect runs for us: its own folder, quiet, no tracking."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path

from flows.channels import SENT
from flows.orchestration.sign_in import ASKED

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


def prefect_environment(folder: Path, port: int, sign_in: str) -> dict[str, str]:
    """Return the variables of a Prefect that keeps its data in *folder*.

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
    """Return the variables of flows that run for us, whose own data is in *folder*."""
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
    """Return the variables by which what flow runs say is on the page and in the log.

    There are none where the user said for himself how much Prefect is to log.
    """
    if os.environ.get(LEVEL):
        return {}
    loggers = ("FLOW_RUNS", "TASK_RUNS")
    return {f"PREFECT_LOGGING_LOGGERS_PREFECT_{each}_LEVEL": "INFO" for each in loggers}


def child_environment(
    extra: Mapping[str, str], *, without: Collection[str] = ()
) -> dict[str, str]:
    """Return this process's environment with *extra* on top, *without* some of it."""
    ours = {name: value for name, value in os.environ.items() if name not in without}
    return {**ours, **extra}


def listens_as_us(port: int) -> bool:
    """Return whether it is this user who listens on the loopback address at *port*.

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
    """Return *preferred* where nobody listens on it, else a port that is free."""
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
