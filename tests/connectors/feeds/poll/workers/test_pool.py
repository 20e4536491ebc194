"""Parser processes: they answer, they stop in time, they die with their parent."""

from __future__ import annotations

import asyncio
import io
import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import reader_of

from connectors.errors import FeedParseError, PermanentFeedError
from connectors.feeds.formats.result import Parsed
from connectors.feeds.poll import parser_process
from connectors.feeds.poll import pool as pool_module
from connectors.feeds.poll.parse_requests import LENGTH, ParseRequest
from connectors.feeds.poll.parser_process import answer_in_time, serve
from connectors.feeds.poll.pool import open_pool
from transforms.models import Feed
from transforms.names.rules.file import parse_watchlist

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
WATCHLIST = """
[company.xiaomi]
name = "Xiaomi"
kind = "company"
aliases = ["Xiaomi", "小米汽车"]
"""


@pytest.fixture
def forked_once():
    """Here nurseries are started as a program starts them."""


@pytest.fixture
def request_for(make_feed):
    """Build a request to parse a body."""

    def make(body, deadline=5.0):
        return ParseRequest(
            body=body,
            feed=make_feed(),
            content_type="",
            base_url="https://x.example/feed",
            now=NOW,
            known=frozenset(),
            deadline=deadline,
        )

    return make


def hostile(size):
    """Return a document that takes a parser long: cost grows with the square of *size*."""
    attributes = " ".join(f'a{number}="x"' for number in range(size))
    return f"<rss><channel {attributes}><item/></channel></rss>".encode()


def test_documents_are_parsed_apart(monkeypatch, run, request_for, rss):
    """Many documents go through a few processes and come back to their askers."""
    monkeypatch.setattr(pool_module, "BACKLOG", 1_000)

    async def go():
        async with open_pool(2) as pool:
            asked = [pool.parse(request_for(rss(f"t{number}"))) for number in range(40)]
            answers = await asyncio.gather(*asked)
            return answers, len(pool._all)

    answers, started = run(go())

    assert [a.entries[0].title for a in answers] == [f"t{number}" for number in range(40)]
    assert started == 2


def test_a_few_documents_start_one_process(run, request_for, rss):
    """A second process is not worth its start for a handful of documents."""

    async def go():
        async with open_pool(2) as pool:
            await asyncio.gather(*(pool.parse(request_for(rss("a"))) for _ in range(5)))
            return len(pool._all)

    assert run(go()) == 1


def test_error_crosses_the_pipe(run, request_for):
    """What is wrong with a document is raised to whoever asked."""

    async def go():
        async with open_pool(1) as pool:
            with pytest.raises(FeedParseError, match="a web page"):
                await pool.parse(request_for(b"<html></html>"))

    run(go())


def test_killed_parser_is_replaced(run, request_for, rss):
    """A document whose parser is killed is an error; the next one gets a new parser."""

    async def go():
        async with open_pool(1) as pool:
            await pool.parse(request_for(rss("a")))
            asked = asyncio.create_task(pool.parse(request_for(hostile(60_000))))
            await asyncio.sleep(0.3)
            os.kill(pool._all[0].pid, signal.SIGKILL)
            with pytest.raises(PermanentFeedError, match=r"ended its parser \(signal 9"):
                await asked
            return await pool.parse(request_for(rss("b")))

    assert run(go()).entries[0].title == "b"


def test_deaf_parser_is_killed(run, request_for, rss, monkeypatch):
    """A parser that does not hear its own alarm is killed from outside."""
    monkeypatch.setattr(pool_module, "GRACE", 0.1)

    async def go():
        async with open_pool(1) as pool:
            await pool.parse(request_for(rss("a")))
            os.kill(pool._all[0].pid, signal.SIGSTOP)
            with pytest.raises(PermanentFeedError, match=r"limit 0\.2 s"):
                await pool.parse(request_for(rss("b"), deadline=0.2))
            return await pool.parse(request_for(rss("c")))

    assert run(go()).entries[0].title == "c"


def test_cancelled_request_takes_its_parser_along(run, request_for):
    """A parser whose answer nobody waits for is ended."""

    async def go():
        async with open_pool(1) as pool:
            asked = asyncio.create_task(pool.parse(request_for(hostile(60_000))))
            await asyncio.sleep(0.3)
            asked.cancel()
            with suppress(asyncio.CancelledError):
                await asked
            return pool._all

    assert run(go()) == []


# An alarm that rings in a destructor is lost, and said so; it rings again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_deadline_stops_the_parse(request_for):
    """The worker's own alarm stops a parse on time."""
    start = time.monotonic()
    answer = answer_in_time(request_for(hostile(60_000), deadline=0.2))

    assert isinstance(answer, PermanentFeedError)
    assert "(limit 0.2 s)" in answer.reason
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RecursionError("deep"), "nested too deeply"),
        (KeyError("oops"), "the parser failed: KeyError"),
    ],
)
def test_parser_bug_is_an_outcome(request_for, monkeypatch, error, reason):
    """A parser that fails on a document makes that document's error."""

    def fail(*_args, **_fields):
        raise error

    monkeypatch.setattr(parser_process, "parse_document", fail)

    assert reason in answer_in_time(request_for(b"")).reason


