"""Posting alerts to a receiver over real HTTP."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import logging
import socket
import socketserver
import threading
import time

import pytest

from connectors.feeds.fetch.politeness import FetchOptions
from connectors.sinks.context import PermanentSinkError, TransientSinkError

SECRET = "hunter2-secret-path"


def test_receiver_gets_these_bytes(receiver, hand_over):
    """The body is JSON in UTF-8: id, alert, article, words; the id is also a header."""
    hand_over("webhook", receiver.url("/in?x=1"), headers=(("X-Desk", "one"),))

    [(path, headers, body)] = receiver.requests
    assert path == "/in?x=1"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Idempotency-Key"] == "m1"
    assert headers["X-Desk"] == "one"
    assert headers["User-Agent"] == FetchOptions().user_agent
    assert "阿里巴巴".encode() in body
    assert json.loads(body) == {
        "id": "m1",
        "alert": {
            "alert_id": "al1",
            "rule_id": "giants",
            "kind": "mention",
            "severity": "normal",
            "company_id": "alibaba",
            "company_name": "Alibaba Group",
            "company_name_zh": "阿里巴巴",
            "companies": [],
            "topic_id": None,
            "term": None,
            "story_id": "sa1",
            "article_id": "a1",
            "title": "Alibaba opens a data centre",
            "url": "https://x.example/1",
            "created_at": "2026-08-04T12:01:00Z",
            "updates_alert_id": None,
            "step": None,
            "corrects": None,
            "follows": None,
            "claim": None,
            "rules_version": "w0",
        },
        "article": {
            "publisher": "Harbour Wire",
            "language": "en",
            "summary": None,
            "published_at": "2026-08-04T12:00:00Z",
            "alias": "Alibaba",
        },
        "publishers": ["Harbour Wire", "前沿网"],
        "text": (
            "Alibaba Group (阿里巴巴): Alibaba opens a data centre\n"
            "Harbour Wire · 2026-08-04 12:00 UTC\n"
            "also told by 前沿网\n"
            "why: “Alibaba” is named, rule giants\n"
            "https://x.example/1"
        ),
    }


def test_down_three_times_then_up(receiver, hand_over, make_notice):
    """Each attempt sends the same bytes and the same key, so a receiver can tell."""
    receiver.answers = [(503, {}), (500, {}), (502, {}), (200, {})]
    for attempt in (1, 2, 3):
        with pytest.raises(TransientSinkError, match="answered 50"):
            hand_over("webhook", receiver.url(), make_notice(attempt=attempt))

    hand_over("webhook", receiver.url(), make_notice(attempt=4))

    assert len({body for _, _, body in receiver.requests}) == 1
    assert {headers["Idempotency-Key"] for _, headers, _ in receiver.requests} == {"m1"}


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503, 599])
def test_later_is_transient(receiver, hand_over, status):
    """Answers that mean "later" are worth another try, after the pause asked for."""
    receiver.answers = [(status, {"Retry-After": "90"})]

    with pytest.raises(TransientSinkError) as caught:
        hand_over("webhook", receiver.url())

    assert caught.value.retry_after == 90
    assert str(caught.value) == f"channel desk: it answered {status}"


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
def test_refusal_is_permanent(receiver, hand_over, status):
    """A receiver that refuses will refuse again."""
    receiver.answers = [(status, {})]

    with pytest.raises(PermanentSinkError, match=f"answered {status}"):
        hand_over("webhook", receiver.url())


def test_redirect_is_not_followed(receiver, hand_over):
    """An alert goes where the user sent it, and nowhere else."""
    receiver.answers = [(307, {"Location": receiver.url("/elsewhere")})]

    with pytest.raises(PermanentSinkError, match="redirect"):
        hand_over("webhook", receiver.url())

    assert [path for path, _, _ in receiver.requests] == ["/hook"]


def test_slow_receiver_times_out(receiver, hand_over):
    """The time limit covers the whole exchange."""
    receiver.pause = 0.5

    with pytest.raises(TransientSinkError, match=r"no answer within 0\.1 s"):
        hand_over("webhook", receiver.url(), timeout=0.1)


def test_receiver_is_told_the_name_that_was_set(receiver, hand_over):
    """A desk that names itself to feeds names itself to receivers as well."""
    hand_over("webhook", receiver.url(), user_agent="Desk/1 (desk@x.example)")

    [(_, headers, _)] = receiver.requests
    assert headers["User-Agent"] == "Desk/1 (desk@x.example)"


def test_nobody_listens(hand_over, free_port):
    """A refused connection is worth another try."""
    # Another process may have taken the port by now, and answer with something else.
    with pytest.raises(TransientSinkError, match="cannot be reached"):
        hand_over("webhook", f"http://127.0.0.1:{free_port}/hook")


def test_private_address_is_refused(receiver, hand_over):
    """No alert reaches an internal address by accident."""
    with pytest.raises(PermanentSinkError, match="private = true"):
        hand_over("webhook", receiver.url(), allow_private=())

    assert receiver.requests == []


def test_private_address_is_allowed_where_the_channel_says_so(receiver, hand_over):
    """``private = true`` is the user's word for their own network."""
    hand_over("webhook", receiver.url(), allow_private=(), private=True)

    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param(f"/\x00{SECRET}", (), id="address"),
        pytest.param(f"/{SECRET}", (("X-Key", "钥匙"),), id="header"),
        pytest.param(f"/{SECRET}", (("X Key", "1"),), id="name"),
    ],
)
def test_unusable_address_or_header_is_permanent(receiver, hand_over, path, headers):
    """What cannot be sent at all wants a person; the address is not repeated."""
    with pytest.raises(PermanentSinkError, match="cannot be used") as caught:
        hand_over("webhook", receiver.url(path), headers=headers)

    assert SECRET not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("status", [302, 400, 500])
