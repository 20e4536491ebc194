"""Read the expectations of feedparser's test cases without running them.

A case says what it expects as a Python expression over the parse result, such as
``not bozo and entries[0]['title'] == 'A'``. The text is parsed to a tree and walked:
only comparisons of a path with literals are understood, and nothing is executed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_HEAD = re.compile(r"Expect:\s*(?P<expression>.*?)\s*-->", re.DOTALL)
_HEADER = re.compile(
    r"^Header:[ \t]*(?P<name>[\w-]+)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE
)
_MARKS = (
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """That what lies at *path* of the parse result equals *value*."""

    path: tuple[str | int, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class Case:
    """What the comment at the head of a case says; no expression where it has none."""

    expression: str
    headers: dict[str, str]


def read_case(body: bytes) -> Case:
    """Return the expression and the HTTP headers that a case names."""
    text = _text(body[:16_000])
    found = _HEAD.search(text)
    head = text[: found.end()] if found else ""
    return Case(
        expression=found["expression"] if found else "",
        headers={m["name"].lower(): m["value"] for m in _HEADER.finditer(head)},
    )


def _text(body: bytes) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    # The expression itself is ASCII; the document may be in anything.
    return body.decode("latin-1")


def expectations(expression: str) -> list[Expectation]:
    """Return the equalities that *expression* claims; other claims are left out."""
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return []
    return [claim for part in _conjuncts(tree) for claim in _claims(part)]


def _conjuncts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _conjuncts(value)
    else:
        yield node


def _claims(node: ast.expr) -> Iterator[Expectation]:
    """Yield a claim for every path in "a == b == literal", or in "not a.has_key('b')"."""
    match node:
        case ast.UnaryOp(
            op=ast.Not(),
            operand=ast.Call(
                func=ast.Attribute(value=inner, attr="has_key"),
                args=[ast.Constant(value=str() as key)],
            ),
        ) if path := _path(inner):
            yield Expectation((*path, key), "")
    if not isinstance(node, ast.Compare) or not all(
        isinstance(o, ast.Eq) for o in node.ops
    ):
        return
    sides = [node.left, *node.comparators]
    literals = [value for side in sides for value in _literal(side)]
    if len(literals) != 1:
        return
    for path in (path for side in sides if (path := _path(side))):
        yield Expectation(path, literals[0])


def _literal(node: ast.expr) -> list[Any]:
    """Return the value of a literal in a list of one, or an empty list."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left), _literal(node.right)
        both = [*left, *right]
        return (
            ["".join(both)]
            if len(both) == 2 and all(isinstance(s, str) for s in both)
            else []
        )
    try:
        return [ast.literal_eval(node)]
    except (ValueError, TypeError, RecursionError):
        return []


def _path(node: ast.expr) -> tuple[str | int, ...]:
    """Return the keys of "entries[0]['tags'][1].term", or none for anything else."""
    keys: list[str | int] = []
    while True:
        match node:
            case ast.Name(id=name):
                return (name, *reversed(keys))
            case ast.Attribute(value=inner, attr=key):
                node = inner
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() | int() as key)):
                node = inner
            case ast.Call(func=ast.Name(id="len"), args=[inner], keywords=[]):
                node, key = inner, "len()"
            case _:
                return ()
        keys.append(key)
