"""Who may read the desk, and what every answer says to a browser."""

from __future__ import annotations

import base64
import http.client
import time
from ipaddress import ip_network
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr

from flows.web.guard import FORGOTTEN_AFTER, FREE, HEADERS, LONGEST_PAUSE, REMEMBERED, Tries

TOKEN = "dragon-龙-fruit"


def basic(password):
    pair = base64.b64encode(f"reader:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


@pytest.fixture(scope="session")
def locked(desk, serve_desk):
    """Ask a desk that wants a token."""
    with (
        serve_desk(desk, web_token=SecretStr(TOKEN)) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        yield client.get


@pytest.mark.parametrize(
    "path", ["/", "/zh/", "/static/desk.css", "/nope", "/?page=0", "/healthz", "/today.csv"]
)
def test_every_answer_seals_itself(get, path):
    """Pages, files, refusals: all bear the policy and keep other sites out."""
    answer = get(path)

    assert {name: answer.headers.get(name) for name, _ in HEADERS} == dict(HEADERS)
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8330",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "localhost.",
        "localhost:80@evil.example",
        "localhost:8330:80",
        "localhost:http",
        "[::1]:8330@evil.example",
        "[::1",
        ":8330",
        "",
    ],
)
def test_a_foreign_name_is_refused(desk_url, host):
    """A page whose name was rebound to this machine reads nothing."""
    answer = raw(desk_url, "/", {"Host": host})

    assert answer.status == 421
    assert b"hosts" in answer.body


def test_a_name_of_the_setting_is_ours(desk, serve_desk):
    """Behind a proxy the desk goes by another name, in any case and at any port."""
    with serve_desk(desk, hosts=("desk.example",)) as address:
        statuses = [
            raw(address, "/", {"Host": host}).status
            for host in (
                *("desk.example", "Desk.Example:443", "localhost", "[::1]:8330"),
                "other.example",
            )
        ]

    assert statuses == [200, 200, 200, 200, 421]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_the_desk_is_only_read(desk_url, method):
    """Nothing can be sent to it."""
    answer = raw(desk_url, "/", method=method)

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/sql?q=select+1", "/sql.csv?q=select+1", "/zh/sql", "/mcp"]
)
def test_no_other_site_makes_us_run_statements(desk_url, path, headers):
    """Neither a link nor a script elsewhere does."""
    assert raw(desk_url, path, headers).status == 403


