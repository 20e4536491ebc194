"""How many small faults does the suite notice? Random mutants, one at a time.

    python benchmarks/mutants.py [--seed 1] [--count 12] [--rooms pages,brief] [--whole]

Each mutant changes one expression of one module: a comparison, a number, "and" for "or", a
truth, a sign, the branches of a condition, a default. It is written to a worktree of its
own at HEAD, and the tests of its room run until one fails; with ``--whole`` those of
``make test`` then run on what survived. As many are drawn of each room, its modules by
their expressions. Every survivor is printed with its line, to be read: some are the same
program.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from readings import interval

ROOT = Path(__file__).resolve().parents[1]
PRINTED = "tests/flows/web/test_printed.py"
# Of each room its modules, and the tests that are its own.
ROOMS = {
    "pages": (
        ("transforms/pages", "flows/web"),
        (PRINTED, "tests/transforms", "tests/flows/web"),
    ),
    "brief": (
        ("transforms/brief", "flows/steps/brief.py", "flows/steps/editions.py"),
        ("tests/transforms/brief", PRINTED, "tests/flows/brief"),
    ),
    "names": (("transforms/names",), ("tests/transforms", "tests/test_ids.py")),
    "stories": (
        ("transforms/stories",),
        ("tests/transforms", "tests/test_demo_stories.py", "tests/warehouse/news"),
    ),
    "alerts": (
        ("transforms/alerts", "flows/steps/ingest/alerting.py"),
        ("tests/transforms", "tests/flows/test_deliver.py", "tests/flows/test_floods.py"),
    ),
}  # fmt: skip
QUICK = "not (lake or long or slow or crash)"
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
    before: str
    after: str
    text: str


def main() -> int:
    """Draw mutants, run tests on each, and print what survives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=12, help="mutants of each room")
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--whole", action="store_true")
    arguments = parser.parse_args()
    rooms = arguments.rooms.split(",")
    drawn = random.Random(arguments.seed)
    mutants = [draw(drawn, room) for room in rooms for _ in range(arguments.count)]
    caught: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        _git("worktree", "add", "--detach", str(tree))
        try:
            for mutant in mutants:
                found = is_caught(tree, mutant, is_whole=arguments.whole)
                caught[mutant.room] += found
                said = "caught" if found else "SURVIVES"
                change = f"{mutant.before}  ->  {mutant.after}"
                print(f"{said:8} {mutant.path}:{mutant.line}: {change}", flush=True)
        finally:
            _git("worktree", "remove", "--force", str(tree))
    for room in rooms:
        print(_rate(room, caught[room], arguments.count))
    print(_rate("all", caught.total(), len(mutants)))
    return 0


def _rate(room: str, right: int, of: int) -> str:
    low, high = interval(right, of)
    return f"{room}: {right} of {of} caught, {right / of:.2f} ({low:.2f} to {high:.2f})"


def draw(drawn: random.Random, room: str) -> Mutant:
    """Return a mutant of a room; each of its modules counts by its expressions."""
    places = [
        (path, source, node, text)
        for place in ROOMS[room][0]
        for path in sorted((ROOT / place).rglob("*.py")) or [ROOT / place]
        for source in [path.read_text("utf-8")]
        for node, text in changes(source)
    ]
    path, source, node, text = drawn.choice(places)
    before = ast.get_source_segment(source, node) or ""
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    changed = (source.encode()[:start] + text.encode() + source.encode()[end:]).decode()
    return Mutant(
        room, path.relative_to(ROOT).as_posix(), node.lineno, before, text, changed
    )


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


def is_caught(tree: Path, mutant: Mutant, *, is_whole: bool) -> bool:
    """Tell whether a test fails on a mutant; it is taken away again."""
    file = tree / mutant.path
    original = file.read_text("utf-8")
    file.write_text(mutant.text, encoding="utf-8")
    try:
        tests = ROOMS[mutant.room][1]
        return any(_fails(tree, test) for test in tests) or (is_whole and _fails(tree))
    finally:
        file.write_text(original, encoding="utf-8")


def _fails(tree: Path, *tests: str) -> bool:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-n", "2" if not tests else "0",
         "-m", QUICK, *tests],
        cwd=tree, env=os.environ | {"PYTHONPATH": str(tree)}, check=False,
        capture_output=True,
    )  # fmt: skip
    # Five: of these tests none is quick.
    return run.returncode not in (0, 5)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
