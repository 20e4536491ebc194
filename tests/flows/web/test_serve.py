"""Where the desk listens, and what it wants before it does."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from pydantic import SecretStr

from flows.settings import load_settings
from flows.web.server import (
    DEFAULT_PORT,
    ListenError,
    address_of,
    bound,
    check_open,
    is_short,
)
from transforms.config import ConfigError

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from flows.console.cli import main; main()"]


@pytest.mark.parametrize("listen", ["0.0.0.0", "::", "192.0.2.7", "desk.example", ""])
def test_beyond_this_machine_it_wants_a_token(tmp_path, listen):
    """And says how to give it one; one of 15 letters is told from one of 16."""
    settings = load_settings(tmp_path)
    for token in (None, "", "x", "x" * 15):
        given = {"web_token": token if token is None else SecretStr(token)}
        with pytest.raises(ConfigError, match="SINOWIRE_WEB_TOKEN"):
            check_open(settings.model_copy(update=given), listen)
    check_open(settings.model_copy(update={"web_token": SecretStr("x" * 16)}), listen)


@pytest.mark.parametrize("listen", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_this_machine_it_needs_none(tmp_path, listen):
    """Nobody else reaches these."""
    check_open(load_settings(tmp_path), listen)


def test_on_this_machine_a_short_token_is_told(tmp_path):
    """It is taken, since nobody else can try."""
    settings = load_settings(tmp_path)
    short, long = (
        settings.model_copy(update={"web_token": SecretStr("x" * n)}) for n in (1, 16)
    )
    check_open(short, "127.0.0.1")
    assert [is_short(each) for each in (settings, short, long)] == [False, True, False]


def test_a_token_in_the_file_is_refused(tmp_path):
    """A secret stands in no file that is backed up and shared."""
    (tmp_path / "sinowire.toml").write_text('web_token = "secret"\n')
    with pytest.raises(ConfigError, match="web_token"):
        load_settings(tmp_path)


def test_a_port_that_is_taken_is_told_or_gone_around(tmp_path):
    """One that was asked for is told; without one another is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ListenError, match=f"port {port}: .*--port"):
            bound("127.0.0.1", port)
    with bound("127.0.0.1", None) as first, bound("127.0.0.1", None) as second:
        assert address_of(first) != address_of(second)
        assert int(address_of(second).rpartition(":")[2]) != DEFAULT_PORT


def test_the_command_serves_until_it_is_told_to_end(desk):
    """It prints the address, answers there, and leaves with 0 on SIGTERM."""
    program = [*COMMAND, "--home", str(desk), "web", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        program, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            # The first start of a home tells of its password before.
            lines = map(re.compile(r"http://127\.0\.0\.1:\d+/").search, process.stderr)
            answer = httpx.get(next(filter(None, lines))[0], trust_env=False, timeout=30)
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        finally:
            process.kill()

    assert answer.status_code == 200
    assert process.returncode in (0, -signal.SIGTERM)