def test_secrets_stay_out_of_errors_and_logs(receiver, hand_over, caplog, status):
    """Neither the address nor a header is in the error, behind it, or in a log."""
    caplog.set_level(logging.DEBUG)
    receiver.answers = [(status, {"Location": "/elsewhere"})]

    with pytest.raises((PermanentSinkError, TransientSinkError)) as caught:
        hand_over(
            "webhook", receiver.url(f"/{SECRET}"), headers=(("Authorization", SECRET),)
        )

    assert SECRET not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
    assert SECRET not in caplog.text


class Proxy(socketserver.ThreadingTCPServer):
    """Opens the line to the one receiver, whoever is asked for."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, receiver):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.receiver = receiver
        self.asked = []


class Tunnel(socketserver.StreamRequestHandler):
    """Passes bytes on, both ways."""

    def handle(self):
        self.server.asked.append(self.rfile.readline().split()[1].decode())
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(self.server.receiver.server_address) as there:
            back = threading.Thread(target=self.pump, args=(there, self.connection))
            back.start()
            self.pump(self.connection, there)
            back.join()

    @staticmethod
    def pump(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def test_proxy_is_asked_instead(service, hand_over, make_notice, make_parcel):
    """Where a service is only reached through one; TLS is with the service itself."""
    service.protocol = "HTTP/1.1"
    with Proxy(service) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=[0.01])
        thread.start()

        hand_over(
            "webhook",
            "https://anything.example/hook",
            *parcels(make_notice, make_parcel, 3),
            proxy=f"http://127.0.0.1:{proxy.server_address[1]}",
        )

        proxy.shutdown()
        thread.join()
    assert proxy.asked == ["anything.example:443"]
    assert [path for path, _, _ in service.requests] == ["/hook"] * 3


def test_proxy_that_is_down_is_transient(hand_over, free_port):
    """Its password is as secret as any."""
    with pytest.raises(TransientSinkError, match="cannot be reached") as caught:
        hand_over(
            "webhook", "https://x.example/", proxy=f"http://u:hunter2@127.0.0.1:{free_port}"
        )

    assert "hunter2" not in f"{caught.value!r}"


def test_receiver_that_dribbles_is_cut_off(hand_over):
    """One byte now and then does not stretch the limit."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def dribble():
            with listening.accept()[0] as peer, contextlib.suppress(OSError):
                while not done.wait(0.02):
                    peer.send(b"H")

        thread = threading.Thread(target=dribble)
        thread.start()
        with pytest.raises(TransientSinkError, match=r"no answer within 0\.2 s"):
            hand_over(
                "webhook",
                f"http://127.0.0.1:{listening.getsockname()[1]}/",
                timeout=0.2,
            )
        done.set()
        thread.join()


# ── Digests ──────────────────────────────────────────────────────────────────────────


