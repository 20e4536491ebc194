"""Lakes for tests: an empty one, migrated once, that each test gets a copy of."""

from __future__ import annotations

import itertools
import shutil

import pytest

from warehouse.lake.address import LakeAddress
from warehouse.lake.writer import writer

_numbers = itertools.count(1)


def pytest_addoption(parser):
    """Let the suite be run on a lake as on a file: to migrate is for both."""
    parser.addoption(
        "--warehouse",
        choices=("file", "lake"),
        default="file",
        help="what the tests of the warehouse and of flows write to",
    )


@pytest.fixture(scope="session")
def is_on_lake(request):
    """Whether the suite is to write to lakes."""
    return request.config.getoption("--warehouse") == "lake"


@pytest.fixture(scope="session")
def template_lake(postgres, tmp_path_factory):
    """An empty, migrated lake: its database and its folder."""
    folder = tmp_path_factory.mktemp("template_lake")
    address = LakeAddress(postgres.make_database("template_lake"), folder)
    with writer(tmp_path_factory.mktemp("host"), address, command="test"):
        pass
    return address


@pytest.fixture
def make_lake(postgres, template_lake, tmp_path):
    """Make a lake of this test's own; it is migrated and empty."""
    made = []

    def make():
        name = f"lake{next(_numbers)}"
        postgres.sql(f"create database {name} template template_lake")
        made.append(name)
        folder = tmp_path / name
        shutil.copytree(template_lake.folder, folder)
        return LakeAddress(postgres.dsn(name), folder)

    yield make
    for name in made:
        postgres.sql(f"drop database {name} with (force)")


@pytest.fixture
def lake(make_lake):
    """One such lake."""
    return make_lake()


@pytest.fixture
def settings_of_lake(monkeypatch):
    """Let every home be one of a lake's hosts."""

    def set_for(lake):
        monkeypatch.setenv("SINOWIRE_WAREHOUSE", f"ducklake:postgres:{lake.catalog}")
        monkeypatch.setenv("SINOWIRE_LAKE", str(lake.folder))

    return set_for
