"""What CONTRIBUTING promises of seven kinds of changes: their places stay single."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from connectors.feeds.formats.parser import FORMATS
from connectors.sinks import CHANNELS, ChannelType
from flows.console.cli import _COMMANDS
from flows.web.pages import PAGES
from flows.web.pages.lists import LISTS
from transforms.alerts.rules.condition_keys import KEYS
from transforms.alerts.rules.rule import CONDITION_KEYS
from transforms.models import Article, Condition
from transforms.words import LANGUAGES, phrases
from warehouse import queries

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("connectors", "flows", "transforms", "warehouse")
# Kinds of rules that look at no article list their own keys, updates have languages, and
# a name of a person may be a part of another's.
NAMED_ELSEWHERE = {"companies", "topics", "feeds", "feed_kinds", "people", "languages"}
# A brief is no rule; its keys are its own.
BRIEFS = "transforms/alerts/rules/alert_rules.py"


def product(room=""):
    """Yield each module of the product, or of a *room* of it, by its path, and parsed.

    One at a time: all of them take a hundred megabytes.
    """
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(room):
            yield name, ast.parse(path.read_text("utf-8"))


def imported(tree):
    """Yield what a module imports, as dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imports():
    """Return what each module of the product imports."""
    return {path: frozenset(imported(tree)) for path, tree in product()}


def importers(*names):
    """Return the modules of the product that import one of *names*."""
    return {path for path, found in imports().items() if not found.isdisjoint(names)}


@pytest.mark.parametrize("each", FORMATS.values(), ids=FORMATS)
def test_a_format_is_named_in_the_table_alone(each):
    """Other rooms may use a part of it, but nobody else lets it read."""
    module = each.read.__module__

    found = importers(module, f"{module}.read", f"{module}.recognises")

    assert found == {"connectors/feeds/formats/parser.py"}


def test_a_type_of_channel_is_named_in_the_registry_alone():
    """By its module, of which there is one a type, loaded with a channel of it."""
    room = "connectors.sinks.channels"
    modules = {path.stem for path in (ROOT / room.replace(".", "/")).glob("[a-z]*.py")}

    assert modules == set(CHANNELS)
    for name in sorted(modules):
        assert not importers(f"{room}.{name}"), name
        assert isinstance(CHANNELS[name], ChannelType), name


def test_a_key_of_rules_is_named_where_it_is_declared():
    """Beside the field that holds its value, whose name is no text."""
    assert set(KEYS) <= {field.name for field in fields(Condition)}
    assert set(KEYS) <= set(CONDITION_KEYS)
    rules = [each for each in product("transforms/alerts/") if each[0] != BRIEFS]
    for name in sorted(set(KEYS) - NAMED_ELSEWHERE):
        found = {
            path
            for path, tree in rules
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and node.value == name
        }
        assert found == {"transforms/alerts/rules/condition_keys.py"}, name


@pytest.mark.parametrize("query", ["update_articles", "by_seq", "by_ids", "by_place"])
def test_a_column_of_articles_is_named_in_no_query_that_is_about_all_of_them(query):
    """They go in and come out by name; a query names what it decides by."""
    text = queries.sql(f"articles.{query}")
    words = set(text.replace("(", " ").replace(",", " ").replace(".", " ").split())

    assert words & {field.name for field in fields(Article)} <= {
        "article_id",
        "first_seen_at",
    }


@pytest.mark.parametrize("name", ["effective_on", "target_class"])
def test_a_field_of_measures_is_named_where_it_is_read_and_said(name):
    """Beside its migration, its view and its record: in no query, row, page or tool.

    A page may word it in a template, and an answer of assistants call it otherwise.
    """
    # The Federal Register calls a day of its own so, too.
    folders = ("flows", "transforms", "warehouse")
    paths = (path for folder in folders for path in (ROOT / folder).rglob("*.*"))
    found = {
        str(path.relative_to(ROOT))
        for path in paths
        if path.suffix in (".py", ".sql")
        and re.search(rf"\b{name}\b", path.read_text("utf-8"))
    }

    assert {path for path in found if not path.startswith("transforms/measures/")} == {
        "transforms/models/measures.py",
        *(path for path in found if path.startswith("warehouse/sql/migrations/")),
        "warehouse/sql/views/05_measures.sql",
    } | ({"flows/web/pages/lists.py"} if name == "target_class" else set())


ALONE = [page for page in PAGES if page.path not in {each.path for each in LISTS}]


@pytest.mark.parametrize("page", ALONE, ids=lambda page: page.path)
def test_a_page_is_named_in_the_registry_alone(page):
    """By the module of its view; its word in the navigation stands in each language."""
    module = page.view.__module__

    found = importers(module, f"{module}.{page.view.__name__}")

    assert found == {"flows/web/pages/__init__.py"}
    if page.nav:
        assert all(f"nav.{page.nav}" in phrases(each) for each in LANGUAGES)


@pytest.mark.parametrize("each", LISTS, ids=lambda each: each.noun)
def test_a_list_is_declared_in_one_place(each):
    """Its path stands nowhere else as a page; command, macro and words go by its noun."""
    rows = (ROOT / "transforms/pages/templates/list_rows.html.j2").read_text("utf-8")

    assert [page.path for page in PAGES].count(each.path) == 1
    assert each.noun in _COMMANDS["lists"]
    assert f"macro {each.noun}(" in rows
    for language in LANGUAGES:
        words = {f"{each.noun}.{word}" for word in ("title", "lead", "none")}
        words |= {each.counted, f"nav.{each.noun}"}
        assert words <= set(phrases(language))


def test_a_template_and_a_query_of_a_page_have_one_place():
    """Two pages share no template, and a query of a page is declared beside its record.

    Lists share one, since they are one page: of each a macro says what stands in a row.
    """
    places = defaultdict(list)
    for path, tree in product():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                places[node.value].append(path)
    folder = ROOT / "transforms/pages/templates"
    templates = {path.name for path in folder.glob("*.j2")}
    asked = {name for name in places if re.fullmatch(r"pages\.[a-z_]+", name)}

    # One is the frame, one has the parts; an error has no path.
    beside = {"frame.html.j2", "parts.html.j2", "error.html.j2"}
    assert places["list.html.j2"] == ["flows/web/lists.py"]
    for name in templates - beside - {"list.html.j2", "list_rows.html.j2"}:
        [place] = places[name]
        assert place.startswith("flows/web/pages/"), name
    assert len(asked) > 20
    for name in asked:
        [place] = places[name]
        assert place.startswith("transforms/pages/"), name