def test_digest_holds_its_alerts(receiver, hand_over, make_notice, make_parcel):
    """A digest has an id of its own, and every alert in it keeps the one it would have."""
    notices = [make_notice(message_id=f"m{n}", attempt=2) for n in (1, 2)]

    hand_over("webhook", receiver.url(), make_parcel(*notices, why="rate"))

    [body] = receiver.bodies()
    assert (body["id"], body["digest"]) == ("b1", "rate")
    assert [alert["id"] for alert in body["alerts"]] == ["m1", "m2"]
    assert body["alerts"][0]["alert"]["title"] == "Alibaba opens a data centre"
    assert body["text"].startswith("More than this channel takes one by one: 2 alerts")


def test_text_is_in_the_language_and_zone_of_the_channel(receiver, hand_over):
    """The data stays in UTC, the words are for who reads them."""
    hand_over("webhook", receiver.url(), language="zh", zone="Asia/Shanghai")

    [body] = receiver.bodies()
    assert body["article"]["published_at"] == "2026-08-04T12:00:00Z"
    assert "2026-08-04 20:00（Asia/Shanghai）" in body["text"]


# ── The signature ────────────────────────────────────────────────────────────────────


def is_genuine(secret, header, body, *, now, window=300):
    """The receiver's side, as docs/howto/webhook.md has it."""
    parts = dict(part.split("=", 1) for part in header.split(","))
    if abs(now - int(parts["t"])) > window:
        return False
    signed = parts["t"].encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"])


def test_signature_holds(receiver, hand_over):
    """Who has the secret can tell our bytes from others, and today's from yesterday's."""
    hand_over("webhook", receiver.url(), secret="k3y")

    [(_, headers, body)] = receiver.requests
    header, now = headers["Sinowire-Signature"], time.time()
    assert is_genuine("k3y", header, body, now=now)
    assert not is_genuine("other", header, body, now=now)
    assert not is_genuine("k3y", header, body + b" ", now=now)
    assert not is_genuine("k3y", header, body, now=now + 301)
    assert not is_genuine("k3y", header.replace("t=", "t=1"), body, now=now)


def test_nothing_is_signed_without_a_secret(receiver, hand_over):
    """No header rather than one that proves nothing."""
    hand_over("webhook", receiver.url())

    [(_, headers, _)] = receiver.requests
    assert "Sinowire-Signature" not in headers


# ── The connection ───────────────────────────────────────────────────────────────────


def parcels(make_notice, make_parcel, count):
    return [make_parcel(make_notice(message_id=f"m{n}")) for n in range(count)]


def test_connection_is_kept(receiver, hand_over, make_notice, make_parcel):
    """One connection takes all that an opening sends."""
    receiver.protocol = "HTTP/1.1"

    hand_over("webhook", receiver.url(), *parcels(make_notice, make_parcel, 20))

    assert len(set(receiver.peers)) == 1
    assert [body["id"] for body in receiver.bodies()] == [f"m{n}" for n in range(20)]


def test_receiver_that_hangs_up_each_time(receiver, hand_over, make_notice, make_parcel):
    """A receiver without keep-alive gets a connection each."""
    hand_over("webhook", receiver.url(), *parcels(make_notice, make_parcel, 3))

    assert len(set(receiver.peers)) == len(receiver.requests) == 3


def test_receiver_that_hangs_up_in_silence(
    receiver, hand_over, make_notice, make_parcel, monkeypatch
):
    """A connection that was closed meanwhile is no failed attempt."""
    receiver.protocol = "HTTP/1.1"
    handler = receiver.RequestHandlerClass
    answer = handler.do_POST

    def answer_and_leave(self):
        answer(self)
        self.close_connection = True

    monkeypatch.setattr(handler, "do_POST", answer_and_leave)

    hand_over("webhook", receiver.url(), *parcels(make_notice, make_parcel, 5))

    assert len(receiver.requests) == 5


def test_answer_without_end_is_not_read(receiver, hand_over, make_notice, make_parcel):
    """What a receiver says at length is cut off, and the next message goes through."""
    receiver.protocol = "HTTP/1.1"
    receiver.answers = [(200, {}, b"x" * 10_000_000)]

    hand_over("webhook", receiver.url(), *parcels(make_notice, make_parcel, 2))

    assert len(receiver.requests) == 2


def test_hundreds_of_messages_take_seconds(receiver, hand_over, make_notice, make_parcel):
    """A channel's share of the ten thousand that five channels get in a minute."""
    receiver.protocol = "HTTP/1.1"
    started = time.monotonic()

    hand_over("webhook", receiver.url(), *parcels(make_notice, make_parcel, 400))

    assert len(receiver.requests) == 400
    assert time.monotonic() - started < 12
