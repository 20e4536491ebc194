"""Find every regular expression of ours, and try it on attacks.

Run as a script, in a process of its own that can be killed:

    python tests/our_patterns.py transforms warehouse flows rules

tries the patterns of these packages, and as ``rules`` those of the shipped files, and
prints a line of JSON for each that is slow, and a last one that says how many there were
of the packages and of the files.
"""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import json
import pkgutil
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import regex

sys.path.insert(0, str(Path(__file__).parent))
from attacks import slowest

PACKAGES = ("transforms", "connectors", "warehouse", "flows")
RULES = "rules"
LIBRARIES = {"re": re, "regex": regex}
ANCHORED = frozenset({"match", "fullmatch"})
ENTRIES = (*ANCHORED, "compile", "search", "split", "findall", "finditer", "sub", "subn")


class Ours(NamedTuple):
    """A pattern, where it comes from, and whether it only looks at a text's beginning."""

    pattern: re.Pattern[Any]
    origin: str
    anchored: bool


def main(names: list[str]) -> None:
    """Try the patterns of *names*."""
    ours = list(patterns(names))
    for each in ours:
        thorough = each.origin != RULES
        if slow := slowest(each.pattern, anchored=each.anchored, thorough=thorough):
            told = [each.origin, str(each.pattern.pattern)[:300], *slow]
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    of_rules = sum(each.origin == RULES for each in ours)
    sys.stdout.write(json.dumps([len(ours) - of_rules, of_rules]) + "\n")


def patterns(names: list[str]) -> Iterator[Ours]:
    """Yield the patterns of the packages *names*, and of the shipped files."""
    compiled: dict[re.Pattern[Any], str] = {}
    for library in LIBRARIES.values():
        _record(library, compiled)
    modules = [module for package in PACKAGES for module in _modules(package)]
    made = dict(compiled)
    uses = _uses(modules)
    for pattern, module in made.items():
        if module.partition(".")[0] in names:
            anchored = pattern in uses and uses[pattern] <= ANCHORED
            yield Ours(pattern, module, anchored)
    for module in modules:
        if module.__name__.partition(".")[0] in names:
            yield from (each for each in _written_out(module) if each.pattern not in made)
    if RULES in names:
        _read_shipped_files(modules)
        yield from (Ours(p, RULES, anchored=False) for p in compiled if p not in made)


def _record(library: ModuleType, compiled: dict[re.Pattern[Any], str]) -> None:
    """Note what our modules compile, here and in what the library does in passing."""
    compile_ = library.compile

    def noting(function: Callable[..., Any]) -> Callable[..., Any]:
        def noted(pattern: Any, *args: Any, **options: Any) -> Any:
            module = sys._getframe(1).f_globals.get("__name__", "")
            if module.partition(".")[0] in PACKAGES and isinstance(pattern, str | bytes):
                flags = args[0] if function is compile_ and args else 0
                flags = options.get("flags", flags)
                compiled.setdefault(compile_(pattern, flags), module)
            return function(pattern, *args, **options)

        return noted

    for entry in ENTRIES:
        setattr(library, entry, noting(getattr(library, entry)))


def _modules(package: str) -> list[ModuleType]:
    top = importlib.import_module(package)
    found = pkgutil.walk_packages(top.__path__, f"{package}.")
    return [top, *(importlib.import_module(each.name) for each in found)]


def _uses(modules: list[ModuleType]) -> dict[re.Pattern[Any], set[str]]:
    """Return which methods of each named pattern are called, "" for other uses."""
    uses: dict[re.Pattern[Any], set[str]] = defaultdict(set)
    for module in modules:
        named = {n: p for n, p in vars(module).items() if isinstance(p, re.Pattern)}
        if not named:
            continue
        tree = ast.parse(inspect.getsource(module))
        methods = {
            node.value: node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
        }
        for node in ast.walk(tree):
            is_read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            if is_read and node.id in named:
                uses[named[node.id]].add(methods.get(node, ""))
    return uses


def _written_out(module: ModuleType) -> Iterator[Ours]:
    """Yield the patterns that stand in functions, which importing does not compile."""
    source = inspect.getsource(module)
    if not any(f"{name}." in source for name in LIBRARIES):
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re" | "regex" as name), attr=entry),
                args=[ast.Constant(value=str() | bytes() as written), *_],
            ) if entry in ENTRIES:
                flags = [each.value for each in node.keywords if each.arg == "flags"]
                pattern = LIBRARIES[name].compile(
                    written, _flags(name, [*node.args, *flags])
                )
                yield Ours(pattern, module.__name__, entry in ANCHORED)


def _flags(name: str, args: list[ast.expr]) -> int:
    """Return the flags among the arguments of a call: re.IGNORECASE | re.DOTALL."""
    library = LIBRARIES[name]
    return sum(
        int(getattr(library, node.attr))
        for arg in args
        for node in ast.walk(arg)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and isinstance(getattr(library, node.attr, None), re.RegexFlag | regex.RegexFlag)
    )


def _read_shipped_files(modules: list[ModuleType]) -> None:
    """Compile what the files that people edit say, and what our own tables say.

    Imported only here: what importing them compiles is to be noted.
    """
    # ruff: disable[PLC0415]
    from flows.home import load_config
    from flows.settings import load_settings
    from transforms.headlines.credits import without_labels
    from transforms.names.explain.explain import explain
    from transforms.names.explain.lint import lint
    from transforms.names.rules.patterns import LazyPattern

    # ruff: enable[PLC0415]

    with tempfile.TemporaryDirectory() as home:
        config = load_config(load_settings(Path(home))).check()
    lint(config.tagger)
    explain(config.tagger, "独家｜华为发布新机")
    without_labels("独家｜华为发布新机 新浪财经 3小时前", ["新浪"])
    _ = config.beat.reading
    # A rule is compiled when it is first searched for.
    for rule in gc.get_objects():
        if isinstance(rule, LazyPattern):
            rule.search("")
    for function in {f for m in modules for f in vars(m).values() if callable(f)}:
        hints = getattr(function, "__annotations__", {})
        if hints.get("return") == "re.Pattern[str]" and len(hints) == 1:
            function()


if __name__ == "__main__":
    main(sys.argv[1:])
