"""The desk over a file that is replaced, vanishes, or was never there."""

from __future__ import annotations

import os
import shutil
import threading

import duckdb
import httpx
import pytest

from warehouse.file.connect import PUBLISHED_NAME
from warehouse.file.open_publication import open_publication, remove_links

pytestmark = pytest.mark.slow

PATHS = ("/", "/companies/baidu", "/topics", "/zh/", "/today.json", "/healthz")


def test_a_publication_is_replaced_under_readers(desk, copy_desk, serve_desk):
    """Nobody's request fails, and what was published is seen at the next one."""
    home = copy_desk(desk)
    published = home / "data" / PUBLISHED_NAME
    with serve_desk(home) as address:
        failed, stop = [], threading.Event()
        readers = [
            threading.Thread(target=read_until, args=(address, stop, failed))
            for _ in range(4)
        ]
        for reader in readers:
            reader.start()
        for number in range(4):
            publish_with(published, f"Renamed {number}")
            with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
                assert f"Renamed {number}" in client.get("/companies/baidu").text
        stop.set()
        for reader in readers:
            reader.join()

    assert failed == []
    assert sorted(p.name for p in published.parent.glob(".*.link")) == []


def test_a_publication_that_vanishes_is_read_on(desk, copy_desk, serve_desk):
    """Who had it open has it still; the next one is taken when it comes."""
    home = copy_desk(desk)
    published = home / "data" / PUBLISHED_NAME
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        assert client.get("/").status_code == 200
        kept = published.with_name("kept")
        published.rename(kept)
        assert client.get("/").status_code == 200
        assert client.get("/companies/tencent").status_code == 200
        kept.rename(published)
        publish_with(published, "Come back")
        assert "Come back" in client.get("/companies/baidu").text


def test_a_desk_is_called_by_its_beat_and_outlives_a_wrong_file(
    desk, copy_desk, serve_desk, caplog
):
    """Rules come with each publication; while a file is wrong, those of before hold."""
    home = copy_desk(desk)
    folder = home / "beats" / "wind"
    folder.mkdir(parents=True)
    head = 'id = "wind"\nname = "Wind power"\nzh = "风电"\nextends = "china-tech"\n'
    (folder / "beat.toml").write_text(head, encoding="utf-8")
    settings = home / "sinowire.toml"
    said = settings.read_text("utf-8") if settings.exists() else ""
    settings.write_text(f'beat = "wind"\n{said}', encoding="utf-8")
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        for path, name in (("/", "Wind power"), ("/zh/", "风电")):
            page = client.get(path).text
            assert f"· {name} · Sinowire</title>" in page
            assert f'>Sinowire <span class="muted">{name}</span></a>' in page
        (folder / "ranking.toml").write_text("spread = 3\n", encoding="utf-8")
        publish_with(home / "data" / PUBLISHED_NAME, "Come back")
        page = client.get("/companies/baidu").text

    assert "Come back" in page
    assert "· Wind power · Sinowire</title>" in page
    assert "ranking.toml:1: [spread] is a number; write a table" in caplog.text


