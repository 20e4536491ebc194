"""Does a change answer the same? Every page, tool and command of one home, as text.

    python benchmarks/answers.py capture HOME FILE [--like FILE] [--each 2]
    python benchmarks/answers.py compare FILE FILE

``capture`` asks the desk of a home that this state of the code made or brought up to date:
some pages of each kind, as a reader and as one who may correct, in both languages, with
their JSON, CSV, Atom and SVG; each tool of assistants; and commands, with the help of all.
``--like`` asks what an earlier capture asked, so that two states answer one list.

``compare`` prints what differs, and exits with 1 then. Data is compared byte by byte, what
people read (HTML, help) but for white space. Stamps of forms and ports are left out.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import md5
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import lxml.html

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from serving import served

from flows.assistants.look import Look
from flows.assistants.server import make_assistant_server
from flows.settings import load_settings
from flows.web.access import writing_token
from flows.web.maker import Maker
from flows.web.shelf import Shelf

Answers = dict[str, str]
ENDINGS = (".json", ".csv", "/atom", ".svg")
# What differs each time: stamps of forms, ports, and how long ago this was.
ONCE = re.compile(
    r'(?<=name="stamp" value=")[^"]*|(?<=127\.0\.0\.1:)\d+|(?<="age_seconds": )[\d.]+'
)
IDS = re.compile(r"^(/zh)?/(companies|topics|people|stories|searches)/[^/.]+")
DAYS = re.compile(r"/\d{4}-\d\d-\d\d")
PROGRAM = "from flows.console.cli import process; process()"
# Lines and parts of a difference that are shown.
SHOWN, WIDTH = 12, 200
COMMANDS = (
    "search Alibaba --all",
    "search 华为 --all --format json",
    "company alibaba",
    "company huawei --format json",
    "stories list",
    "stories list --format json",
    "trends",
    "trends --format json",
    "trends --format csv",
    "trends --format markdown",
    "brief",
    "brief --format json",
    "brief --format html",
    "brief --format mail",
    "brief --language zh",
    "brief --period week",
    "brief --period week --format json",
    "brief --period week --language zh --format html",
    "brief --show-queries",
    "feeds list",
    "feeds list --format json",
    "feeds health",
    "feeds health --format json",
    "watchlist list",
    "watchlist list --format json",
    "watchlist check",
    "alerts list",
    "alerts list --format json",
    "verdicts list",
    "verdicts list --format json",
    "beat list --format json",
    "checks",
    "checks --format json",
)


def main() -> int:
    """Capture answers, or compare two captures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    capture = commands.add_parser("capture")
    capture.add_argument("home", type=Path)
    capture.add_argument("file", type=Path)
    capture.add_argument("--like", type=Path, help="ask what this capture asked")
    capture.add_argument("--each", type=int, default=2, help="pages of each kind")
    capture.set_defaults(run=_capture)
    compare = commands.add_parser("compare")
    compare.add_argument("before", type=Path)
    compare.add_argument("after", type=Path)
    compare.set_defaults(run=_compare)
    arguments = parser.parse_args()
    return int(arguments.run(arguments))


def _capture(arguments: argparse.Namespace) -> bool:
    like: list[str] = json.loads(arguments.like.read_text()) if arguments.like else []
    home = arguments.home.resolve()
    answers = {
        **_pages(home, [ask for ask in like if ask.startswith(("reader", "writer"))],
                 arguments.each),
        **_tools(home),
        **_commands(home),
    }  # fmt: skip
    arguments.file.write_text(json.dumps(answers, ensure_ascii=False, indent=0))
    print(f"{len(answers):,} answers")
    return False


def _compare(arguments: argparse.Namespace) -> bool:
    before: Answers = json.loads(arguments.before.read_text())
    after: Answers = json.loads(arguments.after.read_text())
    differing = list(_differences(before, after))
    for lines in differing:
        print("\n".join(line[:WIDTH] for line in lines))
    print(
        f"{len(before):,} answers before, {len(after):,} after, {len(differing):,} differ"
    )
    return bool(differing)


def _differences(before: Answers, after: Answers) -> Iterator[list[str]]:
    for ask in before | after:
        if ask not in after or ask not in before:
            yield [f"{ask}: only {'before' if ask in before else 'after'}"]
            continue
        old, new = (_comparable(ask, answers[ask]) for answers in (before, after))
        if old != new:
            lines = difflib.unified_diff(
                old.splitlines(), new.splitlines(), n=0, lineterm=""
            )
            yield [f"{ask}:", *[line for line in lines if line[:3] not in _HEADS][:SHOWN]]


_HEADS = ("---", "+++")


def _comparable(ask: str, answer: str) -> str:
    if answer.startswith("200 text/html"):
        return re.sub(r">\s+|\s+<", lambda m: m[0].strip() + "\n", " ".join(answer.split()))
    return "\n".join(" ".join(line.split()) for line in answer.split("\n")) if (
        ask.endswith("--help")
    ) else answer  # fmt: skip


