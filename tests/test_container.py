"""What the container files promise; ``make test-container`` builds the image itself."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ENTRYPOINT = ROOT / "packaging/container/entrypoint"


@pytest.fixture(scope="module")
def services():
    """The services of compose.yaml, their shared parts merged in."""
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]


def test_nothing_is_published_beyond_this_machine(services):
    """And but for the desks nothing at all."""
    ports = {name: s["ports"] for name, s in services.items() if "ports" in s}

    assert ports == {
        "desk": ["127.0.0.1:8330:8330"],
        "lake-desk": ["127.0.0.1:8331:8330"],
    }


def test_our_services_may_do_little(services):
    """A root that is only read, no rights, none to gain."""
    ours = [s for s in services.values() if s["image"].startswith("sinowire")]

    assert len(ours) == 6
    for service in ours:
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_each_has_a_bound(services):
    """What runs away is ended, and not what stands beside it."""
    assert not [name for name, s in services.items() if not s.get("mem_limit")]
    assert not [name for name, s in services.items() if not s.get("pids_limit")]


def test_images_of_others_can_be_named_by_digest(services):
    """A variable each, as a digest is looked up where the registry is."""
    ours = [s for s in services.values() if "build" in s]

    assert {s["build"]["args"]["BASE"] for s in ours} == {
        "${PYTHON_IMAGE:-python:3.13-slim-trixie}"
    }
    assert [s["image"] for s in services.values() if "build" not in s] == [
        "${POSTGRES_IMAGE:-postgres:17-trixie}"
    ]


def test_the_server_is_the_one_of_the_how_to(services):
    """Its page alone may speak to it, and what it keeps has an end."""
    howto = (ROOT / "docs/howto/many-machines.md").read_text("utf-8")
    told = dict(
        re.findall(r"^(PREFECT_SERVER_\w+|DO_NOT_TRACK)=(.+)$", howto, re.MULTILINE)
    )
    secret = {"PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_SERVER_API_AUTH_STRING"}

    assert len(told) == 8
    assert secret < told.keys()
    env = services["prefect"]["environment"]
    assert {k: v for k, v in told.items() if k not in secret}.items() <= env.items()


def test_a_step_that_fails_ends_the_build():
    """``A && B || true`` goes on where A fails, so what may fail is a step of its own."""
    steps = re.split(
        r"^(?=[A-Z]+ )", (ROOT / "Containerfile").read_text("utf-8"), flags=re.MULTILINE
    )

    forgiving = [step for step in steps if step.startswith("RUN") and "||" in step]
    assert len(forgiving) == 1
    assert "compileall" in forgiving[0]
    assert "&&" not in forgiving[0]


def test_each_is_asked_for_what_it_is(services):
    """The image's own health check is a desk's, and podman builds images without one."""
    asked = {name: str(s["healthcheck"]["test"]) for name, s in services.items()}

    assert {name for name, test in asked.items() if "8330/healthz" in test} == {
        "desk",
        "lake-desk",
    }


def test_secrets_come_from_files_that_are_asked_for(services):
    """None stands in the file, and each that is named is mounted."""
    for name, service in services.items():
        env = service.get("environment", {})
        named = {v.rpartition("/")[2] for k, v in env.items() if k.endswith("_FILE")}

        assert named == set(service.get("secrets", ())), name
        assert not [k for k in env if k.endswith(("TOKEN", "PASSWORD", "STRING"))], name


def test_secrets_are_copied_into_no_layer():
    """Docker knows no .containerignore, podman and buildah read both."""
    assert "secrets" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert not (ROOT / ".containerignore").exists()


@pytest.fixture
def start(tmp_path):
    """Run the entrypoint with programs that print what they are given."""
    for program in ("sinowire", "prefect"):
        made = tmp_path / program
        made.write_text(f'#!/bin/sh\necho "{program} $* token=[$X_TOKEN] $X_TOKEN_FILE"\n')
        made.chmod(0o755)

    def run(*args, secret="/run/secrets/nothing-there"):
        env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "X_TOKEN_FILE": secret}
        return subprocess.run(
            [ENTRYPOINT, *args], env=env, capture_output=True, text=True, check=False
        )

    return run


def test_the_entrypoint_runs_us_or_the_server(start):
    """A file elsewhere, such as SSL_CERT_FILE, is no secret of ours and stays."""
    done = start("up", "--no-web", secret="/etc/x")
    assert done.stdout == "sinowire up --no-web token=[] /etc/x\n", done.stderr
    done = start("prefect", "server", "start", secret="/etc/x")
    assert done.stdout == "prefect server start token=[] /etc/x\n"


def test_a_secret_that_is_not_there_is_an_error(start):
    """In place of a desk without a token."""
    done = start("web")

    assert (done.returncode, done.stdout) == (2, "")
    assert "X_TOKEN_FILE cannot be read" in done.stderr
