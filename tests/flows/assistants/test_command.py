"""``sinowire mcp`` where it cannot serve."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.console.cli import main

pytestmark = pytest.mark.slow


def test_without_the_extra_it_says_how_to_install_it(
    home, without_mcp, monkeypatch, capsys
):
    """In a sentence, as a wrong request."""
    monkeypatch.setattr(sys, "argv", ["sinowire", "--home", str(home), "mcp"])
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert "pip install '.[mcp]'" in capsys.readouterr().err


def test_ctrl_c_ends_it(home):
    """While it waits for a line that does not come; only answers stand on its output."""
    root = str(Path(__file__).parents[3])
    ping = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    with subprocess.Popen(
        [sys.executable, "-m", "flows.console.cli", "--home", str(home), "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
    ) as process:
        process.stdin.write(f"{ping}\n".encode())
        process.stdin.flush()
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)

        assert json.loads(first)["id"] == 1
        assert (code, process.stdout.read()) == (130, b"")
        assert process.stderr.read() == b"\nstopped\n"
