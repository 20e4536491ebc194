"""Translations by a command and by a service, and whatever either may answer instead."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import pytest

from connectors.translation import (
    TranslationError,
    translate_by_command,
    translate_by_service,
)
from transforms.models import WantedTranslation

HEADLINES = [
    WantedTranslation(title="百度发布新模型", language="zh"),
    WantedTranslation(title="小米业绩公布", language="zh"),
]


@pytest.fixture
def command(tmp_path):
    """Translate by a program of these lines."""

    def translate(program, seconds=10, **options):
        (tmp_path / "translate.py").write_text(program, encoding="utf-8")
        argv = [sys.executable, "-S", str(tmp_path / "translate.py"), "; touch $HOME"]
        return translate_by_command(argv, HEADLINES, "en", seconds=seconds, **options)

    return translate


def test_a_command_reads_and_writes_lines(command):
    """In any order; no shell looks at its arguments."""
    program = """
import json, sys
assert sys.argv[1] == "; touch $HOME"
for line in reversed(sys.stdin.readlines()):
    asked = json.loads(line)
    assert (asked["source"], asked["target"]) == ("zh", "en")
    print(json.dumps({"id": asked["id"], "text": "EN " + asked["text"]}))
"""
    assert command(program) == ["EN 百度发布新模型", "EN 小米业绩公布"]


def test_a_command_gets_what_it_is_given(command, monkeypatch):
    """Path, home, language, zone and what its key `env` names: none of our secrets."""
    secrets = ("SINOWIRE_WEB_TOKEN", "AWS_SECRET_ACCESS_KEY", "SMTP_PASSWORD", "CHAT_HOOK")
    for name in (*secrets, "LC_TIME", "TZ", "DEEPL_KEY"):
        monkeypatch.setenv(name, "here")
    program = """
import json, os, sys
for line in map(json.loads, sys.stdin):
    line["text"] = " ".join(k for k, v in os.environ.items() if v == "here")
    print(json.dumps(line))
"""
    usual = {"LC_TIME", "TZ"}
    for env, given in (((), usual), (("TZ", "DEEPL_KEY", "NO"), {*usual, "DEEPL_KEY"})):
        assert [set(text.split()) for text in command(program, env=env)] == [given] * 2


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("print('hello')", "not JSON"),
        ('print(\'{"id": 0, "text": "x"}\')', "answered 1 of 2"),
        (
            'print(\'{"id": 0, "text": "x"}\\n\' * 2)',
            "not a whole number, or repeated",
        ),
        ("print('[' * 200_000)", "not JSON"),
        ("import sys; sys.exit(3)", "exit code 3"),
        ("while True: print('x' * 65536)", "more than 1,000,000 bytes"),
    ],
)
def test_bad_answers_of_a_command(command, program, said):
    """Each is an error that says what came."""
    with pytest.raises(TranslationError, match=said):
        command(program)


def test_a_command_that_hangs_is_ended_with_its_children(command, tmp_path):
    """Nothing of it is left running after its time."""
    program = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""
    started = time.monotonic()
    # The child has the other end of what we read: were it left, this would wait for it.
    with pytest.raises(TranslationError, match="took longer than 1 s"):
        command(program, seconds=1)
    assert time.monotonic() - started < 10


def test_a_server_of_its_own_session_is_left(command, tmp_path):
    """What a command puts into a session of its own stays, and holds nobody up."""
    program = f"""
import json, subprocess, sys
server = subprocess.Popen(
    [sys.executable, "-S", "-c", "import time; time.sleep(60)"], start_new_session=True
)
open({str(tmp_path / "server")!r}, "w").write(str(server.pid))
for line in map(json.loads, sys.stdin):
    print(json.dumps(line))
"""
    started = time.monotonic()
    assert command(program, seconds=2) == ["百度发布新模型", "小米业绩公布"]
    assert time.monotonic() - started < 30

    os.kill(int((tmp_path / "server").read_text()), signal.SIGKILL)


def test_a_command_that_is_not_there():
    """The sentence names it."""
    with pytest.raises(TranslationError, match="no-such-program cannot be started"):
        translate_by_command(["no-such-program"], HEADLINES, "en", seconds=5)


class LibreTranslate:
    """Answers POST /translate as LibreTranslate 1.x does."""

    key = "k1"

    def __call__(self, handler):
        length = int(handler.headers["Content-Length"])
        asked = json.loads(handler.rfile.read(length))
        if asked.get("api_key") != self.key:
            self.say(handler, {"error": "Invalid API key"}, 403)
        elif not asked.get("q"):
            self.say(handler, {"error": "Invalid request: missing q parameter"}, 400)
        elif asked["target"] not in {"en", "zh"}:
            self.say(handler, {"error": f"{asked['target']} is not supported"}, 400)
        else:
            assert asked["format"] == "text"
            texts = [f"{asked['source']}>{asked['target']} {q}" for q in asked["q"]]
            self.say(handler, {"translatedText": texts}, 200)

    def say(self, handler, value, status):
        body = json.dumps(value).encode()
        handler.send(status, body, Content_Type="application/json")


@pytest.fixture
def service(web, run):
    """Translate by the web server's /translate."""

    def translate(answer=None, into="en", **options):
        web.route("/translate", answer or LibreTranslate())
        asked = {"key": "k1", "is_private": True, "seconds": 5, **options}
        return run(translate_by_service(web.url("/"), HEADLINES, into, **asked))

    return translate


def test_a_service_gets_a_list_and_answers_one(service, web):
    """As LibreTranslate does, with its key in the body."""
    assert service() == ["zh>en 百度发布新模型", "zh>en 小米业绩公布"]
    assert [path for path, _ in web.requests] == ["/translate"]


def test_refusals_of_a_service(service):
    """What it says is repeated, its key is not; a private network must be meant."""
    with pytest.raises(TranslationError, match="answered 403: Invalid API key") as refused:
        service(key="wrong-key")
    assert "wrong-key" not in str(refused.value)
    with pytest.raises(TranslationError, match="xx is not supported"):
        service(into="xx")
    with pytest.raises(TranslationError, match="private = true"):
        service(is_private=False)


def send(body, status=200):
    return lambda handler: handler.send(status, body)


def hang(handler):
    time.sleep(2)
    handler.send(200, b"{}")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (send(b"<html>"), "not JSON"),
        (send(b"\xff\xfe"), "not JSON"),
        (send(b'{"translatedText": ["one"]}'), "2 texts"),
        (send(b'{"translatedText": "one"}'), "2 texts"),
        (send(b"[]"), "2 texts"),
        (
            send(b'{"translatedText": ["' + b"x" * 10_000_000 + b'"]}'),
            "more than 1,000,000",
        ),
        (send(b"", 302), "answered 302"),
        (send(b'{"error": "\\u202eSlow\\u001b[2J"}', 429), r"429: Slow \[2J"),
        (hang, "took longer"),
    ],
    ids=["html", "bytes", "few", "text", "list", "huge", "moved", "slow down", "hangs"],
)
def test_bad_answers_of_a_service(service, answer, said):
    """Each is an error that says what came, in one harmless line."""
    with pytest.raises(TranslationError, match=said):
        service(answer, seconds=1)
