"""Channels that lead to Prefect: what is said to its server (to a real one: test_up.py)."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from builders import notice, parcel

from connectors.sinks import SinkContext, opened
from connectors.sinks.context import PermanentSinkError, TransientSinkError
from flows.channels import PREFECT_CHANNELS
from flows.orchestration.server import how_to_sign_in, kept_sign_in, prefect_environment
from transforms.config import ConfigError
from transforms.models import Channel

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)


class Server(ThreadingHTTPServer):
    """Answers every request alike, and keeps it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.status = 204

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Takes whatever comes."""

    def log_message(self, *_args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        taken = self.path, dict(self.headers), json.loads(body or b"{}")
        self.server.requests.append(taken)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST


@pytest.fixture
def server():
    """A server that stands where Prefect's, or a chat service, would."""
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def two_companies(message_id="m1"):
    return notice(message_id, company_ids=("alibaba", "tencent"), created_at=NOW)


def hand_over(tmp_path, kind, address="", *, notices=None, why=None):
    """Send in a thread of its own, as a delivery does."""
    context = SinkContext(
        timeout=5.0,
        allow_private=(ip_network("127.0.0.0/8"),),
        stream=sys.stderr,
        home=tmp_path,
        channels=PREFECT_CHANNELS,
    )
    handed = parcel(*(notices or [two_companies()]), why=why)
    failures = []

    def send_all():
        try:
            with opened(
                Channel(channel_id="desk", type=kind, address=address), context
            ) as send:
                send(handed)
        except Exception as exc:  # noqa: BLE001  for the test's own thread to raise
            failures.append(exc)

    thread = threading.Thread(target=send_all)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


@pytest.mark.parametrize(
    ("kind", "address"), [("prefect-event", ""), ("prefect-block", "slack-webhook/x")]
)
def test_without_a_server_it_waits_for_one(tmp_path, kind, address):
    """Prefect would start one for the occasion, which takes half a minute."""
    with pytest.raises(TransientSinkError, match="set PREFECT_API_URL"):
        hand_over(tmp_path, kind, address)


def test_without_flows_nobody_knows_prefect(tmp_path):
    """Whoever opens a channel without Prefect's sinks is told so."""
    context = SinkContext(timeout=1, allow_private=(), stream=sys.stderr, home=tmp_path)
    one = parcel(two_companies())

    with (
        opened(Channel(channel_id="desk", type="prefect-event"), context) as send,
        pytest.raises(PermanentSinkError, match="nothing here can send"),
    ):
        send(one)


@pytest.fixture
def api(server, monkeypatch):
    """Our server where Prefect's would be."""
    monkeypatch.setenv("PREFECT_API_URL", f"{server.url}/api")
    return server


def test_digest_is_an_event_an_alert(api, tmp_path, monkeypatch):
    """With an id of its own that stays the same, and all that a webhook would get."""
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:pass")
    notices = [two_companies("m1"), two_companies("m2")]

    hand_over(tmp_path, "prefect-event", notices=notices, why="digest")
    hand_over(tmp_path, "prefect-event", notices=notices[:1])

    (path, headers, events), (_, _, [again]) = api.requests
    assert path == "/api/events"
    assert headers["Authorization"] == "Basic YWRtaW46cGFzcw=="
    assert [event["payload"]["id"] for event in events] == ["m1", "m2"]
    assert events[0]["id"] == again["id"] != events[1]["id"]
    assert events[0]["event"] == "sinowire.alert"
    assert events[0]["occurred"] == "2026-08-04T12:00:00+00:00"
    assert events[0]["resource"]["prefect.resource.id"] == "sinowire.rule.giants"
    assert [r["prefect.resource.id"] for r in events[0]["related"]] == [
        *("sinowire.company.alibaba", "sinowire.company.tencent")
    ]


def test_sign_in_that_prefect_cannot_compare_is_refused(tmp_path, monkeypatch):
    """The server would answer every request with an error of its own."""
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:pässword")

    with (
        pytest.raises(ConfigError, match=r"PREFECT_API_AUTH_STRING.*ASCII") as caught,
        kept_sign_in(tmp_path),
    ):
        pass
    assert "pässword" not in str(caught.value)


def test_client_prefers_the_sign_in_to_a_key(api, tmp_path, monkeypatch):
    """As Prefect's own client does: a key for its cloud may be around as well."""
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:pass")
    monkeypatch.setenv("PREFECT_API_KEY", "hunter2")

    hand_over(tmp_path, "prefect-event")

    [(_, headers, _)] = api.requests
    assert headers["Authorization"] == "Basic YWRtaW46cGFzcw=="


@pytest.mark.parametrize("status", [401, 403])
def test_server_that_does_not_know_us_says_what_to_set(api, tmp_path, monkeypatch, status):
    """The remedy is in the message, and the wrong sign-in is not."""
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:hunter2")
    api.status = status

    with pytest.raises(PermanentSinkError, match="set PREFECT_API_AUTH_STRING") as caught:
        hand_over(tmp_path, "prefect-event")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "error"), [(422, PermanentSinkError), (500, TransientSinkError)]
)
def test_server_that_refuses_an_event(api, tmp_path, monkeypatch, status, error):
    """By its status, as everywhere; the key to the server is not told."""
    monkeypatch.setenv("PREFECT_API_KEY", "hunter2")
    api.status = status

    with pytest.raises(error, match=f"answered {status}") as caught:
        hand_over(tmp_path, "prefect-event")

    [(_, headers, _)] = api.requests
    assert headers["Authorization"] == "Bearer hunter2"
    assert "hunter2" not in str(caught.value)


def test_server_that_is_down_is_not_waited_for(api, tmp_path):
    """Prefect's client would knock for a minute."""
    api.status = 503

    with pytest.raises(TransientSinkError, match="does not answer"):
        hand_over(tmp_path, "prefect-block", "slack-webhook/x")


@pytest.mark.parametrize(
    "name", ["PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"]
)
def test_sign_in_of_the_environment_is_used_as_it_is(tmp_path, monkeypatch, name):
    """By server and clients alike, and written nowhere; the server's own goes first."""
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "somebody:else")
    monkeypatch.setenv(name, "admin:p:ss word")

    with kept_sign_in(tmp_path) as sign_in:
        env = prefect_environment(tmp_path, 4200, sign_in)
        assert list(tmp_path.iterdir()) == []

    assert {value for key, value in env.items() if "AUTH" in key} == {"admin:p:ss word"}
    told = how_to_sign_in(tmp_path, sign_in, is_terminal=True)
    assert told == f"sign in with what {name} holds"
