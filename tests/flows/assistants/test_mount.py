"""``/mcp`` of the desk: who may ask, and what is refused before the SDK sees it."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr
from serving import served

TOKEN = "dragon-fruit"
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
HEADERS = {
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-06-18",
}


def post(url, **headers):
    """Send a ping as a page or program would."""
    return httpx.post(
        url, json=PING, headers=HEADERS | headers, trust_env=False, timeout=60
    )


def test_a_program_is_answered(mcp_url):
    """Without an origin, and from the desk's own pages."""
    own = mcp_url.removesuffix("/mcp")

    assert post(mcp_url).json()["result"] == {}
    assert post(mcp_url, Origin=own, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "evil.example"}, 421),
    ],
)
def test_a_page_of_another_site_is_refused(mcp_url, headers, status):
    """Neither through somebody's browser nor under a name that was rebound."""
    assert post(mcp_url, **headers).status_code == status


def test_there_is_no_stream_and_no_session(mcp_url):
    """Nothing is held open or kept between two requests."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        stream = client.get(mcp_url, headers={"Accept": "text/event-stream"})
        end = client.delete(mcp_url)

    assert (stream.status_code, end.status_code) == (405, 405)
    assert "mcp-session-id" not in post(mcp_url).headers


def test_a_long_request_is_refused(mcp_url):
    """Before anything reads it."""
    body = b"[" * 200_000
    answer = httpx.post(mcp_url, content=body, headers=HEADERS, trust_env=False, timeout=60)

    assert answer.status_code == 413


def test_older_clients_are_answered(mcp_url, connect):
    """Those that begin with a handshake."""
    with connect(mcp_url, mode="legacy") as assistant:
        assert assistant("run_sql", sql="select 1 as one")["quoted"]["rows"] == [[1]]


def test_the_token_is_asked_for(home, connect):
    """On loopback too, where there is one; a client sends it as a bearer's."""
    with served(home, web_token=SecretStr(TOKEN)) as address:
        url = f"{address}/mcp"
        assert post(url).status_code == 401
        assert post(url, Authorization="Bearer other").status_code == 401
        with connect(url, headers={"Authorization": f"Bearer {TOKEN}"}) as assistant:
            assert assistant("alerts")["trust"]


def test_without_the_extra_it_says_how_to_install_it(home, without_mcp):
    """The other pages of the desk need nothing more."""
    with served(home) as address:
        answer = post(f"{address}/mcp")
        page = httpx.get(f"{address}/alerts", trust_env=False, timeout=60)

    assert answer.status_code == 501
    assert "pip install '.[mcp]'" in answer.text
    assert page.status_code == 200
