"""A Prefect server of our own, on loopback, for as long as we need it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

from flows.orchestration.children import child, wait_until
from flows.orchestration.environment import (
    child_environment,
    free_port,
    prefect_environment,
)

START_SECONDS = 120.0
DRAIN_SECONDS = 10.0


class PrefectError(Exception):
    """Prefect is not there or did not start; the message says where to look."""


@contextlib.contextmanager
def prefect_server(data: Path, port: int | None = None) -> Iterator[dict[str, str]]:
    """Run a server; yields the environment in which this process may import prefect.

    Raises:
        PrefectError: It did not answer in time; names its log.
    """
    chosen = free_port() if port is None else port or free_port(0)
    env = prefect_environment(data, chosen)
    log = data / "prefect" / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start"]
    options = ["--host", "127.0.0.1", "--port", str(chosen)]
    with child([*command, *options], env=child_environment(env), log=log) as process:
        if not wait_until(
            lambda: is_healthy(env["PREFECT_API_URL"]), process, seconds=START_SECONDS
        ):
            raise PrefectError(
                f"the Prefect server did not start on port {chosen}; see {log}"
            )
        yield env
        _send_what_is_queued()


def _send_what_is_queued() -> None:
    """Let logs and events of flows that ran in this process reach the server."""
    if "prefect" not in sys.modules:
        return
    from prefect.events.worker import EventsWorker  # noqa: PLC0415  loaded already
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=DRAIN_SECONDS)


def is_healthy(api_url: str) -> bool:
    """Return whether a Prefect server answers at *api_url*."""
    try:
        answer = httpx.get(f"{api_url.rstrip('/')}/health", timeout=5, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.is_success


def require_server() -> str:
    """Return the configured API's address.

    Raises:
        PrefectError: It does not answer; names it and the way around it.
    """
    url = os.environ["PREFECT_API_URL"]
    if not is_healthy(url):
        raise PrefectError(
            f"PREFECT_API_URL is {url} and no Prefect server answers there; start it, "
            "or run without it: sinowire run --direct"
        )
    return url
