"""Two hosts on one lake: what one brings, the other publishes, row for row."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from flows.home import load_config
from flows.settings import load_settings
from flows.steps.cycle import run
from flows.steps.warehouse import publish
from transforms.config import ConfigError
from warehouse.file.connect import PUBLISHED_NAME, open_published
from warehouse.file.lock import turn
from warehouse.lake.turn import LakeHolder
from warehouse.lake.writer import writer
from warehouse.upkeep.checks import run_checks

pytestmark = pytest.mark.lake
NOW = datetime(2026, 8, 4, 4, tzinfo=UTC)
TABLES = (
    "select table_name from duckdb_tables() where database_name = current_database()"
    " order by table_name"
)


@pytest.fixture
def hosts(home, tmp_path, lake, settings_of_lake):
    """Two homes alike, each with its own data, and one lake."""
    settings_of_lake(lake)
    other = tmp_path / "other"
    other.mkdir()

    def settings():
        for file in home.glob("*.toml"):
            shutil.copy(file, other / file.name)
        return load_settings(home), load_settings(other)

    return settings


def go(settings, now):
    return run(
        load_config(settings), now=now, report=lambda _: None, progress=lambda _: None
    )


def digests(settings):
    """Return rows and a digest of each published table, in whatever order rows lie."""
    with closing(open_published(settings.data / PUBLISHED_NAME)) as con:
        return {
            name: con.execute(
                f'select count(*), sum(hash(t)::hugeint) from "{name}" as t'
            ).fetchone()
            for (name,) in con.execute(TABLES).fetchall()
        }


@pytest.mark.long
def test_hosts_publish_the_same(hosts, web, subscribe):
    """News, an edited headline and a run that brings nothing: both copies are equal."""
    items = [
        (f"https://x.example/{n}", f"Baidu opens lab number {n}", dated(n))
        for n in range(5)
    ]
    web.feed("/good", *items)
    subscribe("/good")
    one, other = hosts()

    assert go(one, NOW).new_articles == 5
    publish(other)
    assert digests(one) == digests(other)

    items[0] = (items[0][0], "Roborock opens a lab for robots", items[0][2])
    web.feed("/good", *items, ("https://x.example/9", "Baidu and robots", dated(9)))
    made = go(other, NOW + timedelta(hours=1))
    assert (made.new_articles, made.changed_articles) == (1, 1)
    assert digests(one) != digests(other)

    assert go(one, NOW + timedelta(hours=2)).new_articles == 0
    publish(other)
    found = digests(one)
    assert found == digests(other)
    assert found["articles"][0] == found["seen"][0] == 6
    assert found["runs"][0] == 3
    with closing(open_published(one.data / PUBLISHED_NAME)) as con:
        assert [check.name for check in run_checks(con) if not check.ok] == []


@pytest.mark.long
def test_a_warehouse_moves_into_a_lake_and_back(
    home, web, subscribe, lake, settings_of_lake, sinowire, monkeypatch
):
    """Counted and checked on the way; an import, a backup and a restore are for both."""
    web.feed(
        "/good", *((f"https://x.example/{n}", f"Baidu {n}", dated(n)) for n in (1, 2, 3))
    )
    subscribe("/good")
    go(load_settings(home), NOW)
    before = digests(load_settings(home))
    assert sinowire("release", home / "of-file")[0] == 0
    refused = sinowire("move", "lake")
    assert refused[0] == 2
    assert "names no lake" in refused[2]

    settings_of_lake(lake)
    code, out, err = sinowire("move", "lake", "--format", "json")
    assert code == 0, err
    counts = {row["table"]: row["rows"] for row in json.loads(out)}
    assert (counts["articles"], counts["runs"]) == (3, 1)
    assert "runs write to the lake" in err
    assert sinowire("release", home / "of-lake")[0] == 0
    sums = [(home / name / "SHA256SUMS").read_text() for name in ("of-file", "of-lake")]
    assert sums[0] == sums[1]
    moved = digests(load_settings(home))
    # Views are made anew where they come to, which is on record with its time.
    versions = [each.pop("schema_migrations") for each in (before, moved)]
    assert versions[0][0] == versions[1][0]
    assert {name: moved[name] for name in before} == before
    assert go(load_settings(home), NOW + timedelta(hours=1)).new_articles == 0
    backup = home / "b.duckdb"
    assert sinowire("backup", backup)[0] == 0

    said = sinowire("doctor", "--format", "json")[1]
    assert "snapshots" in next(
        row["detail"] for row in json.loads(said) if row["what"] == "warehouse"
    )

    code, _, err = sinowire("restore", backup)
    assert code == 1
    assert "holds 3 articles, 2 runs; `--force` replaces that" in err
    code, out, err = sinowire("restore", "--force", backup)
    assert code == 0, err
    assert f"restored {backup} into the lake" in out
    assert "warehouse.lake.duckdb.before-1" in out
    in_lake = digests(load_settings(home))
    code, _, err = sinowire("move", "file")
    assert code == 0, err
    assert "warehouse.duckdb.before-1" in err

    monkeypatch.delenv("SINOWIRE_WAREHOUSE")
    monkeypatch.delenv("SINOWIRE_LAKE")
    publish(load_settings(home))
    in_file = digests(load_settings(home))
    assert in_file == {name: in_lake[name] for name in in_file}
    assert in_lake.keys() - in_file == {"lake_position"}
    assert go(load_settings(home), NOW + timedelta(hours=2)).new_articles == 0


def test_a_setting_says_what_is_missing(home, monkeypatch):
    """A literal password, half an address, a variable that is not set: file and remedy."""
    file = home / "sinowire.toml"
    for text, said in {
        'warehouse = "ducklake:postgres:dbname=x password=geheim"': "PGPASSFILE",
        'warehouse = "ducklake:postgres:dbname=x"': "a lake needs lake too",
        'lake = "/mnt/lake"': "a lake needs warehouse too",
        'lake = "/x"\nwarehouse = { env = "SECRET_LAKE" }': "SECRET_LAKE, which is not set",
        'lake = "s3://A"\nwarehouse = "ducklake:postgres:dbname=x"': "not s3://bucket/prefix",
        'lake = "/x"\nwarehouse = "postgres:dbname=x"': "does not begin with ducklake:",
    }.items():
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=said) as refused:
            load_settings(home)
        assert "geheim" not in str(refused.value)

    monkeypatch.setenv("SECRET_LAKE", "ducklake:postgres:dbname=x password=geheim")
    file.write_text('lake = "rows"\nwarehouse = { env = "SECRET_LAKE" }', encoding="utf-8")
    address = load_settings(home).lake_address
    assert address.folder == home / "rows"
    monkeypatch.setenv("SINOWIRE_LAKE", "s3://news/lake/")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "geheimnis")
    address = load_settings(home).lake_address
    assert address.folder == "s3://news/lake"
    assert "geheim" not in repr(address)
    assert "geheim" not in repr(load_settings(home))


def dated(minutes):
    return (NOW - timedelta(minutes=minutes)).strftime("%a, %d %b %Y %H:%M:%S +0000")


BRIEF = """
[channel.hook]
type = "webhook"
url = "{url}/hook"

