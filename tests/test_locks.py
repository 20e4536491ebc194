"""What is installed is pinned with hashes, the package's own builder included."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
LOCKS = tuple(
    f"requirements{part}.lock" for part in ("", "-run", "-build", "-duckdb2", "-sbom")
)


def pinned(name):
    """Return the version of each package of a lock file, and how many hashes it has."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    found = {}
    for block in filter(None, map(str.strip, blocks)):
        package, version = re.match(r"([\w.-]+)(?:\[[^]]*\])?==([\w.]+)", block).groups()
        found[package] = (version, block.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_hashes_and_no_address(name):
    """An index that changes a file behind its version is found out."""
    assert pinned(name)
    assert all(hashes for _, hashes in pinned(name).values())
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_builder_is_the_one_that_is_locked():
    """A build from elsewhere takes the version that `make setup` has."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    version, _ = pinned("requirements-build.lock")["hatchling"]

    assert project["build-system"]["requires"] == [f"hatchling=={version}"]


def test_locks_agree():
    """The two that go into one environment have one version of each package."""
    both, build = pinned("requirements.lock"), pinned("requirements-build.lock")

    assert {name: both[name] for name in both.keys() & build.keys()} == {
        name: build[name] for name in both.keys() & build.keys()
    }


def test_make_installs_nothing_else():
    """Each installation checks hashes, builds with what is here, or is of our wheel."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    uses = re.findall(
        r"^\s+@\$\(call (?:environment|packages),(.*)\)$", makefile, re.MULTILINE
    )

    ours = "$@,--no-deps dist/*.whl"
    assert len(uses) == 6
    assert all(
        "--no-deps --require-hashes" in use or "--no-build-isolation" in use or use == ours
        for use in uses
    )


def test_locks_lack_nothing():
    """Installed as they are, without a resolver: whatever a package needs is in them."""
    assert not [
        (package.name, str(needed))
        for package in metadata.distributions()
        for needed in map(Requirement, package.requires or ())
        if needed.marker is None or needed.marker.evaluate({"extra": ""})
        if not _has(needed)
    ]


def test_extras_are_called_as_their_packages_call_them():
    """`pip` looks for no other spelling, and warned at each installation."""
    for name in LOCKS:
        assert "lxml[html-clean]" not in (ROOT / name).read_text("utf-8")


def test_floors_keep_known_faults_out():
    """Of a package whose older versions have one, for installations by other means."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    needed = map(Requirement, project["dependencies"])
    floors = {each.name: each.specifier for each in needed}

    assert "1.0.0" not in floors["starlette"]


def _has(needed):
    try:
        return needed.specifier.contains(metadata.version(needed.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return False


def test_what_is_shipped_is_what_is_tested():
    """An installation's packages are those of the environment that tests ran in."""
    tested = pinned("requirements.lock")

    for name, (version, _) in pinned("requirements-run.lock").items():
        assert tested[name][0] == version, name
