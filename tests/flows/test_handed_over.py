"""Files that somebody hands over are read to an end: pipes, devices, terabytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

SINOWIRE = [sys.executable, "-m", "flows.console.cli"]
RSS = """<rss version="2.0"><channel><title>T</title><link>https://x.example/</link>
<item><title>Baidu opens a lab</title><link>https://x.example/1</link></item></channel></rss>"""
ARTICLE = {"url": "https://x.example/1", "title": "One", "published": "2026-08-04T09:00Z"}
OPML = '<opml version="2.0"><body><outline xmlUrl="https://x.example/f"/></body></opml>'
CITED = "TY  - NEWS\nTI  - One\nAN  - x\nER  - \n"


def run(home, *command, stdin=None, shell=False):
    """Run a command in a process of its own, which has to end; return how it did."""
    words = ["--home", str(home), *map(str, command)]
    made = subprocess.run(
        ["bash", "-c", " ".join([*SINOWIRE, *words])] if shell else [*SINOWIRE, *words],
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return made.returncode, made.stdout, made.stderr


@pytest.fixture(params=["pipe", "device", "endless"])
def odd(request):
    """Make a file that is none, or has no end that anybody would wait for."""

    def make(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if request.param == "pipe":
            os.mkfifo(path)
        elif request.param == "device":
            path.symlink_to("/dev/zero")
        else:
            path.touch()
            os.truncate(path, 1 << 40)
        return path

    return make


def test_a_folder_that_is_handed_over_is_read_to_an_end(home, tmp_path, odd):
    """A release, an export and a beat with a pipe, a device or a terabyte in them."""
    release, export = tmp_path / "release", tmp_path / "export"
    (release / "parquet").mkdir(parents=True)
    for name in ("articles", "article_versions", "feeds", "stories", "measures", "claims"):
        (release / "parquet" / f"{name}.parquet").touch()
    odd(release / "datapackage.json")
    odd(export / "manifest.json")
    beat = home / "beats" / "odd"
    beat.mkdir(parents=True)
    (beat / "beat.toml").write_text(
        'id = "odd"\nname = "O"\nzh = "O"\nextends = "china-tech"'
    )
    odd(beat / "words.toml")
    (tmp_path / "cited.ris").write_text(CITED)

    verified = run(home, "verify", tmp_path / "cited.ris", "--release", release)
    imported = run(home, "import", export)
    checked = run(home, "beat", "check", "odd")
    listed = run(home, "beat", "list")

    assert verified[0] == 2
    assert "its datapackage.json cannot be read" in verified[2]
    assert imported[0] == 2
    assert "not an export: manifest.json is missing or not ours" in imported[2]
    assert checked[0] == 2
    assert "words.toml: cannot be read: " in checked[2]
    assert "put a file there" in checked[2]
    assert listed[0] == 0


@pytest.mark.parametrize(
    "command",
    [
        ("import", "FILE"),
        ("feeds", "import", "FILE"),
        ("feeds", "parse", "FILE"),
        ("verdicts", "import", "FILE"),
        ("watchlist", "tag", "FILE"),
        ("verify", "FILE"),
        ("restore", "FILE"),
        ("beat", "new", "mine", "--from", "FILE"),
    ],
    ids=" ".join,
)
def test_a_file_without_an_end_is_refused(home, tmp_path, command):
    """By the command that it is named to, with a reason, before memory is full."""
    if command[0] == "verify":
        # It reads what is published first.
        (tmp_path / "a.jsonl").write_text(json.dumps(ARTICLE))
        assert run(home, "import", tmp_path / "a.jsonl")[0] == 0
    given = ["/dev/zero" if word == "FILE" else word for word in command]
    code, _, err = run(home, *given)
    assert code in (1, 2)
    assert "/dev/zero" in err
    assert "Traceback" not in err


def test_pipes_of_a_shell_are_read(home, tmp_path):
    """What a person names may be one: of ``<(…)``, or standard input."""
    for name, text in (("f.xml", RSS), ("a.jsonl", json.dumps(ARTICLE)), ("o.opml", OPML)):
        (tmp_path / name).write_text(text)
    parsed = run(home, "feeds", "parse", "/dev/stdin", stdin=RSS)
    assert (parsed[0], "Baidu opens a lab" in parsed[1]) == (0, True), parsed
    for command, said in (
        (f"feeds parse <(cat {tmp_path}/f.xml)", "Baidu opens a lab"),
        (f"import <(cat {tmp_path}/a.jsonl)", "1 new article"),
        (f"feeds import <(cat {tmp_path}/o.opml)", "added 1 feed"),
        (f"watchlist tag <(cat {tmp_path}/a.jsonl)", "companies"),
    ):
        code, out, err = run(home, command, shell=True)
        assert (code, said in out) == (0, True), (command, out, err)