def test_worker_answers_until_its_input_ends(request_for, rss):
    """Requests and answers are length-prefixed pickles, one answer a request."""
    message = pickle.dumps(request_for(rss("a")))
    requests = io.BytesIO((LENGTH.pack(len(message)) + message) * 2)
    answers = io.BytesIO()

    serve(requests, answers)

    answers.seek(0)
    for _ in range(2):
        (length,) = LENGTH.unpack(answers.read(LENGTH.size))
        answer = pickle.loads(answers.read(length))
        assert isinstance(answer, Parsed)
    assert answers.read() == b""


def test_nursery_whose_parent_is_another_ends():
    """A nursery that finds its parent gone does not wait for work."""
    code = subprocess.run(
        [sys.executable, "-P", "-m", "connectors.feeds.poll.nursery_process", "1", "0"],
        stdin=subprocess.PIPE,
        timeout=20,
        check=False,
    ).returncode

    assert code == 0


def test_workers_die_with_a_killed_parent(tmp_path):
    """A kill -9 of the parent leaves no parser, busy or idle."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, sys\n"
        "from datetime import UTC, datetime\n"
        "from connectors.feeds.poll.pool import open_pool\n"
        "from connectors.feeds.poll.parse_requests import ParseRequest\n"
        "from transforms.models import Feed\n"
        "async def main():\n"
        "    attributes = ' '.join(f'a{n}=\"x\"' for n in range(60_000))\n"
        "    body = f'<rss><channel {attributes}/></rss>'.encode()\n"
        "    request = ParseRequest(body=body, feed=Feed(feed_id='f', url='u'),\n"
        "        content_type='', base_url='', now=datetime.now(UTC),\n"
        "        known=frozenset(), deadline=60)\n"
        "    async with open_pool(1) as pool:\n"
        "        task = asyncio.create_task(pool.parse(request))\n"
        "        while not pool._all:\n"
        "            await asyncio.sleep(0.01)\n"
        "        print(pool._all[0].pid, flush=True)\n"
        "        await task\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    parent.stdout.close()

    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)


def is_running(pid):
    """Tell whether a process is there and no zombie."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_reader_reads_entries_in_the_parser(request_for, rss, run):
    """With a reader come articles, tagged; of the entries only their dates come home."""
    reader = reader_of(parse_watchlist(WATCHLIST))

    async def go():
        async with open_pool(1, reader) as pool:
            return await pool.parse(request_for(rss("小米汽车发布新车型 YU9")))

    parsed = run(go())

    (reading,) = parsed.readings
    assert reading.article.title == "小米汽车发布新车型 YU9"
    assert {mention.company_id for mention in reading.found.mentions} == {"xiaomi"}
    assert reading.sighting.article_id == reading.article.article_id
    assert [entry.title for entry in parsed.entries] == [""]


def test_second_parser_waits_for_new_bytes():
    """A document of which most is known counts for an eighth of a new one."""
    request = ParseRequest(
        body=b"x" * 8_000,
        feed=Feed(feed_id="f", url="https://news.example/feed"),
        content_type="",
        base_url="",
        now=NOW,
        known=frozenset(),
        deadline=1,
    )

    assert request.effort == 8_000
    assert replace(request, known=frozenset({1})).effort == 1_000


PROGRAM = """
import asyncio, os, sys, threading, time
from datetime import UTC, datetime
from connectors.feeds.poll.parse_requests import ParseRequest
from connectors.feeds.poll.nursery import forked_nursery
from connectors.feeds.poll.pool import open_pool
from flows.beats import load_beat
from transforms.articles.reader import EntryReader
from transforms.models import Feed
from transforms.names.rules.file import parse_watchlist

item = b"<item><title>Orbit launches</title></item>"
body = b"<rss version='2.0'><channel>" + item + b"</channel></rss>"
request = ParseRequest(body=body, feed=Feed(feed_id="f", url="https://x.example/f"),
    content_type="", base_url="", now=datetime.now(UTC), deadline=60)

async def main(nursery):
    async with open_pool(2, reader, nursery) as pool:
        parsed = await pool.parse(request)
        first = pool._all[0].pid
        os.kill(first, 9)
        await pool._all[0].wait()
        try:
            await pool.parse(request)
        except Exception as exc:
            print(exc)
        again = await pool.parse(request)
        print([m.company_id for m in again.readings[0].found.mentions])
        print((os.getpid() in ancestors(pool._all[0].pid), pool._own is not None))

def ancestors(pid):
    while pid > 1:
        stat = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
        pid = int(stat[1])
        yield pid

reader = EntryReader(
    parse_watchlist('[company.orbit]\\nname = "Orbit"\\n'), load_beat())
if "threads" in sys.argv:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
with forked_nursery(reader) as nursery:
    print(nursery is not None)
    asyncio.run(main(nursery))
print(os.popen(f"ps -o pid= --ppid {os.getpid()}").read().split()[1:])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="nobody forks there")
@pytest.mark.parametrize("threads", [False, True])
def test_parsers_are_forked_where_that_is_safe(tmp_path, threads):
    """A program of one thread forks the nursery, another starts it; both serve alike."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, str(script), *(["threads"] if threads else [])],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stderr == ""
    forked, killed, mentions, are_ours, left = done.stdout.splitlines()
    assert forked == str(not threads)
    assert "ended its parser (signal 9)" in killed
    assert mentions == "['orbit']"
    assert are_ours == str((True, threads))
    assert left == "[]"
