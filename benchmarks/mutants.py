"""How many small faults does the suite notice? Random mutants, one at a time.

    python benchmarks/mutants.py [--seed 1] [--count 12] [--rooms pages,brief]

Each mutant changes one expression of one module: a comparison, a number, "and" for "or", a
truth, a sign, the branches of a condition, a default. It is written to a worktree of its
own at HEAD, and the tests that import its module run until one fails. What survives these
is written there all together, for one run of `make test`; each test that fails then runs on
each of them alone. As many are drawn of each room, its modules by their expressions. Every
survivor is printed with its line, to be read: some are the same program.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from readings import interval

ROOT = Path(__file__).resolve().parents[1]
RECORDED = "tests/transforms/test_recorded.py"
# These make a home first, so they run once on all mutants that others let through.
WITH_HOME = "tests/flows"
ROOMS = {
    "pages": ("transforms/pages", "flows/web"),
    "brief": ("transforms/brief", "flows/steps/brief.py", "flows/steps/editions.py"),
    "names": ("transforms/names",),
    "stories": ("transforms/stories",),
    "alerts": ("transforms/alerts", "flows/steps/ingest/alerting.py"),
}
# As `make test` has it.
QUICK = "not (lake or slow or crash or prefect or long)"
_FLIPPED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.FloorDiv: "*", ast.Div: "*",
}  # fmt: skip


class Mutant(NamedTuple):
    """A module's text with one expression changed."""

    room: str
    path: str
    line: int
    start: int
    before: bytes
    after: bytes

    def __str__(self) -> str:
        """Return where it is and what it changes."""
        before = " ".join(self.before.decode().split())
        return f"{self.path}:{self.line}: {before}  ->  {self.after.decode()}"


def main() -> int:
    """Draw mutants, run tests on each, and print what survives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=12, help="mutants of each room")
    parser.add_argument("--rooms", default=",".join(ROOMS))
    arguments = parser.parse_args()
    rooms = arguments.rooms.split(",")
    mutants = [
        mutant for room in rooms for mutant in draw(arguments.seed, room, arguments.count)
    ]
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        _git("worktree", "add", "--detach", str(tree))
        try:
            survivors = [mutant for mutant in mutants if not is_caught(tree, mutant)]
            survivors = not_caught_by_all(tree, survivors)
        finally:
            _git("worktree", "remove", "--force", str(tree))
    for mutant in survivors:
        print(f"SURVIVES {mutant}")
    left = Counter(mutant.room for mutant in survivors)
    for room in rooms:
        print(_rate(room, arguments.count - left[room], arguments.count))
    print(_rate("all", len(mutants) - left.total(), len(mutants)))
    return 0


def _rate(room: str, right: int, of: int) -> str:
    low, high = interval(right, of)
    return f"{room}: {right} of {of} caught, {right / of:.2f} ({low:.2f} to {high:.2f})"


def draw(seed: int, room: str, count: int) -> Iterator[Mutant]:
    """Yield mutants of a room; each of its modules counts by its expressions."""
    drawn = random.Random(f"{seed} {room}")
    places = [
        (path, source, node, text)
        for place in ROOMS[room]
        for path in sorted((ROOT / place).rglob("*.py")) or [ROOT / place]
        for source in [path.read_text("utf-8")]
        for node, text in changes(source)
    ]
    for path, source, node, text in drawn.sample(places, count):
        lines = source.encode().splitlines(keepends=True)
        start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
        before = (ast.get_source_segment(source, node) or "").encode()
        name = path.relative_to(ROOT).as_posix()
        yield Mutant(room, name, node.lineno, start, before, text.encode())


def changes(source: str) -> Iterator[tuple[ast.expr, str]]:
    """Yield expressions of a module that can be changed, with what stands there then."""
    for node in _read(ast.parse(source)):
        match node:
            case ast.Compare(ops=[op]):
                left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
                yield node, f"({left} {_FLIPPED[type(op)]} {right})"
            case ast.BoolOp():
                word = " or " if isinstance(node.op, ast.And) else " and "
                yield node, f"({word.join(f'({ast.unparse(v)})' for v in node.values)})"
            case ast.UnaryOp(op=ast.Not()):
                yield node, f"bool({ast.unparse(node.operand)})"
            case ast.Constant(value=bool()):
                yield node, str(not node.value)
            case ast.Constant(value=int() | float()):
                yield node, f"({node.value!r} + 1)"
            case ast.BinOp() if type(node.op) in _SIGNS and not _is_text(node):
                sign = _SIGNS[type(node.op)]
                yield (
                    node,
                    f"(({ast.unparse(node.left)}) {sign} ({ast.unparse(node.right)}))",
                )
            case ast.IfExp():
                yield (
                    node,
                    (
                        f"(({ast.unparse(node.orelse)}) if ({ast.unparse(node.test)}) "
                        f"else ({ast.unparse(node.body)}))"
                    ),
                )
            case ast.Call(func=ast.Name(id="max" | "min" as name)):
                other = "min" if name == "max" else "max"
                yield node, other + ast.unparse(node).removeprefix(name)


def _read(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield expressions that a run evaluates: no annotations, no texts within texts."""
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns", "decorator_list"} or isinstance(
            tree, ast.JoinedStr
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from _read(child)


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def is_caught(tree: Path, mutant: Mutant) -> bool:
    """Tell whether a test near a mutant fails: of its module, or of what is recorded."""
    with written(tree, [mutant]):
        failed = _failing(tree, *tests_of(tree, mutant.path), "-x")
    if failed:
        print(f"caught   {mutant}  [{failed[0]}]", flush=True)
    else:
        print(f"passes   {mutant}", flush=True)
    return bool(failed)