@pytest.mark.parametrize(
    "path", ["/", "/zh/search?q=baidu", "/today.json", "/static/desk.css", "/healthz"]
)
def test_from_other_sites_a_link_leads_here_and_nothing_else(desk_url, path):
    """Neither frames nor pictures, scripts or forms that are sent."""
    link = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for site in ("cross-site", "same-site"):
        found = {"Sec-Fetch-Site": site}
        assert raw(desk_url, path, found | link).status == 200
        assert raw(desk_url, path, found).status == 403
        for other in (
            link | {"Sec-Fetch-Dest": "iframe"},
            {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
            {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
        ):
            assert raw(desk_url, path, found | other).status == 403
    assert raw(desk_url, path, {"Sec-Fetch-Site": "none"} | link).status == 200


def test_tries_of_a_token_pause(desk, serve_desk):
    """After ten wrong ones the right one waits, a second; nobody else does."""
    given = {"web_token": SecretStr(TOKEN), "trusted_proxies": (ip_network("127.0.0.1"),)}
    with serve_desk(desk, **given) as address:

        def tried(token, reader="203.0.113.9"):
            headers = basic(token) | {"X-Forwarded-For": reader}
            return httpx.get(address, headers=headers, trust_env=False, timeout=30)

        assert [tried("wrong").status_code for _ in range(FREE)] == [401] * FREE
        assert tried("wrong").status_code == 401
        paused = tried(TOKEN)
        assert (paused.status_code, paused.headers["retry-after"]) == (429, "1")
        assert tried(TOKEN, "203.0.113.10").status_code == 200
        assert httpx.get(address, trust_env=False).status_code == 401
        time.sleep(1.1)
        assert tried(TOKEN).status_code == 200


def test_a_pause_is_short_and_forgotten():
    """However many wrong ones came; and what is remembered of them is bounded."""
    now = [0.0]
    tries = Tries(lambda: now[0])
    for _ in range(5_000):
        tries.was_wrong("203.0.113.9")
    assert tries.pause("203.0.113.9") == LONGEST_PAUSE
    now[0] += FORGOTTEN_AFTER + LONGEST_PAUSE + 1
    tries.was_wrong("203.0.113.9")
    assert tries.pause("203.0.113.9") == 0
    for at in range(REMEMBERED):
        tries.was_wrong(str(at))
    assert len(tries) == REMEMBERED


def test_without_its_token_a_locked_desk_says_nothing(locked):
    """Not even whether a page exists; a browser is asked for a password."""
    for path in ("/", "/zh/companies", "/nope", "/static/desk.css", "/today.json"):
        answer = locked(path)
        assert (answer.status_code, "Basic" in answer.headers["www-authenticate"]) == (
            401,
            True,
        )
        assert TOKEN not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (basic(TOKEN), 200),
        ({"Authorization": f"Bearer {TOKEN}".encode()}, 200),
        (basic(TOKEN + "x"), 401),
        (basic(TOKEN[:-1]), 401),
        (basic(""), 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Basic !!!"}, 401),
        ({"Authorization": "Digest " + TOKEN.encode().hex()}, 401),
    ],
)
def test_the_token_opens_as_password_or_bearer(locked, headers, status):
    """And nothing that is only like it; an address never holds it."""
    assert locked("/", headers=headers).status_code == status
    assert locked(f"/?token={TOKEN}").status_code == 401


def test_health_is_told_to_this_machine_alone(locked):
    """A service manager needs no token; a reader behind an unknown proxy does."""
    assert locked("/healthz").json()["status"] == "ok"
    assert "sinowire_desk_pages_made_total" in locked("/metrics").text
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert locked("/healthz", headers={name: "127.0.0.1"}).status_code == 401


def test_a_trusted_proxy_says_whom_it_asks_for(desk, serve_desk):
    """The nearest address that is no proxy of ours is the reader's."""
    import ipaddress  # noqa: PLC0415

    trusted = (ipaddress.ip_network("127.0.0.0/8"),)
    given = {"web_token": SecretStr(TOKEN), "trusted_proxies": trusted}
    with serve_desk(desk, **given) as address:
        said = {
            hops: raw(address, "/healthz", {"X-Forwarded-For": hops}).status
            for hops in (
                "203.0.113.9",
                "127.0.0.1, 203.0.113.9",
                "203.0.113.9, 127.0.0.1",
                "::1",
            )
        }

    assert said == {
        "203.0.113.9": 401,
        "127.0.0.1, 203.0.113.9": 401,
        "203.0.113.9, 127.0.0.1": 401,
        "::1": 200,
    }


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/../../etc/passwd", 404),
        ("/static/../app.py", 404),
        ("/static/..%2f..%2fsettings.py", 404),
        ("/%2e%2e/%2e%2e/etc/passwd", 404),
        ("//evil.example/", 404),
        ("/companies//", 404),
        ("/companies/%00", 404),
        ("/companies/" + "%F0%9F%A6%8A" * 300, 404),
        ("/stories/..%5c..%5c", 404),
        ("/?language=" + "z" * 150, 400),
        ("/?outlet=" + "z" * 1_000, 400),
        ("/?outlet=%0d%0aX-Injected:%201", 400),
        ("/?zone=../../etc/passwd", 400),
        ("/?page=99999999999999999999", 400),
        ("/companies/huawei?since=2025-02-30", 400),
        ("/companies/huawei?since=1000-01-01&until=2025-01-01", 400),
        ("/companies/huawei?since=2020-01-01&until=2025-01-01", 400),
        ("/companies/huawei?hours=0", 400),
        ("/?outlet=" + "z" * 20_000, 414),
        ("/?q=" + "z" * 50_000, 414),
        ("/?q=" + "z" * 102_400, 414),
    ],
)
def test_a_strange_address_gets_a_sentence(desk_url, path, status):
    """A page or a sentence, never a traceback, and no header of the asker's making."""
    answer = raw(desk_url, path)

    assert answer.status == status
    assert "x-injected" not in answer.headers
    for sign in (b"Traceback", b'File "', b"root:", b"duckdb"):
        assert sign not in answer.body


class Raw:
    """An answer to a request that no client library has tidied up."""

    def __init__(self, answer):
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.body = answer.read()


def raw(address, path, headers=None, *, method="GET"):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.putrequest(method, path, skip_host="Host" in (headers or {}))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        return Raw(connection.getresponse())
    finally:
        connection.close()
