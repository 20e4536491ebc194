"""The environment in which Prefect runs for us: its own folder, quiet, no tracking."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

DEFAULT_PORT = 4200

# Seconds between heartbeats of a flow run; a run that misses three is dead.
HEARTBEAT_SECONDS = 30


def prefect_environment(data: Path, port: int) -> dict[str, str]:
    """Return the variables of a Prefect that keeps its data in *data*/prefect."""
    return {
        "PREFECT_HOME": str((data / "prefect").resolve()),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
        # ISO 8601: a bare number breaks every import of prefect.
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P2D",
        "PREFECT_CLI_PROMPT": "false",
    }


def child_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with *extra* on top."""
    return {**os.environ, **extra}


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
