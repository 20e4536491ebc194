"""The desk beside many who came to be in the way, or who have left."""

from __future__ import annotations

import os
import re
import socket
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from flows.web import answers, app, connections
from transforms.search.named import SEARCHES

pytestmark = pytest.mark.slow

SLOW = "select sum(hash(i * j)) from range({}, 3000000) a(i), range(3000000) b(j)"


@pytest.fixture
def address(desk, serve_desk):
    """A desk of its own, whose today's page is kept."""
    with serve_desk(desk) as served:
        ask(served, "/")
        yield served


def test_a_statement_whose_asker_has_left_is_ended(address):
    """Its process as well: the next one has its turn at once."""
    for _ in range(3):
        with asking(address, statement(SLOW.format(0))):
            wait_until(children)
        wait_until(lambda: not children())

    assert ask(address, statement("select 1 as one")).status_code == 200


def test_who_leaves_the_queue_is_not_answered(address):
    """Statements that nobody waits for any more are never begun."""
    with ExitStack() as crowd:
        for at in range(app.STATEMENTS_WAITING):
            crowd.enter_context(asking(address, statement(SLOW.format(at))))
        wait_until(lambda: ask(address, statement("select 2")).status_code == 503)

    wait_until(lambda: ask(address, statement("select 2")).status_code == 200)
    assert told(address, "sinowire_desk_pages_made_total") <= 3
    assert told(address, "sinowire_desk_pages_abandoned_total") >= app.STATEMENTS_WAITING


def test_a_page_is_made_for_those_who_stay(address):
    """One of two who ask for the same statement leaves; the other has its answer."""
    path = statement("select sum(hash(i * j)) as s from range(9000) a(i), range(9000) b(j)")
    with asking(address, path) as left, asking(address, path) as stays:
        wait_until(children)
        left.close()
        assert stays.recv(100).startswith(b"HTTP/1.1 200")


def test_where_too_many_wait_the_newest_is_refused(
    desk, copy_desk, serve_desk, monkeypatch
):
    """But not what is kept, nor health, numbers and files; and it is told when to come."""
    monkeypatch.setattr(app, "PAGES_WAITING", 4)
    home = copy_desk(desk)
    # A page that lists searches waits for whoever writes into this.
    os.mkfifo(home / SEARCHES)
    with serve_desk(home) as address, ExitStack() as crowd:
        ask(address, "/")
        for at in range(4):
            crowd.enter_context(asking(address, f"/search?zone=Etc/GMT-{at}"))
        wait_until(lambda: ask(address, "/topics").status_code == 503)
        refused = ask(address, "/zh/topics")
        for path in ("/", "/healthz", "/metrics", "/static/desk.css"):
            assert ask(address, path).status_code == 200, path
        let_through(home / SEARCHES)
        crowd.close()
        wait_until(lambda: ask(address, "/topics").status_code == 200)
        assert told(address, "sinowire_desk_pages_refused_total") >= 2

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "请求过多" in refused.text


def test_statements_take_no_page_its_turn(address):
    """Pages are made while as many statements wait as may."""
    with ExitStack() as crowd:
        for at in range(app.STATEMENTS_WAITING):
            crowd.enter_context(asking(address, statement(SLOW.format(at))))
        wait_until(lambda: len(children()) == app.STATEMENTS_AT_ONCE)
        assert ask(address, "/search?q=baidu").status_code == 200
        assert ask(address, "/sql").status_code == 200


@pytest.mark.parametrize(
    "cited",
    [
        pytest.param(
            "share_between('2025-11-{:02}', '2025-12-01')", id="numbers that are cited"
        ),
        pytest.param('[{{"id": "{}", "title": "a"}}]', id="citations to verify"),
    ],
)
def test_numbers_that_are_cited_wait_among_statements(address, cited):
    """They count what statements count: pages and ids that are cited pass them."""
    with ExitStack() as crowd:
        for at in range(app.STATEMENTS_AT_ONCE):
            crowd.enter_context(asking(address, statement(SLOW.format(at))))
        wait_until(lambda: len(children()) == app.STATEMENTS_AT_ONCE)
        for at in range(1, 1 + app.STATEMENTS_WAITING - app.STATEMENTS_AT_ONCE):
            crowd.enter_context(asking(address, f"/cite?q={quote(cited.format(at))}"))
        wait_until(
            lambda: ask(address, f"/cite?q={quote(cited.format(20))}").status_code == 503
        )
        assert ask(address, "/search?q=baidu").status_code == 200
        assert ask(address, "/cite?q=nobody").status_code == 404
        assert ask(address, "/cite").status_code == 200


def test_who_makes_pages_steps_back(desk, serve_desk):
    """DuckDB works in their threads: a kept page waits for none of them."""
    own = os.getpriority(os.PRIO_PROCESS, os.getpid())
    with serve_desk(desk) as address:
        before = tasks()
        ask(address, "/topics")
        made = [os.getpriority(os.PRIO_PROCESS, task) for task in tasks() - before]

    # Who makes the page, and who opens the publication.
    assert len(made) >= 2
    assert set(made) == {min(own + answers.NICE, 19)}


