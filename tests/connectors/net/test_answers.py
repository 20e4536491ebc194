"""Answers come out as h11 reads them, in whatever pieces they come."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from ipaddress import ip_network

import httpx
import pytest

from connectors.net.guard import Resolver, connect
from connectors.net.persistent import read_by_h11
from connectors.net.transport import READ_BYTES, GuardedTransport

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = b"x" * 200_000

ANSWERS = {
    "length": OK + b"Content-Type: text/xml\r\nContent-Length: 6\r\n\r\n<rss/>",
    "a large body": OK + b"Content-Length: 200000\r\n\r\n" + LONG,
    "nothing new": b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 6\r\n\r\n',
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "until the end": OK + b"Server: x\r\n\r\n<rss/>",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\n<rss/>",
    "chunks": CHUNKED + b"4\r\n<rss\r\n2\r\n/>\r\n0\r\n\r\n",
    "chunks with extensions": CHUNKED + b"6;a=b\r\n<rss/>\r\n0\r\n\r\n",
    "padded chunks": CHUNKED + b"6  \r\n<rss/>\r\n0\r\n\r\n",
    "trailers": CHUNKED + b"6\r\n<rss/>\r\n0\r\nX-More: 1\r\n\r\n",
    "empty header": OK + b"X-None:\r\nX-Blank: \r\nX: y\r\nContent-Length: 6\r\n\r\n<rss/>",
    "the same twice": OK
    + b"Set-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n",
    "other letters": OK + "Server: caf\u00e9\r\nContent-Length: 0\r\n\r\n".encode(),
    "folded": OK + b"X: one\r\n two\r\nContent-Length: 0\r\n\r\n",
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 6\r\n\r\n<rss/>",
    "an upgrade that is offered": OK
    + b"Upgrade: h2\r\nConnection: Upgrade\r\nContent-Length: 6\r\n\r\n<rss/>",
    "an error page": b"HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 3\r\n\r\nno.",
    "no carriage returns": b"HTTP/1.1 200 OK\nContent-Length: 6\n\n<rss/>",
    "a length that is told twice": OK + b"Content-Length: 6\r\n" * 2 + b"\r\n<rss/>",
    "two lengths": OK + b"Content-Length: 6\r\nContent-Length: 5\r\n\r\n<rss/>",
    "length and chunks": OK
    + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n0\r\n\r\n",
    "continue": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 6\r\n\r\n<rss/>",
    "hints": b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + OK + b"\r\n<rss/>",
    "switching": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n...",
    "more than was announced": OK
    + b"Content-Length: 6\r\n\r\n<rss/>HTTP/1.1 200 OK\r\n\r\n",
    "junk behind": OK + b"Connection: close\r\nContent-Length: 6\r\n\r\n<rss/>\x00junk",
    "a second answer": (OK + b"Content-Length: 6\r\n\r\n<rss/>") * 2,
    "cut short": OK + b"Content-Length: 1000\r\n\r\n<rss/>",
    "cut chunk": CHUNKED + b"6\r\n<rs",
    "cut chunks": CHUNKED + b"6\r\n<rss/>\r\n",
    "cut head": OK + b"Content-Le",
    "nothing": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "an old radio": b"ICY 200 OK\r\n\r\n<rss/>",
    "control characters": OK + b"X: a\x01b\r\nContent-Length: 0\r\n\r\n",
    "nobody's coding": OK + b"Transfer-Encoding: br\r\n\r\n<rss/>",
    "a chunk of no size": CHUNKED + b"zz\r\n<rss/>\r\n0\r\n\r\n",
    "a chunk that runs on": CHUNKED + b"2\r\n<rss/>\r\n0\r\n\r\n",
    "an endless head": OK + b"X: " + LONG,
    "endless heads": OK + b"X: y\r\n" * 40_000,
    "an endless trailer": CHUNKED + b"6\r\n<rss/>\r\n0\r\nX: " + LONG,
}


def request_to(port, **fields):
    return httpx.Request("GET", f"http://127.0.0.1:{port}/feed", **fields)


async def by_transport(port):
    transport = GuardedTransport(Resolver([ip_network("127.0.0.0/8")]))
    return await transport.handle_async_request(request_to(port))


async def by_h11(port):
    stream = await connect("127.0.0.1", port, None)
    await stream.write(b"GET /feed HTTP/1.1\r\n\r\n")
    return await read_by_h11(request_to(port), stream, await stream.read(READ_BYTES))


async def outcome(reading, pieces):
    """Return what *reading* makes of an answer in *pieces*, or the kind of its error."""
    done = asyncio.Event()

    async def answer(reader, writer):
        with suppress(OSError):
            await reader.readuntil(b"\r\n\r\n")
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(0)
            writer.close()
            await writer.wait_closed()
        done.set()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        try:
            response = await reading(server.sockets[0].getsockname()[1])
            try:
                body = b"".join([part async for part in response.stream])
            finally:
                await response.aclose()
        except httpx.TransportError as error:
            return type(error)
        finally:
            await done.wait()
    said = [response.extensions[key] for key in ("http_version", "reason_phrase")]
    return response.status_code, response.headers.raw, body, *said


def halves(answer):
    middle = len(answer) // 2
    return [answer[:middle], answer[middle:]]


def by_bytes(answer):
    """Return the first thousand bytes one by one, and the rest."""
    return [*(answer[n : n + 1] for n in range(1000)), answer[1000:]]


@pytest.mark.parametrize("cut", [lambda answer: [answer], halves, by_bytes])
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_what_h11_reads(answer, cut):
    """Status, headers, body and reason, or the same kind of error, for odd ones too."""

    async def both():
        pieces = cut(answer)
        return await outcome(by_transport, pieces), await outcome(by_h11, [answer])

    ours, theirs = asyncio.run(asyncio.wait_for(both(), 20))

    assert ours == theirs


@pytest.mark.parametrize("name", ["length", "nothing new", "chunks", "until the end"])
def test_a_usual_answer_needs_no_h11(name, monkeypatch):
    """What loads it and reads it takes longer."""
    monkeypatch.setitem(sys.modules, "connectors.net.persistent", None)

    assert asyncio.run(outcome(by_transport, [ANSWERS[name]]))[0] in {200, 304}


@pytest.mark.parametrize("header", [{"X": "a\r\nY: b"}, {"X\r\nY": "b"}, {"X": "a\x00"}])
def test_a_header_begins_no_other_line(header):
    """Nothing is sent of a request that would say more than it should."""

    async def ask():
        await GuardedTransport(Resolver()).handle_async_request(
            request_to(1, headers=header)
        )

    with pytest.raises(httpx.LocalProtocolError, match="no header may hold"):
        asyncio.run(ask())