def _pages(home: Path, asks: Sequence[str], each: int) -> Answers:
    """Return what the desk answers, by reader and address."""
    settings = load_settings(home)
    answers: Answers = {}
    for reader, is_read_only in (("reader", True), ("writer", False)):
        with served(home, is_read_only=is_read_only) as url:
            auth = None if is_read_only else ("reader", writing_token(settings))
            options: dict[str, Any] = {"base_url": url, "timeout": 60, "trust_env": False}
            with httpx.Client(auth=auth, **options) as client:

                def get(path: str, client: httpx.Client = client) -> str:
                    answer = client.get(path)
                    kind = answer.headers.get("content-type", "")
                    where = answer.headers.get("location", "")
                    said = f"{answer.status_code} {kind} {where}\n{answer.text}"
                    return ONCE.sub("…", said)

                paths = [a.partition(" ")[2] for a in asks if a.startswith(reader)]
                found = {p: get(p) for p in paths} if paths else _crawled(get, each)
                answers |= {f"{reader} {path}": said for path, said in found.items()}
    return answers


def _crawled(get: Callable[[str], str], each: int) -> Answers:
    """Follow links from the front page, some of each kind; and ask for their data."""
    found: Answers = {}
    asked: defaultdict[str, list[str]] = defaultdict(list)
    waiting = ["/", "/zh", "/search?q=Alibaba", "/nowhere", "/stories/none"]
    while waiting:
        for path in waiting:
            found[path] = get(path)
            asked[_kind_of(path)].append(path)
        links = {link for path in waiting for link in _links(found[path])} - set(found)
        waiting = []
        for link in sorted(links, key=lambda link: md5(link.encode()).digest()):
            alike = asked[_kind_of(link)]
            if len(alike) + sum(_kind_of(w) == _kind_of(link) for w in waiting) < each:
                waiting.append(link)
    # Data is asked for of the first page of each kind.
    bare = {_kind_of(path): path for path in reversed(found) if "?" not in path}
    for path in (path for path in bare.values() if "." not in path):
        at = {"/": "/today", "/zh": "/zh/today"}.get(path, path)
        for ending in ENDINGS:
            found[at + ending] = get(at + ending)
        if named := re.search(r"it has ([\w, ]+)", get(f"{at}.json?table=-")):
            for table in named[1].split(", "):
                found[f"{at}.csv?table={table}"] = get(f"{at}.csv?table={table}")
    return found


def _links(answer: str) -> Iterator[str]:
    head, _, body = answer.partition("\n")
    if "html" in head and body:
        for href in lxml.html.fromstring(body).xpath("//a/@href"):
            if href.startswith("/"):
                yield href.partition("#")[0]


def _kind_of(href: str) -> str:
    parts = urlsplit(href)
    path = IDS.sub(r"\1/\2/ID", DAYS.sub("/DAY", parts.path))
    return path + "".join(f"?{name}" for name in sorted(parse_qs(parts.query)))


def _tools(home: Path) -> Answers:
    """Return what each tool of assistants is, and answers to likely arguments."""
    settings = load_settings(home)
    server = make_assistant_server(Look(Maker(settings, Shelf(settings))))
    [story] = _rows(home, "select story_id from stories order by articles desc, story_id")[
        :1
    ]
    [article] = _rows(home, "select article_id from articles order by article_id")[:1]
    likely: Mapping[str, list[dict[str, Any]]] = {
        "company": [{"company": "alibaba"}, {"company": "huawei", "limit": 3}],
        "search_articles": [{"words": "Alibaba"}, {"words": "华为"}],
        "get_story": [{"story_id": story}, {"story_id": "none"}],
        "cite": [{"ids": [article]}],
        "verify": [{"text": "[]"}],
        "run_sql": [{"query": "select count(*) as n from articles"}],
        "brief": [{}, {"period": "week"}],
    }
    answers: Answers = {}
    for tool in asyncio.run(server.list_tools()):
        answers[f"tool {tool.name}"] = tool.model_dump_json(indent=0)
        for given in likely.get(tool.name, [{}]):
            ask = f"tool {tool.name} {json.dumps(given, ensure_ascii=False)}"
            answers[ask] = _called(server, tool.name, given)
    return answers


def _called(server: Any, tool: str, given: dict[str, Any]) -> str:
    try:
        answer = asyncio.run(server.call_tool(tool, given))
    except Exception as exc:  # noqa: BLE001  what a tool answers to a wrong argument
        return f"{type(exc).__name__}: {exc}"
    return json.dumps(answer.structured_content, ensure_ascii=False, indent=0)


def _rows(home: Path, query: str) -> list[str]:
    said = _sinowire(home, "sql", query, "--format", "json")
    return [next(iter(row.values())) for row in json.loads(said.partition("\n")[2])]


def _commands(home: Path) -> Answers:
    """Return what commands print, and all help."""
    outline = Path(__file__).resolve().parents[1] / "flows" / "console" / "outline.json"
    named = [name.split() for name in ("", *json.loads(outline.read_text()))]
    asks = [*(command.split() for command in COMMANDS), *([*n, "--help"] for n in named)]
    return {f"command {' '.join(ask)}": _sinowire(home, *ask) for ask in asks}


def _sinowire(home: Path, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--home", str(home), *arguments],
        env=os.environ | {"COLUMNS": "80", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = f"exit {result.returncode}\n{result.stdout}{result.stderr}"
    return ONCE.sub("…", said.replace(str(home), "HOME"))


if __name__ == "__main__":
    sys.exit(main())