def test_who_says_nothing_is_sent_away(desk, serve_desk, monkeypatch):
    """After a time, with half a request as with none; also who sends half of a body."""
    monkeypatch.setattr(connections, "ASKING_SECONDS", 0.3)
    with serve_desk(desk) as address, ExitStack() as crowd:
        host = urlsplit(address).netloc.encode()
        unfinished = (
            b"",
            b"GET / HTTP/1.1\r\nHost: ",
            b"POST /mcp HTTP/1.1\r\nHost: " + host + b"\r\nContent-Length: 9\r\n\r\n{",
        )
        silent = [crowd.enter_context(connected(address)) for _ in unfinished]
        for each, said in zip(silent, unfinished, strict=True):
            each.sendall(said)
        assert [each.recv(100) for each in silent] == [b"", b"", b""]
        slow = crowd.enter_context(connected(address))
        for part in (b"GET /healthz HTTP/1.1\r\nHost: ", host, b"\r\n\r\n"):
            slow.sendall(part)
            time.sleep(0.1)
        assert slow.recv(100).startswith(b"HTTP/1.1 200")
        assert ask(address, "/healthz").status_code == 200


def test_the_silent_make_room_for_who_asks(desk, serve_desk, monkeypatch):
    """Whoever has said nothing for longest goes first, and no one who waits for a page."""
    monkeypatch.setattr(connections, "MOST", 20)
    with serve_desk(desk) as address, ExitStack() as crowd:
        waits = crowd.enter_context(asking(address, statement(SLOW.format(0))))
        wait_until(children)
        silent = [crowd.enter_context(connected(address)) for _ in range(40)]
        assert ask(address, "/healthz").status_code == 200
        assert silent[0].recv(100) == b""
        silent[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert silent[-1].recv(100).startswith(b"HTTP/1.1 200")
        waits.settimeout(0.2)
        with pytest.raises(TimeoutError):
            waits.recv(1)


def test_an_address_has_so_many_connections(desk, serve_desk, monkeypatch):
    """One beyond this machine does; who comes by a proxy that we trust is not counted."""
    monkeypatch.setattr(connections, "MOST_OF_ONE", 3)
    monkeypatch.setattr(connections.Connections, "key_of", lambda _, client: client)
    with serve_desk(desk) as address, ExitStack() as crowd:
        first, *_, last = [crowd.enter_context(connected(address)) for _ in range(4)]
        assert first.recv(100) == b""
        last.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert last.recv(100).startswith(b"HTTP/1.1 200")


def test_who_takes_no_answer_is_sent_away(desk, serve_desk, monkeypatch):
    """An answer that nobody takes keeps its memory for a time only."""
    monkeypatch.setattr(connections, "TAKING_SECONDS", 0.3)
    wide = statement("select repeat('x', 7000) as x from range(1000)", "/sql.csv")
    with serve_desk(desk) as address, connected(address, buffer=4096) as deaf:
        deaf.sendall(request(address, wide))
        taken = len(deaf.recv(10))
        time.sleep(1.5)
        with suppress(ConnectionResetError):
            while data := deaf.recv(1 << 20):
                taken += len(data)
        assert taken < 6_000_000


def let_through(fifo):
    """Let all go on who wait for a writer of *fifo*, and nobody wait for one again."""
    writer = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    fifo.unlink()
    os.close(writer)


def ask(address, path, **headers):
    return httpx.get(f"{address}{path}", headers=headers, trust_env=False, timeout=60)


def statement(sql, path="/sql"):
    return f"{path}?q={quote(sql)}"


def request(address, path):
    return f"GET {path} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n\r\n".encode()


@contextmanager
def connected(address, *, buffer=None):
    where = urlsplit(address)
    with socket.socket() as sock:
        if buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        sock.settimeout(60)
        sock.connect((where.hostname, where.port))
        yield sock


@contextmanager
def asking(address, path):
    """Ask, and leave at the end of the block."""
    with connected(address) as sock:
        sock.sendall(request(address, path))
        yield sock


def tasks():
    """Return the threads of this process, by their numbers."""
    return {int(path.name) for path in Path("/proc/self/task").iterdir()}


def children():
    """Processes of ours that answer statements."""
    return [
        folder
        for folder in Path("/proc").glob("[0-9]*")
        if is_ours(folder) and b"sandbox/child.py" in read(folder / "cmdline")
    ]


def is_ours(folder):
    parent = re.search(rb"^PPid:\s(\d+)", read(folder / "status"), re.MULTILINE)
    return bool(parent) and int(parent[1]) == os.getpid()


def read(file):
    try:
        return file.read_bytes()
    except OSError:
        return b""  # it has ended meanwhile


def wait_until(holds):
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come true within half a minute")


def told(address, metric):
    """What ``/metrics`` says of the desk."""
    found = re.search(rf"^{metric} (\S+)$", ask(address, "/metrics").text, re.MULTILINE)
    return float(found[1])
