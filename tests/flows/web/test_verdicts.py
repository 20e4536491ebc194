"""Correcting what one sees at the desk: who may, and that nothing said is lost."""

from __future__ import annotations

import base64
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from either_kind import all_rows_of, writer
from pydantic import SecretStr
from serving import served

from flows.home import load_config
from flows.settings import load_settings
from flows.steps import spool
from flows.steps.spooled import apply_waiting
from flows.web import access
from flows.web.access import LEAST_TOKEN, NAME, writing_token
from flows.web.guard import FREE
from transforms.config import ConfigError
from transforms.models.verdicts import UNDO, GivenVerdict
from warehouse.file.connect import PUBLISHED_NAME

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
ANGRY = "<script>alert(1)</script> \u202egpj\u2066 {{ 7*7 }} =1+1"
FORM = "application/x-www-form-urlencoded"
# What a click and its undo leave besides what is found.
CLICKED = ("verdict_log", "runs", "waits", "retagged", "imports", "fence")


class Answer:
    """An answer to a request that no client library has tidied up."""

    def __init__(self, answer):
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.text = answer.read().decode()


class Desk:
    """A desk and whoever has its token."""

    def __init__(self, address, token):
        self.address, self.token = address, token
        self.basic = base64.b64encode(f"ann:{token}".encode()).decode()

    def get(self, path, **headers):
        headers = {"Authorization": f"Basic {self.basic}"} | headers
        return httpx.get(self.address + path, headers=headers, trust_env=False, timeout=60)

    def form(self, about, **headers):
        """Open the form about ``story=ID`` and the like; return what it sends."""
        page = self.get(f"/verdicts/new?{about}", **headers)
        assert page.status_code == 200, page.text
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        return dict(hidden), page.text

    def post(self, fields, path="/verdicts", method="POST", **headers):
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        given = {
            "Authorization": f"Basic {self.basic}",
            "Content-Type": FORM,
            "Origin": self.address,
            "Content-Length": str(len(body)),
        }
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        netloc = urlsplit(self.address).netloc
        connection = http.client.HTTPConnection(netloc, timeout=60)
        try:
            connection.putrequest(method, path, skip_host="Host" in given)
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(body)
            return Answer(connection.getresponse())
        finally:
            connection.close()


@contextmanager
def opened(home, **settings):
    """Serve the desk of *home*, to somebody who has its token."""
    with served(home, **settings) as address:
        yield Desk(address, writing_token(load_settings(home).model_copy(update=settings)))


@pytest.fixture(scope="module")
def someone(desk_url, token):
    """Whoever has the token of the newsroom's desk, which nobody corrects here."""
    return Desk(desk_url, token)


@pytest.fixture
def story(someone):
    """A story of the newsroom."""
    return someone.get("/today.json").json()[0]["story_id"]


def test_all_may_read_and_whoever_writes_is_asked(someone, desk):
    """On this machine too, before any form is shown; nothing comes of it."""
    bare = {"Authorization": None}
    answers = [
        httpx.get(someone.address + path, trust_env=False)
        for path in ("/verdicts", "/zh/verdicts", "/verdicts.json")
    ]
    asked = httpx.get(f"{someone.address}/verdicts/new?story=x", trust_env=False)
    posted = someone.post({"verdict": "off-beat"}, **bare)
    wrong = someone.post({"verdict": "off-beat"}, Authorization="Bearer wrong")

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert asked.status_code == posted.status == wrong.status == 401
    assert "Basic" in asked.headers["www-authenticate"]
    assert "www-authenticate" in posted.headers
    assert "data/web-token" in posted.text
    assert not spool.is_any_waiting(load_settings(desk).data)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 421),
        ({"Content_Type": "application/json"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Type": None}, 415),
        ({"method": "PUT"}, 405),
        ({"method": "DELETE"}, 405),
        ({"path": "/"}, 405),
        ({"path": "/zh/verdicts"}, 405),
        ({"path": "/verdicts/new"}, 405),
        ({"path": "/verdicts.json"}, 405),
    ],
)
def test_nothing_but_a_form_of_ours_is_taken(someone, story, desk, headers, status):
    """From another origin, of another kind, to another address: refused, whole as it is."""
    fields, _ = someone.form(f"story={story}")
    answer = someone.post({**fields, "verdict": "off-beat"}, **headers)

    assert answer.status == status
    assert not spool.is_any_waiting(load_settings(desk).data)


