"""How many files one behaviour walks through, and how large the house is.

    python benchmarks/house.py [COMMIT ...]

A commit is checked out beside this one and counted: its modules, how many of them are
under 40 lines or have one importer, lines, record types and benchmarks. Then its own
commands run with this environment's libraries, and every file of the product of which a
function is entered is noted, in each process:

- page: one request to the desk, after another page was asked for
- entry: a run that finds one new entry, less what a run that finds nothing enters
- alert: a run whose new entry fires a rule that a file hears of, less what an entry enters
- brief: the whole command on the demo's home

A statement is one of Python's own (`ast.stmt`, a docstring too): what a formatter does to
lines changes none. Words are those of all Markdown; rules are what is shipped as TOML.
"""

from __future__ import annotations

import argparse
import ast
import http.server
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from results import Table

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("connectors", "flows", "transforms", "warehouse")
# What is shipped as TOML lies in a package, in a beat or beside them.
# Weights that a fit writes are no rules.
FITTED = {"reports.toml", "pieces.toml"}
RULED = {*PACKAGES, "beats", "alerts.toml", "feeds.toml", "watchlist.toml"}
SMALL = 40
RECORDS = {"dataclass", "NamedTuple", "TypedDict", "BaseModel", "BaseSettings", "define"}
# Whatever imports `sitecustomize` first notes each file once, and anew after a signal.
TRACER = """
import os, signal, sys, threading
root, notes, seen = os.environ["TRACED_ROOT"], os.environ["TRACED_NOTES"], set()
def note(frame, event, _):
    code = frame.f_code
    if event == "call" and code not in seen:
        seen.add(code)
        if code.co_filename.startswith(root) and code.co_name != "<module>":
            with open(notes, "a") as file:
                file.write(code.co_filename[len(root):] + "\\n")
def renew(*_):
    seen.clear()
    open(notes, "w").close()
signal.signal(signal.SIGUSR2, renew)
threading.setprofile(note)
sys.setprofile(note)
"""
ENTRIES = (
    "Dumplings are served in the old town",
    "A panda is born in the zoo of a quiet town",
    "Alibaba opens a data centre in Malaysia for its cloud",
)
FEEDS = '[feed.here]\nurl = "http://127.0.0.1:{port}/feed"\npublisher = "Here"\n'
RULES = """
[channel.file]
type = "file"
path = "alerts.jsonl"

[rule.alibaba]
companies = ["alibaba"]
channels = ["file"]
"""


def main() -> None:
    """Count each commit that the command line names, and this one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commits", nargs="*", default=["HEAD"], metavar="COMMIT")
    arguments = parser.parse_args()
    houses = []
    for commit in arguments.commits:
        with _checked_out(commit) as tree:
            houses.append({**counts(tree), **walks(tree)})
    rows = [[name, *(house[name] for house in houses)] for name in houses[0]]
    print("\n".join(Table(columns=["", *arguments.commits], rows=rows).markdown()))


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder).resolve() / "tree"
        git = ("git", "-C", str(ROOT))
        subprocess.run([*git, "worktree", "add", "-q", "-d", str(tree), commit], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "worktree", "remove", "--force", str(tree)], check=True)


def counts(tree: Path) -> dict[str, int]:
    """Return what *tree* has of each thing, by reading it."""
    files = {
        p: p.read_text() for room in PACKAGES for p in sorted((tree / room).rglob("*.py"))
    }
    parsed = {path: ast.parse(text) for path, text in files.items()}
    names = {".".join(p.relative_to(tree).with_suffix("").parts): p for p in files}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    importers = Counter(
        target for module in parsed.values() for target in _imported(module) & set(names)
    )
    benchmarks = (tree / "benchmarks").rglob("*.py")
    tables = [p for p in tree.rglob("*.toml") if p.relative_to(tree).parts[0] in RULED]
    rules = [path for path in tables if path.name not in FITTED]
    prose = [*tree.glob("*.md"), *(tree / "docs").rglob("*.md")]
    return {
        "modules": len(files),
        f"under {SMALL} lines": sum(len(t.splitlines()) < SMALL for t in files.values()),
        "with one importer": sum(importers[name] == 1 for name in names),
        "lines of product Python": sum(len(t.splitlines()) for t in files.values()),
        "statements": sum(
            isinstance(node, ast.stmt)
            for module in parsed.values()
            for node in ast.walk(module)
        ),
        "lines of SQL": _lines((tree / "warehouse").rglob("*.sql")),
        "record types": sum(
            isinstance(node, ast.ClassDef) and _is_record(node)
            for module in parsed.values()
            for node in ast.walk(module)
        ),
        "lines of test Python": _lines((tree / "tests").rglob("*.py")),
        "lines of benchmarks": _lines(benchmarks),
        "words of docs": sum(len(path.read_text().split()) for path in prose),
        "lines of rules (TOML)": _lines(rules),
        "kB of rules (TOML)": round(sum(path.stat().st_size for path in rules) / 1000),
    }


def _lines(paths: Iterable[Path]) -> int:
    return sum(len(path.read_text().splitlines()) for path in paths)


def _imported(module: ast.Module) -> set[str]:
    """Return the names that *module* imports: of modules, and of what may be one."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _is_record(node: ast.ClassDef) -> bool:
    marks = [*node.bases, *node.decorator_list]
    return bool(
        RECORDS & {ast.unparse(m).partition("(")[0].rpartition(".")[2] for m in marks}
    )


