"""A feed's secrets stay in feeds.toml: no output, log or stored file repeats them."""

from __future__ import annotations

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import duckdb
import pytest

pytestmark = pytest.mark.slow

USER, PASSWORD, TOKEN, KEY = (
    "agent-smithee",
    "hunter2-pass",
    "tok-5f4dcc3b5aa7",
    "k-9d3e77aa",
)
PROXY_PASSWORD = "proxy-open-sesame"
# Nothing tells that these are secrets, but that their address is in the environment.
STEP, WORD = "swordfish", "opensesame"
SECRETS = (USER, PASSWORD, TOKEN, KEY, PROXY_PASSWORD, STEP, WORD)

# An entry's links are relative: they must not be completed with the feed's own key.
ITEM = (
    "<item><title>Baidu opens a lab</title><link>/a/1</link><guid>1</guid></item>"
    "<item><title>Huawei sells chips</title><link>#two</link><guid>2</guid></item>"
)
FEED = f"<rss version='2.0'><channel><title>x</title>{ITEM}</channel></rss>".encode()


class Handler(BaseHTTPRequestHandler):
    """Fails in many ways, and quotes what it was asked for wherever it can."""

    def log_message(self, *_):
        """Keep quiet."""

    def do_GET(self):
        """Answer by the first step of the path."""
        how = self.path.strip("/").partition("?")[0].partition("/")[0]
        rest = f"/{STEP}/there?q={WORD}" if STEP in self.path else f"?token={TOKEN}"
        quoted = f"http://{USER}:{PASSWORD}@127.0.0.1/next?token={TOKEN}"
        page = f"<html><head><title>Not found: {self.path}</title></head></html>".encode()
        status, headers, body = {
            "good": (200, {}, FEED),
            "page": (200, {}, page),
            "missing": (404, {}, page),
            "broken": (500, {"Retry-After": "1"}, page),
            "loop": (302, {"Location": f"/loop{rest}"}, b""),
            "moved": (301, {"Location": f"/page{rest}"}, b""),
            "inside": (302, {"Location": quoted.replace("127.0.0.1", "10.0.0.1")}, b""),
            "scheme": (302, {"Location": quoted.replace("http", "ftp")}, b""),
            "nowhere": (
                302,
                {"Location": f"http://{USER}:{PASSWORD}@x.invalid:port/"},
                b"",
            ),
            "short": (200, {"Content-Length": "9999"}, FEED),
            "adopted": (301, {"Location": f"/good{rest}"}, b""),
        }.get(how, (404, {}, b""))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


WAYS = (
    "good", "page", "missing", "broken", "loop", "moved", "inside", "scheme", "nowhere",
    "short", "adopted",
)  # fmt: skip


@pytest.fixture
def subscribed(home, monkeypatch):
    """A home whose feeds carry secrets in every place, and fail in every way."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    port = server.server_address[1]
    _configure(home, monkeypatch, port)
    yield home
    server.shutdown()
    thread.join()
    server.server_close()


def _configure(home, monkeypatch, port):
    login = f"{USER}:{PASSWORD}"
    urls = {way: f"http://{login}@127.0.0.1:{port}/{way}?token={TOKEN}" for way in WAYS}
    urls["unknown"] = f"http://{login}@x.invalid/f?token={TOKEN}"
    urls["refused"] = f"http://{login}@127.0.0.1:1/f?token={TOKEN}"
    urls["no-port"] = f"http://{login}/x@127.0.0.1/f?token={TOKEN}"
    tables = [
        f'[feed.{name}]\nurl = "{url}"\nheaders = {{ X-Key = {{ env = "SECRET_KEY" }} }}'
        for name, url in urls.items()
    ]
    tables.append(
        f"""
        [feed.proxied]
        url = "http://x.example/f?token={TOKEN}"
        proxy = "http://{USER}:{PROXY_PASSWORD}@127.0.0.1:1"
        """
    )
    for way in (*WAYS, "refused"):
        variable = f"SECRET_{way.upper()}"
        at = port if way != "refused" else 1
        monkeypatch.setenv(variable, f"http://127.0.0.1:{at}/{way}/{STEP}?q={WORD}")
        tables.append(f'[feed.env-{way}]\nurl = {{ env = "{variable}" }}')
    (home / "feeds.toml").write_text("\n".join(tables), encoding="utf-8")
    monkeypatch.setenv("SECRET_KEY", KEY)


def leaked(text):
    """Return the secrets that *text* repeats."""
    return [secret for secret in SECRETS if secret in text]


def test_secrets_reach_nothing(subscribed, sinowire, caplog):
    """Two runs, every command about feeds, all logs and all files: not one secret."""
    caplog.set_level(logging.DEBUG)
    said = []
    for command in (
        ("run", "--json"),
        ("run", "--feed", "good", "--feed", "missing", "--now", "2026-08-05T12:00Z"),
        ("--debug", "run", "--json", "--now", "2026-08-06T12:00Z"),
        ("feeds", "list", "--format", "json"),
        ("feeds", "check"),
        ("feeds", "health", "--format", "json"),
        ("feeds", "check", f"http://{USER}:{PASSWORD}@127.0.0.1:1/?token={TOKEN}"),
        ("feeds", "add", f"http://{USER}:{PASSWORD}@127.0.0.1:1/?token={TOKEN}"),
        ("feeds", "import", f"http://{USER}:{PASSWORD}@127.0.0.1:1/?token={TOKEN}"),
        ("sql", "from feed_polls", "--format", "json"),
        ("sql", "from sightings", "--format", "json"),
        ("feeds", "export"),
        ("doctor",),
    ):
        _, out, err = sinowire(*command)
        said.append((command[:3], out + err))

    assert {command: leaked(text) for command, text in said if leaked(text)} == {}
    assert leaked(caplog.text) == []
    assert json.loads(said[0][1].partition("\n")[0])["new_articles"] == 3
    # The documents that were read lie in raw, packed and private.
    written = [
        p for p in (subscribed / "data").rglob("*") if p.is_file() and "raw" not in p.parts
    ]
    assert any(path.name == "sinowire.duckdb" for path in written)
    for path in written:
        assert leaked(path.read_bytes().decode("latin-1")) == [], path.name
    assert leaked(contents(subscribed / "data" / "sinowire.duckdb")) == []


def contents(file):
    """Return every row of every table as text: files may be packed."""
    with duckdb.connect(file, read_only=True) as con:
        names = [
            name
            for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()
        ]
        rows = [
            con.execute(f'select to_json(t)::varchar from "{name}" t').fetchall()
            for name in names
        ]
    text = str(rows)
    assert "Baidu opens a lab" in text
    assert "HTTP 404" in text
    return text


def test_published_links_are_whole_and_without_the_key(subscribed, sinowire):
    """Relative links lead to the outlet, not to its feed's login."""
    sinowire("run", "--feed", "good")

    _, out, _ = sinowire("sql", "select url from sightings", "--format", "json")
    urls = [row["url"] for row in json.loads(out)]

    assert len(urls) == 2
    assert all(url.startswith("http://127.0.0.1:") for url in urls)
    assert leaked(out) == []