@pytest.mark.parametrize(
    "fields",
    [
        b"verdict=off-beat&verdict=on-beat",
        b"%ff%fe=1",
        b"\xff\xfe",
        b"x",
        b"&".join(b"a%d=1" % n for n in range(100)),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(someone, fields):
    """Things said twice, no UTF-8, a hundred fields."""
    assert someone.post(fields).status == 400


def test_an_unknown_name_is_answered_with_the_nearest(someone, story):
    """A form that names nobody of the watchlist is not complete; no address is to blame."""
    fields, _ = someone.form(f"story={story}")

    answer = someone.post({**fields, "verdict": "about", "company": "Robrock"})

    assert answer.status == 400
    assert "This form is not complete" in answer.text
    assert "nothing called “Robrock”; did you mean “roborock”?" in answer.text


def test_a_form_is_of_a_reader_a_subject_and_an_hour(someone, story, monkeypatch):
    """Without its stamp, about something else, or replayed later it is refused."""
    now = time.time()
    monkeypatch.setattr(access.time, "time", lambda: now)
    fields, _ = someone.form(f"story={story}")

    def said(**more):
        # With a true stamp this much is said of it: nothing that could be taken.
        return someone.post({**fields, "verdict": "nothing", **more}).status

    assert (said(), said(stamp="")) == (400, 403)
    assert (said(stamp="0" * 32), said(about="story:other")) == (403, 403)
    now += 3_600
    assert said() == 400
    now += 3_600
    late = someone.post({**fields, "verdict": "nothing"})
    assert late.status == 403
    assert "open it again" in late.text


def test_a_form_about_what_is_not_here_says_so(someone):
    """An id that is gone, or of another home, or no id at all."""
    for about, status, said in (
        ("story=s0000", 404, "no such thing here any more: s0000"),
        ("alert=a0000", 404, "no such thing here any more: a0000"),
        ("verdict=9", 404, "no such thing here any more: 9"),
        ("verdict=x", 400, "Say what is to be corrected"),
        ("", 400, "Say what is to be corrected"),
    ):
        answer = someone.get(f"/verdicts/new?{about}")
        assert (answer.status_code, said in answer.text) == (status, True), about


def test_a_stamp_of_another_address_is_none(desk, serve_desk, story):
    """Whoever learns one can do nothing with it elsewhere, nor with the next process."""
    given = {"trusted_proxies": (ip_network("127.0.0.1"),)}
    with opened(desk, **given) as mine, opened(desk, **given) as other:
        fields, _ = mine.form(f"story={story}", **{"X-Forwarded-For": "203.0.113.9"})
        fields["verdict"] = "nothing"
        statuses = [
            where.post(fields, X_Forwarded_For=whose).status
            for where, whose in (
                (mine, "203.0.113.9"),
                (mine, "203.0.113.10"),
                (other, "203.0.113.9"),
            )
        ]

    assert statuses == [400, 403, 403]


@pytest.mark.parametrize("is_told", [True, False])
def test_a_hundred_megabytes_are_refused_unread(someone, is_told):
    """Whether the request says how long it is, or only goes on."""
    part = b"why=" + b"x" * 60_000
    size = "Content-Length: 100000000" if is_told else "Transfer-Encoding: chunked"
    head = (
        f"POST /verdicts HTTP/1.1\r\nHost: {urlsplit(someone.address).netloc}\r\n"
        f"Authorization: Basic {someone.basic}\r\nOrigin: {someone.address}\r\n"
        f"Content-Type: {FORM}\r\n{size}\r\n\r\n"
    )
    where = urlsplit(someone.address)
    with socket.create_connection((where.hostname, where.port), timeout=30) as sock:
        sent = part if is_told else b"%x\r\n%b\r\n" % (len(part), part)
        sock.sendall(head.encode() + sent)
        said = b""
        # It is closed at once: nobody waits for the rest.
        while more := read_on(sock):
            said += more

    assert said.startswith(b"HTTP/1.1 413")


def read_on(sock):
    try:
        return sock.recv(65_536)
    except ConnectionResetError:
        return b""


def test_wrong_passwords_pause_whoever_writes(desk, copy_desk):
    """As they do readers: after ten, for a second and more."""
    with opened(copy_desk(desk)) as someone:
        wrong = {"Authorization": "Bearer no"}
        tried = [someone.post({}, **wrong).status for _ in range(FREE + 1)]
        paused = someone.post({})

        assert tried == [401] * (FREE + 1)
        assert (paused.status, paused.headers["retry-after"]) == (429, "1")
        assert httpx.get(someone.address, trust_env=False).status_code == 200


def test_a_desk_that_is_only_read_has_no_forms(desk, someone, story):
    """No link, no form, no way to post; what was said is there to be read."""
    with opened(desk, is_read_only=True) as reader:
        pages = [reader.get(path) for path in ("/", f"/stories/{story}", "/alerts")]
        assert [page.status_code for page in pages] == [200] * 3
        assert not any("/verdicts/new" in page.text for page in pages)
        assert reader.get(f"/verdicts/new?story={story}").status_code == 404
        assert reader.get("/verdicts").status_code == 200
        refused = reader.post({"verdict": "off-beat"})
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")
    assert all("/verdicts/new" in someone.get(path).text for path in ("/", "/alerts"))


def test_the_token_is_of_its_owner_alone(tmp_path):
    """Written once, at random, with mode 600; one that others may know is refused."""
    heard, settings = [], load_settings(tmp_path)
    token = writing_token(settings, heard.append)
    path = settings.data / NAME

    assert len(token) >= LEAST_TOKEN
    assert path.stat().st_mode & 0o777 == 0o600
    assert writing_token(settings, heard.append) == token
    assert len(heard) == 1
    assert str(path) in heard[0]
    assert token not in heard[0]
    assert list(settings.data.iterdir()) == [path]
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="others may"):
        writing_token(settings)
    path.unlink()
    assert writing_token(settings) != token
    path.write_text("short\n")
    with pytest.raises(ConfigError, match="16 characters"):
        writing_token(settings)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("0123456789abcdef")
    path.unlink()
    path.symlink_to(elsewhere)
    assert writing_token(settings, heard.append) is None
    assert "cannot be corrected" in heard[-1] or "nothing can be corrected" in heard[-1]


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to be another user as well")
def test_another_user_of_the_machine_reads_and_writes_nothing_of_it(told):
    """Neither the token nor what is queued, nor can they queue anything."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = shutil.copytree(told, Path(folder, "home"))
        home.chmod(0o755)
        data = home / "data"
        assert writing_token(load_settings(home))
        said = GivenVerdict(subject_id="x", kind="off-beat")
        key = spool.keep(data, [said], NOW)
        click = data / spool.FOLDER / f"{key}{spool.WAITING}"
        tried = {
            words: subprocess.run(
                words, user=65_534, group=65_534, capture_output=True, check=False
            ).returncode
            for words in (
                ("ls", data),
                ("cat", data / NAME),
                ("ls", click.parent),
                ("cat", click),
                ("cp", "/dev/null", click.with_stem("other")),
                ("mv", "-f", data / NAME, data / "gone"),
            )
        }

    assert [code == 0 for code in tried.values()] == [True, *[False] * 5], tried


def test_the_token_of_the_environment_is_asked_for_where_it_is_long(tmp_path):
    """A short one, which could be guessed, lets nobody write; and says so."""
    heard, settings = [], load_settings(tmp_path)
    given = [
        writing_token(
            settings.model_copy(update={"web_token": SecretStr("x" * n)}), heard.append
        )
        for n in (15, 16)
    ]

    assert given == [None, "x" * 16]
    assert "16 characters" in heard[0]
    assert not (settings.data / NAME).exists()


@pytest.mark.slow
def test_what_is_said_waits_for_its_turn_and_outlives_the_desk(told):
    """While another writes it is queued; a desk that ends, or is killed, loses nothing."""
    settings = load_settings(told)
    with writer(told, "a long run"):
        with opened(told) as desk:
            story = desk.get("/search.json?q=baidu").json()[0]["story_id"]
            back = f"{desk.address}/zh/search?q=baidu"
            fields, page = desk.form(f"story={story}", Referer=back)
            assert 'name="by" maxlength="80" value="ann"' in page
            said = desk.post({**fields, "verdict": "not-about baidu", "why": ANGRY})
            where = urlsplit(said.headers["location"])
            queued = desk.get(f"{where.path}?{where.query}").text
            waits = desk.get("/").text
        folder = settings.data / spool.FOLDER
        modes = {path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
        with opened(told) as desk:
            [click] = desk.get("/verdicts.json?table=queue").json()
            listed = desk.get("/verdicts").text
    with opened(told) as desk:
        [row] = until(lambda: desk.get("/verdicts.json").json())
        gone = desk.get("/companies/baidu.json").json()
        pages = [desk.get(path).text for path in ("/verdicts", "/zh/verdicts")]
        fields, _ = desk.form(f"verdict={row['verdict_id']}")
        assert desk.post({**fields, "verdict": "undo"}).status == 303
        until(lambda: desk.get("/verdicts.json").json()[0]["undone_at"])
        again = desk.get("/companies/baidu.json").json()

    assert (said.status, where.path, where.fragment) == (303, "/zh/search", story)
    assert where.query.startswith("q=baidu&said=")
    assert modes == {0o700, 0o600}
    # It is of the click, not of the turn that it waited for.
    assert row["made_at"] == click["made_at"]
    assert 'data-key="said.queued"' in queued
    assert 'data-key="said.waits"' in waits
    assert (click["state"], click["verdicts"][0]["kind"]) == ("queued", "not-about")
    assert (row["kind"], row["value"], row["by"]) == ("not-about", "baidu", "ann")
    assert (gone, len(again)) == ([], 1)
    for page in (listed, *pages):
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "{{ 7*7 }}" in page


@pytest.mark.slow
@pytest.mark.of_a_file("what is written to it is counted")
def test_a_click_costs_what_it_changes(told):
    """Each is published, and the large file beside it is not copied anew."""
    with writer(told, "test") as con:
        con.execute(
            "create table ballast as select hash(i) as n from range(12_000_000) as t (i)"
        )
    with opened(told) as desk:
        story = desk.get("/search.json?q=baidu").json()[0]["story_id"]
        fields, _ = desk.form(f"story={story}")
        written = [0]
        for number in range(5):
            said = {**fields, "verdict": ("off-beat", "on-beat")[number % 2]}
            assert desk.post(said).status == 303
            until(lambda n=number: len(desk.get("/verdicts.json").json()) > n)
            written.append(until(lambda: bytes_written(told)))
    size = (load_settings(told).data / PUBLISHED_NAME).stat().st_size

    each = [after - before for before, after in pairwise(written)]
    assert sum(each[:2]) > size
    assert all(0 < cost < size / 10 for cost in each[2:])


def bytes_written(home):
    """Return the bytes that the process wrote which applies the clicks of *home*."""
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = command.read_bytes().split(b"\0")
            if b"flows.steps.spooled" in words and os.fsencode(home.resolve()) in words:
                lines = command.with_name("io").read_text(encoding="ascii").splitlines()
                return int(dict(line.split(": ") for line in lines)["wchar"])
    return None


def until(look, seconds=60):
    """Return what *look* finds, as soon as it finds anything."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.1)
    return found


def test_a_run_applies_what_waits(told, sinowire):
    """Where there is no desk any more; what cannot be is told with its reason.

    What is no click stays aside, and keeps none from its turn.
    """
    settings, config = load_settings(told), load_config(load_settings(told))
    with opened(told, is_read_only=True) as desk:
        rows = desk.get("/search.json?q=baidu").json()
        article = desk.get(f"/stories/{rows[0]['story_id']}.json").json()[0]["article_id"]
    good = GivenVerdict(subject_id=article, kind="off-beat", by="ann")
    spool.keep(settings.data, [good], NOW)
    spool.keep(settings.data, [GivenVerdict(subject_id="gone", kind="on-beat")], NOW)

    for name, text in (("cut", '{"key": "'), ("none", '{"verdicts": []}')):
        (settings.data / spool.FOLDER / f"{name}{spool.WAITING}").write_text(text)

    assert sinowire("run", "--json", "--now", "2026-08-04T13:00Z")[0] in (0, 1)
    assert not spool.is_any_waiting(settings.data)
    assert len(list((settings.data / spool.FOLDER).glob("*.unread"))) == 2
    # Killed before it forgot: said again, it changes nothing.
    spool.keep(settings.data, [good], NOW)
    apply_waiting(config)
    with opened(told, is_read_only=True) as desk:
        made = desk.get("/verdicts.json").json()
        queue = desk.get("/verdicts.json?table=queue").json()
    assert [(row["kind"], row["subject_id"]) for row in made] == [("off-beat", article)]
    assert [each["state"] for each in queue] == ["refused"]
    assert "gone" in queue[0]["reason"]


def test_the_queue_is_bounded_says_so_and_loses_nothing(told):
    """However many posts come a minute: the next is told to come again, and waits not."""
    settings, kinds = load_settings(told), ("off-beat", "on-beat")
    with writer(told, "a long run"), opened(told) as desk:
        story = desk.get("/search.json?q=baidu").json()[0]["story_id"]
        for n in range(200):
            said = GivenVerdict(subject_id=story, kind=kinds[n % 2], why=f"word {n}")
            spool.keep(settings.data, [said], NOW + timedelta(microseconds=n))
        fields, _ = desk.form(f"story={story}")
        full = desk.post({**fields, "verdict": "off-beat"})

    apply_waiting(load_config(settings))
    # The last word of those that contradict each other stands.
    judged = (
        "select beat_reason, is_on_beat from articles where beat_reason like 'verdict%'"
    )
    assert rows_of(told, judged) == [("verdict: 200", True)]
    assert full.status == 503
    assert int(full.headers["retry-after"]) > 0
    assert "say it again" in full.text
    assert rows_of(told, "select why from verdicts order by verdict_id") == [
        (f"word {n}",) for n in range(200)
    ]


def test_who_clicks_twice_before_it_is_applied_said_it_once(told):
    """Equal clicks in one spool are one verdict, and so are undos of it."""
    settings = load_settings(told)
    config = load_config(settings)
    [(article,)] = rows_of(told, "select article_id from articles limit 1")
    before = all_rows_of(told, CLICKED)

    def click(*verdicts):
        at = NOW + timedelta(microseconds=next(moments))
        spool.keep(settings.data, verdicts, at)

    moments = count()
    said = [
        GivenVerdict(subject_id=article, kind=kind, by="ann")
        for kind in ("off-beat", "headline")
    ]
    for _ in range(13):
        click(*said)
    apply_waiting(config)
    stored = rows_of(told, "select kind from verdicts order by verdict_id")
    for _ in range(2):
        for number in (1, 2):
            click(GivenVerdict(subject_id="", kind=UNDO, value=f"{number}", by="ann"))
    apply_waiting(config)

    assert stored == [("off-beat",), ("headline",)]
    assert len(spool.refused(settings.data)) == 2
    assert all_rows_of(told, CLICKED) == before


def rows_of(home, sql):
    with writer(home) as con:
        return con.execute(sql).fetchall()


# What applies the spool of a home, killed once at each of its steps.
KILLED = """
import os, signal, sys
from pathlib import Path
from flows.home import load_config
from flows.settings import load_settings
from flows.steps import apply_verdicts as verdicts, spool, spooled

settings = load_settings(Path(sys.argv[1]))
config = load_config(settings)
MOMENTS = (
    (verdicts, "open_writer", 0), (verdicts, "_apply", 0), (verdicts, "_apply", 1),
    (verdicts, "publish", 0), (verdicts, "publish", 1), (spool, "done", 0),
)
for module, name, is_after in MOMENTS:
    if pid := os.fork():
        print(os.waitpid(pid, 0)[1])
        continue
    step = getattr(module, name)

    def killed(*args, **options):
        if is_after:
            step(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, killed)
    spooled.apply_waiting(config)
    os._exit(1)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["headline", UNDO])
def test_who_applies_is_killed_and_nothing_is_lost_or_said_twice(told, sinowire, kind):
    """A click is in the queue until it is applied and published; then it was, once."""
    settings = load_settings(told)
    [(article,)] = rows_of(told, "select article_id from articles limit 1")
    said = GivenVerdict(subject_id=article, kind="headline", by="ann")
    if kind == UNDO:
        assert sinowire("verdicts", "add", article, "headline")[0] == 0
        said = GivenVerdict(subject_id="", kind=UNDO, value="1", by="ann")
    key = spool.keep(settings.data, [said], NOW)
    before = rows_of(told, "select count(*) from verdict_log")

    made = subprocess.run(
        [sys.executable, "-c", KILLED, str(told)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.split() == ["9"] * 6, made.stderr
    assert spool.is_waiting(settings.data, key)

    apply_waiting(load_config(settings))
    assert not spool.is_any_waiting(settings.data)
    assert spool.refused(settings.data) == []
    after = rows_of(told, "select count(*) from verdict_log")
    assert after[0][0] - before[0][0] == 1
