"""No code names what is watched: ids of topics, events, firms and people are data."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("connectors", "flows", "transforms", "warehouse")
# What is a word of the code too: the superlative, in keys and lists of words, which is the
# Ministry of Science and Technology; and a chat service, which is a brand.
WORDS = {"most", "lark"}
# So many words in lower case and nothing else are a list.
LIST = re.compile(r"\s*[a-z0-9]+(?:\s+[a-z0-9]+){4,}\s*")
LITERAL = re.compile(r"--[^\n]*|'((?:[^']|'')*)'")


def ids_of(*sections):
    """Return the ids in these sections of all shipped watchlists, but for short ones."""
    files = (ROOT / "watchlist.toml", *ROOT.glob("beats/*/watchlist.toml"))
    parsed = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    found = {name for data in parsed for each in sections for name in data.get(each, ())}
    return {name for name in found if len(name) > 3} - WORDS


FIRMS = ids_of("company", "person")
IDS = FIRMS | ids_of("topic", "event")
OF_TWO = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(name for name in IDS if '-' in name))})(?![\w-])"
)


def named(text):
    """Return the ids that a literal names: alone, as firms of a list, or with a hyphen."""
    listed = set(text.split()) & FIRMS if LIST.fullmatch(text) else set()
    return {text} & IDS | listed | set(OF_TWO.findall(text))


def literals(file):
    """Yield the line and text of each literal of a module, without docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in said:
            yield node.lineno, node.value


def statements(file):
    """Yield the line and text of each literal of SQL, without comments."""
    text = file.read_text(encoding="utf-8")
    for found in LITERAL.finditer(text):
        if found[1] is not None:
            yield text.count("\n", 0, found.start()) + 1, found[1]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_code_names_an_id_of_a_shipped_watchlist(package):
    """Another beat has other topics and firms: what is of one stands in its files."""
    files = [(file, literals) for file in sorted((ROOT / package).rglob("*.py"))]
    files += [(file, statements) for file in sorted((ROOT / package).rglob("*.sql"))]

    found = [
        f"{file.relative_to(ROOT)}:{line}: {', '.join(sorted(ids))}"
        for file, read in files
        for line, text in read(file)
        if (ids := named(text))
    ]

    assert files
    assert found == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ipo-listing", {"ipo-listing"}),
        ("boards.us-export-controls.weight", {"us-export-controls"}),
        ("earnings", {"earnings"}),
        ("apple google tencent amazon meta", {"google", "tencent"}),
        ("stories on technology and earnings", set()),
    ],
)
def test_what_counts_as_a_name(text, ids):
    """An id by itself or in a list of words; prose may speak of technology."""
    assert named(text) >= ids
    assert bool(named(text)) == bool(ids)
