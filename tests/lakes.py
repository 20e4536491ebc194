"""Lakes for tests: an empty one, migrated once, that each test gets a copy of."""

from __future__ import annotations

import itertools
import shutil

import pytest

from warehouse.file.connect import transaction
from warehouse.lake import replica
from warehouse.lake.address import LakeAddress
from warehouse.lake.replica import refresh_replica
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
    host = tmp_path_factory.mktemp("host")
    with writer(host, address, command="test") as con, transaction(con):
        pass
    return address


@pytest.fixture(scope="session")
def template_replica(template_lake, tmp_path_factory):
    """A host's copy of that lake, which is as well one of each copy of the lake."""
    host = tmp_path_factory.mktemp("host_of_template")
    return refresh_replica(host, template_lake, command="test")


@pytest.fixture
def replicas_begun(template_replica, monkeypatch):
    """Let a host's copy of a lake begin as that one, and be brought up to date."""
    refresh = replica.refresh

    def refresh_copy(data, address, *, command):
        path = data / replica.REPLICA_NAME
        if not path.exists():
            shutil.copyfile(template_replica, path)
        return refresh(data, address, command=command)

    monkeypatch.setattr(replica, "refresh", refresh_copy)


@pytest.fixture
def make_lake(postgres, template_lake, tmp_path_factory):
    """Make a lake of this test's own; it is migrated and empty."""
    made = []

    def make():
        name = f"lake{next(_numbers)}"
        postgres.sql(f"create database {name} template template_lake")
        made.append(name)
        folder = tmp_path_factory.mktemp(name) / "rows"
        shutil.copytree(template_lake.folder, folder)
        return LakeAddress(postgres.dsn(name), folder)

    yield make
    for name in made:
        postgres.sql(f"drop database {name} with (force)")


@pytest.fixture
def lake(make_lake):
    """One such lake."""
    return make_lake()


@pytest.fixture(scope="session")
def make_home_once(make_once, is_on_lake, request, tmp_path_factory):
    """Fill a home once, as ``make_once`` does; on a lake where the suite is run on lakes.

    Whoever asks for it reads what that home published.
    """

    def make(name, fill):
        def fill_on_lake(home):
            catalog = request.getfixturevalue("postgres").make_database(name)
            with pytest.MonkeyPatch.context() as environment:
                _set(environment, LakeAddress(catalog, tmp_path_factory.mktemp(name)))
                fill(home)

        return make_once(name, fill_on_lake if is_on_lake else fill)

    return make


@pytest.fixture
def settings_of_lake(monkeypatch):
    """Let every home be one of a lake's hosts."""
    return lambda lake: _set(monkeypatch, lake)


def _set(environment, lake):
    environment.setenv("SINOWIRE_WAREHOUSE", f"ducklake:postgres:{lake.catalog}")
    environment.setenv("SINOWIRE_LAKE", str(lake.folder))
