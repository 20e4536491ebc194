"""The units of ``packaging/systemd``, as systemd itself reads them, and what they may."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.home import write_starters

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
UNITS = sorted((ROOT / "packaging/systemd").glob("*.service"))
HOWTO = (ROOT / "docs/howto/many-machines.md").read_text("utf-8")
SYSTEMD = (ROOT / "docs/howto/systemd.md").read_text("utf-8")
PROGRAMS = ("/opt/sinowire/bin/sinowire", "/opt/sinowire/bin/prefect", "/usr/bin/ssh")
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
        [program] = re.findall(r"^ExecStart=(\S+) ", text, re.MULTILINE)
        assert program in PROGRAMS
        text = text.replace(f"={program} ", f"={sys.executable} ")
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
        *("sinowire-prefect.service", "sinowire-tunnel@.service", "sinowire-web.service"),
        *("sinowire-worker@.service", "sinowire.service"),
    ]
    assert analyze("verify", *map(str, units)) == (0, "")


def test_a_unit_may_do_little(units):
    """What a break-in could reach, by systemd's own count."""
    for unit in units:
        code, said = analyze(
            "security", "--offline=true", f"--threshold={EXPOSURE}", str(unit)
        )
        assert code == 0, said[-600:]


def values(unit, key):
    """What the unit says by that key, a line each."""
    text = unit.read_text("utf-8").replace("\\\n", "")
    pairs = (line.partition("=") for line in text.splitlines())
    return [value.strip() for name, _, value in pairs if name == key]


def test_each_writes_to_its_data_alone():
    """The desk not even to the files that people edit; to a lake's folder who fills it."""
    written = {unit.name: values(unit, "ReadWritePaths") for unit in UNITS}

    assert written == {
        "sinowire.service": ["/var/lib/sinowire -/mnt/lake"],
        "sinowire-web.service": ["/var/lib/sinowire/data"],
        "sinowire-worker@.service": ["/var/lib/sinowire -/mnt/lake"],
        "sinowire-prefect.service": [],
        "sinowire-tunnel@.service": [],
    }
    assert all(values(unit, "ProtectSystem") == ["strict"] for unit in UNITS)


def test_each_has_its_own_secrets():
    """The desk none of the pipeline's, and nobody Prefect's database but its server."""
    read = {unit.name: values(unit, "EnvironmentFile") for unit in UNITS}

    assert read == {
        "sinowire.service": ["-/etc/sinowire.env", "-/etc/sinowire-web.env"],
        "sinowire-web.service": ["-/etc/sinowire-web.env"],
        "sinowire-worker@.service": ["-/etc/sinowire.env", "-/etc/sinowire-web.env"],
        "sinowire-prefect.service": ["/etc/prefect.env"],
        "sinowire-tunnel@.service": [],
    }
    for file in {file.lstrip("-") for files in read.values() for file in files}:
        assert file in HOWTO + SYSTEMD


def test_units_and_how_to_have_the_same_folders():
    """The how-to's home, its lake, and the port at which the server is reached."""
    by_name = {unit.name: unit for unit in UNITS}
    worker, tunnel = (
        by_name["sinowire-worker@.service"],
        by_name["sinowire-tunnel@.service"],
    )
    [lake] = re.findall(r'^lake = "(/[^"]+)"$', HOWTO, re.MULTILINE)
    [home] = values(worker, "WorkingDirectory")

    assert values(worker, "ReadWritePaths") == [f"{home} -{lake}"]
    assert values(worker, "RequiresMountsFor") == [lake]
    assert f"cd {home}\n" in HOWTO
    assert "PREFECT_API_URL=http://127.0.0.1:4200/api" in HOWTO
    assert " -L 127.0.0.1:4200:127.0.0.1:4200 " in values(tunnel, "ExecStart")[0]
    for name in by_name:
        assert name.removesuffix(".service") in HOWTO + SYSTEMD


@pytest.fixture
def sandboxed(tmp_path):
    """Run a command of ours as a unit would, which writes to its ReadWritePaths alone.

    The folders that it names are empty ones, in a mount namespace of the command.
    """
    probe = ["unshare", "--mount", "true"]
    if os.getuid() or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("needs root, to make mount namespaces")
    for folder in ("var/lib/sinowire", "mnt/lake"):
        (tmp_path / folder).mkdir(parents=True)

    def run(name, *words, **env):
        unit = ROOT / "packaging/systemd" / name
        [home] = values(unit, "WorkingDirectory")
        listed = " ".join(values(unit, "ReadWritePaths")).split()
        paths = [path.removeprefix("-") for path in listed]
        command = [sys.executable, "-m", "flows.console.cli", *map(str, words)]
        script = [
            *(f"mount --bind {tmp_path}{at} {at}" for at in ("/var/lib", "/mnt")),
            *(f"mkdir -p {path}; mount --bind {path} {path}" for path in paths),
            "for at in / /tmp /var/lib /mnt; do",
            "mountpoint -q $at || mount --bind $at $at; mount -o remount,bind,ro $at; done",
            f"cd {home}",
            f"exec {shlex.join(command)}",
        ]
        return subprocess.run(
            [
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-ec",
                "\n".join(script),
            ],
            env={**os.environ, "SINOWIRE_HOME": home, "PYTHONPATH": str(ROOT), **env},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def its_home(sandboxed, tmp_path):
    """The home that units name, which polls nothing."""
    folder = tmp_path / "var/lib/sinowire"
    write_starters(folder)
    (folder / "feeds.toml").write_text("")
    return folder


def test_a_unit_writes_to_its_home(sandboxed, its_home, tmp_path):
    """And nowhere else: what it is told to write elsewhere is refused."""
    done = sandboxed("sinowire.service", "run", "--direct")
    assert done.returncode == 0, done.stderr
    assert (its_home / "data/sinowire.duckdb").is_file()

    done = sandboxed("sinowire.service", "backup", tmp_path / "copy.duckdb")
    assert done.returncode == 1
    assert "copy.duckdb" in done.stderr
    assert not (tmp_path / "copy.duckdb").exists()


@pytest.mark.lake
@pytest.mark.long
def test_a_worker_writes_to_the_lake_of_the_how_to(sandboxed, its_home, tmp_path, lake):
    """Whose unit does not name the folder is told that, and not to see to its owner."""
    shutil.copytree(lake.folder, tmp_path / "mnt/lake", dirs_exist_ok=True)
    env = {
        "SINOWIRE_WAREHOUSE": f"ducklake:postgres:{lake.catalog}",
        "SINOWIRE_LAKE": "/mnt/lake",
    }

    done = sandboxed("sinowire-web.service", "run", "--direct", **env)
    assert done.returncode == 1
    assert "/mnt/lake, the lake's folder, is mounted read-only" in done.stderr
    assert "ReadWritePaths=" in done.stderr
    done = sandboxed("sinowire-worker@.service", "run", "--direct", **env)
    assert done.returncode == 0, done.stderr
    assert (its_home / "data/sinowire.duckdb").is_file()
