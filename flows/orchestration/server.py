"""A Prefect server of our own, on loopback, for as long as we need it."""

from __future__ import annotations

import base64
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from flows.channels import REFUSALS, SENT, answers, is_healthy
from flows.orchestration.children import child, wait_until
from flows.orchestration.environment import (
    child_environment,
    free_port,
    listens_as_us,
    prefect_environment,
)
from flows.orchestration.sign_in import ASKED, FILE, kept_sign_in
from transforms.config import ConfigError
from warehouse.file.private import OURS_ALONE, private_folder

FOLDER = "prefect"

START_SECONDS = 120.0
DRAIN_SECONDS = 10.0


class PrefectError(Exception):
    """Prefect is not there or did not start; the message says where to look."""


class PortTakenError(PrefectError):
    """Another server took the port between our look at it and our start."""


@contextlib.contextmanager
def prefect_server(data: Path, port: int | None = None) -> Iterator[dict[str, str]]:
    """Run a server that is ours alone.

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
    """Let logs and events of flows that ran in this process reach the server."""
    if "prefect" not in sys.modules:
        return
    from prefect.events.worker import EventsWorker  # noqa: PLC0415  loaded already
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=DRAIN_SECONDS)


def _knows(api_url: str, sign_in: str) -> bool:
    """Return whether the server there takes *sign_in*: the one of another run does not."""
    # As Prefect's clients send it, with a colon in it or without.
    basic = base64.b64encode(sign_in.encode()).decode()
    return answers(f"{api_url}/admin/version", {"Authorization": f"Basic {basic}"})


DIRECTLY = ", or run without it: sinowire run --direct"


def require_server(around: str = DIRECTLY) -> str:
    """Return the configured API's address.

    Raises:
        PrefectError: It does not answer, or refuses us; names it and the way *around* it.
        ConfigError: None is configured.
    """
    # Before prefect is imported, which else tells its makers of us.
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
        is_wrong = f"takes no {SENT} as it is set"
        refused = is_wrong if SENT in os.environ else "does not know us"
        raise PrefectError(
            f"PREFECT_API_URL is {url} and the Prefect server there {refused}; "
            f"set {SENT} to its {ASKED} (`sinowire up` keeps that of its own "
            f"server in data/{FOLDER}/{FILE}){around}"
        )
    return url


def _lets_us_in() -> bool:
    """Return whether the server takes the sign-in or key of Prefect's settings.

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
