"""The units of ``packaging/systemd``, as systemd itself reads them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
UNITS = sorted((ROOT / "packaging/systemd").glob("*.service"))
INSTALLED = "/opt/sinowire/bin/sinowire"
# Of ten, ten being a service that may do all that root may. Ours have 1.4.
EXPOSURE = "20"


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """The units, with a program in place of ours: one that is not there is an error."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    folder = tmp_path_factory.mktemp("units")
    for unit in UNITS:
        text = unit.read_text("utf-8")
        assert text.count(f"ExecStart={INSTALLED} ") == 1
        text = text.replace(INSTALLED, sys.executable)
        (folder / unit.name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def analyze(*args):
    done = subprocess.run(
        ["systemd-analyze", *args], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_systemd_finds_nothing_wrong(units):
    """No misspelt key, no value that it would pass over with a line in the journal."""
    assert [unit.name for unit in units] == [
        *("sinowire-web.service", "sinowire-worker@.service", "sinowire.service"),
    ]
    assert analyze("verify", *map(str, units)) == (0, "")


def test_a_unit_may_do_little(units):
    """What a break-in could reach, by systemd's own count."""
    for unit in units:
        code, said = analyze(
            "security", "--offline=true", f"--threshold={EXPOSURE}", str(unit)
        )
        assert code == 0, said[-600:]


def test_each_writes_to_its_data_alone():
    """The desk not even to the files that people edit."""
    written = {
        unit.name: [
            line.partition("=")[2]
            for line in unit.read_text("utf-8").splitlines()
            if line.startswith("ReadWritePaths=")
        ]
        for unit in UNITS
    }

    assert written == {
        "sinowire.service": ["/var/lib/sinowire"],
        "sinowire-web.service": ["/var/lib/sinowire/data"],
        "sinowire-worker@.service": ["/var/lib/sinowire"],
    }