def test_without_a_publication_there_is_a_sentence(serve_desk, tmp_path):
    """It names what to run, in both languages; health says so to machines."""
    (tmp_path / "data").mkdir()
    with (
        serve_desk(tmp_path) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        page, health = client.get("/"), client.get("/healthz")
        chinese = client.get("/zh/companies").text

    assert (page.status_code, health.status_code) == (503, 503)
    for command in ("run", "up", "init", "demo"):
        assert f"<code>sinowire {command}</code></dt><dd>" in page.text
        assert f"<code>sinowire {command}</code></dt><dd>" in chinese
    assert page.headers["retry-after"]
    assert health.json() == {
        "status": "no publication",
        "published_at": None,
        "age_seconds": None,
        "newest_article_at": None,
    }


def test_a_file_that_is_none_gets_a_sentence(serve_desk, tmp_path):
    """Nor does one of another version get a traceback."""
    data = tmp_path / "data"
    data.mkdir()
    (data / PUBLISHED_NAME).write_bytes(b"not a warehouse" * 1_000)
    with (
        serve_desk(tmp_path) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        broken = client.get("/")
        (data / PUBLISHED_NAME).unlink()
        with duckdb.connect(data / PUBLISHED_NAME) as con:
            con.execute("create table articles (article_id varchar)")
        other = client.get("/")

    assert (broken.status_code, other.status_code) == (503, 503)
    for page in (broken, other):
        assert "Traceback" not in page.text
        assert str(tmp_path) not in page.text


def test_a_damaged_publication_is_not_read(desk, copy_desk, serve_desk, caplog):
    """The one before it is, with a warning and without a path; one line is logged."""
    home = copy_desk(desk)
    published = home / "data" / PUBLISHED_NAME
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        before = client.get("/").text
        damaged = published.with_name("damaged")
        damaged.write_bytes(published.read_bytes()[:300_000])
        damaged.replace(published)
        paths = ("/companies/baidu", "/", "/zh/", "/", "/healthz", "/today.json")
        found = {path: client.get(path) for path in paths}
        statement = client.get("/sql?q=select+1")
        publish_with(published, "Whole again", of=desk)
        after = client.get("/companies/baidu").text

    assert [answer.status_code for answer in found.values()] == [200] * len(found)
    for path in ("/companies/baidu", "/"):
        assert "is the one before it" in found[path].text
    assert "此处为上一次发布的内容" in found["/zh/"].text
    assert len(found["/"].text) > len(before)
    assert statement.status_code == 503
    assert str(home) not in statement.text + "".join(a.text for a in found.values())
    assert "Whole again" in after
    assert "is the one before it" not in after
    [line] = [record for record in caplog.records if record.name == "sinowire.web"]
    assert str(published) in line.getMessage()
    assert line.exc_info is None


def test_a_part_that_is_damaged_is_said_without_a_path(desk, copy_desk, serve_desk, caplog):
    """What cannot be read is a sentence; what can be is read, and kept pages stay."""
    home = copy_desk(desk)
    published = home / "data" / PUBLISHED_NAME
    size = published.stat().st_size
    with published.open("r+b") as file:
        for at in range(4 * 262_144, size - 6 * 262_144, 262_144):
            file.seek(at + 20_000)
            file.write(b"\xff" * 200)
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        found = [client.get(path) for path in ("/", "/search?q=baidu", "/", "/feeds")]

    assert {answer.status_code for answer in found} <= {200, 503}
    assert 503 in {answer.status_code for answer in found}
    for answer in found:
        assert str(home) not in answer.text
        assert "checksum" not in answer.text
    [line] = [record for record in caplog.records if record.name == "sinowire.web"]
    assert line.exc_info is None


def test_each_publication_is_an_instance_of_its_own(desk, copy_desk):
    """DuckDB would give the old one again; both are read, and nothing is left beside."""
    home = copy_desk(desk)
    path = home / "data" / PUBLISHED_NAME
    first, before = open_publication(path, memory="100MB", threads=1)
    publish_with(path, "Another")
    second, after = open_publication(path, memory="100MB", threads=1)
    name = "select name from companies where company_id = 'baidu'"

    assert first != second
    assert (
        before.cursor().execute(name).fetchall() != after.cursor().execute(name).fetchall()
    )
    assert not list(path.parent.glob(".*"))
    before.close()
    after.close()


def test_links_of_the_dead_are_removed(tmp_path):
    """A process that was killed while it opened the file left one; ours are in use."""
    path = tmp_path / PUBLISHED_NAME
    dead = tmp_path / f".{PUBLISHED_NAME}.4194999.0.link"
    ours = tmp_path / f".{PUBLISHED_NAME}.{os.getpid()}.0.link"
    for file in (path, dead, ours):
        file.touch()

    remove_links(path)

    assert (dead.exists(), ours.exists(), path.exists()) == (False, True, True)


def publish_with(published, name, *, of=None):
    """Put a copy in place that calls Baidu by another name, as a run would publish it."""
    part = published.with_name("next.part")
    shutil.copyfile(of / "data" / PUBLISHED_NAME if of else published, part)
    with duckdb.connect(part) as con:
        con.execute("update companies set name = ? where company_id = 'baidu'", [name])
    part.replace(published)


def read_until(address, stop, failed):
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        while not stop.is_set():
            for path in PATHS:
                answer = client.get(path)
                if answer.status_code != 200:
                    failed.append((path, answer.status_code))