def walks(tree: Path) -> dict[str, int]:
    """Return how many files of *tree* each behaviour enters, by running it."""
    folder = tree.parent
    (folder / "trace").mkdir()
    (folder / "trace" / "sitecustomize.py").write_text(TRACER)
    home = Home(tree, folder / "demo")
    home.run("demo", str(home.path))
    nothing, entry, alert = Home(tree, folder / "home").runs()
    return {
        "files opened: page": len(home.page("/companies", "/topics")),
        "files opened: alert": len(alert - entry),
        "files opened: entry": len(entry - nothing),
        "files opened: brief": len(home.traced("brief")),
    }


class Home:
    """A home, and the commands of one tree on it."""

    def __init__(self, tree: Path, path: Path) -> None:
        self.path = path
        self._notes = tree.parent / "notes"
        project = tomllib.loads((tree / "pyproject.toml").read_text())["project"]
        module, name = project["scripts"]["sinowire"].split(":")
        program = f"from {module} import {name}; {name}()"
        self._command = [sys.executable, "-c", program, "--home", str(path)]
        self._plain = os.environ | {
            "PYTHONPATH": str(tree), "SINOWIRE_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8"
        }  # fmt: skip
        self._traced = self._plain | {
            "PYTHONPATH": f"{tree.parent / 'trace'}{os.pathsep}{tree}",
            "TRACED_ROOT": f"{tree}/",
            "TRACED_NOTES": str(self._notes),
        }

    def traced(self, *arguments: str) -> set[str]:
        """Run a command, and return the files that it enters."""
        self._notes.unlink(missing_ok=True)
        self.run(*arguments, env=self._traced)
        return set(self._notes.read_text().splitlines())

    def run(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        """Run a command where no other tree's packages lie."""
        result = subprocess.run(
            [*self._command, *arguments], env=env or self._plain,
            cwd=self.path.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if result.returncode:
            raise SystemExit(f"sinowire {' '.join(arguments)}: {result.stderr}")

    def page(self, before: str, asked: str) -> set[str]:
        """Return the files that a request of *asked* enters, after one of *before*."""
        command = [*self._command, "web", "--port", "0", "--read-only"]
        where, pipe = self.path.parent, subprocess.PIPE
        with subprocess.Popen(
            command, env=self._traced, cwd=where, stderr=pipe, text=True
        ) as desk:
            assert desk.stderr is not None
            try:
                lines = map(re.compile(r"http://\S+(?=/)").search, desk.stderr)
                address = next(filter(None, lines))[0]
                urllib.request.urlopen(address + before).read()
                # Whatever the first request set off has ended.
                time.sleep(3)
                desk.send_signal(signal.SIGUSR2)
                time.sleep(0.5)
                urllib.request.urlopen(address + asked).read()
                return set(self._notes.read_text().splitlines())
            finally:
                desk.terminate()

    def runs(self) -> list[set[str]]:
        """Return the files that runs enter: of nothing, of an entry, of an alert."""
        told: list[str] = []
        with _served(told) as port:
            self.path.mkdir()
            (self.path / "feeds.toml").write_text(FEEDS.format(port=port))
            (self.path / "alerts.toml").write_text(RULES)
            files = []
            for entry in (ENTRIES[0], None, *ENTRIES[1:]):
                told += [entry] if entry else []
                files.append(self.traced("run", "--direct"))
            return files[1:]


@contextmanager
def _served(told: Sequence[str]) -> Iterator[int]:
    """Serve a feed of headlines, the newest as of now."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            items = "".join(
                f"<item><title>{title}</title><link>https://here.example/{n}</link></item>"
                for n, title in enumerate(told)
            )
            body = f'<rss version="2.0"><channel><title>Here</title>{items}</channel></rss>'
            is_feed = self.path == "/feed"
            self.send_response(200 if is_feed else 404)
            self.end_headers()
            self.wfile.write(body.encode() if is_feed else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
