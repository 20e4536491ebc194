"""How an answer is sent, and how those wait that are being made."""

from __future__ import annotations

import asyncio
import gzip
import threading

import pytest

from flows.web.answers import Left, Memory, Queue, Stop, make_answer
from flows.web.errors import Busy

BODY = "The news of the day. " * 40


def sent(answer, method="GET", **headers):
    """Return the status, headers and body that a client is sent."""
    found = []

    async def send(message):
        found.append(message)

    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": method, "headers": raw}
    asyncio.run(answer(scope, None, send))
    start, body = found
    pairs = {k.decode(): v.decode() for k, v in start["headers"]}
    return start["status"], pairs, body["body"]


@pytest.mark.parametrize(
    ("takes", "is_packed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("*", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("", False),
    ],
)
def test_a_client_gets_it_compressed_that_takes_that(takes, is_packed):
    """The same text either way, with the length of what is sent."""
    status, headers, body = sent(make_answer(BODY), accept_encoding=takes)

    assert status == 200
    assert ("content-encoding" in headers) is is_packed
    assert int(headers["content-length"]) == len(body)
    assert (gzip.decompress(body) if is_packed else body).decode() == BODY
    assert headers["cache-control"] == "private, no-cache"


def test_a_short_answer_is_not_compressed():
    """It fits a packet anyway."""
    sizes = [n for n in range(590, 610) if make_answer(b"x" * n).packed]

    assert sizes == [*range(601, 610)]


def test_what_a_client_has_is_not_sent_again():
    """By its mark, weak or not, or among others; an error and a mere look differ."""
    answer = make_answer(BODY)
    marks = (answer.etag, answer.etag.removeprefix("W/"), f'"a", {answer.etag}', "*")
    for mark in marks:
        status, headers, body = sent(answer, if_none_match=mark)
        assert (status, body, "content-type" in headers) == (304, b"", False)

    assert sent(answer, if_none_match='"another"')[0] == 200
    assert sent(make_answer(BODY, status=404), if_none_match=answer.etag)[0] == 404
    status, headers, body = sent(answer, "HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(BODY)), b"")
    own = (("cache-control", "no-store"),)
    assert sent(make_answer("x", headers=own))[1]["cache-control"] == "no-store"


def test_eight_things_of_a_publication_are_remembered():
    """Those that were asked for last."""
    memory, made = Memory(), []

    def of(key):
        return memory.of(key, lambda: made.append(key) or key)

    for key in (*range(8), 0, 8, 0, 2, 1):
        assert of(key) == key

    assert made == [*range(8), 8, 1]


def test_so_many_wait_and_no_more():
    """Of one address and of all; who asks for the same waits for the same one."""
    queue = Queue("test", at_once=1, most=3, most_of_one=2)
    go, made = threading.Event(), []

    def make(stop):
        go.wait(10)
        made.append(stop)
        return len(made)

    async def ask():
        def wait(key, address):
            return queue.wait(key, make, lambda n: n * 10, address=address)

        waiting = [
            asyncio.create_task(wait(key, address)) for key, address in ("ka", "ka", "kb")
        ]
        await asyncio.sleep(0)
        refused = []
        for address in ("a", "c"):
            try:
                await wait("other", address)
            except Busy:
                refused.append(address)
        go.set()
        answers = await asyncio.gather(*waiting)
        again = [await wait("k", "a") for _ in range(4)]
        return refused, answers, again, queue.waiting

    assert asyncio.run(ask()) == (["a", "c"], [10, 10, 10], [20, 30, 40, 50], 0)


def test_one_address_waits_for_so_many():
    """Others are served meanwhile; it may ask anew once it was answered."""
    queue = Queue("test", at_once=2, most=9, most_of_one=1)
    go = threading.Event()

    async def ask():
        first = asyncio.create_task(queue.wait(1, lambda _: go.wait(10), bool, address="a"))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await queue.wait(2, lambda _: True, bool, address="a")
        other = await queue.wait(3, lambda _: True, bool, address="b")
        go.set()
        return await first, other, await queue.wait(4, lambda _: True, bool, address="a")

    assert asyncio.run(ask()) == (True, True, True)


def test_what_nobody_waits_for_is_stopped():
    """Its client has gone; another one's is made."""
    queue = Queue("test", at_once=1, most=9, most_of_one=9)
    ended = threading.Event()

    def make(stop: Stop):
        with stop.by(ended.set):
            return ended.wait(10)

    async def gone():
        return {"type": "http.disconnect"}

    async def ask():
        with pytest.raises(Left):
            await queue.wait("k", make, bool, receive=gone)
        return queue.waiting, await asyncio.to_thread(ended.wait, 10)

    assert asyncio.run(ask()) == (0, True)
