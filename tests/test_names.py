"""Names in the code: some words tell a reader nothing, so no new name has them.

What stood already is listed in ``tests/data/old_names.txt``, which only ever shrinks.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "tests" / "data" / "old_names.txt"
PACKAGES = ("connectors", "flows", "transforms", "warehouse")
# Say results, reported, context, split, built, retained: what it is, not what was done.
VAGUE = {"told", "given", "parted", "made", "kept"}


def names_of(tree):
    """Yield each name that a module defines: class, function, argument or variable."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id


def is_vague(name):
    """Tell whether one of its words is vague: of ``ToldStory`` the first."""
    name = name.lower() if name.isupper() else name
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in name)
    return not VAGUE.isdisjoint(spaced.replace("_", " ").split())


def test_no_new_name_is_vague():
    """By module and name; what is no longer there is taken off the list."""
    found = {
        f"{path.relative_to(ROOT).as_posix()} {name}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in names_of(ast.parse(path.read_text("utf-8")))
        if is_vague(name)
    }
    old = set(FILE.read_text("utf-8").splitlines())

    assert sorted(found - old) == []


def test_what_is_vague_is_found():
    """In each way of writing names, and not within another word."""
    assert all(map(is_vague, ["told", "_kept", "as_told", "ToldStory", "TOLD_AT"]))
    assert not any(map(is_vague, ["forgiven_days", "untold", "maker", "keep"]))
