"""Notebooks, R and a dashboard as the how-tos have them; the copy is replaced meanwhile."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from processes import eventually

pytestmark = [pytest.mark.slow, pytest.mark.of_a_file("publishes a file")]

ROOT = Path(__file__).resolve().parents[2]
HOWTOS = ROOT / "docs" / "howto"
ARTICLE = {
    "url": "https://new.example/1",
    "title": "Roborock opens a plant",
    "published_at": "2025-11-29T08:00:00Z",
    "publisher": "New",
    "language": "en",
}
# Runs the blocks twice in one process, and waits between for a line.
TWICE = """
import runpy, sys
for _ in range(2):
    found = []
    for file in sys.argv[1:]:
        space = runpy.run_path(file, run_name="block")
        if "app" in space:
            space = space["app"].run()[1]
        if "days" in space:
            found.append(int(space["days"]["articles"].sum()))
    print(*found, flush=True)
    sys.stdin.readline()
"""
R_TWICE = """
lines <- file("stdin", "r")
for (time in 1:2) {
  source("block.R")
  cat(sum(days$articles), "\\n")
  readLines(lines, 1)
}
"""


def blocks(name, language):
    """Return the blocks of code of a how-to."""
    text = (HOWTOS / name).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def look(desk, tmp_path):
    """A home called ``look``, as in the how-tos, in the folder where they are followed."""
    return shutil.copytree(desk, tmp_path / "look")


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """Make an environment that has sinowire, and follow the how-to's `pip install`."""

    def install(howto):
        folder = tmp_path_factory.mktemp("tools")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = folder / "bin" / "python"
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        own = subprocess.check_output([python, "-c", where], text=True).strip()
        found = [str(ROOT), sysconfig.get_path("purelib")]
        lines = (f"import site; site.addsitedir({each!r})\n" for each in found)
        Path(own, "sinowire.pth").write_text("".join(lines), encoding="utf-8")
        [command] = [each for each in blocks(howto, "sh") if each.startswith("pip install")]
        quiet = ["--quiet", "--disable-pip-version-check", "--retries", "1"]
        made = subprocess.run(
            f"{python} -m {command.strip()} {' '.join(quiet)}",
            shell=True,
            check=False,
            capture_output=True,
            text=True,
        )
        if re.search(r"No matching distribution|connection|timed out", made.stderr):
            pytest.skip(f"the registry is not here: {made.stderr.splitlines()[-1]}")
        assert made.returncode == 0, made.stderr
        return folder / "bin"

    return install


def count(sinowire, look):
    [row] = json.loads(
        sinowire(
            "--home", look, "sql", "--format", "json", "select count(*) n from articles"
        )[1]
    )
    return row["n"]


@pytest.fixture
def replace(sinowire, look):
    """Import an article into the home, which publishes anew; returns how many it has."""

    def work():
        file = look.parent / "new.jsonl"
        file.write_text(json.dumps(ARTICLE), encoding="utf-8")
        before = (look / "data" / "sinowire.duckdb").stat().st_ino
        assert sinowire("--home", look, "import", file)[0] == 0
        assert (look / "data" / "sinowire.duckdb").stat().st_ino != before
        return count(sinowire, look)

    return work


@contextmanager
def started(folder, *command, path=None):
    """Start a command in *folder*, and end it."""
    environment = os.environ | {"MPLBACKEND": "agg", "COVERAGE_PROCESS_START": ""}
    environment |= {"PATH": f"{path}{os.pathsep}{os.environ['PATH']}"} if path else {}
    with subprocess.Popen(
        [*map(str, command)],
        cwd=folder,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def numbers(process):
    """Return the numbers of the next line that a process prints, past what it warns of."""
    said = []
    for line in process.stdout:
        if re.fullmatch(r"[\d ]+\n", line):
            return [int(each) for each in line.split()]
        said.append(line)
    pytest.fail("".join(said))


def test_notebooks_see_what_was_published_meanwhile(look, sinowire, tools, replace):
    """By pandas, polars and marimo, each with its chart, in one process all along."""
    code = blocks("notebooks.md", "python")
    bin_ = tools("notebooks.md")
    first = count(sinowire, look)

    # What the first block imports is there in the next, as in a notebook.
    each = [block if "import read" in block else code[0] + block for block in code]
    files = [f"{number}.py" for number in range(len(each))]
    for file, block in zip(files, each, strict=True):
        (look.parent / file).write_text(block, encoding="utf-8")
    with started(look.parent, bin_ / "python", "-c", TWICE, *files) as process:
        assert numbers(process) == [first] * 3
        assert replace() == first + 1
        process.stdin.write("\n")
        process.stdin.flush()
        assert numbers(process) == [first + 1] * 3

    assert (look.parent / "days.png").read_bytes().startswith(b"\x89PNG")
    assert "vega" in (look.parent / "days.html").read_text("utf-8")


@pytest.mark.parametrize("way", ["a command", "duckdb"])
def test_r_sees_what_was_published_meanwhile(look, sinowire, replace, way):
    """By R alone; and by its package, where that is installed."""
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed")
    command, package, draw = blocks("r.md", "r")
    needs = ["Rscript", "-e", "library(DBI); library(duckdb)"]
    if (
        way == "duckdb"
        and subprocess.run(needs, check=False, capture_output=True).returncode
    ):
        pytest.skip("R has no package duckdb here: Debian has none, and CRAN is away")
    asked = command if way == "a command" else command.rpartition("days <-")[0] + package
    (look.parent / "block.R").write_text(asked + draw, encoding="utf-8")
    first = count(sinowire, look)
    ours = Path(sys.executable).parent

    with started(look.parent, "Rscript", "-e", R_TWICE, path=ours) as process:
        assert numbers(process) == [first]
        assert replace() == first + 1
        process.stdin.write("\n")
        process.stdin.flush()
        assert numbers(process) == [first + 1]

    assert "<svg" in (look.parent / "days.svg").read_text("utf-8")


def test_a_dashboard_sees_what_was_published_meanwhile(look, sinowire, tools, replace):
    """Datasette's chart has the new day's number, without being started again."""
    [plugin] = blocks("dashboards.md", "python")
    [metadata] = blocks("dashboards.md", "yaml")
    folder = look.parent
    (folder / "plugins").mkdir()
    (folder / "plugins" / "newest.py").write_text(plugin, encoding="utf-8")
    (folder / "metadata.yaml").write_text(metadata, encoding="utf-8")
    bin_ = tools("dashboards.md")
    [serve] = [each for each in blocks("dashboards.md", "sh") if "--plugins-dir" in each]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = serve.strip().replace("8001", str(port)).split()
    query = re.search(r"query: \|-\n(.*?)library", metadata, re.DOTALL)[1]
    asked = urllib.parse.urlencode({"sql": " ".join(query.split()), "_shape": "array"})
    url = f"http://127.0.0.1:{port}"

    def get(path):
        with urllib.request.urlopen(f"{url}{path}", timeout=60) as answer:
            return answer.read().decode()

    def answers():
        try:
            return get("/-/versions.json")
        except OSError:
            return None

    def total():
        return sum(row["articles"] for row in json.loads(get(f"/sinowire.json?{asked}")))

    first = count(sinowire, look)
    with started(folder, bin_ / command[0], *command[1:]):
        eventually(answers, 60)
        assert "Articles a day" in get("/-/dashboards/news")
        assert total() == first
        assert replace() == first + 1
        assert total() == first + 1
        assert "Roborock opens a plant" in get(
            "/sinowire/articles.json?_shape=array&publisher=New"
        )
