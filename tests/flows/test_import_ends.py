"""What an import says of lines that add nothing, and of the end that comes early."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from either_kind import writer
from processes import eventually

from flows.steps.ingest import history
from transforms.articles.reader import EntryReader
from warehouse.file.connect import PUBLISHED_NAME

pytestmark = pytest.mark.slow


def line(n, title="Baidu opens a lab"):
    return json.dumps({"url": f"https://x.example/{n}", "title": f"{title} {n}"})


def stories(sinowire):
    _, out, _ = sinowire("sql", "select count(*) as n from articles", "--format", "csv")
    return int(out.split()[1])


def test_lines_that_add_nothing_are_told(home, sinowire):
    """Known already, or twice in the file; a new wording is one."""
    file = home / "history.jsonl"
    file.write_text("\n".join([line(1), line(2), line(1)]))
    _, out, err = sinowire("import", file)
    assert "3 read, 2 new articles" in out
    assert "1 added no article: they were here already" in err

    file.write_text(line(3))
    assert "added no article" not in sinowire("import", file)[2]


def found(home):
    """Return what is stored of articles and what was found in them."""
    with writer(home) as con:
        return [
            con.execute(f"select * from {table} order by all").fetchall()
            for table in ("articles", "mentions", "tags", "headline_facts", "sightings")
        ]


def test_what_is_known_is_not_read_again(home, sinowire, monkeypatch):
    """Of a file that grew, the new and the changed lines alone are tagged."""
    file = home / "history.jsonl"
    file.write_text("\n".join(map(line, range(4))))
    sinowire("import", file)
    tag, tagged = EntryReader.tag_stored, []

    def spied(self, articles, **given):
        tagged.extend(article.title for article in articles)
        return tag(self, articles, **given)

    monkeypatch.setattr(EntryReader, "tag_stored", spied)
    file.write_text("\n".join([*map(line, range(3)), line(3, "Roborock shuts"), line(4)]))
    _, out, _ = sinowire("import", file)

    assert tagged == ["Roborock shuts 3", "Baidu opens a lab 4"]
    assert "5 read, 1 new article" in out
    assert len(found(home)[1]) == 5


@pytest.mark.of_a_file("an earlier backup is put in its place")
def test_what_is_published_but_gone_is_read(home, sinowire):
    """Whether a line is known, the warehouse decides: it may be older than its copy."""
    file = home / "history.jsonl"
    file.write_text("\n".join(map(line, range(2))))
    sinowire("import", file)
    sinowire("backup", home / "before.duckdb")
    file.write_text("\n".join(map(line, range(4))))
    sinowire("import", file)
    expected = found(home)
    published = home / "data" / PUBLISHED_NAME
    newer = published.read_bytes()

    assert sinowire("restore", home / "before.duckdb", "--force")[0] == 0
    published.write_bytes(newer)
    sinowire("import", file)

    assert [len(rows) for rows in found(home)] == [len(rows) for rows in expected]
    assert found(home)[1:4] == expected[1:4]


def test_wrong_line_says_what_is_in(home, sinowire, monkeypatch):
    """The whole batches before it; importing again doubles nothing."""
    monkeypatch.setattr(history, "BATCH", 2)
    file = home / "history.jsonl"
    file.write_text("\n".join([line(1), line(2), line(3), "{}"]))

    code, _, err = sinowire("import", file)
    assert code == 2
    assert "history.jsonl:4" in err
    assert "the first 2 of" in err

    file.write_text("\n".join(map(line, range(1, 5))))
    assert sinowire("import", file)[0] == 0
    assert stories(sinowire) == 4


def test_first_line_that_is_wrong_leaves_nothing(home, sinowire):
    """And says so."""
    (home / "history.jsonl").write_text("{}")

    assert "nothing was imported from" in sinowire("import", home / "history.jsonl")[2]


def has_articles(home):
    with writer(home) as con:
        return con.execute("from articles limit 1").fetchall() != []


@contextmanager
def importing(home):
    """Start an import of many small batches; yield it once the first of them is in."""
    file = home / "history.jsonl"
    file.write_text("\n".join(map(line, range(20_000))))
    program = (
        "import sys; from flows.steps.ingest import history; history.BATCH = 50;"
        "from flows.console.cli import main; sys.argv[1:] = ['import', sys.argv[1]]; main()"
    )
    command = [sys.executable, "-c", program, str(file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            eventually(lambda: has_articles(home))
            yield process
        finally:
            process.kill()


def test_ctrl_c_keeps_whole_batches(home, sinowire):
    """They are published, and it exits as shells expect."""
    with importing(home) as process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    assert "stopping after this batch" in err
    kept = int(err.split("the first ")[1].split()[0].replace(",", ""))
    assert kept % 50 == 0
    assert stories(sinowire) == kept > 0


def test_second_ctrl_c_does_not_wait_for_the_batch(home):
    """What was committed is kept, and nobody waits for a file that stays open."""
    with importing(home) as process:
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        _, err = process.communicate(timeout=60)

    assert process.returncode in (130, -signal.SIGINT), err