[brief.daily]
at = "08:00"
channels = ["hook"]
"""


@pytest.mark.long
def test_a_brief_that_one_host_told_is_delivered_by_another(hosts, home, web, subscribe):
    """Its channel was down, or that host is: what was written lies there alone."""
    (home / "alerts.toml").write_text(BRIEF.format(url=web.url))
    web.feed("/good", ("https://x.example/1", "Baidu opens a lab", dated(4 * 60 + 30)))
    subscribe("/good")
    web.page("/hook", status=503)
    one, other = hosts()
    morning = NOW - timedelta(hours=4) + timedelta(minutes=5)
    assert go(one, morning).deliveries == {"retry": 1}

    web.page("/hook", status=204)
    assert go(other, morning + timedelta(minutes=15)).deliveries == {"delivered": 1}
    told = [body for _, path, _, body in web.requests if path == "/hook"]
    assert b"Baidu opens a lab" in told[-1]
    kept = [settings.data / "briefs/daily-2026-08-04.html" for settings in (one, other)]
    assert "Baidu opens a lab" in kept[1].read_text(encoding="utf-8")


def test_doctor_names_who_keeps_this_host_waiting(home, lake, settings_of_lake, sinowire):
    """Who copies the lake has no turn there, and runs of this host wait for it."""
    settings_of_lake(lake)
    with turn(load_settings(home).data, command="sinowire backup", wait=5):
        rows = json.loads(sinowire("doctor", "--format", "json")[1])
    [said] = [row["detail"] for row in rows if row["what"] == "copy"]
    assert said.startswith(
        "this host's copy of the lake is in use by `sinowire backup` (process "
    )


def test_doctor_names_who_has_the_turn(
    home, tmp_path, lake, settings_of_lake, sinowire, monkeypatch
):
    """A run that was stopped, and not ended, keeps all others from writing."""
    settings_of_lake(lake)

    def turns():
        rows = json.loads(sinowire("doctor", "--format", "json")[1])
        return [
            (row["state"], row["detail"], row["remedy"])
            for row in rows
            if row["what"] == "turn"
        ]

    assert turns() == []
    with writer(tmp_path / "other", lake, command="sinowire run"):
        [(state, detail, remedy)] = turns()
        assert (state, remedy) == ("good", "")
        assert re.fullmatch(r"`sinowire run on .+` at 127\.0\.0\.1 writes", detail)
        monkeypatch.setattr("flows.steps.upkeep.doctor._LONG_SECONDS", 0.0)
        [(state, _, remedy)] = turns()
        assert state == "warn"
        assert "it reports, so it works" in remedy
    assert (
        str(LakeHolder("run on a (1)", "::1", 150.0)) == "`run on a (1)` at ::1, for 2 min"
    )
