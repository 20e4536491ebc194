"""``/metrics``: what a Prometheus reads of the pipeline and of the desk."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from flows.web.metrics import GAUGES
from warehouse.file.connect import PUBLISHED_NAME, open_published

HOWTO = Path(__file__).resolve().parents[3] / "docs/howto/monitoring.md"


@pytest.fixture(scope="module")
def metrics(get):
    """The samples by name and labels, read by the parser of Prometheus' own client."""
    answer = get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.documentation for family in families)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_numbers_are_those_of_the_publication(desk, metrics):
    """States as they stand, and what came in the last day."""
    with closing(open_published(desk / "data" / PUBLISHED_NAME)) as con:

        def one(sql):
            return con.execute(sql).fetchone()[0]

        assert metrics["sinowire_articles",] == one("select count(*) from articles") > 0
        for state, n in con.execute(
            "select state, count(*) from feed_health group by state"
        ).fetchall():
            assert metrics["sinowire_feeds", state] == n
        for state, n in con.execute(
            "select state, count(*) from alerts where kind <> 'brief' group by state"
        ).fetchall():
            assert metrics["sinowire_alerts", state] == n
        for host, waited, held in con.execute(
            "select host, max(waited_seconds), sum(held_seconds)"
            " from runs where started_at > (select max(started_at) from runs)"
            " - interval 1 day group by 1"
        ).fetchall():
            assert metrics["sinowire_day_turn_wait_seconds", host] == waited > 0
            assert metrics["sinowire_day_turn_held_seconds", host] == held > 0
        newest = one("select epoch(max(published_at)) from articles")
        assert metrics["sinowire_newest_article_timestamp_seconds",] == newest


def test_a_number_that_cannot_be_read_is_left_out_and_the_others_are_told(
    desk, serve_desk, tmp_path
):
    """And one metric says which; a publication that can be read again is read again."""
    home = shutil.copytree(desk, tmp_path / "home")
    published = home / "data" / PUBLISHED_NAME
    with closing(duckdb.connect(published)) as con:
        con.execute("alter view feed_health rename to whole")
        con.execute("create view feed_health as select error('no memory') as state")

    with serve_desk(home) as address:
        answer = httpx.get(f"{address}/metrics", trust_env=False)

    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert answer.status_code == 200
    assert told["sinowire_articles",] > 0
    assert {key for key in told if key[0] == "sinowire_feeds"} == set()
    unread = {key[1] for key, n in told.items() if key[0] == "sinowire_unread" and n}
    assert unread == {"feeds"}


def test_the_desk_counts_what_it_does(get, metrics):
    """A page that is read again is counted as kept."""
    before = metrics["sinowire_desk_pages_kept_total",]
    for _ in range(2):
        get("/feeds")
    text = get("/metrics").text
    kept = next(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "sinowire_desk_pages_kept_total"
    )

    assert kept > before


def test_every_name_is_told_and_none_that_is_not_there(get, metrics):
    """The how-to has all names, and its rules ask for no other."""
    told = HOWTO.read_text("utf-8")
    # Of processes and machines a quiet home has none, and no sample.
    named = set(re.findall(r"^# TYPE (\w+)", get("/metrics").text, re.MULTILINE))
    names = {gauge.name for gauge in GAUGES.values()} | {name for name, *_ in metrics}
    names |= {name for name in named if name.endswith("_silent_seconds")}

    assert [name for name in sorted(names) if name not in told] == []
    [rules] = re.findall(r"```yaml\n(groups:.*?)```", told, re.DOTALL)
    asked = [rule["expr"] for rule in yaml.safe_load(rules)["groups"][0]["rules"]]
    known = {name.removesuffix("_total") for name in names}
    for expr in asked:
        used = {n.removesuffix("_total") for n in re.findall(r"sinowire_\w+", expr)}
        assert used <= known, expr
    # What is gone tells no number that could be too large.
    assert 'up{job="sinowire"} == 0' in asked
    assert any(expr.startswith("absent(") for expr in asked)