def not_caught_by_all(tree: Path, mutants: Sequence[Mutant]) -> list[Mutant]:
    """Return the mutants on which no quick test fails.

    All together first: the suite runs once. What fails there may fail of any of them, or of
    none.
    """
    with written(tree, mutants):
        failed = _failing(tree, "-n", "3", "--dist", "worksteal")
    print(f"{len(failed)} tests fail on {len(mutants)} together: {failed[:20]}", flush=True)
    # No mutant makes these fail.
    failed = sorted({*failed} - {*_failing(tree, *failed)}) if failed else []
    left = []
    for mutant in mutants if failed else ():
        with written(tree, [mutant]):
            alone = _failing(tree, *failed, "-x")
        if alone:
            print(f"caught   {mutant}  [{alone[0]}]", flush=True)
        else:
            left.append(mutant)
    return left if failed else [*mutants]


@contextmanager
def written(tree: Path, mutants: Sequence[Mutant]) -> Iterator[None]:
    """Write mutants to the worktree, of one expression the first; take them away again."""
    originals = {mutant.path: (tree / mutant.path).read_bytes() for mutant in mutants}
    # From the end of each module, so that the places before stay.
    for mutant in sorted(mutants, key=lambda mutant: -mutant.start):
        file, end = tree / mutant.path, mutant.start + len(mutant.before)
        text = file.read_bytes()
        if text[mutant.start : end] == mutant.before:
            file.write_bytes(text[: mutant.start] + mutant.after + text[end:])
    try:
        yield
    finally:
        for path, text in originals.items():
            (tree / path).write_bytes(text)


def tests_of(tree: Path, path: str) -> list[str]:
    """Return the tests of what is recorded, and of a module: those that import it."""
    package, _, name = path.removesuffix(".py").replace("/", ".").rpartition(".")
    module = re.escape(f"{package}.{name}")
    imports = re.compile(
        rf"\b{module}\b|from {re.escape(package)} import [^\n(]*\b{name}\b"
    )
    files = sorted(
        (tree / "tests").rglob("test_*.py"), key=lambda file: file.stat().st_size
    )
    near = [file for file in files if imports.search(file.read_text("utf-8"))]
    named = [file.relative_to(tree).as_posix() for file in near]
    return [
        RECORDED,
        *(n for n in named if n != RECORDED and not n.startswith(WITH_HOME)),
    ]


def _failing(tree: Path, *arguments: str) -> list[str]:
    """Return which quick tests fail, as pytest has them; `suite` if it ended early."""
    memory = tree / ".pytest_cache/v/cache/lastfailed"
    memory.unlink(missing_ok=True)
    tests = [] if "-n" in arguments else ["-n", "0"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests, "-m", QUICK, *arguments],
        cwd=tree, env=os.environ | {"PYTHONPATH": str(tree)}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    # Five: of these tests none is quick.
    if run.returncode in (0, 5):
        return []
    return list(json.loads(memory.read_text("utf-8"))) if memory.exists() else ["suite"]


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
